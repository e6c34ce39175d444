// The elements of a constant list, for `x in [...]` in constant time.
//
// Made of a list of strings, ints, uints and integral doubles; whatever else makes it none.
// Membership is by CEL's ==: 17, 17u and 17.0 are one element.
//
// Owner: the program, and so is the text. Thread: immutable. Errors: none.
#ifndef TELLTALE_ENGINE_CONDITION_CONSTANT_SET_H_
#define TELLTALE_ENGINE_CONDITION_CONSTANT_SET_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "engine/event/value.h"

namespace telltale::engine {

class ConstantSet {
 public:
  // REQUIRES: what `list` points to outlives the set.
  static std::optional<ConstantSet> Of(Value list);

  bool Contains(Value value) const;

 private:
  std::unordered_set<std::string_view> texts_;
  std::unordered_set<int64_t> numbers_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_CONSTANT_SET_H_
