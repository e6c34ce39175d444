// Conversions among types.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

template <TypeKind to>
Result ToNumber(const Args& args) {
  if (to == TypeKind::kInt && args[0].kind == TypeKind::kTimestamp) return Type::Of(to);
  return Fits(args[0], TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString)
             ? Result(Type::Of(to))
             : std::nullopt;
}

Result ToText(const Args& args) {
  return Fits(args[0], TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
              TypeKind::kBytes, TypeKind::kBool, TypeKind::kTimestamp, TypeKind::kDuration,
              TypeKind::kIp, TypeKind::kCidr)
             ? Result(Type::Of(TypeKind::kString))
             : std::nullopt;
}

Result ToBool(const Args& args) {
  return Fits(args[0], TypeKind::kBool, TypeKind::kString) ? Result(Type::Of(TypeKind::kBool))
                                                           : std::nullopt;
}

Result ToBytes(const Args& args) {
  return Fits(args[0], TypeKind::kBytes, TypeKind::kString) ? Result(Type::Of(TypeKind::kBytes))
                                                            : std::nullopt;
}

Result ToDyn(const Args&) { return Type::Dyn(); }

constexpr std::string_view kFamily = "conversions";

constexpr Function kFunctions[] = {
    {"int", "int(value)",
     "a number without its fraction, a text in decimal, or the seconds since 1970 of a timestamp",
     kFamily, 1, 1, true, false, ToNumber<TypeKind::kInt>, "int('17')", "17"},
    {"uint", "uint(value)", "the same without a sign", kFamily, 1, 1, true, false,
     ToNumber<TypeKind::kUint>, "uint(17)", "17u"},
    {"double", "double(value)", "a number, or a text, as a double", kFamily, 1, 1, true, false,
     ToNumber<TypeKind::kDouble>, "double('1.5')", "1.5"},
    {"string", "string(value)", "a number, bool, time or address as text, or bytes that are UTF-8",
     kFamily, 1, 1, true, false, ToText, "string(17)", "'17'"},
    {"bool", "bool(value)", "the text true or false as a bool", kFamily, 1, 1, true, false, ToBool,
     "bool('true')", "true"},
    {"bytes", "bytes(text)", "the bytes of a text", kFamily, 1, 1, true, false, ToBytes,
     "bytes('abc')", "b'abc'"},
    {"dyn", "dyn(value)", "the value as it is, its type unchecked until it is evaluated", kFamily,
     1, 1, true, false, ToDyn, "dyn(1) == 1.0", "true"},
};

}  // namespace

FunctionTable ConversionFunctions() { return kFunctions; }

}  // namespace telltale::rules
