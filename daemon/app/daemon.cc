#include "daemon/app/daemon.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "daemon/config/data_files.h"
#include "daemon/config/rule_files.h"
#include "daemon/tables/table_files.h"
#include "daemon/telemetry/log.h"

namespace telltale::app {
namespace {

constexpr absl::Duration kSwitchLimit = absl::Seconds(60);
constexpr absl::Duration kVisitLimit = absl::Seconds(10);

telemetry::LogLevel LevelOf(kafka::Severity severity) {
  switch (severity) {
    case kafka::Severity::kDebug:
      return telemetry::LogLevel::kDebug;
    case kafka::Severity::kInfo:
      return telemetry::LogLevel::kInfo;
    case kafka::Severity::kWarning:
      return telemetry::LogLevel::kWarning;
    case kafka::Severity::kError:
      return telemetry::LogLevel::kError;
  }
  return telemetry::LogLevel::kError;
}

void Log(kafka::Severity severity, const std::string& text) {
  size_t colon = text.find(": ");
  if (colon == std::string::npos) {
    telemetry::ProcessLog().Write(LevelOf(severity), text, {});
  } else {
    telemetry::ProcessLog().Write(LevelOf(severity), std::string_view(text).substr(0, colon),
                                  {{"detail", std::string_view(text).substr(colon + 2)}});
  }
}

engine::EngineOptions OptionsFor(const config::Config& config) {
  engine::EngineOptions options;
  options.workers = config.workers;
  options.key_group_is_partition = config.co_partitioned;
  for (const config::StreamConfig& stream : config.streams) {
    options.max_out_of_orderness.push_back(stream.time.max_out_of_orderness);
  }
  return options;
}

}  // namespace

rules::LoadResult LoadRules(const config::Config& config) {
  config::RuleFiles files = config::ReadRuleFiles(config);
  tables::LoadedTables tables = tables::LoadTables(config);
  config::DataFilesOnDisk data;
  rules::LoadResult loaded = rules::Load(files.files, {.streams = config.catalog,
                                                       .tables = tables.catalog,
                                                       .data = &data,
                                                       .now = absl::GetCurrentTimeNanos()});
  if (files.diagnostics.has_errors() || tables.diagnostics.has_errors()) loaded.rules = nullptr;
  loaded.diagnostics.Append(std::move(tables.diagnostics));
  loaded.diagnostics.Append(std::move(files.diagnostics));
  loaded.diagnostics.Sort(files.files);
  return loaded;
}

Daemon::Daemon(config::Config config)
    : config_(std::move(config)), rule_metrics_([](const rules::Rule& rule) {
        telemetry::LogWarning("a metric has as many series as its rule declares",
                              {{"rule", rule.id},
                               {"metric", rule.output->metric->name},
                               {"max_series", rule.output->metric->max_series}});
      }) {}

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Create(
    config::Config config, std::shared_ptr<const rules::RuleSet> rules) {
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(config)));
  if (absl::Status status = daemon->Build(std::move(rules)); !status.ok()) return status;
  return daemon;
}

absl::Status Daemon::Build(std::shared_ptr<const rules::RuleSet> rules) {
  start_time_ = absl::GetCurrentTimeNanos();
  auto compiled = engine::CompileRules(rules);
  if (!compiled.ok()) return compiled.status();
  auto alerts = kafka::KafkaAlertSink::Create(
      {config_.alert_topic, config_.shadow_topic, absl::StrCat("telltale/", config_.group),
       config_.kafka, Reports(),
       [this](const engine::Alert& result) { rule_metrics_.Take(result); }});
  if (!alerts.ok()) return alerts.status();
  alerts_ = *std::move(alerts);
  rule_metrics_.Expect(*rules);
  rule_metrics_.KeepOnly(*rules);
  auto letters = kafka::Letters::Create(
      {config_.dead_letter_topic, config_.late_topic, config_.kafka, Reports()});
  if (!letters.ok()) return letters.status();
  letters_ = *std::move(letters);
  engine_ = engine::MakeEngine(*std::move(compiled), OptionsFor(config_), *alerts_);
  decoder_ = std::make_unique<LayoutDecoder>(config_, *engine_);
  auto source =
      kafka::Source::Create({config_, *engine_, *alerts_, *letters_, *decoder_, Reports()});
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  reload_ = std::make_unique<ReloadCoordinator>(std::move(rules), ReloadHooks());
  keys_ = std::make_unique<KeyBoard>([this](std::function<void(engine::Engine&)> action) {
    return source_->OnEngine(std::move(action), kVisitLimit);
  });
  return absl::OkStatus();
}

Daemon::~Daemon() {
  // A shard that waits for room in the producer would never end.
  if (alerts_ != nullptr) alerts_->Abandon();
}

absl::Status Daemon::Run(absl::Duration drain_limit) { return source_->Run(drain_limit); }

void Daemon::Stop() {
  health_.NotReady("stopping", "the daemon is stopping");
  source_->Stop();
}

ReloadCoordinator::Hooks Daemon::ReloadHooks() {
  ReloadCoordinator::Hooks hooks;
  hooks.load = [this] { return LoadRules(config_); };
  // Texts from elsewhere name no files of this machine: diagnostics show lines of what was read.
  hooks.check = [this](const std::vector<rules::SourcePtr>& files) {
    return rules::Load(files, {.streams = config_.catalog,
                               .tables = reload_->current()->tables,
                               .now = absl::GetCurrentTimeNanos()});
  };
  hooks.compile = [](std::shared_ptr<const rules::RuleSet> set) {
    return engine::CompileRules(std::move(set));
  };
  hooks.apply = [this](std::shared_ptr<const engine::CompiledRules> compiled)
      -> absl::StatusOr<ReloadCoordinator::Switched> {
    const std::shared_ptr<const rules::RuleSet> next = compiled->rules;
    rule_metrics_.Expect(*next);
    auto switched = source_->Switch(std::move(compiled), kSwitchLimit);
    rule_metrics_.KeepOnly(switched.ok() ? *next : *reload_->current());
    if (!switched.ok()) return switched.status();
    return ReloadCoordinator::Switched{switched->time, switched->generation};
  };
  hooks.stats = [this] { return engine_->Stats(); };
  return hooks;
}

kafka::Reports Daemon::Reports() {
  kafka::Reports reports;
  reports.log = &Log;
  reports.health = [this](const std::string& name, const std::string& reason) {
    reason.empty() ? health_.Ready(name) : health_.NotReady(name, reason);
  };
  return reports;
}

telemetry::Snapshot Daemon::Snapshot() const {
  telemetry::Snapshot snapshot;
  snapshot.time = absl::GetCurrentTimeNanos();
  snapshot.start_time = start_time_;
  snapshot.group = config_.group;
  snapshot.health = health_.Get();
  source_->Fill(snapshot);
  snapshot.engine = engine_->Stats();
  snapshot.buffered_bytes_limit = config_.buffer_bytes;
  snapshot.alerts = alerts_->figures();
  snapshot.rule_metrics = rule_metrics_.Figures();
  snapshot.reloads = reload_->figures();
  snapshot.consume_to_acknowledge = alerts_->latency();
  return snapshot;
}

}  // namespace telltale::app
