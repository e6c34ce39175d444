#include "daemon/demo/demo.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "daemon/config/config.h"
#include "daemon/demo/sample_files.h"
#include "rules/model/diagnostic.h"

namespace telltale::demo {
namespace {

constexpr absl::Duration kReadyLimit = absl::Seconds(15);
constexpr absl::Duration kTick = absl::Milliseconds(20);
constexpr size_t kDifferencesShown = 5;

void AppendDifferences(const char* word, const std::vector<AlertIdentity>& alerts,
                       std::string* text) {
  for (size_t i = 0; i < alerts.size() && i < kDifferencesShown; ++i) {
    absl::StrAppend(text, "  ", word, ": ", Describe(alerts[i]), "\n");
  }
  if (alerts.size() > kDifferencesShown) {
    absl::StrAppend(text, "  and ", alerts.size() - kDifferencesShown, " more ", word, "\n");
  }
}

double EventsPerSecond(const DemoResult& result) {
  return result.seconds > 0 ? static_cast<double>(result.events) / result.seconds : 0;
}

}  // namespace

std::string ResultJson(const DemoResult& result) {
  return absl::StrFormat(
      "{\"events\":%d,\"planted\":%d,\"alerts\":%d,\"missing\":%d,\"spurious\":%d,"
      "\"events_per_second\":%.0f}",
      result.events, result.verdict.planted, result.verdict.alerts, result.verdict.missing.size(),
      result.verdict.spurious.size(), EventsPerSecond(result));
}

std::string ResultText(const DemoResult& result) {
  const Verdict& verdict = result.verdict;
  std::string text;
  if (!result.trouble.empty()) absl::StrAppend(&text, "ended early: ", result.trouble, "\n");
  absl::StrAppendFormat(&text, "%s: %s attacks planted, %s alerts, %d missing, %d spurious\n",
                        result.good() ? "exact" : "NOT EXACT", Grouped(verdict.planted),
                        Grouped(verdict.alerts), verdict.missing.size(), verdict.spurious.size());
  AppendDifferences("missing", verdict.missing, &text);
  AppendDifferences("spurious", verdict.spurious, &text);
  if (verdict.spurious.empty() && result.trouble.empty()) {
    absl::StrAppendFormat(&text, "%s near misses stayed quiet\n", Grouped(result.near_misses));
  }
  absl::StrAppendFormat(&text,
                        "%s events in %.1f s, %s a second, from topic to acknowledged alert\n",
                        Grouped(result.events), result.seconds,
                        Grouped(static_cast<uint64_t>(EventsPerSecond(result))));
  return text;
}

Positions CommitGoals(const std::vector<GeneratedEvent>& events, int64_t max_out_of_orderness_ms) {
  Positions latest;
  for (const GeneratedEvent& event : events) {
    auto [entry, fresh] = latest.try_emplace({event.stream, event.partition}, event.time_ms);
    if (!fresh) entry->second = std::max(entry->second, event.time_ms);
  }
  int64_t settled = std::numeric_limits<int64_t>::max();
  for (const auto& [partition, time] : latest) {
    settled = std::min(settled, time - max_out_of_orderness_ms);
  }
  Positions goals;
  for (const GeneratedEvent& event : events) {
    if (event.time_ms >= settled) goals.try_emplace({event.stream, event.partition}, event.offset);
  }
  return goals;
}

Demo::Demo(const GeneratorOptions& options, Screen& screen)
    : options_(options), screen_(screen), generator_(options) {}

absl::StatusOr<std::unique_ptr<Demo>> Demo::Start(const GeneratorOptions& options, Screen& screen) {
  std::unique_ptr<Demo> demo(new Demo(options, screen));
  absl::Status status = demo->Build();
  if (status.ok()) status = demo->WaitReady();
  if (!status.ok()) return status;
  return demo;
}

Demo::~Demo() {
  feeder_.reset();
  if (daemon_ != nullptr) daemon_->Stop();
  if (running_.joinable()) running_.join();
  reader_.reset();
  daemon_.reset();
  cluster_.reset();
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

absl::Status Demo::Build() {
  absl::StatusOr<config::Config> config = WriteSample();
  if (!config.ok()) return config.status();
  std::vector<std::pair<std::string, int>> topics = {
      {config->alert_topic, 1}, {config->shadow_topic, 1}, {config->dead_letter_topic, 1}};
  std::vector<std::string> streams;
  int64_t max_out_of_orderness = 0;
  for (const config::StreamConfig& stream : config->streams) {
    topics.emplace_back(stream.topic, static_cast<int>(options_.partitions));
    streams.push_back(stream.name);
    max_out_of_orderness = std::max(max_out_of_orderness, stream.time.max_out_of_orderness);
  }
  goals_ = CommitGoals(generator_.events(), max_out_of_orderness / 1'000'000);
  auto cluster = MockCluster::Start(topics);
  if (!cluster.ok()) return cluster.status();
  cluster_ = *std::move(cluster);
  // The generator keeps a user in one partition of every topic, and a mock cluster cannot say who
  // else is in the group.
  config->co_partitioned = true;
  config->catalog = std::make_shared<const rules::StreamCatalog>(config->catalog->streams(), true);
  for (auto& [name, value] : config->kafka) {
    if (name == "bootstrap.servers") value = cluster_->bootstrap();
  }
  rules::LoadResult loaded = app::LoadRules(*config);
  if (loaded.rules == nullptr) return absl::InternalError(rules::Render(loaded.diagnostics));
  auto reader = AlertReader::Start(cluster_->bootstrap(), config->alert_topic, std::move(streams),
                                   [this](SeenAlert alert) {
                                     screen_.Show(alert);
                                     std::lock_guard lock(mutex_);
                                     seen_.push_back(std::move(alert.identity));
                                   });
  if (!reader.ok()) return reader.status();
  reader_ = *std::move(reader);
  auto daemon = app::Daemon::Create(*std::move(config), loaded.rules);
  if (!daemon.ok()) return daemon.status();
  daemon_ = *std::move(daemon);
  running_ = std::thread([this] { ended_ = daemon_->Run(); });
  return absl::OkStatus();
}

absl::StatusOr<config::Config> Demo::WriteSample() {
  std::error_code error;
  std::string name =
      (std::filesystem::temp_directory_path(error) / "telltale-demo-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot make a folder ", name));
  }
  folder_ = name;
  for (const SampleFile& file : SampleFiles()) {
    std::filesystem::path path = std::filesystem::path(folder_) / file.path;
    std::filesystem::create_directories(path.parent_path(), error);
    std::ofstream out(path);
    out << file.text;
    out.close();
    if (!out) return absl::UnavailableError(absl::StrCat("cannot write ", path.string()));
  }
  config::ConfigResult loaded = config::LoadConfig(folder_ + "/telltale.yml");
  if (!loaded.config) return absl::InternalError(rules::Render(loaded.diagnostics));
  return *std::move(loaded.config);
}

absl::Status Demo::WaitReady() {
  absl::Time deadline = absl::Now() + kReadyLimit;
  while (!daemon_->Health().ready) {
    if (absl::Now() > deadline) {
      std::vector<std::string> reasons = daemon_->Health().reasons;
      return absl::UnavailableError(
          absl::StrCat("the daemon does not get ready: ", reasons.empty() ? "" : reasons.front()));
    }
    absl::SleepFor(kTick);
  }
  return absl::OkStatus();
}

Positions Demo::ReadPositions() const {
  Positions positions;
  for (const telemetry::PartitionFigures& partition : daemon_->Snapshot().partitions) {
    positions[{partition.stream, static_cast<uint32_t>(partition.partition)}] = partition.position;
  }
  return positions;
}

bool Demo::Settled(const telemetry::Snapshot& snapshot) const {
  size_t reached = 0;
  for (const telemetry::PartitionFigures& partition : snapshot.partitions) {
    auto goal = goals_.find({partition.stream, static_cast<uint32_t>(partition.partition)});
    if (goal != goals_.end() && partition.committed >= goal->second) ++reached;
  }
  return reached == goals_.size() && snapshot.alerts.outstanding == 0 &&
         reader_->read() >= snapshot.alerts.acknowledged;
}

void Demo::ShowFigures(const telemetry::Snapshot& snapshot, double seconds) {
  Figures figures;
  figures.seconds = seconds;
  figures.total = generator_.events().size();
  figures.alerts = reader_->read();
  figures.buffered_events = snapshot.engine.buffered_events;
  for (const telemetry::StreamFigures& stream : snapshot.streams) figures.read += stream.records;
  for (const engine::RuleStats& rule : snapshot.engine.rules) {
    figures.partial_matches += static_cast<uint64_t>(std::max<int64_t>(0, rule.partial_matches));
  }
  screen_.Update(figures);
}

DemoResult Demo::Play(absl::Duration limit, const std::atomic<bool>& interrupted) {
  DemoResult result;
  result.events = generator_.events().size();
  result.near_misses = generator_.near_misses().size();
  absl::Time begun = absl::Now();
  absl::Time first_written = absl::InfiniteFuture();
  auto feeder =
      Feeder::Start(cluster_->bootstrap(), generator_.events(), [this] { return ReadPositions(); });
  if (feeder.ok()) {
    feeder_ = *std::move(feeder);
  } else {
    result.trouble = feeder.status().ToString();
  }
  while (result.trouble.empty()) {
    telemetry::Snapshot snapshot = daemon_->Snapshot();
    if (feeder_->written() > 0) {
      first_written = std::min(first_written, absl::Now());
      result.seconds = absl::ToDoubleSeconds(absl::Now() - first_written);
    }
    ShowFigures(snapshot, result.seconds);
    if (feeder_->done() && feeder_->failure().ok() && Settled(snapshot)) break;
    if (!feeder_->failure().ok()) result.trouble = std::string(feeder_->failure().message());
    if (interrupted.load()) result.trouble = "interrupted";
    if (absl::Now() - begun > limit) {
      result.trouble = absl::StrCat("not settled within ", absl::FormatDuration(limit));
    }
    absl::SleepFor(kTick);
  }
  screen_.Finish();
  if (reader_->malformed() > 0 && result.trouble.empty()) {
    result.trouble =
        absl::StrCat(reader_->malformed(), " records of the alert topic are no alerts");
  }
  std::lock_guard lock(mutex_);
  result.verdict = Judge(Expected(generator_), seen_);
  return result;
}

void Demo::Beat() {
  if (feeder_ == nullptr || !feeder_->done()) return;
  ++beats_;
  // The plan ends with one event for each partition, of users that do nothing else.
  size_t closing = static_cast<size_t>(kDemoStreams) * options_.partitions;
  const std::vector<GeneratedEvent>& events = generator_.events();
  for (size_t i = events.size() - std::min(closing, events.size()); i < events.size(); ++i) {
    GeneratedEvent event = events[i];
    std::string time = std::to_string(event.time_ms);
    event.time_ms += beats_ * 1000;
    size_t at = event.json.find(time);
    if (at == std::string::npos) continue;
    event.json.replace(at, time.size(), std::to_string(event.time_ms));
    feeder_->Write(event);
  }
}

}  // namespace telltale::demo
