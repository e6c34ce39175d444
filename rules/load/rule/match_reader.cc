#include "rules/load/rule/match_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/rule_keys.h"

namespace telltale::rules {
namespace {

// The step that the value names; none: told, or there is no telling.
std::optional<uint32_t> ReadStepName(RuleContext& context, const Entry& entry, const Code& code) {
  const std::optional<LocatedText> name =
      context.values.Text(entry.value, "'" + entry.key.text() + "'");
  if (!name) return std::nullopt;
  std::vector<std::string> known;
  for (uint32_t i = 0; i < context.rule.steps.size(); ++i) {
    known.push_back(context.rule.steps[i].name);
    if (known.back() == name->text()) return i;
  }
  context.diagnostics.Error(code, entry.value.span, "the rule has no step '" + name->text() + "'")
      .suggestion = Nearest(name->text(), known);
  return std::nullopt;
}

void ReadSkipToStep(RuleContext& context, const Node& node) {
  if (!context.values.Map(node, AfterMatchKeys())) return;
  if (node.entries.size() != 1) {
    context.diagnostics.Error(
        kConflictingKeys, node.span,
        "'after_match' is one of skip_to_first and skip_to_last, with a step");
    return;
  }
  const Entry& entry = node.entries.front();
  const std::optional<uint32_t> step = ReadStepName(context, entry, kBadAfterMatchStep);
  if (!step) return;
  context.rule.after_match = {
      entry.key.text() == "skip_to_first" ? SkipKind::kSkipToFirst : SkipKind::kSkipToLast, *step};
}

void ReadAfterMatch(RuleContext& context, const Node& node) {
  if (node.kind == NodeKind::kMap) return ReadSkipToStep(context, node);
  if (node.is_scalar() &&
      (node.text.text() == "skip_to_first" || node.text.text() == "skip_to_last")) {
    context.diagnostics.Error(kBadAfterMatchStep, node.span,
                              "write '{ " + node.text.text() + ": STEP }': it needs a step");
    return;
  }
  context.rule.after_match.kind =
      context.values.Word<SkipKind>(node, "'after_match'", SkipWords()).value_or(SkipKind::kNoSkip);
}

void ReadTimeout(RuleContext& context, const Node& node) {
  if (!context.values.Map(node, TimeoutKeys())) return;
  if (context.values.Required(node, "from", node.span, "'on_timeout'") == nullptr) return;
  const auto from = std::find_if(node.entries.begin(), node.entries.end(),
                                 [](const Entry& entry) { return entry.key.text() == "from"; });
  context.rule.timeout_from = ReadStepName(context, *from, kBadTimeoutStep);
  context.timeout = from->value.span;
}

void ReadLimits(RuleContext& context, const Node& node) {
  if (!context.values.Map(node, LimitKeys())) return;
  const auto cap = [&](const char* key, uint32_t& value) {
    const Node* given = node.Find(key);
    if (given == nullptr) return;
    const auto read = context.values.Int(*given, "'" + std::string(key) + "'", 1, kHighestLimit);
    if (read) value = static_cast<uint32_t>(*read);
  };
  Limits& limits = context.rule.limits;
  cap("partial_matches", limits.partial_matches);
  cap("events", limits.events);
  cap("matches", limits.matches_per_event);
  if (const Node* on_limit = node.Find("on_limit")) {
    limits.on_limit = context.values.Word<OnLimit>(*on_limit, "'on_limit'", OnLimitWords())
                          .value_or(OnLimit::kEvictOldest);
  }
}

// P6: what speaks of single matches has nothing to speak of where they are counted.
void RefuseOfCounted(RuleContext& context) {
  const auto refuse = [&](const char* key, const Code& code, const std::string& message) {
    for (const Entry& entry : context.node.entries) {
      if (entry.key.text() != key) continue;
      context.diagnostics.Error(code, entry.key.Whole(), message)
          .labels.push_back({context.node.Find("match")->span, "its matches are counted"});
    }
  };
  if (context.rule.after_match.kind != SkipKind::kNoSkip) {
    refuse("after_match", kNotCounted,
           "'after_match' skips by the events of one match, and here all that an event completes "
           "are told as one");
  }
  refuse("on_timeout", kNotCounted,
         "'on_timeout' tells each partial match that ran out of time, and here only the number of "
         "matches is known");
  const Node* limits = context.node.Find("limits");
  const Node* matches =
      limits != nullptr && limits->kind == NodeKind::kMap ? limits->Find("matches") : nullptr;
  if (matches != nullptr) {
    context.diagnostics.Error(kConflictingKeys, matches->span,
                              "'matches' caps how many matches of one event are told, and here "
                              "they are counted, however many they are");
  }
}

}  // namespace

void ReadWindowLimits(RuleContext& context, const Node& node) {
  ReadLimits(context, node);
  for (const Entry& entry : node.entries) {
    const std::string& key = entry.key.text();
    if (key != "partial_matches" && key != "matches" && key != "on_limit") continue;
    context.diagnostics.Error(
        kConflictingKeys, entry.key.Whole(),
        "'" + key + "' is about partial matches, and this rule has none: 'events' caps its window");
  }
}

void ReadMatches(RuleContext& context) {
  const Node& rule = context.node;
  if (const Node* match = rule.Find("match")) {
    context.rule.match =
        context.values.Word<MatchMode>(*match, "'match'", MatchWords()).value_or(MatchMode::kAll);
  }
  if (const Node* after_match = rule.Find("after_match")) ReadAfterMatch(context, *after_match);
  if (const Node* on_timeout = rule.Find("on_timeout")) ReadTimeout(context, *on_timeout);
  if (const Node* limits = rule.Find("limits")) ReadLimits(context, *limits);
  if (context.rule.match == MatchMode::kCount) RefuseOfCounted(context);
}

}  // namespace telltale::rules
