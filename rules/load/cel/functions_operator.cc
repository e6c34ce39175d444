// Which types the operators take.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

Result Bool() { return Type::Of(TypeKind::kBool); }

Result Logic(const Args& args) {
  for (const Type& arg : args) {
    if (!Fits(arg, TypeKind::kBool)) return std::nullopt;
  }
  return Bool();
}

Result Choice(const Args& args) {
  if (!Fits(args[0], TypeKind::kBool)) return std::nullopt;
  return Join(args[1], args[2]);
}

Result Equality(const Args& args) { return Comparable(args[0], args[1]) ? Bool() : std::nullopt; }

Result Ordering(const Args& args) {
  for (const Type& arg : args) {
    if (!Fits(arg, TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
              TypeKind::kBytes, TypeKind::kBool, TypeKind::kTimestamp, TypeKind::kDuration)) {
      return std::nullopt;
    }
  }
  return Equality(args);
}

// Both of one kind among `kinds`; the other's where one is dyn.
template <TypeKind... kinds>
Result Arithmetic(const Args& args) {
  const Type& known = IsDyn(args[0]) ? args.back() : args[0];
  for (const Type& arg : args) {
    if (!Fits(arg, kinds...) || !Fits(arg, known.kind)) return std::nullopt;
  }
  return IsDyn(known) ? Type::Dyn() : Type::Of(known.kind);
}

bool IsTime(const Type& type) {
  return type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kDuration;
}

// A timestamp or a duration, or a duration later; two durations.
Result TimeSum(const Args& args) {
  if (!Fits(args[0], TypeKind::kTimestamp, TypeKind::kDuration) ||
      !Fits(args[1], TypeKind::kTimestamp, TypeKind::kDuration)) {
    return std::nullopt;
  }
  if (args[0].kind == TypeKind::kTimestamp || args[1].kind == TypeKind::kTimestamp) {
    return args[0].kind == args[1].kind ? std::nullopt : Result(Type::Of(TypeKind::kTimestamp));
  }
  return IsDyn(args[0]) || IsDyn(args[1]) ? Type::Dyn() : Type::Of(TypeKind::kDuration);
}

// What lies between two timestamps, a duration earlier, or two durations.
Result Difference(const Args& args) {
  if (!IsTime(args[0]) && !IsTime(args[1])) {
    return Arithmetic<TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble>(args);
  }
  if (!Fits(args[0], TypeKind::kTimestamp, TypeKind::kDuration) ||
      !Fits(args[1], TypeKind::kTimestamp, TypeKind::kDuration)) {
    return std::nullopt;
  }
  if (args[0].kind == TypeKind::kDuration) {
    return args[1].kind == TypeKind::kTimestamp ? std::nullopt : Result(args[0]);
  }
  if (args[1].kind == TypeKind::kTimestamp) return Type::Of(TypeKind::kDuration);
  return IsDyn(args[0]) || IsDyn(args[1]) ? Type::Dyn() : args[0];
}

Result Sum(const Args& args) {
  if (IsTime(args[0]) || IsTime(args[1])) return TimeSum(args);
  if (args[0].kind == TypeKind::kList || args[1].kind == TypeKind::kList) {
    if (!Fits(args[0], TypeKind::kList) || !Fits(args[1], TypeKind::kList)) return std::nullopt;
    return Type::List(Join(ElementOf(args[0]), ElementOf(args[1])));
  }
  return Arithmetic<TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
                    TypeKind::kBytes>(args);
}

Result Negation(const Args& args) { return Arithmetic<TypeKind::kInt, TypeKind::kDouble>(args); }

Result Membership(const Args& args) {
  switch (args[1].kind) {
    case TypeKind::kDyn:
      return Bool();
    case TypeKind::kList:
      return Comparable(args[0], ElementOf(args[1])) ? Bool() : std::nullopt;
    case TypeKind::kMap:
    case TypeKind::kEvent:
      return Comparable(args[0], KeyOf(args[1])) ? Bool() : std::nullopt;
    default:
      return std::nullopt;
  }
}

Result Element(const Args& args) {
  if (args[0].kind == TypeKind::kOptional) {
    const Result element = Element({ElementOf(args[0]), args[1]});
    return element.has_value() ? Result(Type::Optional(*element)) : std::nullopt;
  }
  switch (args[0].kind) {
    case TypeKind::kDyn:
      return Fits(args[1], TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
                  TypeKind::kBool)
                 ? Result(Type::Dyn())
                 : std::nullopt;
    case TypeKind::kList:
      return Fits(args[1], TypeKind::kInt, TypeKind::kUint) ? Result(ElementOf(args[0]))
                                                            : std::nullopt;
    case TypeKind::kMap:
    case TypeKind::kEvent:
      return Comparable(args[1], KeyOf(args[0])) ? Result(ElementOf(args[0])) : std::nullopt;
    default:
      return std::nullopt;
  }
}

// a.?b and a[?b]
Result OptionalElement(const Args& args) {
  const Result element = Element(args);
  if (!element.has_value() || args[0].kind == TypeKind::kOptional) return element;
  return Type::Optional(*element);
}

constexpr TypeKind kI = TypeKind::kInt;
constexpr TypeKind kU = TypeKind::kUint;
constexpr TypeKind kD = TypeKind::kDouble;

constexpr Function kFunctions[] = {
    {.name = "_||_", .min_args = 2, .max_args = 2, .result = Logic},
    {.name = "_&&_", .min_args = 2, .max_args = 2, .result = Logic},
    {.name = "!_", .min_args = 1, .max_args = 1, .result = Logic},
    {.name = "_?_:_", .min_args = 3, .max_args = 3, .result = Choice},
    {.name = "_==_", .min_args = 2, .max_args = 2, .result = Equality},
    {.name = "_!=_", .min_args = 2, .max_args = 2, .result = Equality},
    {.name = "_<_", .min_args = 2, .max_args = 2, .result = Ordering},
    {.name = "_<=_", .min_args = 2, .max_args = 2, .result = Ordering},
    {.name = "_>_", .min_args = 2, .max_args = 2, .result = Ordering},
    {.name = "_>=_", .min_args = 2, .max_args = 2, .result = Ordering},
    {.name = "_+_", .min_args = 2, .max_args = 2, .result = Sum},
    {.name = "_-_", .min_args = 2, .max_args = 2, .result = Difference},
    {.name = "_*_", .min_args = 2, .max_args = 2, .result = Arithmetic<kI, kU, kD>},
    {.name = "_/_", .min_args = 2, .max_args = 2, .result = Arithmetic<kI, kU, kD>},
    {.name = "_%_", .min_args = 2, .max_args = 2, .result = Arithmetic<kI, kU>},
    {.name = "-_", .min_args = 1, .max_args = 1, .result = Negation},
    {.name = "@in", .min_args = 2, .max_args = 2, .result = Membership},
    {.name = "_[_]", .min_args = 2, .max_args = 2, .result = Element},
    {.name = "_[?_]", .min_args = 2, .max_args = 2, .result = OptionalElement},
    {.name = "_?._", .min_args = 2, .max_args = 2, .result = OptionalElement},
};

}  // namespace

FunctionTable Operators() { return kFunctions; }

}  // namespace telltale::rules
