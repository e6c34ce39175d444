#include "daemon/control/translate.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/control/wire_values.h"
#include "daemon/telemetry/version.h"
#include "daemon/telemetry/waits.h"

namespace telltale::control {
namespace {

template <typename Repeated>
void Fill(const std::vector<std::string>& from, Repeated* to) {
  for (const std::string& text : from) *to->Add() = Utf8(text);
}

void SetPlace(const rules::Span& span, v1::Diagnostic* out) {
  if (span.file == nullptr) return;
  rules::LineColumn begin = span.file->Locate(span.begin);
  rules::LineColumn end = span.file->Locate(span.end);
  out->set_file(Utf8(span.file->path()));
  out->set_line(begin.line);
  out->set_column(begin.column);
  out->set_end_line(end.line);
  out->set_end_column(end.column);
}

void Add(const rules::Diagnostics& diagnostics,
         google::protobuf::RepeatedPtrField<v1::Diagnostic>* out) {
  for (const rules::Diagnostic& diagnostic : diagnostics.list()) {
    v1::Diagnostic* message = out->Add();
    message->set_severity(diagnostic.severity == rules::Severity::kError ? v1::SEVERITY_ERROR
                                                                         : v1::SEVERITY_WARNING);
    message->set_code(diagnostic.code.id);
    message->set_message(Utf8(diagnostic.message));
    message->set_suggestion(Utf8(diagnostic.suggestion));
    SetPlace(diagnostic.span, message);
    Fill(diagnostic.notes, message->mutable_notes());
    message->set_rendered(Utf8(rules::Render(diagnostic)));
  }
}

void SetChange(const app::ReloadOutcome& outcome, v1::RuleSetChange* out) {
  Fill(outcome.added, out->mutable_added());
  Fill(outcome.changed, out->mutable_changed());
  Fill(outcome.removed, out->mutable_removed());
  Fill(outcome.unchanged, out->mutable_unchanged());
  out->set_dropped_partial_matches(outcome.dropped_partial_matches);
}

v1::Level ToLevel(rules::Level level) {
  switch (level) {
    case rules::Level::kInformational:
      return v1::LEVEL_INFORMATIONAL;
    case rules::Level::kLow:
      return v1::LEVEL_LOW;
    case rules::Level::kMedium:
      return v1::LEVEL_MEDIUM;
    case rules::Level::kHigh:
      return v1::LEVEL_HIGH;
    case rules::Level::kCritical:
      return v1::LEVEL_CRITICAL;
  }
  return v1::LEVEL_UNSPECIFIED;
}

v1::Mode ToMode(rules::Mode mode) {
  switch (mode) {
    case rules::Mode::kLive:
      return v1::MODE_LIVE;
    case rules::Mode::kShadow:
      return v1::MODE_SHADOW;
    case rules::Mode::kOff:
      return v1::MODE_OFF;
    case rules::Mode::kBuildingBlock:
      return v1::MODE_BUILDING_BLOCK;
  }
  return v1::MODE_UNSPECIFIED;
}

void SetFigures(const engine::RuleStats& stats, v1::RuleFigures* out) {
  out->set_matches(stats.matches);
  out->set_alerts(stats.alerts);
  out->set_suppressed(stats.suppressed);
  out->set_warm_up_quiet(stats.warm_up_quiet);
  out->set_condition_errors(stats.condition_errors);
  out->set_missing_keys(stats.missing_keys);
  out->set_duplicates(stats.duplicates);
  out->set_limit_hits(stats.limit_hits);
  out->set_ties(stats.ties);
  out->set_partial_matches(stats.partial_matches);
  out->set_buffered_events(stats.buffered_events);
  out->set_excepted(stats.excepted);
  for (const engine::ExceptionStats& exception : stats.exceptions) {
    v1::ExceptionFigures* figures = out->add_exceptions();
    figures->set_name(exception.name);
    figures->set_alerts(exception.alerts);
  }
}

void SetRule(const rules::Rule& rule, const rules::StreamCatalog* streams, v1::Rule* out) {
  out->set_id(rule.id);
  out->set_title(rule.title);
  out->set_description(rule.description);
  out->set_level(ToLevel(rule.level));
  out->set_mode(ToMode(rule.mode));
  Fill(rule.tags, out->mutable_tags());
  out->set_runbook(rule.runbook);
  out->set_fingerprint(rules::ToHex(rule.fingerprint));
  Fill(rule.key_names, out->mutable_key());
  if (streams == nullptr) return;
  for (rules::StreamIndex stream : rule.Streams()) {
    if (stream < streams->size()) out->add_streams((*streams)[stream].name);
  }
}

void SetStream(const telemetry::StreamFigures& figures, v1::StreamStatus* out) {
  out->set_name(figures.name);
  out->set_events(figures.records);
  out->set_late(figures.late);
  out->set_offset_gaps(figures.offset_gaps);
  for (const auto& [reason, count] : figures.dead_letters) {
    (*out->mutable_dead_letters())[reason] = count;
  }
  out->set_max_out_of_orderness_seconds(static_cast<double>(figures.max_out_of_orderness) / 1e9);
  const uint64_t all = figures.lateness.Count();
  uint64_t within = 0;
  for (size_t i = 0; all > 0 && i < figures.lateness.counts.size(); ++i) {
    v1::LatenessBucket* bucket = out->add_lateness();
    within += figures.lateness.counts[i];
    if (i < figures.lateness.bounds.size()) bucket->set_bound_seconds(figures.lateness.bounds[i]);
    bucket->set_events(figures.lateness.counts[i]);
    bucket->set_late_per_million(1e6 * static_cast<double>(all - within) /
                                 static_cast<double>(all));
  }
}

v1::PartitionState StateOf(const telemetry::PartitionFigures& partition) {
  if (partition.idle) return v1::PARTITION_STATE_IDLE;
  if (partition.paused) return v1::PARTITION_STATE_PAUSED;
  return telemetry::ConsumerLag(partition) == 0 ? v1::PARTITION_STATE_AT_END
                                                : v1::PARTITION_STATE_READING;
}

void SetPartition(const telemetry::Snapshot& snapshot, const telemetry::PartitionFigures& partition,
                  v1::PartitionStatus* out) {
  if (partition.stream < snapshot.streams.size()) {
    out->set_stream(snapshot.streams[partition.stream].name);
  }
  out->set_topic(partition.topic);
  out->set_partition(partition.partition);
  out->set_state(StateOf(partition));
  Fill(partition.held_for, out->mutable_held_for());
  if (partition.position >= 0) out->set_position(partition.position);
  if (partition.committed >= 0) out->set_committed(partition.committed);
  if (partition.end >= 0) out->set_end(partition.end);
  if (auto lag = telemetry::ConsumerLag(partition)) out->set_lag(*lag);
  if (IsTime(partition.watermark)) SetTime(partition.watermark, out->mutable_watermark());
  if (auto lag = telemetry::WatermarkLag(snapshot, partition.watermark)) {
    out->set_watermark_lag_seconds(*lag);
  }
  if (auto behind = telemetry::BehindNewest(snapshot, partition)) {
    out->set_behind_newest_seconds(*behind);
  }
}

void SetMemory(const telemetry::Snapshot& snapshot, const telemetry::ProcessFigures& process,
               v1::MemoryStatus* out) {
  out->set_resident_bytes(static_cast<int64_t>(process.resident_bytes));
  out->set_buffered_events(snapshot.engine.buffered_events);
  out->set_buffered_bytes(snapshot.engine.buffered_bytes);
  out->set_buffered_bytes_limit(snapshot.buffered_bytes_limit);
  int64_t partial_matches = 0;
  for (const engine::RuleStats& rule : snapshot.engine.rules) {
    partial_matches += rule.partial_matches;
  }
  out->set_partial_matches(partial_matches);
}

void SetAlerts(const telemetry::Snapshot& snapshot, v1::AlertStatus* out) {
  out->set_acknowledged(snapshot.alerts.acknowledged);
  out->set_outstanding(snapshot.alerts.outstanding);
  if (snapshot.consume_to_acknowledge.Count() == 0) return;
  double p50 = snapshot.consume_to_acknowledge.Quantile(0.5);
  double p99 = snapshot.consume_to_acknowledge.Quantile(0.99);
  if (std::isfinite(p50)) out->set_p50_seconds(p50);
  if (std::isfinite(p99)) out->set_p99_seconds(p99);
}

void SetReloads(const telemetry::ReloadFigures& figures, v1::ReloadStatus* out) {
  out->set_applied(figures.applied);
  out->set_unchanged(figures.unchanged);
  out->set_refused(figures.refused);
  if (!figures.last_succeeded) return;
  out->set_last_succeeded(*figures.last_succeeded);
  SetTime(figures.last_time, out->mutable_last_time());
}

}  // namespace

v1::ValidateResponse ToValidateResponse(const app::ReloadOutcome& outcome) {
  v1::ValidateResponse response;
  response.set_valid(outcome.accepted);
  Add(outcome.diagnostics, response.mutable_diagnostics());
  SetChange(outcome, response.mutable_change());
  return response;
}

v1::ReloadResponse ToReloadResponse(const app::ReloadOutcome& outcome) {
  v1::ReloadResponse response;
  response.set_accepted(outcome.accepted);
  response.set_dry_run(outcome.dry_run);
  Add(outcome.diagnostics, response.mutable_diagnostics());
  SetChange(outcome, response.mutable_change());
  response.set_generation(outcome.generation);
  if (IsTime(outcome.switch_time)) SetTime(outcome.switch_time, response.mutable_switch_time());
  return response;
}

v1::ListRulesResponse ToListRulesResponse(const rules::RuleSet& rules,
                                          const engine::EngineStats& stats) {
  std::map<std::string, const engine::RuleStats*> figures;
  for (const engine::RuleStats& rule : stats.rules) figures[rule.id] = &rule;
  v1::ListRulesResponse response;
  response.set_generation(stats.generation);
  for (const rules::Rule& rule : rules.rules) {
    v1::Rule* message = response.add_rules();
    SetRule(rule, rules.streams.get(), message);
    auto found = figures.find(rule.id);
    if (found != figures.end()) SetFigures(*found->second, message->mutable_figures());
  }
  return response;
}

v1::GetStatusResponse ToGetStatusResponse(const telemetry::Snapshot& snapshot,
                                          const telemetry::ProcessFigures& process) {
  v1::GetStatusResponse response;
  response.set_version(std::string(telemetry::kVersion));
  response.set_group(snapshot.group);
  SetTime(snapshot.start_time, response.mutable_start_time());
  SetTime(snapshot.time, response.mutable_time());
  response.set_live(snapshot.health.live);
  response.set_ready(snapshot.health.ready);
  Fill(snapshot.health.reasons, response.mutable_reasons());
  response.set_generation(snapshot.engine.generation);
  response.set_rules(static_cast<uint32_t>(snapshot.engine.rules.size()));
  for (size_t i = 0; i < snapshot.streams.size(); ++i) {
    v1::StreamStatus* stream = response.add_streams();
    SetStream(snapshot.streams[i], stream);
    if (i < snapshot.engine.watermarks.size() && IsTime(snapshot.engine.watermarks[i])) {
      SetTime(snapshot.engine.watermarks[i], stream->mutable_watermark());
    }
  }
  for (const telemetry::PartitionFigures& partition : snapshot.partitions) {
    SetPartition(snapshot, partition, response.add_partitions());
  }
  if (std::optional<size_t> holding = telemetry::HoldingBack(snapshot)) {
    response.mutable_partitions(static_cast<int>(*holding))->set_holds_back(true);
  }
  for (const telemetry::Wait& wait : telemetry::WaitsOf(snapshot)) {
    v1::RuleWait* out = response.add_waits();
    Fill(wait.rules, out->mutable_rules());
    out->set_topic(snapshot.partitions[wait.partition].topic);
    out->set_partition(snapshot.partitions[wait.partition].partition);
    if (wait.behind) out->set_behind_seconds(*wait.behind);
  }
  SetMemory(snapshot, process, response.mutable_memory());
  SetAlerts(snapshot, response.mutable_alerts());
  SetReloads(snapshot.reloads, response.mutable_reloads());
  return response;
}

}  // namespace telltale::control
