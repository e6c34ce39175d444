#include "rules/load/sigma/modifier.h"

#include <algorithm>
#include <array>
#include <utility>

namespace telltale::rules::sigma {
namespace {

constexpr std::array<std::pair<std::string_view, Modifier>, 34> kModifiers = {{
    {"contains", Modifier::kContains},
    {"startswith", Modifier::kStartsWith},
    {"endswith", Modifier::kEndsWith},
    {"cased", Modifier::kCased},
    {"all", Modifier::kAll},
    {"neq", Modifier::kNeq},
    {"windash", Modifier::kWindash},
    {"wide", Modifier::kWide},
    {"utf16le", Modifier::kWide},
    {"utf16be", Modifier::kUtf16Be},
    {"utf16", Modifier::kUtf16},
    {"base64", Modifier::kBase64},
    {"base64offset", Modifier::kBase64Offset},
    {"expand", Modifier::kExpand},
    {"re", Modifier::kRegex},
    {"i", Modifier::kIgnoreCase},
    {"ignorecase", Modifier::kIgnoreCase},
    {"m", Modifier::kMultiLine},
    {"multiline", Modifier::kMultiLine},
    {"s", Modifier::kDotAll},
    {"dotall", Modifier::kDotAll},
    {"cidr", Modifier::kCidr},
    {"exists", Modifier::kExists},
    {"fieldref", Modifier::kFieldRef},
    {"lt", Modifier::kLess},
    {"lte", Modifier::kLessEqual},
    {"gt", Modifier::kGreater},
    {"gte", Modifier::kGreaterEqual},
    {"minute", Modifier::kMinute},
    {"hour", Modifier::kHour},
    {"day", Modifier::kDay},
    {"week", Modifier::kWeek},
    {"month", Modifier::kMonth},
    {"year", Modifier::kYear},
}};

std::optional<Modifier> FindModifier(std::string_view name) {
  const auto found = std::find_if(kModifiers.begin(), kModifiers.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == kModifiers.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

const std::vector<std::string>& ModifierNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& [name, modifier] : kModifiers) list.emplace_back(name);
    return list;
  }();
  return names;
}

FieldKey ParseKey(const LocatedText& key, Diagnostics& diagnostics) {
  const std::string_view text = key.text();
  FieldKey parsed;
  parsed.span = key.Whole();
  size_t at = text.find('|');
  parsed.field = text.substr(0, at);
  while (at != std::string_view::npos) {
    const size_t begin = at + 1;
    at = text.find('|', begin);
    const size_t end = std::min(at, text.size());
    const std::string name(text.substr(begin, end - begin));
    const Span span = name.empty() ? key.Locate(begin - 1, end) : key.Locate(begin, end);
    if (const std::optional<Modifier> modifier = FindModifier(name)) {
      parsed.modifiers.push_back({*modifier, name, span});
      continue;
    }
    parsed.good = false;
    if (name.empty()) {
      diagnostics.Error(kUnknownModifier, span, "a modifier is missing after '|'");
      continue;
    }
    Diagnostic& error =
        diagnostics.Error(kUnknownModifier, span, "unknown modifier '" + name + "'");
    error.suggestion = Nearest(name, ModifierNames());
  }
  return parsed;
}

const PlacedModifier* Find(const FieldKey& key, Modifier modifier) {
  const auto found =
      std::find_if(key.modifiers.begin(), key.modifiers.end(),
                   [&](const PlacedModifier& placed) { return placed.modifier == modifier; });
  return found == key.modifiers.end() ? nullptr : &*found;
}

}  // namespace telltale::rules::sigma
