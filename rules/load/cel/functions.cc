#include "rules/load/cel/functions.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {
namespace {

using Args = std::vector<Type>;
using Result = std::optional<Type>;

constexpr bool IsNumber(TypeKind kind) {
  return kind == TypeKind::kInt || kind == TypeKind::kUint || kind == TypeKind::kDouble;
}

Type ElementOf(const Type& type) { return type.element == nullptr ? Type::Dyn() : *type.element; }
Type KeyOf(const Type& type) {
  if (type.kind == TypeKind::kEvent) return Type::Of(TypeKind::kString);
  return type.key == nullptr ? Type::Dyn() : *type.key;
}

// Whether the type is dyn or one of the kinds.
template <typename... Kinds>
bool Fits(const Type& type, Kinds... kinds) {
  return IsDyn(type) || ((type.kind == kinds) || ...);
}

Result Bool() { return Type::Of(TypeKind::kBool); }
Result Int() { return Type::Of(TypeKind::kInt); }
Result String() { return Type::Of(TypeKind::kString); }

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
              TypeKind::kBytes, TypeKind::kBool)) {
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

Result Sum(const Args& args) {
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

Result Size(const Args& args) {
  return Fits(args[0], TypeKind::kString, TypeKind::kBytes, TypeKind::kList, TypeKind::kMap,
              TypeKind::kEvent)
             ? Int()
             : std::nullopt;
}

Result TextTest(const Args& args) {
  return Fits(args[0], TypeKind::kString) && Fits(args[1], TypeKind::kString) ? Bool()
                                                                              : std::nullopt;
}

Result TextToText(const Args& args) {
  return Fits(args[0], TypeKind::kString) ? String() : std::nullopt;
}

template <TypeKind to>
Result ToNumber(const Args& args) {
  return Fits(args[0], TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString)
             ? Result(Type::Of(to))
             : std::nullopt;
}

Result ToText(const Args& args) {
  return Fits(args[0], TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
              TypeKind::kBytes, TypeKind::kBool)
             ? String()
             : std::nullopt;
}

Result ToBool(const Args& args) {
  return Fits(args[0], TypeKind::kBool, TypeKind::kString) ? Bool() : std::nullopt;
}

Result ToBytes(const Args& args) {
  return Fits(args[0], TypeKind::kBytes, TypeKind::kString) ? Result(Type::Of(TypeKind::kBytes))
                                                            : std::nullopt;
}

Result ToDyn(const Args&) { return Type::Dyn(); }

// Of a list of numbers.
Result ElementAggregate(const Args& args) {
  if (IsDyn(args[0])) return Type::Dyn();
  if (args[0].kind != TypeKind::kList) return std::nullopt;
  const Type element = ElementOf(args[0]);
  if (!Fits(element, TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble)) return std::nullopt;
  return element;
}

Result Average(const Args& args) {
  return ElementAggregate(args).has_value() ? Result(Type::Of(TypeKind::kDouble)) : std::nullopt;
}

constexpr TypeKind kI = TypeKind::kInt;
constexpr TypeKind kU = TypeKind::kUint;
constexpr TypeKind kD = TypeKind::kDouble;

constexpr Function kFunctions[] = {
    {"_||_", "", 2, false, false, Logic},
    {"_&&_", "", 2, false, false, Logic},
    {"!_", "", 1, false, false, Logic},
    {"_?_:_", "", 3, false, false, Choice},
    {"_==_", "", 2, false, false, Equality},
    {"_!=_", "", 2, false, false, Equality},
    {"_<_", "", 2, false, false, Ordering},
    {"_<=_", "", 2, false, false, Ordering},
    {"_>_", "", 2, false, false, Ordering},
    {"_>=_", "", 2, false, false, Ordering},
    {"_+_", "", 2, false, false, Sum},
    {"_-_", "", 2, false, false, Arithmetic<kI, kU, kD>},
    {"_*_", "", 2, false, false, Arithmetic<kI, kU, kD>},
    {"_/_", "", 2, false, false, Arithmetic<kI, kU, kD>},
    {"_%_", "", 2, false, false, Arithmetic<kI, kU>},
    {"-_", "", 1, false, false, Negation},
    {"@in", "", 2, false, false, Membership},
    {"_[_]", "", 2, false, false, Element},
    {"size", "size(list)", 1, true, true, Size},
    {"matches", "text.matches(regex)", 2, true, true, TextTest},
    {"startsWith", "text.startsWith(prefix)", 2, false, true, TextTest},
    {"endsWith", "text.endsWith(suffix)", 2, false, true, TextTest},
    {"contains", "text.contains(part)", 2, false, true, TextTest},
    {"lowerAscii", "text.lowerAscii()", 1, true, true, TextToText},
    {"upperAscii", "text.upperAscii()", 1, true, true, TextToText},
    {"int", "int(value)", 1, true, false, ToNumber<kI>},
    {"uint", "uint(value)", 1, true, false, ToNumber<kU>},
    {"double", "double(value)", 1, true, false, ToNumber<kD>},
    {"string", "string(value)", 1, true, false, ToText},
    {"bool", "bool(value)", 1, true, false, ToBool},
    {"bytes", "bytes(text)", 1, true, false, ToBytes},
    {"dyn", "dyn(value)", 1, true, false, ToDyn},
    {"sum", "list.sum()", 1, false, true, ElementAggregate},
    {"avg", "list.avg()", 1, false, true, Average},
    {"min", "list.min()", 1, false, true, ElementAggregate},
    {"max", "list.max()", 1, false, true, ElementAggregate},
};

constexpr std::string_view kLater[] = {
    // CEL's standard functions on times and types.
    "timestamp", "duration", "type", "getFullYear", "getMonth", "getDate", "getDayOfMonth",
    "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds",
    "now",
    // Its extensions.
    "ip", "cidr", "isIP", "isCIDR", "isCanonical", "family", "isUnspecified", "isLoopback",
    "isGlobalUnicast", "isLinkLocalMulticast", "isLinkLocalUnicast", "containsIP", "containsCIDR",
    "masked", "prefixLength", "charAt", "indexOf", "lastIndexOf", "replace", "split", "substring",
    "trim", "join", "format", "reverse", "flatten", "distinct", "slice", "sort", "sortBy", "range",
    "transformList", "transformMap", "transformMapEntry", "bind", "orValue", "hasValue", "optMap",
    "optFlatMap", "value", "or",
    // Our own.
    "event_time", "count", "count_distinct", "stddev", "percentile", "median", "first", "last"};

constexpr std::string_view kLaterNamespaces[] = {"math", "base64",   "strings", "lists",
                                                 "sets", "optional", "cel",     "regex",
                                                 "ip",   "cidr",     "tables"};

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

constexpr std::string_view kMacros[] = {"has", "all", "exists", "exists_one", "filter", "map"};

template <typename Words>
bool Holds(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

const Function* FindFunction(std::string_view name) {
  for (const Function& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

bool IsLaterFunction(std::string_view name) { return Holds(kLater, name); }
bool IsLaterNamespace(std::string_view name) { return Holds(kLaterNamespaces, name); }

std::string NearestFunction(std::string_view word) {
  const std::string lower = absl::AsciiStrToLower(std::string(word));
  for (const auto& [synonym, name] : kSynonyms) {
    if (synonym == lower) return std::string(name);
  }
  std::vector<std::string> names(std::begin(kMacros), std::end(kMacros));
  for (const Function& function : kFunctions) {
    if (!function.usage.empty()) names.emplace_back(function.name);
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
