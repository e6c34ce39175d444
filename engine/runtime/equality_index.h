// Finds by hash what waits for a field of an event to equal a constant, and names what has to be
// asked where the field cannot be compared.
//
// Owner: Routing. Thread: immutable once built.
#ifndef TELLTALE_ENGINE_RUNTIME_EQUALITY_INDEX_H_
#define TELLTALE_ENGINE_RUNTIME_EQUALITY_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "engine/event/value.h"

namespace telltale::engine {

// `field == constant`, where the field is the event's own and the constant is text or an integer.
// Of a field that is there and can be read it is true or false, whatever its type: it ends in an
// error where IsUnreadable, and nowhere else.
struct Equality {
  uint32_t slot = 0;
  std::variant<std::string, int64_t> constant;
};

inline bool IsUnreadable(Value field) {
  return field.is(ValueKind::kAbsent) || field.is(ValueKind::kError);
}

// An integer that equals the number by CEL's ==, if there is one.
inline std::optional<int64_t> AsInteger(Value value) {
  switch (value.kind()) {
    case ValueKind::kInt:
      return value.as_int();
    case ValueKind::kUint:
      if (value.as_uint() <= static_cast<uint64_t>(INT64_MAX))
        return static_cast<int64_t>(value.as_uint());
      return std::nullopt;
    case ValueKind::kDouble: {
      const double d = value.as_double();
      if (d >= -0x1p63 && d < 0x1p63 && d == static_cast<double>(static_cast<int64_t>(d)))
        return static_cast<int64_t>(d);
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

template <typename Found>
struct EqualityIndex {
  uint32_t slot = 0;
  absl::flat_hash_map<std::string, Found> by_text;
  absl::flat_hash_map<int64_t, Found> by_integer;
  uint32_t on_error = 0;  // the node of ErrorTree to ask where the field IsUnreadable

  // A new one where there is none.
  Found& At(const std::variant<std::string, int64_t>& constant) {
    if (const auto* text = std::get_if<std::string>(&constant)) return by_text[*text];
    return by_integer[std::get<int64_t>(constant)];
  }
  // Null: nothing waits for this value.
  const Found* Find(Value field) const {
    if (field.is(ValueKind::kString)) {
      const std::string_view text = field.as_string();
      const auto it = by_text.find(absl::string_view(text.data(), text.size()));
      return it == by_text.end() ? nullptr : &it->second;
    }
    if (const auto integer = AsInteger(field)) {
      const auto it = by_integer.find(*integer);
      return it == by_integer.end() ? nullptr : &it->second;
    }
    return nullptr;
  }
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_EQUALITY_INDEX_H_
