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
     false, ToOptional, "optional.of(1).value()", "1"},
    {"optional.ofNonZeroValue", "optional.ofNonZeroValue(value)",
     "the same, or none where the value is false, 0, empty or null", kFamily, 1, 1, true, false,
     ToOptional, "optional.ofNonZeroValue('').hasValue()", "false"},
    {"optional.none", "optional.none()", "an optional that has nothing", kFamily, 0, 0, true, false,
     None, "optional.none().orValue(1)", "1"},
    {"optional.unwrap", "optional.unwrap(list)", "the values of those in a list that have one",
     kFamily, 1, 1, true, false, Unwrap, "optional.unwrap([optional.of(1), optional.none()])",
     "[1]"},
    {"unwrapOpt", "list.unwrapOpt()", "the same, called on the list", kFamily, 1, 1, false, true,
     Unwrap, "[optional.of(1), optional.none()].unwrapOpt()", "[1]"},
    {"hasValue", "optional.hasValue()", "whether it has a value", kFamily, 1, 1, false, true,
     HasValue, "{'a': 1}.?b.hasValue()", "false"},
    {"value", "optional.value()", "its value; an error where it has none", kFamily, 1, 1, false,
     true, ValueOf, "{'a': 1}.?a.value()", "1"},
    {"or", "optional.or(other)", "the optional, or another one where it has no value", kFamily, 2,
     2, false, true, Or, "{'a': 1}.?b.or(optional.of(2)).value()", "2"},
    {"orValue", "optional.orValue(value)", "its value, or this one where it has none", kFamily, 2,
     2, false, true, OrValue, "{'a': 1}.?b.orValue(0)", "0"},
    {"first", "list.first()", "the first element, if there is one", kFamily, 1, 1, false, true,
     EndOfList, "[5, 6].first().orValue(0)", "5"},
    {"last", "list.last()", "the last element, if there is one", kFamily, 1, 1, false, true,
     EndOfList, "[].last().orValue(0)", "0"},
    {"type", "type(value)", "the type of the value, to be compared: type(x) == string", "types", 1,
     1, true, false, TypeOf, "type(1) == int", "true"},
};

}  // namespace

FunctionTable OptionalFunctions() { return kFunctions; }

}  // namespace telltale::rules
