#include "rules/load/cel/functions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "rules/load/cel/macros.h"
#include "rules/load/cel/signature.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {
namespace {

// Words of other languages for what is here.
constexpr std::pair<std::string_view, std::string_view> kSynonyms[] = {{"tolower", "lowerAscii"},
                                                                       {"lower", "lowerAscii"},
                                                                       {"lowercase", "lowerAscii"},
                                                                       {"toupper", "upperAscii"},
                                                                       {"upper", "upperAscii"},
                                                                       {"uppercase", "upperAscii"},
                                                                       {"len", "size"},
                                                                       {"length", "size"},
                                                                       {"str", "string"},
                                                                       {"tostring", "string"},
                                                                       {"float", "double"},
                                                                       {"number", "double"},
                                                                       {"toint", "int"},
                                                                       {"integer", "int"},
                                                                       {"regex", "matches"},
                                                                       {"match", "matches"},
                                                                       {"re", "matches"},
                                                                       {"regexmatch", "matches"},
                                                                       {"includes", "contains"},
                                                                       {"any", "exists"},
                                                                       {"average", "avg"},
                                                                       {"mean", "avg"},
                                                                       {"total", "sum"},
                                                                       {"defined", "has"},
                                                                       {"exist", "exists"},
                                                                       {"beginswith", "startsWith"},
                                                                       {"isdefined", "has"},
                                                                       {"maximum", "max"},
                                                                       {"minimum", "min"}};

template <typename Words>
bool Holds(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

std::span<const FunctionTable> AllFunctions() {
  static const FunctionTable kTables[] = {
      Operators(),
      AggregateFunctions(),   // sum
      CharacterFunctions(),   // charAt
      ContainerFunctions(),   // size
      ConversionFunctions(),  // int
      ListFunctions(),        // flatten
      MathFunctions(),        // math.abs
      NetworkFunctions(),     // ip
      OptionalFunctions(),    // optional.of
      PatternFunctions(),     // format
      TextFunctions(),        // startsWith
      TimeFunctions(),        // timestamp
  };
  return kTables;
}

const Function* FindFunction(std::string_view name) {
  for (const FunctionTable& table : AllFunctions()) {
    for (const Function& function : table) {
      if (function.name == name) return &function;
    }
  }
  return nullptr;
}

bool IsNamespace(std::string_view word) {
  for (const FunctionTable& table : AllFunctions()) {
    for (const Function& function : table) {
      if (function.name.starts_with(word) && function.name.substr(word.size()).starts_with('.'))
        return true;
    }
  }
  return false;
}

std::string NearestFunction(std::string_view word) {
  const std::string lower = absl::AsciiStrToLower(std::string(word));
  for (const auto& [synonym, name] : kSynonyms) {
    if (synonym == lower) return std::string(name);
  }
  std::vector<std::string> names = {};
  for (const Macro& macro : AllMacros()) names.emplace_back(macro.name);
  for (const FunctionTable& table : AllFunctions()) {
    for (const Function& function : table) {
      if (!function.is_operator()) names.emplace_back(function.name);
    }
  }
  for (const std::string& name : names) {
    if (absl::AsciiStrToLower(name) == lower) return name;
  }
  return Nearest(word, names);
}

bool IsDyn(const Type& type) { return type.kind == TypeKind::kDyn; }

bool Comparable(const Type& a, const Type& b) {
  if (IsDyn(a) || IsDyn(b) || a.kind == TypeKind::kNull || b.kind == TypeKind::kNull) return true;
  if (IsNumber(a.kind) && IsNumber(b.kind)) return true;
  const auto is_map = [](const Type& type) {
    return type.kind == TypeKind::kMap || type.kind == TypeKind::kEvent;
  };
  return a.kind == b.kind || (is_map(a) && is_map(b));
}

Type Join(const Type& a, const Type& b) {
  if (a == b) return a;
  if (a.kind == TypeKind::kList && b.kind == TypeKind::kList)
    return Type::List(Join(ElementOf(a), ElementOf(b)));
  if (a.kind == TypeKind::kMap && b.kind == TypeKind::kMap) {
    return Type::Map(Join(KeyOf(a), KeyOf(b)), Join(ElementOf(a), ElementOf(b)));
  }
  return Type::Dyn();
}

}  // namespace telltale::rules
