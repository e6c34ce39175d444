#include "rules/load/rule/key_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/limits.h"

namespace telltale::rules {
namespace {

LocatedText Trimmed(const LocatedText& text, size_t begin, size_t end) {
  const std::string_view whole = text.text();
  while (begin < end && whole.substr(begin, 1).find_first_of(" \t\r\n") == 0) ++begin;
  while (begin < end && whole.substr(end - 1, 1).find_first_of(" \t\r\n") == 0) --end;
  return text.Sub(begin, end);
}

// What alerts, suppressions and tests call the part: its text, or LIST of each(LIST).
LocatedText NameOf(const LocatedText& part, bool each) {
  const std::string& text = part.text();
  if (!each) return Trimmed(part, 0, text.size());
  return Trimmed(part, text.find('(') + 1, text.rfind(')'));
}

void ReadPart(RuleContext& context, const LocatedText& text) {
  const ExprPtr parsed = Parse(text, context.diagnostics);
  context.key_parses = parsed != nullptr && context.key_parses;
  const bool each = parsed != nullptr && IsEach(*parsed);
  LocatedText name = NameOf(text, each);
  std::vector<std::string>& names = context.rule.key_names;
  if (std::find(names.begin(), names.end(), name.text()) != names.end()) {
    context.diagnostics.Error(kConflictingKeys, text.Whole(),
                              "the key part '" + name.text() + "' stands here twice");
    return;
  }
  names.push_back(name.text());
  context.key.push_back({.text = text, .name = std::move(name), .each = each});
}

void AddPart(RuleContext& context, const LocatedText& text, const Scope& scope, bool each,
             Selector& selector) {
  std::optional<Expression> compiled =
      each ? CompileEach(context, text, scope) : CompileKeyPart(context, text, scope);
  if (!compiled) return;
  if (each) selector.each |= uint32_t{1} << selector.by.size();
  selector.by.push_back(*std::move(compiled));
}

}  // namespace

void ReadRuleKey(RuleContext& context) {
  const Node* by = context.node.Find("by");
  if (const Node* missing = context.node.Find("missing_key")) {
    context.rule.group_missing_key =
        context.values.Word<bool>(*missing, "'missing_key'", MissingKeyWords()).value_or(false);
    if (by == nullptr) {
      context.diagnostics.Error(kConflictingKeys, missing->span,
                                "'missing_key' is about the parts of 'by', and the rule has none");
    }
  }
  if (by == nullptr) return;
  const std::optional<std::vector<LocatedText>> parts =
      context.values.Texts(*by, "'by'", kMostKeyParts);
  context.key_parses = parts.has_value();
  if (!parts) return;
  if (parts->empty()) {
    context.diagnostics.Error(kEmptyValue, by->span,
                              "'by' is empty; a rule with one key for all events has no 'by'");
  }
  for (const LocatedText& part : *parts) ReadPart(context, part);
}

void ReadSelectorKey(RuleContext& context, const Node* by, const Scope& scope, Selector& selector) {
  if (by == nullptr) {
    for (const KeyPartText& part : context.key) {
      if (!context.key_parses) break;
      AddPart(context, part.text, scope, part.each, selector);
    }
    return;
  }
  const std::optional<std::vector<LocatedText>> parts =
      context.values.Texts(*by, "'by'", kMostKeyParts);
  if (!parts) return;
  const size_t wanted = context.key.size();
  if (context.node.Find("by") == nullptr) {
    context.diagnostics.Error(kKeyPartCount, by->span,
                              "the rule has no 'by': say there what the key is called");
  } else if (context.key_parses && parts->size() != wanted) {
    context.diagnostics.Error(kKeyPartCount, by->span,
                              "the rule's key has " + std::to_string(wanted) +
                                  (wanted == 1 ? " part" : " parts") + ", and this 'by' has " +
                                  std::to_string(parts->size()));
  }
  for (const LocatedText& part : *parts) {
    Diagnostics ignored;  // what does not parse is told when it is compiled
    const ExprPtr parsed = Parse(part, ignored);
    AddPart(context, part, scope, parsed != nullptr && IsEach(*parsed), selector);
  }
}

}  // namespace telltale::rules
