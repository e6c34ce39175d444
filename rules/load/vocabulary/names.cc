#include "rules/load/vocabulary/names.h"

#include <algorithm>

namespace telltale::rules {

bool IsIdentifier(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

const std::vector<std::string_view>& ReservedNames() {
  static const std::vector<std::string_view> words = {
      "event",   "event_time", "match_count", "lists", "tables", "rule",  "true",
      "false",   "null",       "in",          "as",    "break",  "const", "continue",
      "else",    "for",        "function",    "if",    "import", "let",   "loop",
      "package", "namespace",  "return",      "var",   "void",   "while"};
  return words;
}

const std::vector<std::string_view>& SequenceWords() {
  static const std::vector<std::string_view> words = {"not",      "group", "any_of", "all_of",
                                                      "sequence", "steps", "until",  "on"};
  return words;
}

bool IsSequenceWord(std::string_view name) {
  const std::vector<std::string_view>& words = SequenceWords();
  return std::find(words.begin(), words.end(), name) != words.end();
}

bool IsReservedName(std::string_view name) {
  const std::vector<std::string_view>& words = ReservedNames();
  return std::find(words.begin(), words.end(), name) != words.end();
}

}  // namespace telltale::rules
