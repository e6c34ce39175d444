// Functions that find by regular expressions (regex.*), and base64.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr TypeKind kI = TypeKind::kInt;
constexpr TypeKind kS = TypeKind::kString;
constexpr TypeKind kY = TypeKind::kBytes;

Result Extract(const Args& args) {
  if (!Takes<kS, kS, kS>(args).has_value()) return std::nullopt;
  return Type::Optional(Type::Of(kS));
}
Result ExtractAll(const Args& args) {
  if (!Takes<kS, kS, kS>(args).has_value()) return std::nullopt;
  return Type::List(Type::Of(kS));
}

constexpr Function kFunctions[] = {
    {"regex.extract", "regex.extract(text, pattern)",
     "an optional: the first match, or what its one group took", "text", 2, 2, true, false, Extract,
     "regex.extract('id=42;', 'id=([0-9]+)').orValue('')", "'42'"},
    {"regex.extractAll", "regex.extractAll(text, pattern)",
     "all matches, or what their one group took", "text", 2, 2, true, false, ExtractAll,
     "regex.extractAll('a1 b2', '[a-z][0-9]')", "['a1', 'b2']"},
    {"regex.replace", "regex.replace(text, pattern, instead[, times])",
     "with another text in the place of matches, or of as many; \\1 to \\9 in it are groups",
     "text", 3, 4, true, false, Takes<kS, kS, kS, kS, kI>,
     "regex.replace('a1b2', '([0-9])', '<\\\\1>')", "'a<1>b<2>'"},
    {"base64.encode", "base64.encode(bytes)", "as text in base64", "conversions", 1, 1, true, false,
     Takes<kS, kY>, "base64.encode(b'hello')", "'aGVsbG8='"},
    {"base64.decode", "base64.decode(text)", "the bytes of a text in base64, padded or not",
     "conversions", 1, 1, true, false, Takes<kY, kS>, "base64.decode('aGVsbG8')", "b'hello'"},
};

}  // namespace

FunctionTable PatternFunctions() { return kFunctions; }

}  // namespace telltale::rules
