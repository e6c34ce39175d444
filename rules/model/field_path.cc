#include "rules/model/field_path.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool IsBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }

// Takes the part that `text` begins with off it; none: there is no part.
std::optional<std::string> TakePart(std::string_view& text) {
  if (text.starts_with('"')) {
    const size_t close = text.find('"', 1);
    if (close == std::string_view::npos || close == 1) return std::nullopt;
    std::string part(text.substr(1, close - 1));
    text.remove_prefix(close + 1);
    return part;
  }
  const std::string_view part = text.substr(0, text.find('.'));
  if (part.empty() || IsBlank(part.front()) || IsBlank(part.back()) ||
      part.find('"') != std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(part.size());
  return std::string(part);
}

}  // namespace

std::optional<FieldPath> ParsePath(std::string_view text) {
  FieldPath path;
  for (;;) {
    std::optional<std::string> part = TakePart(text);
    if (!part) return std::nullopt;
    path.push_back(*std::move(part));
    if (text.empty()) return path;
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
  }
}

std::string PathText(const FieldPath& path) {
  std::string text;
  for (const std::string& part : path) {
    if (!text.empty()) text += '.';
    const bool plain = !part.empty() && part.find('.') == std::string::npos &&
                       !IsBlank(part.front()) && !IsBlank(part.back());
    text += plain ? part : '"' + part + '"';
  }
  return text;
}

}  // namespace telltale::rules
