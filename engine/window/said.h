// What an event says to one accumulator, in nine bytes, so that a window can remember it.
//
// A number's tag is its kind. Owner: none. Thread: plain data.
#ifndef TELLTALE_ENGINE_WINDOW_SAID_H_
#define TELLTALE_ENGINE_WINDOW_SAID_H_

#include <bit>
#include <cstdint>

#include "engine/event/value.h"

namespace telltale::engine {

struct Said {
  uint8_t tag = 0;  // 0: nothing
  uint64_t word = 0;
};

// REQUIRES: its tag is a number's.
inline Value NumberOf(const Said& said) {
  switch (static_cast<ValueKind>(said.tag)) {
    case ValueKind::kInt:
      return Value::Int(static_cast<int64_t>(said.word));
    case ValueKind::kUint:
      return Value::Uint(said.word);
    default:
      return Value::Double(std::bit_cast<double>(said.word));
  }
}

inline Said SaidOf(Value number) {
  const auto tag = static_cast<uint8_t>(number.kind());
  if (number.is(ValueKind::kDouble))
    return {.tag = tag, .word = std::bit_cast<uint64_t>(number.as_double())};
  return {.tag = tag,
          .word = number.is(ValueKind::kInt) ? static_cast<uint64_t>(number.as_int())
                                             : number.as_uint()};
}

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_SAID_H_
