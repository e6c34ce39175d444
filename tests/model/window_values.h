// What aggregates say of the events in a window (W1, W5), computed over a plain list of what each
// event said: sums in whole numbers, different values one by one, percentiles by sorting.
//
// It is meant for the small numbers of tests: multiples of 1/1024 below 2^40, and windows that the
// engine knows exactly. Owner: plain data. Thread: any. Units: nanoseconds. Errors: a value of W1
// that is an error is kError.
#ifndef TELLTALE_TESTS_MODEL_WINDOW_VALUES_H_
#define TELLTALE_TESTS_MODEL_WINDOW_VALUES_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "rules/model/aggregate.h"

namespace telltale::model {

// kNull and kError are values of arguments; of aggregates kError is.
enum class Nothing : uint8_t { kError, kNull };
struct Instant {
  int64_t nanoseconds = 0;
  bool operator==(const Instant&) const = default;
};
using Datum = std::variant<Nothing, bool, int64_t, uint64_t, double, std::string, Instant>;
using Tuple = std::vector<Datum>;

// CEL's ==: numbers of all kinds by what they are worth. An error equals an error, here.
bool SameValue(const Datum& a, const Datum& b);
bool SameTuple(const Tuple& a, const Tuple& b);

// An event of a window.
struct WindowEvent {
  int64_t time = 0;
  uint32_t sources = 1;             // a bit for each source that it fits; it counts for the lowest
  std::vector<Tuple> said;          // by call: the values of its arguments
  std::vector<Tuple> of_pane = {};  // likewise, by call of the rule's baseline
};

// The value of `call`, the one of that number, over the events in total order.
Datum ValueOf(const rules::AggregateCall& call, size_t number,
              const std::vector<const WindowEvent*>& events, int64_t start, int64_t end);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_WINDOW_VALUES_H_
