// Functions that make lists from lists, or take an element out of one; and lists as sets.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kFamily = "lists and maps";
constexpr TypeKind kI = TypeKind::kInt;
constexpr TypeKind kL = TypeKind::kList;

Result SameList(const Args& args) {
  if (!Takes<kL, kL, kI, kI>(args).has_value()) return std::nullopt;
  return args[0];
}

Result Reversed(const Args& args) {
  if (!Fits(args[0], kL, TypeKind::kString)) return std::nullopt;
  return args[0];
}

Result Sorted(const Args& args) {
  const bool orderable =
      args[0].kind != kL ||
      Fits(ElementOf(args[0]), kI, TypeKind::kUint, TypeKind::kDouble, TypeKind::kBool,
           TypeKind::kString, TypeKind::kBytes, TypeKind::kTimestamp, TypeKind::kDuration);
  return orderable ? SameList(args) : std::nullopt;
}

Result Flattened(const Args& args) {
  if (!Takes<kL, kL, kI>(args).has_value()) return std::nullopt;
  const Type element = ElementOf(args[0]);
  if (IsDyn(args[0]) || args.size() > 1 || IsDyn(element)) return Type::List(Type::Dyn());
  return element.kind == kL ? element : args[0];
}

Result Range(const Args& args) {
  if (!Fits(args[0], kI)) return std::nullopt;
  return Type::List(Type::Of(kI));
}

Result OfSets(const Args& args) {
  if (!Fits(args[0], kL) || !Fits(args[1], kL)) return std::nullopt;
  if (!Comparable(ElementOf(args[0]), ElementOf(args[1]))) return std::nullopt;
  return Type::Of(TypeKind::kBool);
}

constexpr Function kFunctions[] = {
    {"slice", "list.slice(begin, end)",
     "the elements from number `begin` on, to the one before `end`", kFamily, 3, 3, false, true,
     SameList, "[1, 2, 3, 4].slice(1, 3)", "[2, 3]"},
    {"flatten", "list.flatten([depth])",
     "with the elements of lists in it in their places, `depth` (1) lists deep", kFamily, 1, 2,
     false, true, Flattened, "[1, [2, [3]]].flatten()", "[1, 2, [3]]"},
    {"distinct", "list.distinct()", "each element once, where it stands first", kFamily, 1, 1,
     false, true, SameList, "['b', 'a', 'b'].distinct()", "['b', 'a']"},
    {"sort", "list.sort()", "in ascending order: numbers of any kind, or elements of one type",
     kFamily, 1, 1, false, true, Sorted, "[3, 1, 2].sort()", "[1, 2, 3]"},
    {"reverse", "list.reverse()", "in the other direction; a text by its characters", kFamily, 1, 1,
     false, true, Reversed, "'abc'.reverse()", "'cba'"},
    {"lists.range", "lists.range(size)", "the numbers from 0 on, `size` of them", kFamily, 1, 1,
     true, false, Range, "lists.range(3)", "[0, 1, 2]"},
    {"sets.contains", "sets.contains(list, part)",
     "whether all elements of the second are in the first", kFamily, 2, 2, true, false, OfSets,
     "sets.contains([1, 2, 3], [3, 1])", "true"},
    {"sets.equivalent", "sets.equivalent(list, list)",
     "whether each holds all elements of the other, however often", kFamily, 2, 2, true, false,
     OfSets, "sets.equivalent([1, 2], [2, 1, 1])", "true"},
    {"sets.intersects", "sets.intersects(list, list)", "whether an element is in both", kFamily, 2,
     2, true, false, OfSets, "sets.intersects(['a'], ['b', 'a'])", "true"},
};

}  // namespace

FunctionTable ListFunctions() { return kFunctions; }

}  // namespace telltale::rules
