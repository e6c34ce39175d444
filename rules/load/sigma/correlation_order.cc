#include "rules/load/sigma/correlation_order.h"

#include <algorithm>
#include <set>
#include <utility>

namespace telltale::rules::sigma {
namespace {

// While cases are made; what is left out in the end may be more for a moment.
constexpr size_t kMostOnTheWay = 4096;

struct Case {
  std::set<uint32_t> seen;
  std::set<uint32_t> unseen;

  bool IsPartOf(const Case& other) const {
    return std::includes(other.seen.begin(), other.seen.end(), seen.begin(), seen.end()) &&
           std::includes(other.unseen.begin(), other.unseen.end(), unseen.begin(), unseen.end());
  }
  bool CanBeMet() const {
    return std::none_of(seen.begin(), seen.end(),
                        [this](uint32_t rule) { return unseen.contains(rule); });
  }
};

using Cases = std::vector<Case>;

Cases WithoutIdle(Cases cases) {
  Cases kept;
  for (size_t i = 0; i < cases.size(); ++i) {
    bool idle = !cases[i].CanBeMet();
    for (size_t other = 0; other < cases.size() && !idle; ++other) {
      idle = other != i && cases[other].IsPartOf(cases[i]) &&
             (other < i || !cases[i].IsPartOf(cases[other]));
    }
    if (!idle) kept.push_back(cases[i]);
  }
  return kept;
}

std::optional<Cases> Both(const Cases& a, const Cases& b) {
  if (a.size() * b.size() > kMostOnTheWay) return std::nullopt;
  Cases both;
  for (const Case& one : a) {
    for (const Case& other : b) {
      Case& made = both.emplace_back(one);
      made.seen.insert(other.seen.begin(), other.seen.end());
      made.unseen.insert(other.unseen.begin(), other.unseen.end());
    }
  }
  return WithoutIdle(std::move(both));
}

// `holds`: whether the condition is to be true.
std::optional<Cases> Make(const CorrelationExpr& condition, bool holds) {
  using Kind = CorrelationExpr::Kind;
  if (condition.kind == Kind::kRule) {
    Case one;
    (holds ? one.seen : one.unseen).insert(condition.rule);
    return Cases{one};
  }
  if (condition.kind == Kind::kNot) return Make(condition.parts.front(), !holds);
  const bool all = (condition.kind == Kind::kAnd) == holds;
  Cases cases;
  if (all) cases.emplace_back();
  for (const CorrelationExpr& part : condition.parts) {
    std::optional<Cases> of_part = Make(part, holds);
    if (!of_part) return std::nullopt;
    if (all) {
      of_part = Both(cases, *of_part);
      if (!of_part) return std::nullopt;
      cases = *std::move(of_part);
    } else {
      cases.insert(cases.end(), of_part->begin(), of_part->end());
    }
  }
  return WithoutIdle(std::move(cases));
}

bool Meets(const CorrelationBound& bound, double count) {
  switch (bound.bound) {
    case Bound::kGreater:
      return count > bound.value;
    case Bound::kGreaterEqual:
      return count >= bound.value;
    case Bound::kLess:
      return count < bound.value;
    case Bound::kLessEqual:
      return count <= bound.value;
    case Bound::kEqual:
      return count == bound.value;
    case Bound::kNotEqual:
      return count != bound.value;
  }
  return false;
}

}  // namespace

std::optional<std::vector<OrderedCase>> CasesOf(const CorrelationExpr& condition) {
  const std::optional<Cases> cases = Make(condition, true);
  if (!cases || cases->size() > kMostCases) return std::nullopt;
  std::vector<OrderedCase> ordered;
  for (const Case& one : *cases) {
    ordered.push_back({.in_order = {one.seen.begin(), one.seen.end()},
                       .unseen = {one.unseen.begin(), one.unseen.end()}});
  }
  return ordered;
}

std::vector<OrderedCount> CountsOf(const std::vector<CorrelationBound>& bounds, uint32_t rules) {
  std::vector<OrderedCount> counts;
  bool before = false;
  for (uint32_t count = 0; count <= rules; ++count) {
    const bool meets = std::all_of(bounds.begin(), bounds.end(), [&](const auto& bound) {
      return Meets(bound, static_cast<double>(count));
    });
    if (meets && before) counts.back().greatest = count;
    if (meets && !before) counts.push_back({.least = count, .greatest = count});
    before = meets;
  }
  return counts;
}

std::optional<std::vector<std::vector<uint32_t>>> ChoicesOf(uint32_t count, uint32_t rules) {
  std::vector<std::vector<uint32_t>> choices;
  std::vector<uint32_t> choice(count);
  for (uint32_t i = 0; i < count; ++i) choice[i] = i;
  while (count <= rules) {
    choices.push_back(choice);
    if (choices.size() > kMostCases) return std::nullopt;
    uint32_t last = count;
    while (last > 0 && choice[last - 1] == rules - count + last - 1) --last;
    if (last == 0) break;
    ++choice[last - 1];
    for (uint32_t i = last; i < count; ++i) choice[i] = choice[i - 1] + 1;
  }
  return choices;
}

}  // namespace telltale::rules::sigma
