// The Prometheus series that rules with `output: { metric }` fill: what is counted between scrapes.
//
// A result adds to the counter, or becomes the gauge, of the series that its labels name. Of a
// gauge the result with the greatest time stays (of one time, that with the greatest id), so
// neither the number of shards nor the order of their deliveries shows. A rule has no more series
// than it declares: a result that would need another is counted for the rule, and the first one is
// logged. Nothing is kept on disk: after a restart all begins with nothing, which Prometheus knows
// of counters; what is read again then counts again, for a series has no ids to tell it by.
//
// Owner: the app; outlives the engine. Thread: any. Errors: results without a usable number or
// label are counted by reason.
#ifndef TELLTALE_DAEMON_TELEMETRY_RULE_METRICS_H_
#define TELLTALE_DAEMON_TELEMETRY_RULE_METRICS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/telemetry/snapshot.h"
#include "engine/alert/alert.h"
#include "rules/model/rule.h"

namespace telltale::telemetry {

class RuleMetrics {
 public:
  // Told once for each rule whose series are as many as it declares.
  using Full = std::function<void(const rules::Rule&)>;
  explicit RuleMetrics(Full full) : full_(std::move(full)) {}

  // Before a set runs: its rules with a metric are known from then on, beside those of others.
  void Expect(const rules::RuleSet& rules);
  // Once it does, or no other will: the series of all others go. A rule whose metric is called
  // otherwise, or has other labels, is another here.
  void KeepOnly(const rules::RuleSet& rules);

  // REQUIRES: its rule has a metric. A result of a rule that is not known is dropped.
  void Take(const engine::Alert& result);

  // Of the set that runs, in order of the metrics' names and the rules' ids; those without a
  // series, too.
  std::vector<RuleMetricFigures> Figures() const;

 private:
  struct Series {
    std::vector<std::string> labels;  // the values
    double value = 0;
    int64_t time = 0;  // of the result that it comes from, and its id: of a gauge
    engine::Hash128 id{};
  };
  struct OfRule {
    RuleMetricFigures figures;  // but for the series
    uint32_t max_series = 0;
    bool shown = false;                              // its set runs
    std::unordered_map<std::string, Series> series;  // by the labels' values
  };

  void Count(const engine::Alert& result, OfRule& rule);

  const Full full_;
  mutable std::mutex mutex_;
  std::map<std::string, OfRule> rules_;  // by name, rule and what else makes it another
};

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_RULE_METRICS_H_
