#include "engine/window/window_plan.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/event/hash.h"
#include "engine/pattern/conjuncts.h"
#include "engine/window/baseline_plan.h"

namespace telltale::engine {
namespace {

using rules::AggregateFunction;

// No clock has ever been set back by more: so much longer may a day be.
constexpr int64_t kLongestChange = int64_t{24} * 3600 * 1'000'000'000;

// None: the call needs none.
std::optional<AccumulatorKind> KindOf(AggregateFunction function) {
  switch (function) {
    case AggregateFunction::kStart:
    case AggregateFunction::kEnd:
    case AggregateFunction::kCount:
      return std::nullopt;
    case AggregateFunction::kCountIf:
      return AccumulatorKind::kCountIf;
    case AggregateFunction::kCountDistinct:
      return AccumulatorKind::kDistinct;
    case AggregateFunction::kSum:
    case AggregateFunction::kAvg:
      return AccumulatorKind::kNumbers;
    case AggregateFunction::kDecayedSum:
      return AccumulatorKind::kDecayed;
    case AggregateFunction::kStddev:
      return AccumulatorKind::kSquares;
    case AggregateFunction::kMin:
      return AccumulatorKind::kLeast;
    case AggregateFunction::kMax:
      return AccumulatorKind::kGreatest;
    case AggregateFunction::kPercentile:
      return AccumulatorKind::kQuantiles;
    case AggregateFunction::kFirst:
      return AccumulatorKind::kFirst;
    case AggregateFunction::kLast:
      return AccumulatorKind::kLast;
    case AggregateFunction::kSeen:
      return AccumulatorKind::kSeen;
    case AggregateFunction::kOrdered:
      return AccumulatorKind::kOrdered;
    case AggregateFunction::kBaselineAvg:
    case AggregateFunction::kBaselineStddev:
    case AggregateFunction::kBaselineMin:
    case AggregateFunction::kBaselineMax:
    case AggregateFunction::kBaselineSum:
    case AggregateFunction::kBaselinePanes:
      return std::nullopt;
  }
  return std::nullopt;
}

const char* NameOf(AccumulatorKind kind) {
  switch (kind) {
    case AccumulatorKind::kCountIf:
      return "count_if";
    case AccumulatorKind::kDistinct:
      return "distinct";
    case AccumulatorKind::kDecayed:
      return "decayed";
    case AccumulatorKind::kNumbers:
      return "numbers";
    case AccumulatorKind::kSquares:
      return "numbers and squares";
    case AccumulatorKind::kLeast:
      return "least";
    case AccumulatorKind::kGreatest:
      return "greatest";
    case AccumulatorKind::kQuantiles:
      return "quantiles";
    case AccumulatorKind::kFirst:
      return "first";
    case AccumulatorKind::kLast:
      return "last";
    case AccumulatorKind::kOrdered:
      return "ordered";
    case AccumulatorKind::kSeen:
      return "seen";
  }
  return "";
}

bool HasTag(AccumulatorKind kind) {
  return kind == AccumulatorKind::kCountIf || kind == AccumulatorKind::kDistinct ||
         kind == AccumulatorKind::kNumbers || kind == AccumulatorKind::kSquares ||
         kind == AccumulatorKind::kQuantiles || kind == AccumulatorKind::kSeen ||
         kind == AccumulatorKind::kDecayed;
}

// Not a number that is there, nor made of a few.
bool CostsMuch(AggregateFunction function) {
  return function == AggregateFunction::kPercentile || function == AggregateFunction::kFirst ||
         function == AggregateFunction::kLast || function == AggregateFunction::kStddev ||
         function == AggregateFunction::kDecayedSum;
}

// Which calls an expression reads, and whether it reads the key.
void FindReads(const rules::Expr& expr, std::vector<uint32_t>& calls, bool& key) {
  if (expr.kind == rules::ExprKind::kAggregate) calls.push_back(expr.index);
  if (expr.kind == rules::ExprKind::kKey) key = true;
  for (const auto& arg : expr.args) FindReads(*arg, calls, key);
}

// `count() >= 5` and the like, whichever way round it is written.
std::optional<Floor> FloorOf(const rules::Expr& having,
                             const std::vector<rules::AggregateCall>& calls) {
  if (having.kind != rules::ExprKind::kCall || having.args.size() != 2) return std::nullopt;
  const bool call_first = having.args[0]->kind == rules::ExprKind::kAggregate;
  const rules::Expr& call = *having.args[call_first ? 0 : 1];
  const rules::Expr& bound = *having.args[call_first ? 1 : 0];
  if (call.kind != rules::ExprKind::kAggregate || bound.kind != rules::ExprKind::kConstant)
    return std::nullopt;
  const bool or_equal = having.name == (call_first ? "_>=_" : "_<=_");
  if (!or_equal && having.name != (call_first ? "_>_" : "_<_")) return std::nullopt;
  const AggregateFunction function = calls[call.index].function;
  if (function != AggregateFunction::kCount && function != AggregateFunction::kCountIf &&
      function != AggregateFunction::kCountDistinct && function != AggregateFunction::kSeen)
    return std::nullopt;
  const auto* number = std::get_if<int64_t>(&bound.constant);
  if (number == nullptr || *number == std::numeric_limits<int64_t>::max()) return std::nullopt;
  return Floor{.call = call.index,
               .of_all = function == AggregateFunction::kCount,
               .least = *number + (or_equal ? 0 : 1)};
}

std::string TextOf(const rules::AggregateCall& call) {
  std::string text;
  if (call.half_life != 0) absl::StrAppend(&text, call.half_life, " ");
  for (const uint32_t sources : call.sources) absl::StrAppend(&text, sources, " ");
  for (const auto& of_source : call.arguments) {
    for (const rules::Expression& argument : of_source)
      absl::StrAppend(&text, rules::ToString(*argument.root), ", ");
    absl::StrAppend(&text, "; ");
  }
  return text;
}

class PlanMaker {
 public:
  PlanMaker(const rules::Rule& rule, const rules::Aggregate& aggregate,
            const std::vector<EventLayout>& layouts, const Inputs* inputs)
      : rule_(rule), aggregate_(aggregate), layouts_(layouts), inputs_(inputs) {
    plan_.rule = &rule;
    plan_.aggregate = &aggregate;
  }

  // W3.
  void BecomeAsked(uint32_t number) {
    plan_.asked = true;
    plan_.timer_key = UINT32_MAX - number;
    first_source_ = rule_.windows[number].first_source;
  }

  // The panes of a baseline, which are asked for their values, too.
  void BecomePanes() { plan_.asked = true; }

  absl::StatusOr<WindowPlan> Make() {
    if (aggregate_.window.kind == rules::WindowKind::kTumbling ||
        aggregate_.window.kind == rules::WindowKind::kHopping) {
      absl::StatusOr<WindowGrid> grid = WindowGrid::Make(aggregate_.window);
      if (!grid.ok()) return grid.status();
      plan_.grid = *std::move(grid);
    }
    FindKinds();
    for (const rules::AggregateCall& call : aggregate_.calls) {
      if (absl::Status added = AddCall(call); !added.ok()) return added;
    }
    if (absl::Status added = AddHaving(); !added.ok()) return added;
    if (!plan_.asked) {
      if (absl::Status added = AddKeys(); !added.ok()) return added;
    }
    PartHasher hasher;
    for (const AccumulatorPlan& accumulator : plan_.accumulators) {
      hasher.Add(static_cast<uint64_t>(accumulator.kind)).Add(accumulator.sources.size());
      for (const uint32_t sources : accumulator.sources) hasher.Add(sources);
      if (accumulator.half_life != 0) hasher.Add(static_cast<uint64_t>(accumulator.half_life));
    }
    if (absl::Status added = AddBaseline(hasher); !added.ok()) return added;
    plan_.identity = hasher.Add(static_cast<uint64_t>(aggregate_.window.kind))
                         .Add(static_cast<uint64_t>(aggregate_.emit))
                         .Add(plan_.evidence)
                         .Add(plan_.keeps_key ? 1 : 0)
                         .Add(plan_.timer_key)
                         .Finish()[0];
    return std::move(plan_);
  }

 private:
  // Where stddev(x) is asked for, sum(x) and avg(x) are among what it keeps.
  void FindKinds() {
    for (const rules::AggregateCall& call : aggregate_.calls) {
      if (call.function == AggregateFunction::kStddev) squared_[TextOf(call)] = true;
    }
  }

  absl::Status AddCall(const rules::AggregateCall& call) {
    CallPlan plan{.function = call.function,
                  .accumulator = 0,
                  .percentile = call.percentile,
                  .real = call.type.kind == rules::TypeKind::kDouble};
    const auto number = static_cast<uint32_t>(plan_.calls.size());
    if (call.function != AggregateFunction::kStart && call.function != AggregateFunction::kEnd)
      plan_.compared_calls.push_back(number);
    if (auto kind = KindOf(call.function)) {
      const std::string text = TextOf(call);
      if (*kind == AccumulatorKind::kNumbers && squared_.contains(text))
        kind = AccumulatorKind::kSquares;
      const auto [it, added] =
          known_.try_emplace({*kind, text}, static_cast<uint32_t>(plan_.accumulators.size()));
      plan.accumulator = it->second;
      if (added) {
        if (absl::Status compiled = AddAccumulator(*kind, call); !compiled.ok()) return compiled;
      }
    }
    plan_.calls.push_back(plan);
    return absl::OkStatus();
  }

  absl::Status AddAccumulator(AccumulatorKind kind, const rules::AggregateCall& call) {
    AccumulatorPlan plan;
    plan.kind = kind;
    plan.sources = call.sources;
    plan.half_life = call.half_life;
    if (kind == AccumulatorKind::kOrdered)
      plan_.longest_order = std::max(plan_.longest_order, call.sources.size());
    plan.tag = HasTag(kind) ? plan_.tags++ : AccumulatorPlan::kNowhere;
    const bool word =
        HasTag(kind) && kind != AccumulatorKind::kCountIf && kind != AccumulatorKind::kSeen;
    plan.word = word ? plan_.words++ : AccumulatorPlan::kNowhere;
    if (!call.arguments.empty()) plan.arguments.resize(first_source_);
    for (const std::vector<rules::Expression>& of_source : call.arguments) {
      std::vector<ProgramPtr>& programs = plan.arguments.emplace_back();
      for (const rules::Expression& argument : of_source) {
        absl::StatusOr<ProgramPtr> program = Compile(argument, layouts_, inputs_);
        if (!program.ok()) return program.status();
        programs.push_back(*std::move(program));
      }
    }
    plan_.accumulators.push_back(std::move(plan));
    return absl::OkStatus();
  }

  absl::Status AddBaseline(PartHasher& hasher) {
    if (!aggregate_.baseline) return absl::OkStatus();
    auto baseline = std::make_shared<BaselinePlan>();
    const rules::Baseline& of_rule = *aggregate_.baseline;
    const rules::Window& window = aggregate_.window;
    baseline->every = of_rule.every;
    baseline->count = of_rule.panes();
    baseline->window = window.size + (window.zone.empty() ? 0 : kLongestChange);
    baseline->follows_start = window.kind != rules::WindowKind::kSession;
    for (uint32_t call = 0; call < aggregate_.calls.size(); ++call) {
      const AggregateFunction function = aggregate_.calls[call].function;
      if (rules::IsOfBaseline(function)) baseline->calls.push_back({call, function});
    }
    baseline->aggregate.window = {.kind = rules::WindowKind::kTumbling,
                                  .size = of_rule.every,
                                  .every = of_rule.every,
                                  .offset = window.offset % of_rule.every,
                                  .zone = window.zone};
    baseline->aggregate.calls = of_rule.calls;
    PlanMaker panes(rule_, baseline->aggregate, layouts_, inputs_);
    panes.BecomePanes();
    absl::StatusOr<WindowPlan> plan = panes.Make();
    if (!plan.ok()) return plan.status();
    baseline->panes = *std::move(plan);
    baseline->grid = baseline->panes.grid;
    if (of_rule.of.root->kind == rules::ExprKind::kAggregate) {
      baseline->plain = of_rule.of.root->index;
    } else {
      absl::StatusOr<ProgramPtr> of = Compile(of_rule.of, layouts_, inputs_);
      if (!of.ok()) return of.status();
      baseline->of = *std::move(of);
    }
    hasher.Add(baseline->panes.identity);
    plan_.baseline = std::move(baseline);
    return absl::OkStatus();
  }

  absl::Status AddHaving() {
    if (!aggregate_.having) return absl::OkStatus();
    absl::StatusOr<ProgramPtr> having = Compile(*aggregate_.having, layouts_, inputs_);
    if (!having.ok()) return having.status();
    plan_.having = *std::move(having);
    std::vector<uint32_t>& calls = plan_.having_calls;
    FindReads(*aggregate_.having->root, calls, plan_.having_reads_key);
    plan_.floor = FloorOf(*aggregate_.having->root, aggregate_.calls);
    std::sort(calls.begin(), calls.end());
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    plan_.wanes = std::any_of(calls.begin(), calls.end(), [this](uint32_t call) {
      return plan_.calls[call].function == AggregateFunction::kDecayedSum;
    });
    return AddHavingParts();
  }

  // && absorbs errors, so that what it joins may be asked in any order.
  absl::Status AddHavingParts() {
    std::vector<bool> read(plan_.calls.size());
    const auto add = [&](const rules::Expression& conjunct,
                         const std::vector<uint32_t>& calls) -> absl::Status {
      absl::StatusOr<ProgramPtr> program = Compile(conjunct, layouts_, inputs_);
      if (!program.ok()) return program.status();
      HavingPart& part = plan_.having_parts.emplace_back();
      part.program = *std::move(program);
      for (const uint32_t call : calls) {
        if (!read[call]) part.calls.push_back(call);
        read[call] = true;
      }
      return absl::OkStatus();
    };
    const std::vector<rules::Expression> conjuncts = Conjuncts(*aggregate_.having);
    for (const bool costly : {false, true}) {
      for (const rules::Expression& conjunct : conjuncts) {
        std::vector<uint32_t> calls;
        bool reads_key = false;
        FindReads(*conjunct.root, calls, reads_key);
        const bool is_costly = std::any_of(calls.begin(), calls.end(), [this](uint32_t call) {
          return CostsMuch(plan_.calls[call].function);
        });
        if (is_costly != costly) continue;
        if (absl::Status added = add(conjunct, calls); !added.ok()) return added;
      }
    }
    return absl::OkStatus();
  }

  // What an event decides shows that event; what time decides shows the last of the window. Where
  // there may be none, the key has to be known otherwise.
  absl::Status AddKeys() {
    plan_.evidence = aggregate_.evidence;
    const bool by_events_alone = aggregate_.emit == rules::Emit::kAsReached;
    const bool shows_none = plan_.evidence == 0 && !by_events_alone;
    plan_.keeps_key =
        !rule_.key_names.empty() && (shows_none || aggregate_.on_empty || plan_.having_reads_key);
    if (!plan_.keeps_key) return absl::OkStatus();
    for (const rules::Step& step : rule_.steps) {
      absl::StatusOr<KeyFinder> finder =
          KeyFinder::Compile(step.selector, rule_.group_missing_key, layouts_, inputs_);
      if (!finder.ok()) return finder.status();
      plan_.keys.push_back(*std::move(finder));
    }
    return absl::OkStatus();
  }

  const rules::Rule& rule_;
  const rules::Aggregate& aggregate_;
  uint32_t first_source_ = 0;  // steps before it are none of the window's
  const std::vector<EventLayout>& layouts_;
  const Inputs* inputs_;
  std::map<std::string, bool> squared_;
  std::map<std::pair<AccumulatorKind, std::string>, uint32_t> known_;
  WindowPlan plan_;
};

}  // namespace

absl::StatusOr<WindowPlan> CompileWindow(const rules::Rule& rule,
                                         const std::vector<EventLayout>& layouts,
                                         const Inputs* inputs) {
  return PlanMaker(rule, *rule.aggregate, layouts, inputs).Make();
}

absl::StatusOr<WindowPlan> CompileStepWindow(const rules::Rule& rule, uint32_t number,
                                             const std::vector<EventLayout>& layouts,
                                             const Inputs* inputs) {
  PlanMaker maker(rule, rule.windows[number].aggregate, layouts, inputs);
  maker.BecomeAsked(number);
  return maker.Make();
}

std::string WindowPlan::ToString() const {
  std::string text;
  for (size_t i = 0; i < accumulators.size(); ++i) {
    absl::StrAppend(&text, "accumulator ", i, ": ", NameOf(accumulators[i].kind));
    if (accumulators[i].tag != AccumulatorPlan::kNowhere)
      absl::StrAppend(&text, ", tag ", accumulators[i].tag);
    if (accumulators[i].word != AccumulatorPlan::kNowhere)
      absl::StrAppend(&text, ", word ", accumulators[i].word);
    absl::StrAppend(&text, "\n");
  }
  for (size_t i = 0; i < calls.size(); ++i) {
    absl::StrAppend(&text, "call ", i, ": ", std::string(rules::AggregateName(calls[i].function)));
    if (KindOf(calls[i].function)) absl::StrAppend(&text, " of ", calls[i].accumulator);
    if (calls[i].function == AggregateFunction::kDecayedSum)
      absl::StrAppend(&text, " by ", accumulators[calls[i].accumulator].half_life, " ns");
    if (calls[i].function == AggregateFunction::kPercentile)
      absl::StrAppend(&text, " at ", calls[i].percentile);
    absl::StrAppend(&text, "\n");
  }
  if (having != nullptr) {
    absl::StrAppend(&text, "having reads");
    for (const uint32_t call : having_calls) absl::StrAppend(&text, " ", call);
    if (floor) absl::StrAppend(&text, ", which has to be ", floor->least);
    absl::StrAppend(&text, having_reads_key ? " and the key\n" : "\n");
  }
  absl::StrAppend(&text, "keeps ", evidence, " events", keeps_key ? " and the key" : "", "\n");
  if (baseline != nullptr) absl::StrAppend(&text, baseline->ToString());
  return text;
}

std::string BaselinePlan::ToString() const {
  std::string text = absl::StrCat("baseline of ", count, " panes of ", every, " ns", ", for calls");
  for (const Call& call : calls) absl::StrAppend(&text, " ", call.number);
  return absl::StrCat(text, ", each of\n", panes.ToString());
}

}  // namespace telltale::engine
