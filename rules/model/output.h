// Where the results of a rule go in the place of the alert topic, and what they say: to a topic of
// their own, or into a bounded number of Prometheus series.
//
// Owner: Rule. Thread: plain data, immutable once loaded. Errors: none.
#ifndef TELLTALE_RULES_MODEL_OUTPUT_H_
#define TELLTALE_RULES_MODEL_OUTPUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/expression.h"
#include "rules/model/source.h"

namespace telltale::rules {

enum class MetricType : uint8_t {
  kCounter,  // the values of all results add up
  kGauge,    // the value of the latest
};

// What a result's number is called beside the metric's labels, which have names of their own.
inline constexpr std::string_view kMetricValue = "value";
// The label that Telltale gives to every series: the rule's id.
inline constexpr std::string_view kMetricRule = "rule";

struct Metric {
  std::string name;
  MetricType type = MetricType::kCounter;
  std::string help;
  uint32_t max_series = 1000;
  Span span;  // of its name
};

struct Output {
  std::string topic;              // empty: a metric
  std::optional<Metric> metric;   // then `fields` are its labels, and kMetricValue behind them
  std::optional<Expression> key;  // of the record; none: the result's id
  std::vector<std::pair<std::string, Expression>> fields;
  Span span;  // of the word `output`
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_OUTPUT_H_
