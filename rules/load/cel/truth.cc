#include "rules/load/cel/truth.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/cel/value_range.h"

namespace telltale::rules {
namespace {

// Beyond so many comparisons of one thing pairs are not looked for.
constexpr size_t kMostCompared = 64;
// A part is looked at once for each && and || around it; larger conditions are left alone.
constexpr size_t kMostNodes = 1000;

size_t NodesOf(const Expr& expr) {
  size_t nodes = 1;
  for (const ExprPtr& arg : expr.args) nodes += NodesOf(*arg);
  return nodes;
}

bool IsCall(const Expr& expr, std::string_view name) {
  return expr.kind == ExprKind::kCall && expr.name == name;
}

const Constant* ConstantOf(const Expr& expr) {
  return expr.kind == ExprKind::kConstant ? &expr.constant : nullptr;
}

std::optional<Comparison> ComparisonOf(const Expr& expr) {
  if (expr.kind != ExprKind::kCall || expr.args.size() != 2) return std::nullopt;
  if (expr.name == "_==_") return Comparison::kEqual;
  if (expr.name == "_!=_") return Comparison::kNotEqual;
  if (expr.name == "_<_") return Comparison::kLess;
  if (expr.name == "_<=_") return Comparison::kAtMost;
  if (expr.name == "_>_") return Comparison::kGreater;
  if (expr.name == "_>=_") return Comparison::kAtLeast;
  return std::nullopt;
}

// `x in [constants]`, as the constants.
std::optional<std::vector<Constant>> ElementsOf(const Expr& expr) {
  if (!IsCall(expr, "@in") || expr.args.size() != 2 || expr.args[1]->kind != ExprKind::kList ||
      expr.args[1]->args.size() > kMostCompared)
    return std::nullopt;
  std::vector<Constant> elements;
  for (const ExprPtr& element : expr.args[1]->args) {
    if (ConstantOf(*element) == nullptr) return std::nullopt;
    elements.push_back(element->constant);
  }
  return elements;
}

// A pattern that is found in these is found in whatever has no line break.
bool MatchesEverything(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 regex(pattern, options);
  if (!regex.ok()) return false;
  std::string all;
  for (char c = ' '; c <= '~'; ++c) all += c;
  return re2::RE2::PartialMatch("", regex) && re2::RE2::PartialMatch("x", regex) &&
         re2::RE2::PartialMatch(all, regex);
}

// Of a call with a constant text as its last argument: whether every text fits.
bool FitsEveryText(const Expr& expr) {
  if (expr.kind != ExprKind::kCall || expr.args.size() != 2) return false;
  const Constant* constant = ConstantOf(*expr.args[1]);
  const auto* text = constant == nullptr ? nullptr : std::get_if<std::string>(constant);
  if (text == nullptr || ConstantOf(*expr.args[0]) != nullptr) return false;
  if (expr.name == "matches") return MatchesEverything(*text);
  return text->empty() &&
         (expr.name == "startsWith" || expr.name == "endsWith" || expr.name == "contains");
}

// One condition without && || ! around it, or its negation.
struct Literal {
  const Expr* expr = nullptr;
  bool negated = false;
};

Truth Flip(Truth truth, bool negated) {
  if (!negated || truth == Truth::kOpen) return truth;
  return truth == Truth::kNever ? Truth::kAlways : Truth::kNever;
}

Truth JudgeAlone(const Expr& expr) {
  if (const Constant* constant = ConstantOf(expr)) {
    const bool* value = std::get_if<bool>(constant);
    return value == nullptr ? Truth::kOpen : *value ? Truth::kAlways : Truth::kNever;
  }
  if (FitsEveryText(expr)) return Truth::kAlways;
  const std::optional<Comparison> comparison = ComparisonOf(expr);
  if (!comparison) return Truth::kOpen;
  const Constant* left = ConstantOf(*expr.args[0]);
  const Constant* right = ConstantOf(*expr.args[1]);
  if (left != nullptr && right != nullptr)
    return Holds(*left, *comparison, *right) ? Truth::kAlways : Truth::kNever;
  if (left != nullptr || right != nullptr || ToString(*expr.args[0]) != ToString(*expr.args[1]))
    return Truth::kOpen;
  const bool reflexive = *comparison == Comparison::kEqual || *comparison == Comparison::kAtMost ||
                         *comparison == Comparison::kAtLeast;
  return reflexive ? Truth::kAlways : Truth::kNever;
}

// What one literal says of the thing that it compares with constants.
struct Claim {
  const Expr* expr = nullptr;
  std::string thing;
  const Expr* compared = nullptr;
  bool one_of = false;  // else `comparison` with each of the values
  Comparison comparison = Comparison::kEqual;
  std::vector<Constant> values;
};

std::optional<Claim> ClaimOf(const Literal& literal) {
  const Expr& expr = *literal.expr;
  if (std::optional<std::vector<Constant>> elements = ElementsOf(expr)) {
    if (ConstantOf(*expr.args[0]) != nullptr) return std::nullopt;
    return Claim{&expr,
                 ToString(*expr.args[0]),
                 expr.args[0].get(),
                 !literal.negated,
                 Comparison::kNotEqual,
                 *std::move(elements)};
  }
  std::optional<Comparison> comparison = ComparisonOf(expr);
  if (!comparison) {
    // A condition of its own: the same one cannot be true and false.
    return Claim{&expr, ToString(expr), &expr, true, Comparison::kEqual, {!literal.negated}};
  }
  const bool on_left = ConstantOf(*expr.args[0]) != nullptr;
  const Expr& compared = *expr.args[on_left ? 1 : 0];
  const Constant* value = ConstantOf(*expr.args[on_left ? 0 : 1]);
  if (value == nullptr || ConstantOf(compared) != nullptr) return std::nullopt;
  if (on_left) comparison = Mirrored(*comparison);
  if (literal.negated) comparison = Negated(*comparison);
  return Claim{&expr, ToString(compared), &compared, false, *comparison, {*value}};
}

void Apply(const Claim& claim, ValueRange& range) {
  if (claim.one_of) return range.AddOneOf(claim.values);
  for (const Constant& value : claim.values) range.Add(claim.comparison, value);
}

ValueRange RangeOf(const Expr& thing) {
  ValueRange range(thing.type.kind == TypeKind::kInt || thing.type.kind == TypeKind::kUint);
  const bool counted = IsCall(thing, "size") || thing.type.kind == TypeKind::kUint;
  if (counted) range.Add(Comparison::kAtLeast, int64_t{0});
  return range;
}

// Whether all the claims about one thing can hold together.
class Claims {
 public:
  // Two claims that contradict each other, or one that contradicts itself; nulls: none do.
  std::pair<const Expr*, const Expr*> Add(Claim claim) {
    std::vector<Claim>& known = by_thing_[claim.thing];
    if (known.size() >= kMostCompared) return {};
    ValueRange alone = RangeOf(*claim.compared);
    Apply(claim, alone);
    if (alone.Empty()) return {claim.expr, nullptr};
    ValueRange together = alone;
    for (const Claim& other : known) {
      ValueRange pair = alone;
      Apply(other, pair);
      if (pair.Empty()) return {claim.expr, other.expr};
      Apply(other, together);
    }
    const Expr* first = known.empty() ? nullptr : known.front().expr;
    const Expr* last = claim.expr;
    known.push_back(std::move(claim));
    if (first != nullptr && together.Empty()) return {last, first};
    return {};
  }

  // Whether a claim by order is about another kind of value than the others about its thing.
  bool Mixes(const Claim& claim) const {
    const auto known = by_thing_.find(claim.thing);
    if (known == by_thing_.end() || claim.values.empty()) return false;
    return std::any_of(known->second.begin(), known->second.end(), [&](const Claim& other) {
      return !other.values.empty() && !SameKind(claim.values[0], other.values[0]);
    });
  }

 private:
  std::map<std::string, std::vector<Claim>> by_thing_;
};

// The members of an && or || that is written with several of them, in order; nested ones of the
// same kind are members, too.
void Flatten(const Expr& expr, bool negated, bool conjunction, std::vector<Literal>& members) {
  if (IsCall(expr, "!_")) return Flatten(*expr.args[0], !negated, conjunction, members);
  const bool same = IsCall(expr, conjunction != negated ? "_&&_" : "_||_");
  if (!same) {
    members.push_back({&expr, negated});
    return;
  }
  for (const ExprPtr& arg : expr.args) Flatten(*arg, negated, conjunction, members);
}

TruthVerdict Judge(const Expr& expr, bool negated);

// `conjunction`: a member that is never true, or two that contradict each other, make it so. Of a
// disjunction the same is asked of the negated members: where these cannot hold together, one of
// the members always does.
TruthVerdict JudgeMembers(const Expr& expr, bool negated, bool conjunction) {
  std::vector<Literal> members;
  Flatten(expr, negated, conjunction, members);
  const Truth deciding = conjunction ? Truth::kNever : Truth::kAlways;
  bool all_other = true;
  Claims claims;
  for (const Literal& member : members) {
    const TruthVerdict verdict = Judge(*member.expr, member.negated);
    if (verdict.truth == deciding) return verdict;
    all_other = all_other && verdict.truth != Truth::kOpen;
    std::optional<Claim> claim = ClaimOf({member.expr, member.negated == conjunction});
    if (!claim || verdict.truth != Truth::kOpen) continue;
    if (!conjunction && claims.Mixes(*claim)) continue;
    const auto [part, against] = claims.Add(*std::move(claim));
    if (part != nullptr) return {deciding, part, against};
  }
  if (!all_other) return {};
  return {conjunction ? Truth::kAlways : Truth::kNever, members.front().expr, nullptr};
}

TruthVerdict Judge(const Expr& expr, bool negated) {
  if (IsCall(expr, "!_")) return Judge(*expr.args[0], !negated);
  if (IsCall(expr, "_&&_")) return JudgeMembers(expr, negated, !negated);
  if (IsCall(expr, "_||_")) return JudgeMembers(expr, negated, negated);
  const Truth alone = Flip(JudgeAlone(expr), negated);
  if (alone != Truth::kOpen) return {alone, &expr, nullptr};
  // One comparison can be enough: size(x) < 0.
  for (const bool never : {true, false}) {
    std::optional<Claim> claim = ClaimOf({&expr, negated == never});
    if (!claim) continue;
    if (Claims().Add(*std::move(claim)).first != nullptr)
      return {never ? Truth::kNever : Truth::kAlways, &expr, nullptr};
  }
  return {};
}

void Visit(const Expr& condition,
           const std::function<void(const Expr&, const TruthVerdict&)>& tell) {
  const bool joins = IsCall(condition, "_&&_") || IsCall(condition, "_||_");
  if (joins || IsCall(condition, "!_") || condition.type.kind == TypeKind::kBool) {
    const TruthVerdict verdict = Judge(condition, false);
    if (verdict.truth != Truth::kOpen) return tell(condition, verdict);
  }
  std::vector<Literal> members;
  if (joins) {
    Flatten(condition, false, condition.name == "_&&_", members);
  } else {
    // A constant is a condition only where it is joined to others: not in `x == true`.
    for (const ExprPtr& arg : condition.args) {
      if (ConstantOf(*arg) == nullptr || IsCall(condition, "!_"))
        members.push_back({arg.get(), false});
    }
  }
  for (const Literal& member : members) Visit(*member.expr, tell);
}

}  // namespace

TruthVerdict JudgeTruth(const Expr& condition) {
  return NodesOf(condition) > kMostNodes ? TruthVerdict{} : Judge(condition, false);
}

void VisitDecided(const Expr& condition,
                  const std::function<void(const Expr&, const TruthVerdict&)>& tell) {
  if (NodesOf(condition) <= kMostNodes) Visit(condition, tell);
}

}  // namespace telltale::rules
