// Functions over text.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kFamily = "text";
constexpr TypeKind kB = TypeKind::kBool;
constexpr TypeKind kS = TypeKind::kString;

constexpr Function kFunctions[] = {
    {"matches", "text.matches(regex)", "whether the regular expression (RE2) is found in the text",
     kFamily, 2, 2, true, true, Takes<kB, kS, kS>},
    {"startsWith", "text.startsWith(prefix)", "whether the text begins with that", kFamily, 2, 2,
     false, true, Takes<kB, kS, kS>},
    {"endsWith", "text.endsWith(suffix)", "whether the text ends with that", kFamily, 2, 2, false,
     true, Takes<kB, kS, kS>},
    {"contains", "text.contains(part)", "whether that stands anywhere in the text", kFamily, 2, 2,
     false, true, Takes<kB, kS, kS>},
    {"lowerAscii", "text.lowerAscii()", "A to Z in lower case", kFamily, 1, 1, true, true,
     Takes<kS, kS>},
    {"upperAscii", "text.upperAscii()", "a to z in upper case", kFamily, 1, 1, true, true,
     Takes<kS, kS>},
};

}  // namespace

FunctionTable TextFunctions() { return kFunctions; }

}  // namespace telltale::rules
