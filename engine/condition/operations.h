// What the operators of conditions do with values: CEL's arithmetic, comparisons, and what is read
// out of lists and maps. Functions are in native.h.
//
// No operand is absent or an error: the evaluator has taken those out. The result is an error where
// CEL says so: kNoSuchOverload for a type clash, kOverflow, kDivideByZero, kOutOfRange (an
// index), kNoSuchKey, kBudget. Events stand nowhere here but in
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

// Texts of so many bytes and more are charged by their size where they are compared; one that is
// shorter costs no more than the step that compares it.
inline constexpr uint32_t kLongText = 64;

// Of two numbers, mathematically exact whatever their kinds; of two strings, bytes, bools,
// timestamps or durations.
// kUnordered: nan.
Order OrderOf(Value a, Value b);
bool Satisfies(Order order, Relation relation);
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
// Index, Select and HasField go on into an optional: what they give is one then.
Value Index(Value container, Value key, Scratch& scratch);
Value Select(Value map, std::string_view name, Scratch& scratch);
Value HasField(Value map, std::string_view name, Scratch& scratch);
Value Contains(Value container, Value element, Scratch& scratch);  // element in container
// The last of a path of names from a map, in an event's way: whatever is missing on the way makes
// it absent.
Value Walk(Value map, const StoredValue* names, uint32_t count, Scratch& scratch);

// An optional that has the value, which is neither absent nor an error nor an event.
Value MakeOptional(Value value, Scratch& scratch);
// The same of what was read: none where it was not there, an error where reading failed otherwise.
Value AsOptional(Value found, Scratch& scratch);

Value Size(Value a, Scratch& scratch);
// The elements of a list (events, or the keys of a map) in ascending order of the keys in another;
// equal ones stay as they were. Keys are numbers, or of one kind; nan is the greatest.
Value SortedBy(Value range, Value keys, Scratch& scratch);

bool IsNumber(Value value);
// Whether min (`wanted` kLess) or max (kGreater) prefers the number to `best`, which came before
// it: of what is equal the first counts, and nan is both the least and the greatest.
bool GoesBefore(Value number, Value best, Order wanted);
// A number that is integral and within int64, as such.
std::optional<int64_t> IntegralValue(Value number);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_OPERATIONS_H_
