#include "rules/model/rule_id.h"

#include <algorithm>

namespace telltale::rules {
namespace {

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool IsRuleId(std::string_view id) {
  return id.size() <= kLongestRuleId && !id.empty() && IsWord(id.front()) &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return IsWord(c) || c == '-' || c == '_' || c == '.'; });
}

std::string RuleIdOf(std::string_view text) {
  std::string id;
  for (const char c : text) {
    if (IsWord(c)) {
      id += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  if (id.size() > kLongestRuleId) id.resize(kLongestRuleId);
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id;
}

}  // namespace telltale::rules
