#include "rules/load/condition_check.h"

#include <string>

#include "rules/load/cel/truth.h"
#include "rules/load/reach_check.h"

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

}  // namespace

void WarnOfConditions(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics) {
  bool told = false;
  for (uint32_t i = 0; i < rule.steps.size(); ++i) {
    const Step& step = rule.steps[i];
    if (!step.selector.where) continue;
    ConditionWarner warner(*step.selector.where, diagnostics);
    const std::string name = "'" + step.name + "'";
    const auto takes = [&](size_t, const Move& move) { return move.step == i; };
    if (Reach(automaton, takes).matches()) {
      if (warner.Never(kNothingFits, "nothing fits " + name + ": this step is never taken"))
        continue;
    } else if (warner.Never(kNeverMatches, "nothing fits " + name + ": the rule can never match")) {
      told = true;
      continue;
    }
    if (!told) warner.Parts();
  }
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
