// A checked correlation of Sigma: what is counted or has to come together over the events that its
// rules find, in a window of event time.
//
// The loader resolves every reference to an id and refuses cycles, so `rules` form a graph that can
// be walked from the leaves. Each becomes a rule with an aggregate.
//
// Source: Sigma correlation rules specification 2.1. Owner: the loader. Thread: immutable, any.
// Units: nanoseconds (T8).
#ifndef TELLTALE_RULES_MODEL_CORRELATION_H_
#define TELLTALE_RULES_MODEL_CORRELATION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/level.h"
#include "rules/model/source.h"

namespace telltale::rules {

enum class CorrelationType : uint8_t {
  kEventCount,
  kValueCount,  // how many different values of the field
  kValueSum,
  kValueAvg,
  kValuePercentile,
  kValueMedian,
  kTemporal,         // events of different rules, in any order
  kTemporalOrdered,  // in the order of `rules`
};

// As the file spells it.
std::string_view CorrelationTypeName(CorrelationType type);

enum class Bound : uint8_t { kGreater, kGreaterEqual, kLess, kLessEqual, kEqual, kNotEqual };

// What the count, the value or the number of rules that were seen has to meet.
struct CorrelationBound {
  Bound bound = Bound::kGreaterEqual;
  double value = 0;
};

// An extended condition: which of the rules were seen.
struct CorrelationExpr {
  enum class Kind : uint8_t { kRule, kAnd, kOr, kNot };
  Kind kind = Kind::kRule;
  uint32_t rule = 0;  // of kRule: in Correlation::rules
  std::vector<CorrelationExpr> parts;
};

struct Correlation {
  std::string id;
  std::string name;  // empty: none
  std::string title;
  std::string description;
  Status status = Status::kUnspecified;
  std::optional<Level> level;  // none: that of the rules it refers to
  std::vector<std::string> tags;

  CorrelationType type = CorrelationType::kEventCount;
  std::vector<std::string> rules;     // ids of rules and correlations, in the order of the file
  std::vector<std::string> group_by;  // fields and aliases; empty: all events together
  // By alias and rule id: the field of that rule's events.
  std::map<std::string, std::map<std::string, std::string>> aliases;
  int64_t timespan = 0;
  std::vector<CorrelationBound> bounds;      // all must hold; empty: `condition` says it
  std::vector<std::string> fields;           // of the value_... types; several are a tuple
  double percentile = 50;                    // of kValuePercentile
  std::optional<CorrelationExpr> condition;  // of the temporal types, where it is an expression
  bool generate = false;  // whether the rules it refers to send alerts of their own, too

  Span span;  // of its id
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_CORRELATION_H_
