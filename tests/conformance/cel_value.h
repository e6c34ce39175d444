// A value of a conformance case, in the neutral form of its file, and what it is in Telltale.
//
// {"int": "3"}, {"list": [...]} and their like become a CelValue; so does what an evaluation gave,
// and the two are compared by their text. Text() tells kinds apart (1, 1u and 1.0), puts the
// entries of maps in order and makes one of all nans and of both zeros: equal texts are equal
// values.
//
// Owner: value type. Thread: plain data. Errors: ReadValue says what is not of the form.
#ifndef TELLTALE_TESTS_CONFORMANCE_CEL_VALUE_H_
#define TELLTALE_TESTS_CONFORMANCE_CEL_VALUE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/event/event.h"
#include "engine/event/value.h"
#include "rules/model/type.h"
#include "simdjson.h"

namespace telltale::conformance {

struct CelValue {
  enum class Kind {
    kNull,
    kBool,
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kList,
    kMap,
    kType,
    kTimestamp,
    kDuration,
    kError,  // of an evaluation: `text` names it
    kOther,  // what the form has no word for: `text` says what
  };
  Kind kind = Kind::kNull;
  bool boolean = false;
  int64_t number = 0;           // kInt; seconds of kTimestamp, kDuration
  uint64_t natural = 0;         // kUint
  uint32_t nanoseconds = 0;     // kTimestamp, kDuration: beyond the seconds, as values have them
  double real = 0;              // kDouble
  std::string text;             // kString, kBytes, kType (its name), kError, kOther
  std::vector<CelValue> items;  // of a list; of a map key, value, key, value ...
};

absl::StatusOr<CelValue> ReadValue(simdjson::dom::element json);

// What an evaluation gave.
CelValue FromEngine(engine::Value value);

// As CEL would be written; quotes, backslashes and bytes beyond ASCII in bytes are \x escapes.
std::string Text(const CelValue& value);

// The type that a binding of the value is declared with: its own, dyn for null and for elements of
// different types.
rules::Type TypeOf(const CelValue& value);

// Puts the value into a slot of an event.
void Fill(const CelValue& value, engine::EventBuilder& builder, engine::EventBuilder::Ref ref);

}  // namespace telltale::conformance

#endif  // TELLTALE_TESTS_CONFORMANCE_CEL_VALUE_H_
