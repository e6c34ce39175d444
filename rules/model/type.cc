#include "rules/model/type.h"

#include <utility>

namespace telltale::rules {

Type Type::List(Type element) {
  Type type = Of(TypeKind::kList);
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type Type::Map(Type key, Type value) {
  Type type = Of(TypeKind::kMap);
  type.key = std::make_shared<const Type>(std::move(key));
  type.element = std::make_shared<const Type>(std::move(value));
  return type;
}

Type Type::OfType(Type of) {
  Type type = Of(TypeKind::kType);
  type.element = std::make_shared<const Type>(std::move(of));
  return type;
}

Type Type::Optional(Type of) {
  Type type = Of(TypeKind::kOptional);
  type.element = std::make_shared<const Type>(std::move(of));
  return type;
}

std::string Type::ToString() const {
  const auto part = [](const std::shared_ptr<const Type>& t) { return t ? t->ToString() : "dyn"; };
  switch (kind) {
    case TypeKind::kDyn:
      return "dyn";
    case TypeKind::kNull:
      return "null";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt:
      return "int";
    case TypeKind::kUint:
      return "uint";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kString:
      return "string";
    case TypeKind::kBytes:
      return "bytes";
    case TypeKind::kList:
      return "list(" + part(element) + ")";
    case TypeKind::kMap:
      return "map(" + part(key) + ", " + part(element) + ")";
    case TypeKind::kTimestamp:
      return "google.protobuf.Timestamp";
    case TypeKind::kDuration:
      return "google.protobuf.Duration";
    case TypeKind::kType:
      return element == nullptr ? "type" : "type(" + part(element) + ")";
    case TypeKind::kOptional:
      return "optional_type(" + part(element) + ")";
    case TypeKind::kIp:
      return "net.IP";
    case TypeKind::kCidr:
      return "net.CIDR";
    case TypeKind::kEvent:
      return "event";
  }
  return "dyn";
}

bool operator==(const Type& a, const Type& b) {
  // An absent part is dyn.
  const auto same = [](const std::shared_ptr<const Type>& x, const std::shared_ptr<const Type>& y) {
    return (x ? *x : Type::Dyn()) == (y ? *y : Type::Dyn());
  };
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case TypeKind::kList:
    case TypeKind::kType:
    case TypeKind::kOptional:
      return same(a.element, b.element);
    case TypeKind::kMap:
      return same(a.key, b.key) && same(a.element, b.element);
    case TypeKind::kEvent:
      return a.stream == b.stream;
    default:
      return true;
  }
}

}  // namespace telltale::rules
