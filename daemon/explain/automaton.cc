#include "daemon/explain/automaton.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::explain {
namespace {

using engine::AbsenceMask;
using engine::Pattern;
using engine::StepPlan;
using rules::FormatDuration;

bool Has(uint32_t mask, size_t bit) { return (mask >> bit & 1) != 0; }

std::string CountText(const StepPlan& plan) {
  if (plan.max == 1) return "";
  if (plan.max == rules::kUnbounded) return absl::StrCat(plan.min, " or more events");
  if (plan.min == plan.max) return absl::StrCat(plan.min, " events");
  return absl::StrCat(plan.min, " to ", plan.max, " events");
}

class Maker {
 public:
  Maker(const Pattern& pattern, const rules::StreamCatalog& streams)
      : pattern_(pattern), rule_(*pattern.rule), streams_(streams) {}

  Automaton Make() {
    made_.id = rule_.id;
    made_.title = rule_.title;
    if (rule_.within) made_.within = FormatDuration(*rule_.within);
    made_.states.push_back({.kind = StateKind::kStart, .name = "start"});
    for (size_t s = 0; s < pattern_.steps.size(); ++s) AddStep(s);
    made_.states.push_back({.kind = StateKind::kMatch, .name = "match"});
    for (size_t s = 0; s < pattern_.steps.size(); ++s) {
      if (Has(pattern_.start, s)) made_.edges.push_back({0, s + 1, Leading()});
    }
    for (size_t s = 0; s < pattern_.steps.size(); ++s) AddEdges(s);
    return std::move(made_);
  }

 private:
  void AddStep(size_t s) {
    const rules::Step& step = rule_.steps[s];
    State state;
    state.name = step.name;
    state.stream = streams_[step.selector.stream].name;
    if (step.selector.where) state.where = OneLine(*step.selector.where);
    state.key = KeyNames(rule_, step.selector);
    state.count = CountText(pattern_.steps[s]);
    state.optional = step.optional;
    made_.states.push_back(std::move(state));
  }

  // The ways out of the state in which step `s` took the last event.
  void AddEdges(size_t s) {
    const StepPlan& plan = pattern_.steps[s];
    if (plan.max != 1) made_.edges.push_back({s + 1, s + 1, More(plan)});
    for (size_t to = s + 1; to < pattern_.steps.size(); ++to) {
      if (!Has(plan.open_after, to)) continue;
      Edge edge{s + 1, to + 1, Enough(plan)};
      const StepPlan& next = pattern_.steps[to];
      if (next.within) {
        edge.conditions.push_back(absl::StrCat("within ", FormatDuration(*next.within)));
      }
      Append(edge, pattern_.Between(static_cast<uint32_t>(s), static_cast<uint32_t>(to)), "no ",
             "");
      made_.edges.push_back(std::move(edge));
    }
    if (!plan.last) return;
    Edge edge{s + 1, made_.match(), Enough(plan)};
    Trailing(edge);
    made_.edges.push_back(std::move(edge));
  }

  static std::vector<std::string> More(const StepPlan& plan) {
    std::vector<std::string> conditions = {plan.max == rules::kUnbounded
                                               ? std::string("one more")
                                               : absl::StrCat("one more, up to ", plan.max)};
    if (plan.within) {
      conditions.push_back(absl::StrCat("within ", FormatDuration(*plan.within)));
    }
    return conditions;
  }

  static std::vector<std::string> Enough(const StepPlan& plan) {
    if (plan.min == 1) return {};
    return {absl::StrCat(plan.min == plan.max ? "after " : "from ", plan.min, " events",
                         plan.min == plan.max ? "" : " on")};
  }

  std::vector<std::string> Leading() const {
    Edge edge;
    for (size_t a = 0; a < pattern_.absences.size(); ++a) {
      if (!Has(pattern_.leading, a)) continue;
      Append(edge, AbsenceMask{1} << a, "no ",
             absl::StrCat(" in the ", FormatDuration(pattern_.absences[a].within.value_or(0)),
                          " before"));
    }
    return std::move(edge.conditions);
  }

  // Each has its own deadline; where only the rule has a `within`, that is it (P4).
  void Trailing(Edge& edge) const {
    for (size_t a = 0; a < pattern_.absences.size(); ++a) {
      if (!Has(pattern_.trailing, a)) continue;
      const std::optional<int64_t>& within = pattern_.absences[a].within;
      Append(edge, AbsenceMask{1} << a, "no ",
             within ? absl::StrCat(" in the ", FormatDuration(*within), " after")
                    : absl::StrCat(" up to ", made_.within, " after the first event"));
    }
  }

  void Append(Edge& edge, AbsenceMask absences, std::string_view before,
              std::string_view when) const {
    for (size_t a = 0; a < rule_.absences.size(); ++a) {
      if (!Has(absences, a)) continue;
      const rules::Selector& selector = rule_.absences[a].selector;
      std::string text = absl::StrCat(std::string(before), streams_[selector.stream].name);
      const std::string key = KeyNames(rule_, selector);
      if (!key.empty()) absl::StrAppend(&text, " (by ", key, ")");
      absl::StrAppend(&text, std::string(when));
      if (selector.where) absl::StrAppend(&text, " where ", OneLine(*selector.where));
      edge.conditions.push_back(std::move(text));
    }
  }

  const Pattern& pattern_;
  const rules::Rule& rule_;
  const rules::StreamCatalog& streams_;
  Automaton made_;
};

}  // namespace

std::string OneLine(const rules::Expression& expression) {
  std::string text;
  for (const char c : expression.text.text()) {
    const bool blank = c == '\n' || c == '\r' || c == '\t';
    if (blank || (c == ' ' && text.empty())) {
      if (!text.empty() && text.back() != ' ') text += ' ';
    } else {
      text += c;
    }
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.empty() ? rules::ToString(*expression.root) : text;
}

std::string KeyNames(const rules::Rule& rule, const rules::Selector& selector) {
  std::vector<std::string> names;
  for (const rules::Expression& part : selector.by) names.push_back(OneLine(part));
  return names == rule.key_names ? "" : absl::StrJoin(names, ", ");
}

Automaton MakeAutomaton(const engine::Pattern& pattern, const rules::StreamCatalog& streams) {
  return Maker(pattern, streams).Make();
}

}  // namespace telltale::explain
