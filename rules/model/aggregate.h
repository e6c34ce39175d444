// What a rule counts and computes over the events of a key in a window of event time, and terms
// that were not seen before.
//
// A rule of this kind has no sequence: its steps are the sources that events come from, and each
// event that one of them fits is in the window once, by the first of them that it fits. Numbers
// such as W2 are sections of rules/SEMANTICS.md.
//
// Owner: Rule. Thread: immutable, any. Units: nanoseconds (T8).
#ifndef TELLTALE_RULES_MODEL_AGGREGATE_H_
#define TELLTALE_RULES_MODEL_AGGREGATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/expression.h"
#include "rules/model/source.h"
#include "rules/model/type.h"

namespace telltale::rules {

// What an aggregate call gives (W1). kStart and kEnd are `window.start` and `window.end`, those of
// a baseline `baseline.avg` and its like.
enum class AggregateFunction : uint8_t {
  kStart,
  kEnd,
  kCount,
  kCountIf,
  kCountDistinct,
  kSum,
  kDecayedSum,  // of sliding windows: what is older counts less
  kAvg,
  kMin,
  kMax,
  kStddev,
  kPercentile,  // median(x) is percentile(x, 50)
  kFirst,
  kLast,
  // What correlations ask of several rules' events. An event counts for each source that it fits.
  kSeen,     // how many events fit some of these sources
  kOrdered,  // whether there are events of the given sources, each before the next
  // Of the rule's baseline, over its panes.
  kBaselineAvg,
  kBaselineStddev,
  kBaselineMin,
  kBaselineMax,
  kBaselineSum,
  kBaselinePanes,  // how many of them have events
};

constexpr bool IsOfBaseline(AggregateFunction function) {
  return function >= AggregateFunction::kBaselineAvg &&
         function <= AggregateFunction::kBaselinePanes;
}

// A window is no longer than so many half-lives of a decayed sum: of what is older 2^-60 is left.
inline constexpr int64_t kMostHalfLives = 60;
inline constexpr int64_t kShortestHalfLife = 1'000'000;

// One of the values that expressions over a window name. Equal calls of a rule are one.
struct AggregateCall {
  AggregateFunction function = AggregateFunction::kCount;
  // By source, then as written; evaluated for an event of that source. Of count_distinct there may
  // be several, which are counted as a tuple; of others there is one; of kStart, kEnd, kCount,
  // kSeen, kOrdered and those of a baseline none (and `arguments` is empty).
  std::vector<std::vector<Expression>> arguments;
  double percentile = 0;  // of kPercentile: 0 to 100
  int64_t half_life = 0;  // of kDecayedSum: after so long a value counts half
  // A bit for each source: of kSeen one such set, of kOrdered one for each place in the order.
  std::vector<uint32_t> sources;
  Type type;  // of the value
};

enum class WindowKind : uint8_t { kSliding, kTumbling, kHopping, kSession };

struct Window {
  WindowKind kind = WindowKind::kSliding;
  // Sliding: the window at t is [t - size, t]. Tumbling and hopping: [begin, begin + size).
  // Session: the gap; an event up to so much after the last one belongs to it.
  int64_t size = 0;
  int64_t every = 0;   // tumbling: size; hopping: from one begin to the next, a divisor of size
  int64_t offset = 0;  // tumbling and hopping: begins are shifted by it; 0 <= offset < every
  std::string zone;    // tumbling: IANA name of the zone whose days count; empty: UTC
  std::optional<int64_t> longest;  // session: it ends where its next event would make it longer
};

// When the state of a window becomes a result (W2).
enum class Emit : uint8_t {
  kEdge,         // when `having` becomes true
  kAsReached,    // the same, at the deciding event, of windows that are else evaluated at their end
  kEveryWindow,  // each window at its end, where `having` is true
  kOnChange,     // when a value differs from that of the evaluation before, where `having` is true
};

// What is usual for a key: `of`, computed over each of the `over / every` panes of time that have
// ended when the window begins. Panes begin at multiples of `every` since the epoch, shifted by the
// window's offset.
struct Baseline {
  Expression of;                     // a number
  std::vector<AggregateCall> calls;  // kAggregate nodes of `of` are indexes into it
  int64_t every = 0;
  int64_t over = 0;  // a multiple of `every`, at least twice as long
  Span span;         // of the word `baseline`

  int64_t panes() const { return over / every; }
};
inline constexpr int64_t kMostBaselinePanes = 10'000;  // with those that a window spans

struct Aggregate {
  Window window;
  std::optional<Baseline> baseline;
  std::vector<AggregateCall> calls;  // kAggregate nodes are indexes into it
  std::optional<Expression> having;  // none: true
  Emit emit = Emit::kEdge;
  bool on_empty = false;  // a window that has become empty is evaluated, too
  uint32_t evidence = 0;  // how many of the last events a result shows
  Span span;              // of the word `aggregate`

  // What it computes of events: in its window, then in the panes of its baseline.
  template <typename Visit>
  void ForEachCall(const Visit& visit) const {
    for (const AggregateCall& call : calls) visit(call);
    if (!baseline) return;
    for (const AggregateCall& call : baseline->calls) visit(call);
  }
};

// W3: a window that conditions of a rule's sequence read, for the event that they try. Its sources
// are among Rule::steps, behind those of the sequence: no places of it.
struct StepWindow {
  std::string name;
  Aggregate aggregate;        // its window is a sliding one; it has no results of its own
  uint32_t first_source = 0;  // in Rule::steps
  uint32_t sources = 0;
  uint32_t first_call = 0;  // where its calls begin among those of all of the rule's windows, which
                            // is what kAggregate nodes of the sequence's conditions count
  // What conditions call its values. Nodes in these count the window's own calls.
  std::vector<std::pair<std::string, Expression>> values;
  Span span;  // of its name
};

// W4: an event is a result where the terms in it were not seen on its key for so long.
struct NewTerms {
  std::vector<std::vector<Expression>> fields;  // by source; several are a tuple
  int64_t history = 0;
  Span span;  // of the word `new_terms`
};

// As a rule's author writes it: "count_distinct", "window.start", "baseline.avg".
std::string_view AggregateName(AggregateFunction function);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_AGGREGATE_H_
