// Functions that take text apart by its characters, or put it together.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kFamily = "text";
constexpr TypeKind kI = TypeKind::kInt;
constexpr TypeKind kL = TypeKind::kList;
constexpr TypeKind kS = TypeKind::kString;

Result Split(const Args& args) {
  if (!Takes<kL, kS, kS, kI>(args).has_value()) return std::nullopt;
  return Type::List(Type::Of(kS));
}

Result Join(const Args& args) {
  if (args[0].kind == kL && !Fits(ElementOf(args[0]), kS)) return std::nullopt;
  return Takes<kS, kL, kS>(args);
}

constexpr Function kFunctions[] = {
    {"charAt", "text.charAt(number)", "the character of that number, from 0; after the last one ''",
     kFamily, 2, 2, false, true, Takes<kS, kS, kI>, "'hello'.charAt(4)", "'o'"},
    {"indexOf", "text.indexOf(part[, from])",
     "the number of the character where that first stands, or -1; from the character `from` on",
     kFamily, 2, 3, false, true, Takes<kI, kS, kS, kI>, "'hello mellow'.indexOf('ello', 2)", "7"},
    {"lastIndexOf", "text.lastIndexOf(part[, last])",
     "the number of the character where that last stands, or -1; at the character `last` or before",
     kFamily, 2, 3, false, true, Takes<kI, kS, kS, kI>, "'hello mellow'.lastIndexOf('ello')", "7"},
    {"substring", "text.substring(begin[, end])",
     "the characters from number `begin` on, to the one before `end`", kFamily, 2, 3, false, true,
     Takes<kS, kS, kI, kI>, "'tacocat'.substring(0, 4)", "'taco'"},
    {"replace", "text.replace(part, instead[, times])",
     "with another text wherever that stands, or as often from the left", kFamily, 3, 4, false,
     true, Takes<kS, kS, kS, kS, kI>, "'a-b-c'.replace('-', '+', 1)", "'a+b-c'"},
    {"split", "text.split(separator[, pieces])",
     "the pieces between separators; `pieces` of them at most, the rest in the last", kFamily, 2, 3,
     false, true, Split, "'a,b,c'.split(',', 2)", "['a', 'b,c']"},
    {"join", "list.join([separator])", "the texts of a list, one after another", kFamily, 1, 2,
     false, true, Join, "['a', 'b'].join('-')", "'a-b'"},
    {"trim", "text.trim()", "without white space at both ends", kFamily, 1, 1, false, true,
     Takes<kS, kS>, "'  a b\\n'.trim()", "'a b'"},
    {"strings.quote", "strings.quote(text)",
     "in double quotes, with escapes for quotes, backslashes and control characters", kFamily, 1, 1,
     true, false, Takes<kS, kS>, "strings.quote('say \"hi\"')", "'\"say \\\\\"hi\\\\\"\"'"},
    {"format", "text.format(list)",
     "values in the places of %s (any), %d, %f and %e (%.2f: two digits), %b, %o, %x and %X; %% is "
     "a percent sign",
     kFamily, 2, 2, false, true, Takes<kS, kS, kL>, "'%s paid %.2f'.format(['u1', 17.5])",
     "'u1 paid 17.50'"},
};

}  // namespace

FunctionTable CharacterFunctions() { return kFunctions; }

}  // namespace telltale::rules
