// Optional values, and the types of values.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

Result ToOptional(const Args& args) { return Type::Optional(args[0]); }
Result None(const Args&) { return Type::Optional(Type::Dyn()); }

Result HasValue(const Args& args) {
  return Fits(args[0], TypeKind::kOptional) ? Result(Type::Of(TypeKind::kBool)) : std::nullopt;
}

Result ValueOf(const Args& args) {
  return Fits(args[0], TypeKind::kOptional) ? Result(ElementOf(args[0])) : std::nullopt;
}

Result OrValue(const Args& args) {
  if (!Fits(args[0], TypeKind::kOptional)) return std::nullopt;
  return Join(ElementOf(args[0]), args[1]);
}

Result Or(const Args& args) {
  for (const Type& arg : args) {
    if (!Fits(arg, TypeKind::kOptional)) return std::nullopt;
  }
  return Type::Optional(Join(ElementOf(args[0]), ElementOf(args[1])));
}

Result Unwrap(const Args& args) {
  if (!Fits(args[0], TypeKind::kList)) return std::nullopt;
  const Type element = ElementOf(args[0]);
  if (!Fits(element, TypeKind::kOptional)) return std::nullopt;
  return Type::List(ElementOf(element));
}

Result EndOfList(const Args& args) {
  return Fits(args[0], TypeKind::kList) ? Result(Type::Optional(ElementOf(args[0]))) : std::nullopt;
}

Result TypeOf(const Args& args) { return Type::OfType(args[0]); }

constexpr std::string_view kFamily = "optional values";

constexpr Function kFunctions[] = {
    {"optional.of", "optional.of(value)", "an optional that has the value", kFamily, 1, 1, true,
     false, ToOptional},
    {"optional.ofNonZeroValue", "optional.ofNonZeroValue(value)",
     "the same, or none where the value is false, 0, empty or null", kFamily, 1, 1, true, false,
     ToOptional},
    {"optional.none", "optional.none()", "an optional that has nothing", kFamily, 0, 0, true, false,
     None},
    {"optional.unwrap", "optional.unwrap(list)", "the values of those in a list that have one",
     kFamily, 1, 1, true, false, Unwrap},
    {"unwrapOpt", "list.unwrapOpt()", "the same, called on the list", kFamily, 1, 1, false, true,
     Unwrap},
    {"hasValue", "optional.hasValue()", "whether it has a value", kFamily, 1, 1, false, true,
     HasValue},
    {"value", "optional.value()", "its value; an error where it has none", kFamily, 1, 1, false,
     true, ValueOf},
    {"or", "optional.or(other)", "the optional, or another one where it has no value", kFamily, 2,
     2, false, true, Or},
    {"orValue", "optional.orValue(value)", "its value, or this one where it has none", kFamily, 2,
     2, false, true, OrValue},
    {"first", "list.first()", "the first element, if there is one", kFamily, 1, 1, false, true,
     EndOfList},
    {"last", "list.last()", "the last element, if there is one", kFamily, 1, 1, false, true,
     EndOfList},
    {"type", "type(value)", "the type of the value, to be compared: type(x) == string", "types", 1,
     1, true, false, TypeOf},
};

}  // namespace

FunctionTable OptionalFunctions() { return kFunctions; }

}  // namespace telltale::rules
