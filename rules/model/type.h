// The static types of expressions: CEL's with its optional values, addresses and networks, and one
// of our own, the event of a known stream.
//
// Source: CEL specification, "Gradual type checking". A field whose stream does not declare it is
// dyn, and is checked when it is evaluated. Owner: value type. Thread: immutable.
#ifndef TELLTALE_RULES_MODEL_TYPE_H_
#define TELLTALE_RULES_MODEL_TYPE_H_

#include <cstdint>
#include <memory>
#include <string>

namespace telltale::rules {

enum class TypeKind : uint8_t {
  kDyn,
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
  kType,
  kOptional,
  kIp,
  kCidr,
  kEvent
};

struct Type {
  TypeKind kind = TypeKind::kDyn;
  std::shared_ptr<const Type> key;  // of a map
  // Of a list; the values of a map; what an optional holds, or a type is of. Null: dyn.
  std::shared_ptr<const Type> element;
  uint32_t stream = 0;  // of an event: its index in the StreamCatalog

  static Type Dyn() { return {}; }
  static Type Of(TypeKind kind) { return {.kind = kind, .key = {}, .element = {}, .stream = 0}; }
  static Type List(Type element);
  static Type Map(Type key, Type value);
  static Type OfType(Type of);  // type(int): that of the value `int`
  static Type Optional(Type of);
  static Type Event(uint32_t stream) {
    return {.kind = TypeKind::kEvent, .key = {}, .element = {}, .stream = stream};
  }

  // As a rule's author would write it: "int", "list(string)", "map(string, dyn)", "event"; by
  // CEL's names "google.protobuf.Timestamp", "optional_type(int)", "type(int)", "net.IP".
  std::string ToString() const;
};

bool operator==(const Type& a, const Type& b);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_TYPE_H_
