// Functions over text.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kFamily = "text";
constexpr TypeKind kB = TypeKind::kBool;
constexpr TypeKind kS = TypeKind::kString;

constexpr Function kFunctions[] = {
    {"matches", "text.matches(regex)", "whether the regular expression (RE2) is found in the text",
     kFamily, 2, 2, true, true, Takes<kB, kS, kS>, "'user42'.matches('^user[0-9]+$')", "true"},
    {"startsWith", "text.startsWith(prefix)", "whether the text begins with that", kFamily, 2, 2,
     false, true, Takes<kB, kS, kS>, "'hello'.startsWith('he')", "true"},
    {"endsWith", "text.endsWith(suffix)", "whether the text ends with that", kFamily, 2, 2, false,
     true, Takes<kB, kS, kS>, "'hello'.endsWith('lo')", "true"},
    {"contains", "text.contains(part)", "whether that stands anywhere in the text", kFamily, 2, 2,
     false, true, Takes<kB, kS, kS>, "'hello'.contains('ell')", "true"},
    {"lowerAscii", "text.lowerAscii()", "A to Z in lower case", kFamily, 1, 1, true, true,
     Takes<kS, kS>, "'TacoCat'.lowerAscii()", "'tacocat'"},
    {"upperAscii", "text.upperAscii()", "a to z in upper case", kFamily, 1, 1, true, true,
     Takes<kS, kS>, "'TacoCat'.upperAscii()", "'TACOCAT'"},
};

}  // namespace

FunctionTable TextFunctions() { return kFunctions; }

}  // namespace telltale::rules
