#include "rules/load/checks/condition_check.h"

#include <algorithm>
#include <string>
#include <vector>

#include "rules/load/cel/truth.h"
#include "rules/load/checks/reach_check.h"

namespace telltale::rules {
namespace {

Span SpanOf(const Expression& where, const Expr& part) {
  return where.text.Locate(part.begin, part.end);
}

// Shows the two parts that contradict each other, or the one that decides where it is not all.
void AddParts(const Expression& where, const Expr& whole, const TruthVerdict& verdict,
              Diagnostic& warning) {
  const bool never = verdict.truth == Truth::kNever;
  if (verdict.against != nullptr) {
    warning.span = SpanOf(where, *verdict.decider);
    warning.labels.push_back(
        {SpanOf(where, *verdict.against),
         never ? "cannot be true together with this" : "true where this is not"});
  } else if (verdict.decider != &whole) {
    warning.span = SpanOf(where, *verdict.decider);
  }
}

class ConditionWarner {
 public:
  ConditionWarner(const Expression& where, Diagnostics& diagnostics)
      : where_(where), diagnostics_(diagnostics) {}

  bool NothingFits() const { return JudgeTruth(*where_.root).truth == Truth::kNever; }

  // Whether nothing fits: `code` and `message` say what that means.
  bool Never(Code code, const std::string& message) {
    const TruthVerdict verdict = JudgeTruth(*where_.root);
    if (verdict.truth != Truth::kNever) return false;
    Diagnostic& warning = diagnostics_.Warning(code, where_.text.Whole(), message);
    AddParts(where_, *where_.root, verdict, warning);
    if (code == kNeverMatches) warning.notes.push_back("mode: off parks a rule");
    return true;
  }

  void Parts() {
    VisitDecided(*where_.root,
                 [&](const Expr& part, const TruthVerdict& verdict) { Part(part, verdict); });
  }

 private:
  void Part(const Expr& part, const TruthVerdict& verdict) {
    const bool whole = &part == where_.root.get();
    if (verdict.truth == Truth::kAlways) {
      Diagnostic& warning = diagnostics_.Warning(
          kAlwaysTrue, SpanOf(where_, part),
          whole ? "this condition is true of every event for which it is no error"
                : "this part of the condition is always true: it decides nothing");
      AddParts(where_, part, verdict, warning);
      if (whole) warning.notes.push_back("without a 'where' every event fits");
    } else {
      Diagnostic& warning = diagnostics_.Warning(kNeverTrue, SpanOf(where_, part),
                                                 "this part of the condition is never true");
      AddParts(where_, part, verdict, warning);
    }
  }

  const Expression& where_;
  Diagnostics& diagnostics_;
};

// Whether the expression is an error where the step has taken nothing: it does not merely ask.
bool NeedsStep(const Expr& expr, uint32_t step) {
  if (expr.kind == ExprKind::kStep) return expr.index == step;
  if (expr.test || expr.optional) return false;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const ExprPtr& arg) { return NeedsStep(*arg, step); });
}

void AddSteps(const Place& place, std::vector<uint32_t>& steps) {
  if (place.IsStep()) steps.push_back(place.index);
  for (const Place& inner : place.places) AddSteps(inner, steps);
}

// A member that needs what another one has taken comes after it, and not in any order.
void WarnOfMembers(const Rule& rule, const Place& place, Diagnostics& diagnostics) {
  for (const Place& inner : place.places) WarnOfMembers(rule, inner, diagnostics);
  if (place.kind != Place::Kind::kAllOf) return;
  std::vector<uint32_t> before;
  for (const Place& member : place.places) {
    std::vector<uint32_t> own;
    AddSteps(member, own);
    for (const uint32_t step : own) {
      const std::optional<Expression>& where = rule.steps[step].selector.where;
      const auto needed = std::find_if(before.begin(), before.end(), [&](uint32_t other) {
        return where && !rule.steps[other].list && NeedsStep(*where->root, other);
      });
      if (needed == before.end()) continue;
      const Step& other = rule.steps[*needed];
      diagnostics
          .Warning(kMemberWaits, where->text.Whole(),
                   "'" + rule.steps[step].name + "' needs what '" + other.name +
                       "' has taken, and so only comes after it: in the other order nothing fits")
          .labels.push_back({other.span, "this member"});
    }
    before.insert(before.end(), own.begin(), own.end());
  }
}

}  // namespace

void WarnOfConditions(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics) {
  bool told = false;
  for (uint32_t i = 0; i < rule.steps.size(); ++i) {
    const Step& step = rule.steps[i];
    if (!step.selector.where) continue;
    ConditionWarner warner(*step.selector.where, diagnostics);
    const std::string name = "'" + step.name + "'";
    if (!warner.NothingFits()) {
      if (!told) warner.Parts();
      continue;
    }
    const auto takes = [&](size_t, const Move& move) { return move.step == i; };
    if (Reach(automaton, takes).matches()) {
      warner.Never(kNothingFits, "nothing fits " + name + ": this step is never taken");
    } else {
      warner.Never(kNeverMatches, "nothing fits " + name + ": the rule can never match");
      told = true;
    }
  }
  WarnOfMembers(rule, rule.pattern, diagnostics);
  for (const Absence& absence : rule.absences) {
    if (!absence.selector.where) continue;
    ConditionWarner warner(*absence.selector.where, diagnostics);
    if (!warner.Never(kNothingFits, "nothing fits this 'not': it bars nothing")) warner.Parts();
  }
  for (const Until& until : rule.untils) {
    if (!until.selector.where) continue;
    ConditionWarner warner(*until.selector.where, diagnostics);
    if (!warner.Never(kNothingFits, "nothing fits this 'until': it ends nothing")) warner.Parts();
  }
}

}  // namespace telltale::rules
