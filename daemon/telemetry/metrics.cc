#include "daemon/telemetry/metrics.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>

#include "daemon/telemetry/version.h"
#include "daemon/telemetry/waits.h"
#include "prometheus/text_serializer.h"

namespace telltale::telemetry {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

// One family, filled series by series.
class Family {
 public:
  Family(MetricType type, const std::string& name, const std::string& help) {
    family_.name = name;
    family_.help = help;
    family_.type = type;
  }

  template <typename Number>
  Family& Add(Labels labels, Number number) {
    ClientMetric metric;
    metric.label = std::move(labels);
    double value = static_cast<double>(number);
    if (family_.type == MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    family_.metric.push_back(std::move(metric));
    return *this;
  }

  Family& Add(const HistogramValues& values, Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    uint64_t seen = 0;
    for (size_t i = 0; i < values.bounds.size(); ++i) {
      seen += values.counts[i];
      metric.histogram.bucket.push_back({seen, values.bounds[i]});
    }
    metric.histogram.sample_count = values.Count();
    metric.histogram.sample_sum = values.sum;
    family_.metric.push_back(std::move(metric));
    return *this;
  }

  void AppendTo(std::vector<MetricFamily>& families) {
    if (!family_.metric.empty()) families.push_back(std::move(family_));
  }

 private:
  MetricFamily family_;
};

Family Counter(const char* name, const char* help) { return {MetricType::Counter, name, help}; }
Family Gauge(const char* name, const char* help) { return {MetricType::Gauge, name, help}; }

void AppendStreams(const Snapshot& snapshot, std::vector<MetricFamily>& out) {
  Family records = Counter("telltale_events_total", "Records read, by stream.");
  Family bytes = Counter("telltale_event_bytes_total", "Bytes of the values of records read.");
  Family late =
      Counter("telltale_late_events_total", "Events behind their watermark, not matched.");
  Family gaps = Counter("telltale_offset_gap_records_total",
                        "Records that the broker no longer had when they were to be read.");
  Family dead = Counter("telltale_dead_letters_total", "Records that are no event, by reason.");
  Family pauses =
      Counter("telltale_partition_pauses_total", "Times that a partition was held, by reason.");
  Family lateness = {MetricType::Histogram, "telltale_event_lateness_seconds",
                     "How far events were behind the greatest time of their partition."};
  Family bound = Gauge("telltale_max_out_of_orderness_seconds",
                       "How far behind an event may be without being late.");
  for (const StreamFigures& stream : snapshot.streams) {
    Labels labels = {{"stream", stream.name}};
    records.Add(labels, stream.records);
    bytes.Add(labels, stream.bytes);
    late.Add(labels, stream.late);
    gaps.Add(labels, stream.offset_gaps);
    bound.Add(labels, static_cast<double>(stream.max_out_of_orderness) / 1e9);
    if (!stream.lateness.counts.empty()) lateness.Add(stream.lateness, labels);
    for (const auto& [reason, count] : stream.dead_letters) {
      dead.Add({{"stream", stream.name}, {"reason", reason}}, count);
    }
    for (const auto& [reason, count] : stream.pauses) {
      pauses.Add({{"stream", stream.name}, {"reason", reason}}, count);
    }
  }
  for (Family* family : {&records, &bytes, &late, &gaps, &dead, &pauses, &lateness, &bound}) {
    family->AppendTo(out);
  }
}

void AppendWatermarks(const Snapshot& snapshot, std::vector<MetricFamily>& out) {
  Family lag = Gauge("telltale_watermark_lag_seconds",
                     "How far a stream's watermark is behind the wall clock.");
  for (size_t i = 0; i < snapshot.streams.size() && i < snapshot.engine.watermarks.size(); ++i) {
    if (std::optional<double> seconds = WatermarkLag(snapshot, snapshot.engine.watermarks[i])) {
      lag.Add({{"stream", snapshot.streams[i].name}}, *seconds);
    }
  }
  lag.AppendTo(out);
}

void AppendPartitions(const Snapshot& snapshot, std::vector<MetricFamily>& out) {
  Family lag =
      Gauge("telltale_consumer_lag_records", "Records between the reader and the log's end.");
  Family uncommitted = Gauge("telltale_uncommitted_records",
                             "Records read whose alerts are not yet known to be safe.");
  Family watermark = Gauge("telltale_partition_watermark_seconds",
                           "A partition's watermark, as seconds since the epoch.");
  Family paused =
      Gauge("telltale_partition_paused", "1: held, so that the partitions behind catch up.");
  Family held = Gauge("telltale_partition_held", "1: it is not read now for this reason.");
  Family idle = Gauge("telltale_partition_idle", "1: at its end and silent, not waited for.");
  Family holds = Gauge("telltale_partition_holds_back", "1: the others wait for its watermark.");
  std::optional<size_t> holding = HoldingBack(snapshot);
  for (size_t i = 0; i < snapshot.partitions.size(); ++i) {
    const PartitionFigures& partition = snapshot.partitions[i];
    std::string stream =
        partition.stream < snapshot.streams.size() ? snapshot.streams[partition.stream].name : "";
    Labels labels = {{"stream", std::move(stream)},
                     {"topic", partition.topic},
                     {"partition", std::to_string(partition.partition)}};
    if (std::optional<int64_t> records = ConsumerLag(partition)) lag.Add(labels, *records);
    if (partition.position >= 0 && partition.committed >= 0) {
      uncommitted.Add(labels, partition.position - partition.committed);
    }
    if (WatermarkLag(snapshot, partition.watermark)) {
      watermark.Add(labels, static_cast<double>(partition.watermark) / 1e9);
    }
    paused.Add(labels, partition.paused);
    for (const std::string& reason : partition.held_for) {
      Labels with_reason = labels;
      with_reason.push_back({"reason", reason});
      held.Add(std::move(with_reason), 1);
    }
    idle.Add(labels, partition.idle);
    holds.Add(labels, holding == i);
  }
  for (Family* family : {&lag, &uncommitted, &watermark, &paused, &held, &idle, &holds}) {
    family->AppendTo(out);
  }
}

// So that an alert can name the partition; a series for each rule that waits.
void AppendWaits(const Snapshot& snapshot, std::vector<MetricFamily>& out) {
  Family waits = Gauge("telltale_rule_wait_seconds",
                       "How far the partition that a rule waits for is behind the newest.");
  for (const Wait& wait : WaitsOf(snapshot)) {
    const PartitionFigures& partition = snapshot.partitions[wait.partition];
    for (const std::string& rule : wait.rules) {
      waits.Add({{"rule", rule},
                 {"topic", partition.topic},
                 {"partition", std::to_string(partition.partition)}},
                wait.behind.value_or(std::numeric_limits<double>::infinity()));
    }
  }
  waits.AppendTo(out);
}

void AppendRules(const engine::EngineStats& engine, std::vector<MetricFamily>& out) {
  Family alerts = Counter("telltale_alerts_total", "Alerts that went out, by rule and level.");
  Family matches = Counter("telltale_matches_total", "Matches, before suppression.");
  Family suppressed =
      Counter("telltale_suppressed_alerts_total", "Alerts kept back by 'suppress'.");
  Family excepted = Counter("telltale_excepted_alerts_total",
                            "Alerts kept back by 'exceptions', by rule and exception.");
  Family duplicates =
      Counter("telltale_duplicate_events_total", "Events left out by their stream's 'dedup'.");
  Family quiet = Counter("telltale_warm_up_quiet_total",
                         "Results kept quiet since their look-back was not yet seen.");
  Family errors = Counter("telltale_condition_errors_total", "Conditions that ended in an error.");
  Family keys = Counter("telltale_missing_keys_total", "Events without the rule's key.");
  Family limits = Counter("telltale_limit_hits_total", "Times that a limit per key acted.");
  Family ties =
      Counter("telltale_ties_total", "Matches decided by a stream's rank at equal times.");
  Family early =
      Gauge("telltale_early_alerts",
            "Alerts told before they are settled, and neither final nor taken back yet.");
  Family retracted =
      Counter("telltale_retracted_alerts_total", "Alerts that were told early and taken back.");
  Family partial = Gauge("telltale_partial_matches", "Partial matches alive.");
  Family buffered = Gauge("telltale_rule_buffered_events",
                          "Events that fit the rule and wait for its watermark.");
  for (const engine::RuleStats& rule : engine.rules) {
    Labels labels = {{"rule", rule.id}};
    alerts.Add({{"rule", rule.id}, {"level", rule.level}}, rule.alerts);
    matches.Add(labels, rule.matches);
    suppressed.Add(labels, rule.suppressed);
    for (const engine::ExceptionStats& exception : rule.exceptions) {
      excepted.Add({{"rule", rule.id}, {"exception", exception.name}}, exception.alerts);
    }
    duplicates.Add(labels, rule.duplicates);
    quiet.Add(labels, rule.warm_up_quiet);
    errors.Add(labels, rule.condition_errors);
    keys.Add(labels, rule.missing_keys);
    limits.Add(labels, rule.limit_hits);
    ties.Add(labels, rule.ties);
    early.Add(labels, rule.early);
    retracted.Add(labels, rule.retracted);
    partial.Add(labels, rule.partial_matches);
    buffered.Add(labels, rule.buffered_events);
  }
  for (Family* family : {&alerts, &matches, &suppressed, &excepted, &duplicates, &quiet, &errors,
                         &keys, &limits, &ties, &early, &retracted, &partial, &buffered}) {
    family->AppendTo(out);
  }
}

void AppendEngine(const Snapshot& snapshot, std::vector<MetricFamily>& out) {
  const engine::EngineStats& engine = snapshot.engine;
  Gauge("telltale_rule_set_generation", "Rises by one with each rule set.")
      .Add({}, engine.generation)
      .AppendTo(out);
  Gauge("telltale_rules", "Rules in the running set.").Add({}, engine.rules.size()).AppendTo(out);
  Gauge("telltale_buffered_events", "Events in queues and reorder buffers.")
      .Add({}, engine.buffered_events)
      .AppendTo(out);
  Gauge("telltale_buffered_bytes", "Bytes of the events in queues and reorder buffers.")
      .Add({}, engine.buffered_bytes)
      .AppendTo(out);
  Gauge("telltale_held_bytes",
        "Bytes of the events that partial matches hold, and of keys at rest.")
      .Add({}, engine.held_bytes)
      .AppendTo(out);
  Gauge("telltale_watched_keys", "Keys of rules under watch; each keeps copies of its events.")
      .Add({}, engine.watched_keys)
      .AppendTo(out);
  Gauge("telltale_buffered_bytes_limit", "Beyond this many, the partitions ahead are paused.")
      .Add({}, snapshot.buffered_bytes_limit)
      .AppendTo(out);
  Family depth = Gauge("telltale_queue_depth_batches", "Batches that wait for a shard.");
  for (size_t shard = 0; shard < engine.queue_depth.size(); ++shard) {
    depth.Add({{"shard", std::to_string(shard)}}, engine.queue_depth[shard]);
  }
  depth.AppendTo(out);
}

void AppendAlerts(const Snapshot& snapshot, std::vector<MetricFamily>& out) {
  Counter("telltale_alert_records_acknowledged_total", "Alert records acknowledged.")
      .Add({}, snapshot.alerts.acknowledged)
      .AppendTo(out);
  Gauge("telltale_alert_records_outstanding", "Alert records not yet acknowledged.")
      .Add({}, snapshot.alerts.outstanding)
      .AppendTo(out);
  if (!snapshot.consume_to_acknowledge.counts.empty()) {
    Family(MetricType::Histogram, "telltale_consume_to_acknowledge_seconds",
           "From the poll of the deciding record to the acknowledgement of its alert.")
        .Add(snapshot.consume_to_acknowledge)
        .AppendTo(out);
  }
}

// Several rules may fill one metric: the label `rule` tells them apart.
void AppendRuleMetrics(const std::vector<RuleMetricFigures>& metrics,
                       std::vector<MetricFamily>& out) {
  Family series = Gauge("telltale_rule_metric_series", "Series that a rule's metric has.");
  Family dropped = Counter("telltale_rule_metric_dropped_results_total",
                           "Results that are in no series of their rule's metric, by reason.");
  for (size_t i = 0; i < metrics.size();) {
    const RuleMetricFigures& first = metrics[i];
    Family family(first.counter ? MetricType::Counter : MetricType::Gauge, first.name, first.help);
    for (; i < metrics.size() && metrics[i].name == first.name; ++i) {
      const RuleMetricFigures& metric = metrics[i];
      const Labels of_metric = {{"rule", metric.rule}, {"metric", metric.name}};
      series.Add(of_metric, metric.series.size());
      const auto drop = [&](const char* reason, uint64_t results) {
        dropped.Add({{"rule", metric.rule}, {"metric", metric.name}, {"reason", reason}}, results);
      };
      drop("max_series", metric.beyond_max_series);
      drop("no_number", metric.without_number);
      if (metric.counter) drop("negative", metric.negative);
      drop("no_label", metric.without_label);
      for (const RuleMetricFigures::Series& one : metric.series) {
        Labels labels = {{"rule", metric.rule}};
        for (size_t label = 0; label < metric.labels.size(); ++label)
          labels.push_back({metric.labels[label], one.labels[label]});
        family.Add(std::move(labels), one.value);
      }
    }
    family.AppendTo(out);
  }
  series.AppendTo(out);
  dropped.AppendTo(out);
}

void AppendReloads(const ReloadFigures& reloads, std::vector<MetricFamily>& out) {
  Counter("telltale_reloads_total", "Reloads of the rules, by outcome.")
      .Add({{"outcome", "applied"}}, reloads.applied)
      .Add({{"outcome", "unchanged"}}, reloads.unchanged)
      .Add({{"outcome", "refused"}}, reloads.refused)
      .AppendTo(out);
  if (!reloads.last_succeeded) return;
  Gauge("telltale_last_reload_successful", "Whether the last reload was accepted.")
      .Add({}, *reloads.last_succeeded)
      .AppendTo(out);
  Gauge("telltale_last_reload_timestamp_seconds", "When the last reload was asked for.")
      .Add({}, static_cast<double>(reloads.last_time) / 1e9)
      .AppendTo(out);
}

void AppendProcess(const Snapshot& snapshot, const ProcessFigures& process,
                   std::vector<MetricFamily>& out) {
  Gauge("telltale_build_info", "Always 1; the labels say what was built.")
      .Add({{"version", std::string(kVersion)}, {"compiler", std::string(kCompiler)}}, 1)
      .AppendTo(out);
  Gauge("telltale_ready", "What /readyz says: 1 for ready.")
      .Add({}, snapshot.health.ready)
      .AppendTo(out);
  Counter("process_cpu_seconds_total", "Processor time, user and system.")
      .Add({}, process.cpu_seconds)
      .AppendTo(out);
  Gauge("process_resident_memory_bytes", "Memory in use.")
      .Add({}, process.resident_bytes)
      .AppendTo(out);
  Gauge("process_virtual_memory_bytes", "Address space in use.")
      .Add({}, process.virtual_bytes)
      .AppendTo(out);
  Gauge("process_open_fds", "Open files.").Add({}, process.open_files).AppendTo(out);
  Gauge("process_max_fds", "Most files that may be open.")
      .Add({}, process.max_open_files)
      .AppendTo(out);
  Gauge("process_start_time_seconds", "When the process started.")
      .Add({}, static_cast<double>(snapshot.start_time) / 1e9)
      .AppendTo(out);
}

}  // namespace

std::vector<MetricFamily> ToMetrics(const Snapshot& snapshot, const ProcessFigures& process) {
  std::vector<MetricFamily> families;
  AppendStreams(snapshot, families);
  AppendWatermarks(snapshot, families);
  AppendPartitions(snapshot, families);
  AppendWaits(snapshot, families);
  AppendRules(snapshot.engine, families);
  AppendEngine(snapshot, families);
  AppendAlerts(snapshot, families);
  AppendRuleMetrics(snapshot.rule_metrics, families);
  AppendReloads(snapshot.reloads, families);
  AppendProcess(snapshot, process, families);
  return families;
}

std::vector<MetricFamily> SnapshotCollector::Collect() const {
  return ToMetrics(provider_(), ReadProcessFigures());
}

std::string ToText(const std::vector<MetricFamily>& families) {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return text.str();
}

}  // namespace telltale::telemetry
