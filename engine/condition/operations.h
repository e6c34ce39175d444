// What the operators and functions of conditions do with values: CEL's arithmetic, comparisons,
// conversions and the functions over text, lists and maps.
//
// No operand is absent or an error: the evaluator has taken those out. The result is an error where
// CEL says so: kNoSuchOverload for a type clash, kOverflow, kDivideByZero, kOutOfRange (an index, a
// conversion, min, max or avg of nothing), kNoSuchKey, kBudget. Events stand nowhere here but in
// lists of events (Size, Index, Concat).
//
// Owner: results point into their operands or into `scratch`. Thread: that of the scratch.
#ifndef TELLTALE_ENGINE_CONDITION_OPERATIONS_H_
#define TELLTALE_ENGINE_CONDITION_OPERATIONS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/condition/scratch.h"
#include "engine/event/value.h"

namespace telltale::engine {

enum class Relation : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

enum class Order : uint8_t { kLess, kEqual, kGreater, kUnordered, kNoOverload };

// Of two numbers, mathematically exact whatever their kinds; of two strings, bytes or bools.
// kUnordered: nan.
Order OrderOf(Value a, Value b);
// == and != are exact, too, so that hashes can agree with them; < <= > >= of a whole number and a
// double round the number to a double first, as CEL's reference does (it shows beyond 2^53 only).
Value Compare(Relation relation, Value a, Value b, Scratch& scratch);

Value Negate(Value a);
Value Add(Value a, Value b, Scratch& scratch);  // strings, bytes and lists, too
Value Subtract(Value a, Value b);
Value Multiply(Value a, Value b);
Value Divide(Value a, Value b);
Value Modulo(Value a, Value b);

// The value of a key of a map; kAbsent: it has none.
Value Lookup(Value map, Value key, Scratch& scratch);
Value Index(Value container, Value key, Scratch& scratch);
Value Select(Value map, std::string_view name, Scratch& scratch);
Value HasField(Value map, std::string_view name, Scratch& scratch);
Value Contains(Value container, Value element, Scratch& scratch);  // element in container
// The last of a path of names from a map, in an event's way: whatever is missing on the way makes
// it absent.
Value Walk(Value map, const StoredValue* names, uint32_t count, Scratch& scratch);

Value Size(Value a, Scratch& scratch);
Value Matches(Value text, Value pattern, Scratch& scratch);
Value StartsWith(Value text, Value prefix);
Value EndsWith(Value text, Value suffix);
Value ContainsText(Value text, Value part);
Value LowerAscii(Value text, Scratch& scratch);
Value UpperAscii(Value text, Scratch& scratch);

Value ToInt(Value a);
Value ToUint(Value a);
Value ToDouble(Value a);
Value ToText(Value a, Scratch& scratch);
Value ToBool(Value a);
Value ToBytes(Value a);

// Of lists of numbers. The sum of ints is an int (of uints a uint); one double among them makes it
// the double nearest to the exact sum. `real`: the sum of nothing is 0.0.
Value Sum(Value list, bool real, Scratch& scratch);
Value Average(Value list, Scratch& scratch);
Value Least(Value list, Scratch& scratch);
Value Greatest(Value list, Scratch& scratch);

// A number that is integral and within int64, as such.
std::optional<int64_t> IntegralValue(Value number);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_OPERATIONS_H_
