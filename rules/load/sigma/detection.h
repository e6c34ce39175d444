// A detection as a tree: tests of fields joined by and, or, not. It knows no stream yet, for one
// rule may run on several, where the same fields stand in other places (lowering.h).
//
// Owner: value types. Thread: any. Errors: none; what is here has been checked.
#ifndef TELLTALE_RULES_LOAD_SIGMA_DETECTION_H_
#define TELLTALE_RULES_LOAD_SIGMA_DETECTION_H_

#include <string>
#include <utility>
#include <vector>

#include "rules/model/expression.h"

namespace telltale::rules::sigma {

// One call of the engine's tests (engine/condition/field_test.h), which are true or false of
// whatever an event has.
struct FieldTest {
  std::string function;     // "@sigma.is" and its like
  std::string field;        // empty: every value of the event, at any depth
  std::string other_field;  // of a |fieldref
  std::string relation;     // of the time modifiers: "==", "<" ...
  std::vector<Constant> values;
};

struct Detection {
  enum class Kind { kTest, kAll, kAny, kNot };
  Kind kind = Kind::kAll;  // of nothing: true
  FieldTest test;
  std::vector<Detection> parts;

  static Detection Of(FieldTest test) {
    return {.kind = Kind::kTest, .test = std::move(test), .parts = {}};
  }
  // Of one part: that part.
  static Detection Join(Kind kind, std::vector<Detection> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    return {.kind = kind, .test = {}, .parts = std::move(parts)};
  }
  static Detection Not(Detection part) {
    Detection result{.kind = Kind::kNot, .test = {}, .parts = {}};
    result.parts.push_back(std::move(part));
    return result;
  }
};

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_DETECTION_H_
