// Aggregates: calls that are about the events of a window (W1).
#include "rules/load/cel/checker.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "rules/load/cel/concat.h"
#include "rules/load/cel/fields.h"
#include "rules/load/cel/warnings.h"
#include "rules/load/yaml/quantity.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

std::string TypesText(const std::vector<Type>& types) {
  std::string text;
  for (const Type& type : types) text += (text.empty() ? "" : ", ") + type.ToString();
  return text;
}

struct BaselineValue {
  std::string_view name;
  AggregateFunction function;
};

constexpr BaselineValue kBaselineValues[] = {
    {"avg", AggregateFunction::kBaselineAvg}, {"stddev", AggregateFunction::kBaselineStddev},
    {"min", AggregateFunction::kBaselineMin}, {"max", AggregateFunction::kBaselineMax},
    {"sum", AggregateFunction::kBaselineSum}, {"panes", AggregateFunction::kBaselinePanes},
};

const BaselineValue* FindBaselineValue(std::string_view name) {
  const auto* found = std::find_if(std::begin(kBaselineValues), std::end(kBaselineValues),
                                   [&](const BaselineValue& value) { return value.name == name; });
  return found == std::end(kBaselineValues) ? nullptr : found;
}

}  // namespace

// `baseline` alone, where there is a window: no step, variable or event is meant.
bool Checker::MeansBaseline(const Expr& base) const {
  return names_.scope().window != nullptr && base.kind == ExprKind::kIdent && !base.test &&
         base.name == "baseline" && !names_.IsTaken("baseline");
}

// baseline.avg and its like.
bool Checker::BecomeBaselineValue(Expr& expr) {
  if (!MeansBaseline(*expr.args[0])) return false;
  names_.scope().window->names_baseline = true;
  const WindowScope::Baseline there = names_.scope().window->baseline;
  const BaselineValue* value = FindBaselineValue(expr.name);
  if (there == WindowScope::Baseline::kOwn) {
    report_.Error(kMisplacedBaseline, expr,
                  "what a baseline is made of is computed for each of its panes, and cannot read "
                  "the baseline");
  } else if (there == WindowScope::Baseline::kNone) {
    report_
        .Error(kMisplacedBaseline, expr,
               Concat("baseline.", expr.name, " is what is usual for the key, and there is no ",
                      "baseline here"))
        .notes.push_back(
            "an 'aggregate' may have one: baseline: { of: count(), every: 1h, over: "
            "7d }");
  } else if (value == nullptr) {
    std::vector<std::string> known;
    for (const BaselineValue& one : kBaselineValues) known.emplace_back(one.name);
    Diagnostic& error = report_.ErrorAtName(kMisplacedBaseline, expr,
                                            Concat("a baseline has no value '", expr.name, "'"));
    error.suggestion = Nearest(expr.name, known);
    error.notes.push_back("it has avg, stddev, min, max, sum and panes");
  } else if (expr.test) {
    report_.Error(kCelMacro, expr, Concat("baseline.", expr.name, " is always there"));
  } else {
    const bool panes = value->function == AggregateFunction::kBaselinePanes;
    BecomeValueOfWindow(
        {.function = value->function, .type = Type::Of(panes ? TypeKind::kInt : TypeKind::kDouble)},
        expr);
    return true;
  }
  BecomeConstant(expr);
  return true;
}

// baseline.avg().
bool Checker::RefuseBaselineCall(Expr& expr) {
  if (!MeansBaseline(*expr.args[0]) || FindBaselineValue(expr.name) == nullptr) return false;
  report_.ErrorAtName(kMisplacedBaseline, expr,
                      Concat("a baseline's values are no calls: write baseline.", expr.name));
  BecomeConstant(expr);
  return true;
}

void Checker::BecomeValueOfWindow(AggregateCall call, Expr& expr) {
  expr.kind = ExprKind::kAggregate;
  expr.type = call.type;
  expr.name.clear();
  expr.args.clear();
  expr.index = AddCall(std::move(call), names_.scope().window->calls);
}

void Checker::RefuseAggregate(Expr& expr) {
  report_
      .ErrorAtName(
          kMisplacedAggregate, expr,
          names_.scope().event && in_aggregate_
              ? Concat(expr.name, "() stands in the argument of another aggregate")
              : Concat(expr.name, "() is about the events of a window, and there is none", " here"))
      .notes.push_back(
          Concat("a rule with an 'aggregate' has a window: its 'having', 'alert' and 'suppress' ",
                 "can call ", expr.name, "()"));
  BecomeConstant(expr);
}

void Checker::CheckAggregate(Expr& expr, const AggregateForm& form) {
  if (expr.args.size() < form.min_args || expr.args.size() > form.max_args) {
    report_.ErrorAtName(kArgumentCount, expr, Concat("this is written ", form.usage));
    return BecomeConstant(expr);
  }
  AggregateCall call{.function = form.function};
  if (form.name == "median") call.percentile = 50;
  if (form.name == "percentile" && !ReadPercentile(*expr.args[1], call.percentile))
    return BecomeConstant(expr);
  if (form.function == AggregateFunction::kDecayedSum && !ReadHalfLife(expr, call.half_life))
    return BecomeConstant(expr);
  if (form.max_args == 2 && form.min_args == 2) expr.args.pop_back();  // a constant of the call
  for (const StreamIndex source : names_.scope().window->sources) {
    if (expr.args.empty()) break;
    call.arguments.push_back(ArgumentsFor(source, expr));
  }
  const std::optional<Type> type = ResultOf(expr, form, call);
  if (!type) return BecomeConstant(expr);
  call.type = *type;
  BecomeValueOfWindow(std::move(call), expr);
}

bool Checker::ReadPercentile(const Expr& expr, double& percentile) {
  const auto* whole = std::get_if<int64_t>(&expr.constant);
  const auto* real = std::get_if<double>(&expr.constant);
  if (expr.kind == ExprKind::kConstant && (whole != nullptr || real != nullptr)) {
    percentile = whole != nullptr ? static_cast<double>(*whole) : *real;
    if (percentile >= 0 && percentile <= 100) return true;
  }
  report_.Error(kBadConstant, expr, "which percentile is a number from 0 to 100");
  return false;
}

// '24h', or duration('24h').
bool Checker::ReadHalfLife(const Expr& call, int64_t& half_life) {
  const Expr* text = call.args[1].get();
  if (text->kind == ExprKind::kCall && text->name == "duration" && !text->member &&
      text->args.size() == 1) {
    text = text->args[0].get();
  }
  const auto* written = std::get_if<std::string>(&text->constant);
  if (text->kind != ExprKind::kConstant || written == nullptr) {
    report_.Error(kBadConstant, *call.args[1], "a half-life is a duration: '24h'");
    return false;
  }
  const Quantity quantity = ParseDuration(*written);
  if (const auto* wrong = std::get_if<std::string>(&quantity)) {
    report_.Error(kBadConstant, *call.args[1], *wrong);
    return false;
  }
  half_life = std::get<int64_t>(quantity);
  if (half_life < kShortestHalfLife) {
    report_.Error(kBadConstant, *call.args[1], "a half-life is 1ms or more");
    return false;
  }
  const std::optional<Window>& window = names_.scope().window->window;
  if (!window) return true;
  if (window->kind != WindowKind::kSliding) {
    report_.ErrorAtName(kBadHalfLife, call,
                        "decayed_sum() is about a moment: it takes a sliding window");
    return false;
  }
  if (window->size / half_life < kMostHalfLives ||
      (window->size / half_life == kMostHalfLives && window->size % half_life == 0))
    return true;
  report_.Error(kBadHalfLife, *call.args[1],
                Concat("the window is longer than ", std::to_string(kMostHalfLives),
                       " half-lives: of what is so old nothing is left"));
  return false;
}

// The arguments of the call, checked as what is evaluated for events of the stream.
std::vector<Expression> Checker::ArgumentsFor(StreamIndex source, const Expr& expr) {
  Scope scope = names_.scope();
  scope.event = source;
  scope.steps.clear();
  scope.window = nullptr;
  const Scope& outside = names_.ExchangeScope(scope);
  in_aggregate_ = true;
  std::vector<Expression> arguments;
  for (const ExprPtr& written : expr.args) {
    ExprPtr argument = Clone(*written);
    Check(argument);
    if (names_.IsTypeName(*argument)) names_.BecomeFieldAgain(*argument);
    if (const Expr* local = FindForeignLocal(*argument)) {
      report_.Error(kMisplacedAggregate, *local,
                    "an aggregate's argument is evaluated for each event of the window, and sees "
                    "no variable of a macro around it");
    }
    WarnAboutFields(*argument, {}, report_);
    arguments.push_back(MakeArgument(*report_.place().text, std::move(argument), next_local_));
  }
  in_aggregate_ = false;
  names_.ExchangeScope(outside);
  return arguments;
}

// The type of the value; none: told.
std::optional<Type> Checker::ResultOf(const Expr& expr, const AggregateForm& form,
                                      const AggregateCall& call) {
  if (call.arguments.empty()) return form.result({});
  std::optional<Type> type;
  for (const std::vector<Expression>& arguments : call.arguments) {
    std::vector<Type> types;
    for (const Expression& argument : arguments) types.push_back(argument.type());
    const std::optional<Type> result = form.result(types);
    if (!result) {
      report_.ErrorAtName(kNoOverload, expr,
                          Concat(form.usage, " does not take ", TypesText(types)));
      return std::nullopt;
    }
    type = type ? Join(*type, *result) : *result;
  }
  return type;
}

}  // namespace telltale::rules
