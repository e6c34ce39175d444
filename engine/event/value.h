// The values that conditions compute with, and the form in which events hold them.
//
// Value is 16 bytes, trivially copyable and borrows its memory: strings, lists and maps point into
// an event or into the evaluator's scratch memory. StoredValue is its twin at rest: what it points
// to is named by a distance from the StoredValue's own address, so that an event is one block of
// bytes that can be copied, queued and written as it is.
//
// A time is seconds and the nanoseconds beyond them (0 to 999999999, so that -1.5 s is -2 and
// 500000000): a timestamp since 1970 in UTC, within the years 1 to 9999, a duration within
// 315,576,000,000 seconds. An address is its 4 or 16 bytes in the network's order; a network is the
// same bytes and one more, the length of its prefix.
//
// Owner: none; a Value is valid as long as the event or scratch memory behind it. Thread: plain
// data. Source: the CEL specification, "Values", and its extensions for optional values and
// addresses.
#ifndef TELLTALE_ENGINE_EVENT_VALUE_H_
#define TELLTALE_ENGINE_EVENT_VALUE_H_

#include <cstdint>
#include <string_view>

namespace telltale::engine {

struct Event;
struct StoredValue;
struct StoredEntry;
struct EventList;

enum class ValueKind : uint8_t {
  kAbsent,  // the event has no such field
  kError,   // an expression's error, or a field that cannot be read; error() says which
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kList,
  kMap,
  kTimestamp,
  kDuration,
  kType,      // of values, by their kind
  kOptional,  // a value, or none
  kIp,
  kCidr,
  kEvent,      // of a step, or the one under test
  kEventList,  // the events of a repeated step
};

// Whether a value of the kind borrows memory.
constexpr bool Points(ValueKind kind) {
  switch (kind) {
    case ValueKind::kString:
    case ValueKind::kBytes:
    case ValueKind::kList:
    case ValueKind::kMap:
    case ValueKind::kOptional:
    case ValueKind::kIp:
    case ValueKind::kCidr:
      return true;
    default:
      return false;
  }
}

enum class ErrorCode : uint8_t {
  kNone,
  kNoSuchField,
  kNoSuchKey,
  kNoSuchOverload,  // a type clash
  kOverflow,
  kDivideByZero,
  kOutOfRange,      // an index, or a conversion
  kBadFieldValue,   // the field's text is not a JSON value
  kTooDeep,         // the field's value is nested deeper than the limit
  kWrongFieldType,  // not of the type that the stream declares
  kBadPattern,      // a regex that was computed and does not compile
  kBudget,          // the evaluation cost, or the event grew to, more than its budget
  kNoValue,         // of an optional that has none
};

class Value {
 public:
  Value() = default;
  static Value Absent() { return {}; }
  static Value Error(ErrorCode code) {
    return Value(ValueKind::kError, 0, {.i = static_cast<int64_t>(code)});
  }
  static Value Null() { return Value(ValueKind::kNull, 0, {.i = 0}); }
  static Value Bool(bool b) { return Value(ValueKind::kBool, 0, {.i = b ? 1 : 0}); }
  static Value Int(int64_t i) { return Value(ValueKind::kInt, 0, {.i = i}); }
  static Value Uint(uint64_t u) { return Value(ValueKind::kUint, 0, {.u = u}); }
  static Value Double(double d) { return Value(ValueKind::kDouble, 0, {.d = d}); }
  static Value String(std::string_view s) {
    return Value(ValueKind::kString, static_cast<uint32_t>(s.size()), {.p = s.data()});
  }
  static Value Bytes(std::string_view s) {
    return Value(ValueKind::kBytes, static_cast<uint32_t>(s.size()), {.p = s.data()});
  }
  static Value List(const StoredValue* elements, uint32_t size) {
    return Value(ValueKind::kList, size, {.p = elements});
  }
  static Value Map(const StoredEntry* entries, uint32_t size) {
    return Value(ValueKind::kMap, size, {.p = entries});
  }
  // REQUIRES of both: within the range above.
  static Value Timestamp(int64_t seconds, uint32_t nanoseconds) {
    return Value(ValueKind::kTimestamp, nanoseconds, {.i = seconds});
  }
  static Value Duration(int64_t seconds, uint32_t nanoseconds) {
    return Value(ValueKind::kDuration, nanoseconds, {.i = seconds});
  }
  static Value Type(ValueKind kind) {
    return Value(ValueKind::kType, 0, {.i = static_cast<int64_t>(kind)});
  }
  static Value OptionalNone() { return Value(ValueKind::kOptional, 0, {.p = nullptr}); }
  static Value OptionalOf(const StoredValue* value) {
    return Value(ValueKind::kOptional, 1, {.p = value});
  }
  static Value Ip(std::string_view bytes) {
    return Value(ValueKind::kIp, static_cast<uint32_t>(bytes.size()), {.p = bytes.data()});
  }
  static Value Cidr(std::string_view bytes) {
    return Value(ValueKind::kCidr, static_cast<uint32_t>(bytes.size()), {.p = bytes.data()});
  }
  static Value OfEvent(const engine::Event* event) {
    return Value(ValueKind::kEvent, 0, {.p = event});
  }
  static Value OfEvents(const engine::Event* const* events, uint32_t size) {
    return Value(ValueKind::kEventList, size, {.p = events});
  }

  ValueKind kind() const { return kind_; }
  bool is(ValueKind kind) const { return kind_ == kind; }
  // REQUIRES of each: the kind of that name.
  ErrorCode error() const { return static_cast<ErrorCode>(payload_.i); }
  bool as_bool() const { return payload_.i != 0; }
  int64_t as_int() const { return payload_.i; }
  uint64_t as_uint() const { return payload_.u; }
  double as_double() const { return payload_.d; }
  std::string_view as_string() const {
    return {static_cast<const char*>(payload_.p), size_};
  }                                               // bytes, addresses and networks too
  int64_t seconds() const { return payload_.i; }  // of a timestamp or a duration
  uint32_t nanoseconds() const { return size_; }  // beyond the seconds
  ValueKind as_type() const { return static_cast<ValueKind>(payload_.i); }
  bool has_value() const { return size_ != 0; }  // of an optional
  Value optional_value() const;                  // REQUIRES: has_value()
  uint32_t size() const {
    return size_;
  }  // bytes of a string, elements of a list, entries of a map
  const StoredValue* elements() const { return static_cast<const StoredValue*>(payload_.p); }
  const StoredEntry* entries() const { return static_cast<const StoredEntry*>(payload_.p); }
  const engine::Event* event() const { return static_cast<const engine::Event*>(payload_.p); }
  const engine::Event* const* events() const {
    return static_cast<const engine::Event* const*>(payload_.p);
  }

 private:
  friend struct StoredValue;
  union Payload {
    int64_t i;
    uint64_t u;
    double d;
    const void* p;
  };
  Value(ValueKind kind, uint32_t size, Payload payload)
      : kind_(kind), size_(size), payload_(payload) {}

  ValueKind kind_ = ValueKind::kAbsent;
  uint32_t size_ = 0;
  Payload payload_{.i = 0};
};
static_assert(sizeof(Value) == 16);

struct StoredValue {
  ValueKind kind = ValueKind::kAbsent;
  uint32_t size = 0;
  // The number, or the distance in bytes from `this` to the data; 0: to nothing.
  int64_t payload = 0;

  Value Load() const {
    Value value;
    value.kind_ = kind;
    value.size_ = size;
    if (Points(kind)) {
      value.payload_.p = payload == 0 ? nullptr : reinterpret_cast<const char*>(this) + payload;
    } else {
      value.payload_.i = payload;
    }
    return value;
  }
  // What `value` points to stays where it is. REQUIRES: it moves together with *this, or outlives
  // it. Events and event lists cannot be stored.
  void Store(Value value) {
    kind = value.kind_;
    size = value.size_;
    if (Points(kind)) {
      payload = value.payload_.p == nullptr ? 0
                                            : static_cast<const char*>(value.payload_.p) -
                                                  reinterpret_cast<const char*>(this);
    } else {
      payload = value.payload_.i;
    }
  }
};
static_assert(sizeof(StoredValue) == 16);

inline Value Value::optional_value() const {
  return static_cast<const StoredValue*>(payload_.p)->Load();
}

// An entry of a map; the entries of one map are in no order, their keys differ.
struct StoredEntry {
  StoredValue key;
  StoredValue value;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_VALUE_H_
