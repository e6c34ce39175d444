#include "tests/daemon/sample_snapshot.h"

namespace telltale::tests {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = 1772359230 * kSecond;

engine::RuleStats AtoStats() {
  engine::RuleStats stats;
  stats.id = "ato";
  stats.level = "high";
  stats.waits_for = {0};
  stats.matches = 9;
  stats.alerts = 7;
  stats.suppressed = 2;
  stats.excepted = 3;
  stats.exceptions = {{.name = "tests", .alerts = 3}};
  stats.duplicates = 4;
  stats.warm_up_quiet = 1;
  stats.condition_errors = 5;
  stats.missing_keys = 6;
  stats.limit_hits = 8;
  stats.ties = 3;
  stats.early = 11;
  stats.retracted = 12;
  stats.partial_matches = 123;
  stats.buffered_events = 45;
  return stats;
}

engine::RuleStats VelocityStats() {
  engine::RuleStats stats;
  stats.id = "velocity";
  stats.waits_for = {0, 1};
  stats.level = "low";
  return stats;
}

}  // namespace

telemetry::Snapshot SampleSnapshot() {
  telemetry::Snapshot snapshot;
  snapshot.time = kNow;
  snapshot.start_time = kNow - 230 * kSecond;
  snapshot.group = "fraud";
  snapshot.health.ready = true;
  snapshot.streams = {{.name = "logins",
                       .records = 1000,
                       .bytes = 258000,
                       .late = 3,
                       .dead_letters = {{"no_time", 1}, {"not_json", 4}},
                       .pauses = {{"ahead", 6}, {"letters", 0}},
                       .lateness = {.bounds = {0, 5, 60}, .counts = {900, 97, 2, 1}, .sum = 234.5},
                       .max_out_of_orderness = 5 * kSecond},
                      {.name = "devices", .records = 500, .bytes = 129000, .offset_gaps = 11}};
  snapshot.partitions = {{.stream = 0,
                          .topic = "auth.logins",
                          .partition = 0,
                          .position = 60,
                          .committed = 50,
                          .end = 100,
                          .watermark = kNow - 5 * kSecond,
                          .paused = true,
                          .held_for = {"ahead", "drift"}},
                         {.stream = 0,
                          .topic = "auth.logins",
                          .partition = 1,
                          .position = 70,
                          .committed = 70,
                          .end = 70,
                          .watermark = kNow - 3000 * kSecond,
                          .idle = true},
                         {.stream = 1, .topic = "auth.devices", .partition = 0}};
  snapshot.engine.generation = 4;
  snapshot.engine.rules = {AtoStats(), VelocityStats()};
  snapshot.engine.buffered_events = 77;
  snapshot.engine.buffered_bytes = 7777;
  snapshot.engine.held_bytes = 8888;
  snapshot.engine.watched_keys = 3;
  snapshot.engine.queue_depth = {2, 0};
  snapshot.engine.watermarks = {kNow - 5 * kSecond, engine::kMinTime};
  snapshot.buffered_bytes_limit = 256 << 20;
  snapshot.alerts = {.acknowledged = 6, .outstanding = 1};
  snapshot.reloads = {.applied = 3,
                      .unchanged = 1,
                      .refused = 2,
                      .last_succeeded = false,
                      .last_time = kNow - 30 * kSecond};
  snapshot.consume_to_acknowledge = {.bounds = {0.01, 0.05}, .counts = {2, 3, 1}, .sum = 1.25};
  snapshot.rule_metrics = {
      {.name = "shop_page_views_total",
       .help = "Page views.",
       .counter = true,
       .rule = "views",
       .labels = {"page"},
       .series = {{.labels = {"/"}, .value = 40}, {.labels = {"/a"}, .value = 2}},
       .beyond_max_series = 5}};
  return snapshot;
}

}  // namespace telltale::tests
