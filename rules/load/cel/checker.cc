// The checker: has names resolved (V2) and selections on events turned into paths, infers types,
// and finds the overload of every operator and function. A part that has an error gets the type
// dyn, which fits everywhere, so that one mistake is told once.
#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/cel/aggregates.h"
#include "rules/load/cel/call_checks.h"
#include "rules/load/cel/cel.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/constant_checks.h"
#include "rules/load/cel/fields.h"
#include "rules/load/cel/functions.h"
#include "rules/load/cel/names.h"
#include "rules/load/cel/reads.h"
#include "rules/load/cel/reporter.h"
#include "rules/load/cel/warnings.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

class Checker {
 public:
  Checker(const Scope& scope, Reporter& report)
      : report_(report), names_(scope, report), unchecked_(scope.unchecked) {}

  // The use of a macro whose text is being checked.
  struct Expansion {
    const MacroDefinition* macro = nullptr;
    ExprPtr call;                       // a name, or a call with the arguments as they were parsed
    Names::Locals locals;               // what is seen where it is used
    const Expansion* caller = nullptr;  // null: it is used in the expression itself
    const Reporter::Place* outside = nullptr;
    Reporter::Place inside;
  };

  void CheckRoot(ExprPtr& expr, const Type& wanted, bool wants_field) {
    Check(expr);
    const bool field = wants_field || !IsDyn(wanted);
    if (names_.IsTypeName(*expr) && field) names_.BecomeFieldAgain(*expr);
    root_ = expr.get();
    RefuseBareTables(*expr);
    if (IsDyn(wanted) || IsDyn(expr->type) || expr->type == wanted) return;
    report_.Error(kResultType, *expr,
                  Concat("this must be ", wanted.ToString(), ", and is ", expr->type.ToString()));
  }

  uint32_t locals() const { return next_local_; }

 private:
  void CheckSelect(Expr& expr) {
    if (names_.ResolveDefinition(expr) || BecomeTypeName(expr) || BecomeWindowEdge(expr)) return;
    Check(expr.args[0]);
    if (names_.IsTypeName(*expr.args[0])) names_.BecomeFieldAgain(*expr.args[0]);
    const Expr& operand = *expr.args[0];
    if (operand.type.kind == TypeKind::kEvent && operand.kind != ExprKind::kEvent &&
        expr.name == "event_time") {
      return BecomeTime(expr);
    }
    const std::string name = expr.name;
    if (ExtendPath(expr, name, report_)) return;
    expr.type = expr.test ? Type::Of(TypeKind::kBool) : Type::Dyn();
    const bool optional = operand.type.kind == TypeKind::kOptional;
    if (const auto declared = expr.test ? std::nullopt : names_.RowField(operand, name)) {
      expr.type = optional ? Type::Optional(*declared) : *declared;
      return;
    }
    const Type type = optional && operand.type.element != nullptr ? *operand.type.element
                      : optional                                  ? Type::Dyn()
                                                                  : operand.type;
    if (!IsDyn(type) && type.kind != TypeKind::kMap) return NoFields(expr, type, name);
    if (expr.test) return;
    const Type field = IsDyn(type) || type.element == nullptr ? Type::Dyn() : Type(*type.element);
    expr.type = optional ? Type::Optional(field) : field;
  }

  // google.protobuf.Timestamp and its like, which read as fields of something.
  bool BecomeTypeName(Expr& expr) {
    constexpr std::string_view kTypes[] = {"google.protobuf.Timestamp", "google.protobuf.Duration",
                                           "net.IP", "net.CIDR"};
    const std::string name = DottedName(expr);
    if (std::find(std::begin(kTypes), std::end(kTypes), name) == std::end(kTypes)) return false;
    if (expr.test || names_.IsTaken(name.substr(0, name.find('.')))) return false;
    BecomeConstant(expr);
    expr.name = name;  // no field of it, as of `int` (Names::IsTypeName)
    expr.constant = TypeName{name};
    expr.type = Type::OfType(Type::Dyn());
    return true;
  }

  // "a.b.c"; empty: something else than names.
  static std::string DottedName(const Expr& expr) {
    if (expr.kind == ExprKind::kIdent && !expr.test) return expr.name;
    if (expr.kind != ExprKind::kSelect || expr.test) return {};
    const std::string base = DottedName(*expr.args[0]);
    return base.empty() ? base : Concat(base, ".", expr.name);
  }

  // window.start and window.end, where there is a window.
  bool BecomeWindowEdge(Expr& expr) {
    WindowScope* window = names_.scope().window;
    const bool start = expr.name == "start";
    if (window == nullptr || expr.test || (!start && expr.name != "end")) return false;
    const Expr& base = *expr.args[0];
    if (base.kind != ExprKind::kIdent || base.name != "window" || base.test ||
        names_.IsTaken("window"))
      return false;
    const Type type = Type::Of(TypeKind::kTimestamp);
    BecomeValueOfWindow(
        {.function = start ? AggregateFunction::kStart : AggregateFunction::kEnd, .type = type},
        expr);
    return true;
  }

  void BecomeValueOfWindow(AggregateCall call, Expr& expr) {
    expr.kind = ExprKind::kAggregate;
    expr.type = call.type;
    expr.name.clear();
    expr.args.clear();
    expr.index = AddCall(std::move(call), names_.scope().window->calls);
  }

  // STEP.event_time: what args[0] is the time of. It is there where the event is.
  static void BecomeTime(Expr& expr) {
    expr.name.clear();
    expr.kind = expr.test ? ExprKind::kField : ExprKind::kTime;
    expr.type = Type::Of(expr.test ? TypeKind::kBool : TypeKind::kTimestamp);
  }

  void NoFields(Expr& expr, const Type& type, const std::string& name) {
    const std::string operand(report_.TextOf(*expr.args[0]).substr(0, 60));
    Diagnostic& error = report_.ErrorAtName(
        kNoFields, expr,
        Concat("'", operand, "' is ", type.ToString(), " and has no field '", name, "'"));
    if (type.kind == TypeKind::kList && type.element != nullptr &&
        type.element->kind == TypeKind::kEvent) {
      error.notes.push_back(Concat("the step repeats: one of its events is ", operand, "[0].", name,
                                   ", all of them are ", operand, ".map(e, e.", name, ")"));
    }
    expr.type = Type::Dyn();
  }

  // Calls.

  void CheckCall(ExprPtr& node) {
    Expr& expr = *node;
    ResolveNamespace(expr);
    if (expr.name == "event_time") return CheckEventTime(expr);
    if (const AggregateForm* form = expr.member ? nullptr : FindAggregate(expr.name)) {
      if (names_.scope().window != nullptr) return CheckAggregate(expr, *form);
      const Function* also = FindFunction(expr.name);
      if (names_.FindMacro(expr) == nullptr && !unchecked_ && (also == nullptr || !also->global))
        return RefuseAggregate(expr);
    }
    const Function* function = FindFunction(expr.name);
    if (function == nullptr || (!expr.member && !function->is_operator() && !function->global)) {
      if (const MacroDefinition* macro = names_.FindMacro(expr)) return Expand(node, *macro);
    }
    if (function == nullptr) return CheckUnknownCall(expr);
    for (ExprPtr& arg : expr.args) Check(arg);
    if ((expr.name == "_[_]" || expr.name == "_?._") && CheckPath(expr)) return;
    if (unchecked_ && !TakesForm(expr, *function)) return BecomeFailure(expr);
    if (!CheckForm(expr, *function, report_)) return;
    RereadTypeNames(expr, *function);
    const std::vector<Type> types = TypesOf(expr.args);
    if (const std::optional<Type> result = function->result(types)) {
      expr.type = *result;
    } else if (unchecked_) {
      expr.type = Type::Dyn();  // the evaluation has the same overloads
    } else {
      ReportMismatch(expr, *function, types, report_);
      expr.type = Type::Dyn();
    }
    CheckConstants(expr, report_);
  }

  static std::vector<Type> TypesOf(const std::vector<ExprPtr>& args) {
    std::vector<Type> types;
    for (const ExprPtr& arg : args) types.push_back(arg->type);
    return types;
  }

  // a["b"] and a.?b of an event, or of a field of one: whether it has become a path.
  bool CheckPath(Expr& expr) {
    if (names_.IsTypeName(*expr.args[0])) names_.BecomeFieldAgain(*expr.args[0]);
    const auto* constant = std::get_if<std::string>(&expr.args[1]->constant);
    if (constant == nullptr) return false;
    const std::string field = *constant;
    const bool optional = expr.name == "_?._";
    expr.name_begin = expr.args[1]->begin;
    const Type& operand = expr.args[0]->type;
    if (optional && !IsDyn(operand) && operand.kind != TypeKind::kMap &&
        operand.kind != TypeKind::kEvent && operand.kind != TypeKind::kOptional) {
      if (!unchecked_) NoFields(expr, operand, field);
      return !unchecked_;
    }
    if (!ExtendPath(expr, field, report_)) return false;
    if (optional && expr.kind == ExprKind::kField) {
      expr.optional = true;
      expr.type = Type::Optional(expr.type);
    }
    return true;
  }

  // The name of a type means a field where it is compared with something else than a type, or where
  // a type is not taken.
  void RereadTypeNames(Expr& call, const Function& function) {
    const bool equality = call.name == "_==_" || call.name == "_!=_";
    if (!equality && function.result(TypesOf(call.args)).has_value()) return;
    for (size_t i = 0; i < call.args.size(); ++i) {
      if (!names_.IsTypeName(*call.args[i])) continue;
      if (equality && call.args[1 - i]->type.kind == TypeKind::kType) continue;
      names_.BecomeFieldAgain(*call.args[i]);
    }
  }

  // event_time(): of the event that is tested.
  void CheckEventTime(Expr& expr) {
    if (!expr.args.empty()) {
      report_.ErrorAtName(kArgumentCount, expr,
                          expr.member ? "the time of a step's event is STEP.event_time"
                                      : "event_time() takes no arguments; the time of a step's "
                                        "event is STEP.event_time");
      return BecomeConstant(expr);
    }
    ExprPtr event = names_.Event(expr);
    if (event == nullptr) return BecomeConstant(expr);
    expr.args.push_back(std::move(event));
    BecomeTime(expr);
  }

  // Aggregates.

  void RefuseAggregate(Expr& expr) {
    report_
        .ErrorAtName(kMisplacedAggregate, expr,
                     names_.scope().event && in_aggregate_
                         ? Concat(expr.name, "() stands in the argument of another aggregate")
                         : Concat(expr.name,
                                  "() is about the events of a window, and there is none", " here"))
        .notes.push_back(
            Concat("a rule with an 'aggregate' has a window: its 'having', 'alert' and 'suppress' ",
                   "can call ", expr.name, "()"));
    BecomeConstant(expr);
  }

  void CheckAggregate(Expr& expr, const AggregateForm& form) {
    if (expr.args.size() < form.min_args || expr.args.size() > form.max_args) {
      report_.ErrorAtName(kArgumentCount, expr, Concat("this is written ", form.usage));
      return BecomeConstant(expr);
    }
    AggregateCall call{.function = form.function};
    if (form.name == "median") call.percentile = 50;
    if (form.name == "percentile" && !ReadPercentile(*expr.args[1], call.percentile))
      return BecomeConstant(expr);
    if (form.name == "percentile") expr.args.pop_back();
    for (const StreamIndex source : names_.scope().window->sources) {
      if (expr.args.empty()) break;
      call.arguments.push_back(ArgumentsFor(source, expr));
    }
    const std::optional<Type> type = ResultOf(expr, form, call);
    if (!type) return BecomeConstant(expr);
    call.type = *type;
    BecomeValueOfWindow(std::move(call), expr);
  }

  bool ReadPercentile(const Expr& expr, double& percentile) {
    const auto* whole = std::get_if<int64_t>(&expr.constant);
    const auto* real = std::get_if<double>(&expr.constant);
    if (expr.kind == ExprKind::kConstant && (whole != nullptr || real != nullptr)) {
      percentile = whole != nullptr ? static_cast<double>(*whole) : *real;
      if (percentile >= 0 && percentile <= 100) return true;
    }
    report_.Error(kBadConstant, expr, "which percentile is a number from 0 to 100");
    return false;
  }

  // The arguments of the call, checked as what is evaluated for events of the stream.
  std::vector<Expression> ArgumentsFor(StreamIndex source, const Expr& expr) {
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
  std::optional<Type> ResultOf(const Expr& expr, const AggregateForm& form,
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

  static std::string TypesText(const std::vector<Type>& types) {
    std::string text;
    for (const Type& type : types) text += (text.empty() ? "" : ", ") + type.ToString();
    return text;
  }

  // math.abs(x) is read as abs() of something named math: what it means is decided by whether there
  // is such a function.
  static void ResolveNamespace(Expr& expr) {
    if (!expr.member || expr.args[0]->kind != ExprKind::kIdent || expr.args[0]->test) return;
    const std::string qualified = Concat(expr.args[0]->name, ".", expr.name);
    const Function* function = FindFunction(qualified);
    if (function == nullptr) return;
    expr.name = function->name;
    expr.name_begin = expr.args[0]->begin;
    expr.member = false;
    expr.args.erase(expr.args.begin());
  }

  // A call that always ends in an error.
  static void BecomeFailure(Expr& expr) {
    expr.name = "@no_such_function";
    expr.args.clear();
    expr.type = Type::Dyn();
  }

  void CheckUnknownCall(Expr& expr) {
    if (unchecked_) return BecomeFailure(expr);
    const std::string name = expr.name;
    if (expr.member && expr.args[0]->kind == ExprKind::kIdent && IsNamespace(expr.args[0]->name) &&
        !names_.IsTaken(expr.args[0]->name)) {
      const std::string qualified = Concat(expr.args[0]->name, ".", name);
      report_
          .Error(kUnknownFunction, expr.args[0]->begin,
                 expr.name_begin + static_cast<uint32_t>(name.size()),
                 Concat("there is no function '", qualified, "'"))
          .suggestion = NearestFunction(qualified);
      return BecomeConstant(expr);
    }
    const std::string nearest = NearestFunction(name);
    if (nearest == name) {  // a macro, not on a list
      report_.ErrorAtName(
          kCelMacro, expr,
          Concat(name, "() is called on a list: items.", name, "(i, i.price > 10.0)"));
      return BecomeConstant(expr);
    }
    report_.ErrorAtName(kUnknownFunction, expr, Concat("there is no function '", name, "'"))
        .suggestion = nearest;
    for (ExprPtr& arg : expr.args) Check(arg);
    BecomeConstant(expr);
  }

  // Macros of rule files.

  // Puts the text of a macro in the place of its use.
  void Expand(ExprPtr& node, const MacroDefinition& macro) {
    const size_t given = node->args.size();
    const size_t wanted = macro.parameters.size();
    if (node->test) {
      report_.Error(kCelMacro, *node, "has() takes a field: has(mfa) or has(login.mfa)");
      return BecomeConstant(*node);
    }
    if (given != wanted) {
      report_
          .Error(kMacroArguments, *node,
                 Concat("the macro '", macro.name, "' takes ", std::to_string(wanted),
                        wanted == 1 ? " argument" : " arguments", ", and this gives ",
                        std::to_string(given)))
          .labels.push_back({macro.span, "it is defined here"});
      return BecomeConstant(*node);
    }
    if (macro.body == nullptr || !Affordable(*node, *macro.body)) return BecomeConstant(*node);
    Expansion expansion;
    expansion.macro = &macro;
    expansion.caller = expansion_;
    expansion.outside = &report_.place();
    expansion.inside = {&macro.text, macro.name, report_.Locate(*node), expansion.outside};
    Names::Locals parameters;
    for (size_t i = 0; i < wanted; ++i)
      parameters.push_back({macro.parameters[i], 0, Type::Dyn(), i});
    expansion.call = std::exchange(node, Clone(*macro.body));
    expansion.locals = names_.ExchangeLocals(std::move(parameters));
    expansion_ = &expansion;
    report_.SetPlace(expansion.inside);
    Check(node);
    expansion_ = expansion.caller;
    report_.SetPlace(*expansion.outside);
    names_.ExchangeLocals(std::move(expansion.locals));
    StandAt(*expansion.call, *node);
    --expansions_;
  }

  // Puts what was given for a parameter in its place. It means what it means where it was given.
  void Substitute(ExprPtr& node, size_t parameter) {
    const Expansion& expansion = *expansion_;
    const Expr& argument = *expansion.call->args[parameter];
    const ExprPtr use = std::exchange(node, Clone(argument));
    if (!Affordable(*use, argument)) return BecomeConstant(*node);
    if (use->test) {
      if ((node->kind != ExprKind::kIdent && node->kind != ExprKind::kSelect) || node->test) {
        report_.Error(kCelMacro, *use,
                      "has() takes a field, and this parameter was given something else");
        BecomeConstant(*node);
      }
      node->test = true;
    }
    const Names::Locals inside = names_.ExchangeLocals(expansion.locals);
    expansion_ = expansion.caller;
    report_.SetPlace(*expansion.outside);
    Check(node);
    expansion_ = &expansion;
    report_.SetPlace(expansion.inside);
    names_.ExchangeLocals(inside);
    StandAt(*use, *node);
    --expansions_;
  }

  // Whether one more copy of `tree` is within the bounds of an expression. Counts it as open.
  bool Affordable(const Expr& place, const Expr& tree) {
    expanded_ += CountNodes(tree);
    if (expanded_ <= kMaxNodes && expansions_ < kMaxExpansions) {
      ++expansions_;
      return true;
    }
    if (std::exchange(told_size_, true)) return false;
    report_.Error(kCelTooLarge, place,
                  expanded_ > kMaxNodes ? "with its macros this expression is too large"
                                        : "macros are nested too deeply here");
    return false;
  }

  static size_t CountNodes(const Expr& expr) {
    size_t count = 1;
    for (const ExprPtr& arg : expr.args) count += CountNodes(*arg);
    return count;
  }

  // What is told of the tree later is told where it was put.
  static void StandAt(const Expr& place, Expr& expr) {
    expr.begin = expr.name_begin = place.begin;
    expr.end = place.end;
    for (const ExprPtr& arg : expr.args) StandAt(place, *arg);
  }

  void RefuseBareTables(const Expr& expr) {
    const bool key = expr.kind == ExprKind::kCall && (expr.name == "_[_]" || expr.name == "_[?_]");
    const bool test = expr.kind == ExprKind::kCall && expr.name == "@in";
    for (size_t i = 0; i < expr.args.size(); ++i) {
      const Expr& arg = *expr.args[i];
      if (arg.kind == ExprKind::kTable) {
        if (!(key && i == 0) && !(test && i == 1)) RefuseBareTable(arg);
      } else {
        RefuseBareTables(arg);
      }
    }
    if (&expr == root_ && expr.kind == ExprKind::kTable) RefuseBareTable(expr);
  }

  void RefuseBareTable(const Expr& table) {
    report_.Error(kTableUse, table,
                  Concat("a table is asked by a key: tables.", table.name, "[user_id].FIELD, or ",
                         "user_id in tables.", table.name));
  }

  // Literals and macros.

  void CheckList(Expr& expr) {
    std::optional<Type> element;
    for (ExprPtr& arg : expr.args) {
      const Type type = CheckItem(*arg, arg);
      element = element.has_value() ? Join(*element, type) : type;
    }
    expr.type = Type::List(element.value_or(Type::Dyn()));
  }

  static bool IsIfThere(const Expr& item) {
    return item.kind == ExprKind::kCall && item.name == "?_";
  }

  // An element of a list, or a value of a map: the type of what will stand there.
  Type CheckItem(Expr& item, ExprPtr& node) {
    if (!IsIfThere(item)) {
      Check(node);
      return node->type;
    }
    Check(item.args[0]);
    const Expr& optional = *item.args[0];
    item.type = optional.type;
    if (IsDyn(optional.type)) return Type::Dyn();
    if (optional.type.kind != TypeKind::kOptional) {
      report_.Error(kNoOverload, optional,
                    Concat("'?' takes an optional value, not ", optional.type.ToString()));
      return Type::Dyn();
    }
    return optional.type.element == nullptr ? Type::Dyn() : Type(*optional.type.element);
  }

  void CheckMap(Expr& expr) {
    std::optional<Type> key;
    std::optional<Type> value;
    std::set<std::string> seen;
    for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
      Check(expr.args[i]);
      const Type type = CheckItem(*expr.args[i + 1], expr.args[i + 1]);
      CheckMapKey(*expr.args[i]);
      // Of those that may not be there, the evaluation knows which stand twice.
      if (!IsIfThere(*expr.args[i + 1])) CheckUnique(*expr.args[i], seen);
      key = key.has_value() ? Join(*key, expr.args[i]->type) : expr.args[i]->type;
      value = value.has_value() ? Join(*value, type) : type;
    }
    expr.type = Type::Map(key.value_or(Type::Dyn()), value.value_or(Type::Dyn()));
  }

  void CheckMapKey(const Expr& key) {
    switch (key.type.kind) {
      case TypeKind::kDyn:
      case TypeKind::kBool:
      case TypeKind::kInt:
      case TypeKind::kUint:
      case TypeKind::kString:
        break;
      default:
        report_.Error(
            kBadMapKey, key,
            Concat("the key of a map is string, int, uint or bool, not ", key.type.ToString()));
    }
  }

  void CheckUnique(const Expr& key, std::set<std::string>& seen) {
    if (key.kind != ExprKind::kConstant) return;
    std::string text = ToString(key);
    if (key.type.kind == TypeKind::kUint) text.pop_back();  // 1u and 1 are the same key
    if (!seen.insert(text).second)
      report_.Error(kBadMapKey, key,
                    Concat("this map has the key ", report_.TextOf(key), " already"));
  }

  // The types of a macro's variables; `first` alone is that of the element, or of a map's key.
  struct Variables {
    Type first;
    Type second;
  };

  void CheckMacro(Expr& expr) {
    expr.local = next_local_++;
    if (!expr.variable2.empty()) expr.local2 = next_local_++;
    Check(expr.args[0]);
    if (names_.IsTypeName(*expr.args[0]) && expr.name != "cel.bind")
      names_.BecomeFieldAgain(*expr.args[0]);
    const Variables variables = VariablesOf(expr);
    names_.Enter(expr, expr.variable, expr.local, variables.first);
    if (!expr.variable2.empty()) names_.Enter(expr, expr.variable2, expr.local2, variables.second);
    for (size_t i = 1; i < expr.args.size(); ++i) Check(expr.args[i]);
    names_.Leave();
    if (!expr.variable2.empty()) names_.Leave();
    CheckBody(expr, variables);
  }

  Variables VariablesOf(const Expr& macro) {
    const Type& range = macro.args[0]->type;
    const bool two = !macro.variable2.empty();
    const Type element = range.element == nullptr ? Type::Dyn() : *range.element;
    if (macro.name == "cel.bind") return {range, {}};
    const bool of_optional = macro.name == "optMap" || macro.name == "optFlatMap";
    if (of_optional && range.kind == TypeKind::kOptional) return {element, {}};
    if (!of_optional) {
      switch (range.kind) {
        case TypeKind::kList:
          return two ? Variables{Type::Of(TypeKind::kInt), element} : Variables{element, {}};
        case TypeKind::kMap:
          return {range.key == nullptr ? Type::Dyn() : Type(*range.key), element};
        case TypeKind::kEvent:
          return {Type::Of(TypeKind::kString), Type::Dyn()};
        default:
          break;
      }
    }
    if (!IsDyn(range)) {
      report_.AddDeclaration(
          *macro.args[0],
          report_.ErrorAtName(kNoOverload, macro,
                              Concat(macro.name,
                                     of_optional ? "() is called on an optional value, not "
                                                 : "() runs over a list or a map, not ",
                                     range.ToString())));
    }
    return {};
  }

  void CheckBody(Expr& expr, const Variables& variables) {
    const std::string& name = expr.name;
    const Type body = expr.args.back()->type;
    const bool test = name == "all" || name == "exists" || name == "exists_one";
    if (test || name == "filter" || expr.args.size() == 3) CheckPredicate(expr);
    if (test) {
      expr.type = Type::Of(TypeKind::kBool);
    } else if (name == "filter") {
      expr.type = Type::List(variables.first);
    } else if (name == "map" || name == "transformList") {
      expr.type = Type::List(body);
    } else if (name == "transformMap") {
      expr.type = Type::Map(variables.first, body);
    } else if (name == "sortBy") {
      const bool map = expr.args[0]->type.kind == TypeKind::kMap;
      CheckBodyKind(expr, "gives what can be ordered",
                    {TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
                     TypeKind::kBytes, TypeKind::kBool, TypeKind::kTimestamp, TypeKind::kDuration});
      expr.type = map ? Type::List(variables.first) : expr.args[0]->type;
    } else if (name == "optMap") {
      expr.type = Type::Optional(body);
    } else {
      if (name == "transformMapEntry") CheckBodyKind(expr, "gives a map", {TypeKind::kMap});
      if (name == "optFlatMap")
        CheckBodyKind(expr, "gives an optional value", {TypeKind::kOptional});
      expr.type = body;
    }
  }

  void CheckBodyKind(const Expr& macro, std::string_view what,
                     std::initializer_list<TypeKind> kinds) {
    const Expr& body = *macro.args.back();
    if (IsDyn(body.type) || std::find(kinds.begin(), kinds.end(), body.type.kind) != kinds.end())
      return;
    report_.Error(kNoOverload, body,
                  Concat("the expression of ", macro.name, "() ", what, ", and this is ",
                         body.type.ToString()));
  }

  void CheckPredicate(Expr& macro) {
    if (names_.IsTypeName(*macro.args[1])) names_.BecomeFieldAgain(*macro.args[1]);
    const Expr& predicate = *macro.args[1];
    if (IsDyn(predicate.type) || predicate.type.kind == TypeKind::kBool) return;
    report_.Error(kNoOverload, predicate,
                  Concat("the condition of ", macro.name, "() must be bool, and is ",
                         predicate.type.ToString()));
  }

  void Check(ExprPtr& node) {
    Expr& expr = *node;
    if (names_.ResolveKey(expr)) return;
    switch (expr.kind) {
      case ExprKind::kConstant:
        expr.type = TypeOf(expr.constant);
        return;
      case ExprKind::kIdent:
        if (const auto parameter = names_.ParameterOf(expr)) return Substitute(node, *parameter);
        if (const MacroDefinition* macro = names_.FindMacro(expr)) return Expand(node, *macro);
        return names_.Resolve(expr);
      case ExprKind::kSelect:
        return CheckSelect(expr);
      case ExprKind::kCall:
        return CheckCall(node);
      case ExprKind::kList:
        return CheckList(expr);
      case ExprKind::kMap:
        return CheckMap(expr);
      case ExprKind::kMacro:
        return CheckMacro(expr);
      default:
        return;  // the parser makes no others
    }
  }

  static Type TypeOf(const Constant& constant) {
    constexpr TypeKind kKinds[] = {TypeKind::kNull,  TypeKind::kBool,   TypeKind::kInt,
                                   TypeKind::kUint,  TypeKind::kDouble, TypeKind::kString,
                                   TypeKind::kBytes, TypeKind::kType};
    return Type::Of(kKinds[constant.index()]);
  }

  // Of macros and arguments open at a time: each may be as deep as an expression.
  static constexpr size_t kMaxExpansions = 32;

  Reporter& report_;
  Names names_;
  const bool unchecked_;
  uint32_t next_local_ = 0;
  const Expr* root_ = nullptr;
  const Expansion* expansion_ = nullptr;
  size_t expansions_ = 0;
  size_t expanded_ = 0;
  bool told_size_ = false;
  bool in_aggregate_ = false;
};

}  // namespace

bool IsEach(const Expr& parsed) {
  return parsed.kind == ExprKind::kCall && !parsed.member && parsed.name == "each" &&
         parsed.args.size() == 1;
}

std::optional<Expression> Compile(LocatedText text, const Scope& scope, const Type& wanted,
                                  Diagnostics& diagnostics) {
  ExprPtr root = Parse(text, diagnostics);
  if (root == nullptr) return std::nullopt;
  if (scope.each) {
    ExprPtr list = std::move(root->args.front());
    root = std::move(list);
  }
  Reporter reporter(text, *scope.streams, diagnostics);
  Checker checker(scope, reporter);
  checker.CheckRoot(root, wanted, scope.key_part);
  WarnAboutFields(*root, scope.steps, reporter);
  if (reporter.failed()) return std::nullopt;
  Reads reads = CollectReads(*root);
  Expression expression;
  expression.text = std::move(text);
  expression.root = std::shared_ptr<const Expr>(std::move(root));
  expression.reads = std::move(reads.fields);
  expression.steps = std::move(reads.steps);
  expression.locals = checker.locals();
  return expression;
}

}  // namespace telltale::rules
