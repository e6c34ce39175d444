#include "rules/load/sigma/correlation_rule.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/cel/aggregates.h"
#include "rules/load/sigma/correlation_order.h"
#include "rules/load/sigma/correlation_text.h"
#include "rules/load/sigma/lowering.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules::sigma {
namespace {

constexpr uint32_t kUsualEvidence = 10;

const char* Operator(Bound bound) {
  switch (bound) {
    case Bound::kGreater:
      return "_>_";
    case Bound::kGreaterEqual:
      return "_>=_";
    case Bound::kLess:
      return "_<_";
    case Bound::kLessEqual:
      return "_<=_";
    case Bound::kEqual:
      return "_==_";
    case Bound::kNotEqual:
      return "_!=_";
  }
  return "";
}

AggregateFunction FunctionOf(CorrelationType type) {
  switch (type) {
    case CorrelationType::kValueCount:
      return AggregateFunction::kCountDistinct;
    case CorrelationType::kValueSum:
      return AggregateFunction::kSum;
    case CorrelationType::kValueAvg:
      return AggregateFunction::kAvg;
    case CorrelationType::kValuePercentile:
    case CorrelationType::kValueMedian:
      return AggregateFunction::kPercentile;
    default:
      return AggregateFunction::kCount;
  }
}

bool IsTemporalType(CorrelationType type) {
  return type == CorrelationType::kTemporal || type == CorrelationType::kTemporalOrdered;
}

// Whether the condition is that all of the rules were seen.
bool AsksForAll(const Correlation& correlation) {
  if (correlation.condition) {
    const CorrelationExpr& condition = *correlation.condition;
    return condition.kind == CorrelationExpr::Kind::kRule ||
           (condition.kind == CorrelationExpr::Kind::kAnd &&
            std::all_of(condition.parts.begin(), condition.parts.end(), [](const auto& part) {
              return part.kind == CorrelationExpr::Kind::kRule;
            }));
  }
  const auto rules = static_cast<double>(correlation.rules.size());
  return std::all_of(
      correlation.bounds.begin(), correlation.bounds.end(), [rules](const CorrelationBound& bound) {
        return (bound.bound == Bound::kGreaterEqual || bound.bound == Bound::kEqual) &&
               bound.value == rules;
      });
}

class CorrelationRule {
 public:
  CorrelationRule(const Correlation& correlation, const StreamCatalog& streams)
      : correlation_(correlation), streams_(streams) {}

  // The events of one of its rules. `index`: in Correlation::rules.
  void AddSources(uint32_t index, const RuleDraft& draft) {
    groups_.resize(correlation_.rules.size());
    for (ServedSource& source : SourcesOf(draft, streams_)) {
      if (rule_.steps.size() < kMostSteps) groups_[index] |= uint32_t{1} << rule_.steps.size();
      Step step;
      step.name = draft.metadata.name.empty() ? draft.metadata.id : draft.metadata.name;
      step.span = draft.metadata.span;
      step.selector.stream = source.stream;
      for (const std::string& name : correlation_.group_by)
        step.selector.by.push_back(FieldIn(source, FieldName(name, draft.metadata.id)));
      std::vector<Expression>& values = values_.emplace_back();
      for (const std::string& field : correlation_.fields)
        values.push_back(FieldIn(source, FieldName(field, draft.metadata.id)));
      step.selector.where = std::move(source.where);
      rule_.steps.push_back(std::move(step));
    }
    level_ = std::max(level_, draft.metadata.level.value_or(Level::kMedium));
  }

  // The alerts of a correlation: their key's parts by its `group-by`, and what else alerts have.
  void AddAlerts(uint32_t index, const Correlation& of) {
    groups_.resize(correlation_.rules.size());
    if (rule_.steps.size() < kMostSteps) groups_[index] |= uint32_t{1} << rule_.steps.size();
    const auto field = [&](const std::string& name) {
      const std::string& called = FieldName(name, of.id);
      return MakeExpression(FieldOf(EventOf(streams_.alerts()), FieldMapping().PathOf(called)),
                            LocatedText(called));
    };
    Step step;
    step.name = of.name.empty() ? of.id : of.name;
    step.span = of.span;
    step.selector.stream = streams_.alerts();
    for (const std::string& name : correlation_.group_by) step.selector.by.push_back(field(name));
    std::vector<Expression>& values = values_.emplace_back();
    for (const std::string& name : correlation_.fields) values.push_back(field(name));
    std::vector<ExprPtr> parts;
    parts.push_back(Is({"rule", "id"}, of.id));
    parts.push_back(Is({"alert", "suppressed"}, false));
    step.selector.where =
        MakeExpression(AllOf(std::move(parts)), LocatedText("rule.id == \"" + of.id + "\""));
    rule_.steps.push_back(std::move(step));
    level_ = std::max(level_, of.level.value_or(Level::kMedium));
  }

  size_t sources() const { return rule_.steps.size(); }
  bool too_many_cases() const { return too_many_cases_; }

  Rule Make() {
    rule_.id = correlation_.id;
    rule_.name = correlation_.name;
    rule_.title = correlation_.title;
    rule_.description = correlation_.description;
    rule_.status = correlation_.status;
    rule_.level = correlation_.level.value_or(level_);
    rule_.tags = correlation_.tags;
    rule_.span = correlation_.span;
    rule_.key_names = correlation_.group_by;
    rule_.pattern = OneOf(rule_.steps);
    Aggregate& aggregate = rule_.aggregate.emplace();
    aggregate.window = {.kind = WindowKind::kSliding,
                        .size = correlation_.timespan,
                        .every = correlation_.timespan};
    aggregate.evidence = kUsualEvidence;
    aggregate.span = correlation_.span;
    ExprPtr having = Condition();  // which fills the calls
    std::vector<std::string> calls;
    for (const AggregateCall& call : aggregate.calls) calls.push_back(TextOf(call));
    LocatedText text(WriteOut(calls, *having));
    aggregate.having = MakeExpression(std::move(having), std::move(text));
    rule_.fingerprint = ComputeFingerprint(rule_, streams_);
    return std::move(rule_);
  }

 private:
  // What a field of the correlation is called in the events of a rule.
  const std::string& FieldName(const std::string& name, const std::string& rule) const {
    const auto alias = correlation_.aliases.find(name);
    if (alias == correlation_.aliases.end()) return name;
    const auto of_rule = alias->second.find(rule);
    return of_rule == alias->second.end() ? name : of_rule->second;
  }

  static Expression FieldIn(const ServedSource& source, const std::string& name) {
    return MakeExpression(FieldOf(EventOf(source.stream), source.fields->PathOf(name)),
                          LocatedText(name));
  }

  ExprPtr Is(const FieldPath& path, Constant value) const {
    ExprPtr field = FieldOf(EventOf(streams_.alerts()), path);
    field->type = streams_[streams_.alerts()].fields.at(path);
    return Pair("_==_", std::move(field), ConstantOf(std::move(value)));
  }

  ExprPtr Condition() {
    if (correlation_.type == CorrelationType::kTemporalOrdered) return OfOrder();
    if (correlation_.condition) return OverRules(*correlation_.condition);
    if (IsTemporalType(correlation_.type)) {
      return AsksForAll(correlation_) ? AllSeen() : Bounds([this] { return HowManySeen(); });
    }
    const AggregateFunction function = FunctionOf(correlation_.type);
    AggregateCall call{.function = function};
    call.type = Type::Dyn();
    if (function == AggregateFunction::kCount || function == AggregateFunction::kCountDistinct)
      call.type = Type::Of(TypeKind::kInt);
    if (function != AggregateFunction::kCount) call.arguments = values_;
    if (function == AggregateFunction::kPercentile) {
      call.percentile =
          correlation_.type == CorrelationType::kValueMedian ? 50 : correlation_.percentile;
    }
    return Bounds([&] { return Value(call); });
  }

  // "count_distinct(ip)", "seen(login)": a rule by its name.
  std::string TextOf(const AggregateCall& call) const {
    std::string text(AggregateName(call.function));
    text += "(";
    std::string_view between;
    const auto add = [&](const std::string& part) {
      text += std::string(between) + part;
      between = ", ";
    };
    if (!call.arguments.empty()) {
      for (const Expression& argument : call.arguments.front()) add(argument.text.text());
    }
    if (call.function == AggregateFunction::kPercentile) add(ToString(*Number(call.percentile)));
    for (const uint32_t sources : call.sources) add(NameOf(sources));
    return text + ")";
  }

  // The rule whose sources these are.
  std::string NameOf(uint32_t sources) const {
    if (sources == 0) return "nothing";  // no stream serves it
    return rule_.steps[static_cast<size_t>(std::countr_zero(sources))].name;
  }

  template <typename Make>
  ExprPtr Bounds(const Make& value) {
    std::vector<ExprPtr> all;
    for (const CorrelationBound& bound : correlation_.bounds)
      all.push_back(Pair(Operator(bound.bound), value(), Number(bound.value)));
    return AllOf(std::move(all));
  }

  static ExprPtr Number(double number) {
    constexpr double kExact = 9007199254740992;  // 2^53
    if (std::trunc(number) == number && std::abs(number) <= kExact)
      return ConstantOf(static_cast<int64_t>(number));
    return ConstantOf(number);
  }

  ExprPtr Value(AggregateCall call) {
    Type type = call.type;
    std::vector<AggregateCall>& calls = rule_.aggregate->calls;
    const uint32_t place = AddCall(std::move(call), calls);
    return WindowValue(place, std::move(type));
  }

  ExprPtr Seen(uint32_t rule) {
    const Type number = Type::Of(TypeKind::kInt);
    ExprPtr count =
        Value({.function = AggregateFunction::kSeen, .sources = {groups_[rule]}, .type = number});
    return Pair("_>_", std::move(count), ConstantOf(int64_t{0}));
  }

  ExprPtr AllSeen() {
    std::vector<ExprPtr> all;
    for (uint32_t i = 0; i < groups_.size(); ++i) all.push_back(Seen(i));
    return AllOf(std::move(all));
  }

  ExprPtr HowManySeen() {
    ExprPtr sum;
    for (uint32_t i = 0; i < groups_.size(); ++i) {
      ExprPtr one = Choose(Seen(i), ConstantOf(int64_t{1}), ConstantOf(int64_t{0}));
      one->type = Type::Of(TypeKind::kInt);
      if (sum == nullptr) {
        sum = std::move(one);
        continue;
      }
      sum = Pair("_+_", std::move(sum), std::move(one));
      sum->type = Type::Of(TypeKind::kInt);
    }
    return sum;
  }

  ExprPtr OfOrder() {
    if (AsksForAll(correlation_)) return Ordered(groups_);
    if (!correlation_.condition) return HowManyInOrder();
    const std::optional<std::vector<OrderedCase>> cases = CasesOf(*correlation_.condition);
    if (!cases) return TooManyCases();
    std::vector<ExprPtr> any;
    for (const OrderedCase& one : *cases) {
      std::vector<ExprPtr> all;
      if (!one.in_order.empty()) all.push_back(InOrder(one.in_order));
      for (const uint32_t rule : one.unseen) all.push_back(Negation(Seen(rule)));
      any.push_back(AllOf(std::move(all)));
    }
    return any.empty() ? ConstantOf(false) : AnyOf(std::move(any));
  }

  // Events of these rules, each before the next.
  ExprPtr InOrder(const std::vector<uint32_t>& rules) {
    if (rules.size() == 1) return Seen(rules.front());
    std::vector<uint32_t> places;
    for (const uint32_t rule : rules) places.push_back(groups_[rule]);
    return Ordered(std::move(places));
  }

  ExprPtr Ordered(std::vector<uint32_t> places) {
    return Value({.function = AggregateFunction::kOrdered,
                  .sources = std::move(places),
                  .type = Type::Of(TypeKind::kBool)});
  }

  // The number is that of the most rules of which events are in order.
  ExprPtr HowManyInOrder() {
    const auto rules = static_cast<uint32_t>(groups_.size());
    std::vector<ExprPtr> any;
    for (const OrderedCount& count : CountsOf(correlation_.bounds, rules)) {
      std::vector<ExprPtr> all;
      if (count.least > 0) all.push_back(AtLeastInOrder(count.least));
      if (count.greatest < rules) all.push_back(Negation(AtLeastInOrder(count.greatest + 1)));
      any.push_back(all.empty() ? ConstantOf(true) : AllOf(std::move(all)));
    }
    return any.empty() ? ConstantOf(false) : AnyOf(std::move(any));
  }

  ExprPtr AtLeastInOrder(uint32_t count) {
    const auto choices = ChoicesOf(count, static_cast<uint32_t>(groups_.size()));
    if (!choices) return TooManyCases();
    std::vector<ExprPtr> any;
    for (const std::vector<uint32_t>& choice : *choices) any.push_back(InOrder(choice));
    return AnyOf(std::move(any));
  }

  ExprPtr TooManyCases() {
    too_many_cases_ = true;
    return ConstantOf(false);
  }

  ExprPtr OverRules(const CorrelationExpr& condition) {
    if (condition.kind == CorrelationExpr::Kind::kRule) return Seen(condition.rule);
    std::vector<ExprPtr> parts;
    for (const CorrelationExpr& part : condition.parts) parts.push_back(OverRules(part));
    if (condition.kind == CorrelationExpr::Kind::kNot) return Negation(std::move(parts.front()));
    return condition.kind == CorrelationExpr::Kind::kAnd ? AllOf(std::move(parts))
                                                         : AnyOf(std::move(parts));
  }

  const Correlation& correlation_;
  const StreamCatalog& streams_;
  bool too_many_cases_ = false;
  Rule rule_;
  Level level_ = Level::kInformational;
  std::vector<uint32_t> groups_;                 // by rule: its sources
  std::vector<std::vector<Expression>> values_;  // by source: the fields that are counted
};

}  // namespace

std::optional<Rule> MakeRule(const Correlation& correlation,
                             const std::function<Referred(const std::string&)>& find,
                             const StreamCatalog& streams, Diagnostics& diagnostics) {
  CorrelationRule maker(correlation, streams);
  for (uint32_t i = 0; i < correlation.rules.size(); ++i) {
    const Referred referred = find(correlation.rules[i]);
    if (referred.rule != nullptr) maker.AddSources(i, *referred.rule);
    if (referred.correlation != nullptr) maker.AddAlerts(i, *referred.correlation);
  }
  if (maker.sources() == 0) return std::nullopt;  // told of its rules
  if (maker.sources() > kMostSteps) {
    diagnostics.Error(kOutOfRange, correlation.span,
                      "its rules find events in " + std::to_string(maker.sources()) +
                          " ways (a rule on a stream each), and " + std::to_string(kMostSteps) +
                          " is the most");
    return std::nullopt;
  }
  Rule rule = maker.Make();
  if (!maker.too_many_cases()) return rule;
  diagnostics.Error(kOutOfRange, correlation.span,
                    "there are more than " + std::to_string(kMostCases) +
                        " ways in which some of its rules can be in the order that it asks for");
  return std::nullopt;
}

}  // namespace telltale::rules::sigma
