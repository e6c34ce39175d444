// Functions over numbers: math.*.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kFamily = "numbers";
constexpr TypeKind kB = TypeKind::kBool;
constexpr TypeKind kI = TypeKind::kInt;
constexpr TypeKind kU = TypeKind::kUint;
constexpr TypeKind kD = TypeKind::kDouble;

bool FitsNumber(const Type& type) { return Fits(type, kI, kU, kD); }

// A list of numbers, or several numbers: the type of the one that is chosen.
Result Chosen(const Args& args) {
  if (args.size() == 1 && args[0].kind == TypeKind::kList) {
    const Type element = ElementOf(args[0]);
    return FitsNumber(element) ? Result(element) : std::nullopt;
  }
  for (const Type& arg : args) {
    if (!FitsNumber(arg)) return std::nullopt;
  }
  Type common = args[0];
  for (const Type& arg : args) common = Join(common, arg);
  return common;
}

Result SameNumber(const Args& args) { return FitsNumber(args[0]) ? Result(args[0]) : std::nullopt; }

Result Root(const Args& args) { return FitsNumber(args[0]) ? Result(Type::Of(kD)) : std::nullopt; }

// Two ints or two uints; one is enough for negation.
Result Bits(const Args& args) {
  const Type& known = IsDyn(args[0]) ? args.back() : args[0];
  for (const Type& arg : args) {
    if (!Fits(arg, kI, kU) || !Fits(arg, known.kind)) return std::nullopt;
  }
  return known;
}

Result Shifted(const Args& args) {
  return Fits(args[0], kI, kU) && Fits(args[1], kI) ? Result(args[0]) : std::nullopt;
}

constexpr Function kFunctions[] = {
    {"math.least", "math.least(number, ...)", "the least of several numbers, or of a list's",
     kFamily, 1, kVariadic, true, false, Chosen, "math.least(3, 1.5, 2u)", "1.5"},
    {"math.greatest", "math.greatest(number, ...)",
     "the greatest of several numbers, or of a list's", kFamily, 1, kVariadic, true, false, Chosen,
     "math.greatest([1, 5, 2])", "5"},
    {"math.ceil", "math.ceil(double)", "the next whole number that is not less", kFamily, 1, 1,
     true, false, Takes<kD, kD>, "math.ceil(1.2)", "2.0"},
    {"math.floor", "math.floor(double)", "the next whole number that is not greater", kFamily, 1, 1,
     true, false, Takes<kD, kD>, "math.floor(-1.2)", "-2.0"},
    {"math.round", "math.round(double)", "the nearest whole number, halves away from 0", kFamily, 1,
     1, true, false, Takes<kD, kD>, "math.round(-1.5)", "-2.0"},
    {"math.trunc", "math.trunc(double)", "without the fraction", kFamily, 1, 1, true, false,
     Takes<kD, kD>, "math.trunc(-1.9)", "-1.0"},
    {"math.abs", "math.abs(number)", "without its sign", kFamily, 1, 1, true, false, SameNumber,
     "math.abs(-5)", "5"},
    {"math.sign", "math.sign(number)", "-1, 0 or 1 of the number's type", kFamily, 1, 1, true,
     false, SameNumber, "math.sign(-2.5)", "-1.0"},
    {"math.sqrt", "math.sqrt(number)", "the square root, a double", kFamily, 1, 1, true, false,
     Root, "math.sqrt(81)", "9.0"},
    {"math.isNaN", "math.isNaN(double)", "whether it is no number, as 0.0 / 0.0", kFamily, 1, 1,
     true, false, Takes<kB, kD>, "math.isNaN(0.0 / 0.0)", "true"},
    {"math.isInf", "math.isInf(double)", "whether it is infinite", kFamily, 1, 1, true, false,
     Takes<kB, kD>, "math.isInf(1.0 / 0.0)", "true"},
    {"math.isFinite", "math.isFinite(double)", "whether it is neither", kFamily, 1, 1, true, false,
     Takes<kB, kD>, "math.isFinite(1.5)", "true"},
    {"math.bitAnd", "math.bitAnd(a, b)", "the bits that are in both, ints or uints", kFamily, 2, 2,
     true, false, Bits, "math.bitAnd(6, 3)", "2"},
    {"math.bitOr", "math.bitOr(a, b)", "the bits that are in either", kFamily, 2, 2, true, false,
     Bits, "math.bitOr(6u, 3u)", "7u"},
    {"math.bitXor", "math.bitXor(a, b)", "the bits that are in one of them", kFamily, 2, 2, true,
     false, Bits, "math.bitXor(6, 3)", "5"},
    {"math.bitNot", "math.bitNot(a)", "the other bits", kFamily, 1, 1, true, false, Bits,
     "math.bitNot(1)", "-2"},
    {"math.bitShiftLeft", "math.bitShiftLeft(a, by)", "shifted to the left", kFamily, 2, 2, true,
     false, Shifted, "math.bitShiftLeft(1, 4)", "16"},
    {"math.bitShiftRight", "math.bitShiftRight(a, by)", "shifted to the right; zeros come in",
     kFamily, 2, 2, true, false, Shifted, "math.bitShiftRight(1024, 2)", "256"},
};

}  // namespace

FunctionTable MathFunctions() { return kFunctions; }

}  // namespace telltale::rules
