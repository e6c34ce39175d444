#include "engine/pattern/pattern.h"

#include <algorithm>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace telltale::engine {
namespace {

void CollectSteps(const rules::Expr& expr, std::set<uint32_t>& steps) {
  if (expr.kind == rules::ExprKind::kStep) steps.insert(expr.index);
  for (const auto& arg : expr.args) CollectSteps(*arg, steps);
}

// The operands of a chain of && from left to right.
void CollectConjuncts(const rules::Expr& expr, std::vector<const rules::Expr*>& conjuncts) {
  if (expr.kind == rules::ExprKind::kCall && expr.name == "_&&_") {
    for (const auto& arg : expr.args) CollectConjuncts(*arg, conjuncts);
  } else {
    conjuncts.push_back(&expr);
  }
}

absl::StatusOr<ProgramPtr> CompileCross(const rules::Selector& selector,
                                        const std::vector<EventLayout>& layouts,
                                        const Inputs* inputs) {
  const SplitCondition split = Split(selector.where);
  if (!split.cross) return ProgramPtr();
  return Compile(*split.cross, layouts, inputs);
}

std::string MaskText(uint32_t mask) {
  std::string text;
  for (uint32_t bit = 0; bit < 32; ++bit) {
    if ((mask >> bit & 1) != 0) absl::StrAppend(&text, text.empty() ? "" : ",", bit);
  }
  return text.empty() ? "-" : text;
}

}  // namespace

rules::Expression PartOf(const rules::Expression& whole, const rules::Expr& part) {
  rules::Expression expression = whole;
  expression.root = std::shared_ptr<const rules::Expr>(whole.root, &part);
  std::set<uint32_t> steps;
  CollectSteps(part, steps);
  expression.steps.assign(steps.begin(), steps.end());
  return expression;
}

std::vector<rules::Expression> Conjuncts(const rules::Expression& whole) {
  std::vector<const rules::Expr*> nodes;
  CollectConjuncts(*whole.root, nodes);
  std::vector<rules::Expression> conjuncts;
  for (const rules::Expr* node : nodes) conjuncts.push_back(PartOf(whole, *node));
  return conjuncts;
}

SplitCondition Split(const std::optional<rules::Expression>& where) {
  SplitCondition split;
  if (!where) return split;
  bool any_cross = false;
  for (rules::Expression& part : Conjuncts(*where)) {
    if (part.steps.empty()) {
      split.local.push_back(std::move(part));
    } else {
      any_cross = true;
    }
  }
  // Where some conjunct refers to steps the whole condition is asked again, so that it is counted
  // as an error exactly when CEL says so; the local conjuncts have made it rare.
  if (any_cross) split.cross = *where;
  return split;
}

absl::StatusOr<Pattern> CompilePattern(const rules::Rule& rule,
                                       const std::vector<EventLayout>& layouts,
                                       const Inputs* inputs) {
  const uint32_t count = static_cast<uint32_t>(rule.steps.size());
  if (count == 0 || count > kMaxSteps || rule.absences.size() > kMaxAbsences) {
    return absl::ResourceExhaustedError(absl::StrCat("rule '", rule.id, "': a sequence has 1 to ",
                                                     kMaxSteps, " steps and up to ", kMaxAbsences,
                                                     " nots"));
  }
  Pattern pattern;
  pattern.rule = &rule;

  // The steps that may come next where everything before the place of `from` is done: all the
  // alternatives of each place, up to the first that cannot be skipped.
  const auto open_from = [&](size_t from) {
    StepMask mask = 0;
    for (size_t place = from; place < count; place = rule.PlaceAfter(place)) {
      for (size_t s = place; s < rule.PlaceAfter(place); ++s) mask |= StepMask{1} << s;
      if (!rule.steps[place].optional) break;
    }
    return mask;
  };
  const auto rest_is_optional = [&](size_t from) {
    return std::all_of(rule.steps.begin() + static_cast<ptrdiff_t>(from), rule.steps.end(),
                       [](const rules::Step& s) { return s.optional || s.alternative; });
  };

  pattern.start = open_from(0);
  for (uint32_t s = 0; s < count; ++s) {
    const rules::Step& step = rule.steps[s];
    StepPlan plan;
    absl::StatusOr<ProgramPtr> cross = CompileCross(step.selector, layouts, inputs);
    if (!cross.ok()) return cross.status();
    plan.cross = *std::move(cross);
    for (const rules::Expression& by : step.selector.by) {
      absl::StatusOr<ProgramPtr> part = Compile(by, layouts, inputs);
      if (!part.ok()) return part.status();
      plan.by.push_back(*std::move(part));
    }
    plan.min = step.min;
    plan.max = step.max;
    plan.within = step.within;
    plan.open_after = open_from(rule.PlaceAfter(s));
    plan.last = rest_is_optional(rule.PlaceAfter(s));
    pattern.steps.push_back(std::move(plan));
  }

  pattern.between.assign(size_t{count} * count, 0);
  for (uint32_t a = 0; a < rule.absences.size(); ++a) {
    const rules::Absence& absence = rule.absences[a];
    const AbsenceMask bit = AbsenceMask{1} << a;
    absl::StatusOr<ProgramPtr> cross = CompileCross(absence.selector, layouts, inputs);
    if (!cross.ok()) return cross.status();
    pattern.absences.push_back({.cross = *std::move(cross), .within = absence.within});
    if (absence.before == 0) pattern.leading |= bit;
    if (absence.before == count) pattern.trailing |= bit;
    for (uint32_t from = 0; from < count; ++from) {
      for (uint32_t to = from + 1; to < count; ++to) {
        if (absence.before > from && absence.before <= to)
          pattern.between[from * count + to] |= bit;
      }
    }
  }
  return pattern;
}

std::string ToString(const Pattern& pattern) {
  std::string text =
      absl::StrCat("start ", MaskText(pattern.start), " not ", MaskText(pattern.leading), "\n");
  for (uint32_t s = 0; s < pattern.steps.size(); ++s) {
    const StepPlan& step = pattern.steps[s];
    absl::StrAppend(&text, s, " ", pattern.rule->steps[s].name, " {", step.min, ",",
                    step.max == rules::kUnbounded ? std::string() : absl::StrCat(step.max), "} -> ",
                    MaskText(step.open_after));
    for (uint32_t to = s + 1; to < pattern.steps.size(); ++to) {
      if ((step.open_after >> to & 1) != 0 && pattern.Between(s, to) != 0) {
        absl::StrAppend(&text, " (", to, " not ", MaskText(pattern.Between(s, to)), ")");
      }
    }
    if (step.last)
      absl::StrAppend(
          &text, " match",
          pattern.trailing != 0 ? absl::StrCat(" not ", MaskText(pattern.trailing)) : "");
    text += "\n";
  }
  return text;
}

}  // namespace telltale::engine
