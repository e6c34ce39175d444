// The checker: resolves names (V2), turns selections on events into paths, infers types, and finds
// the overload of every operator and function. A part that has an error gets the type dyn, which
// fits everywhere, so that one mistake is told once.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/cel/call_checks.h"
#include "rules/load/cel/cel.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/functions.h"
#include "rules/load/cel/reads.h"
#include "rules/load/cel/reporter.h"
#include "rules/load/cel/warnings.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

bool SameTree(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.name != b.name || a.test != b.test || a.constant != b.constant ||
      a.variable != b.variable || a.args.size() != b.args.size()) {
    return false;
  }
  for (size_t i = 0; i < a.args.size(); ++i) {
    if (!SameTree(*a.args[i], *b.args[i])) return false;
  }
  return true;
}

bool IsForeignConstant(std::string_view name) {
  constexpr std::string_view kForeign[] = {"True", "TRUE", "False", "FALSE",    "None",
                                           "NULL", "Null", "nil",   "undefined"};
  for (const std::string_view word : kForeign) {
    if (word == name) return true;
  }
  return false;
}

std::string_view MeantConstant(std::string_view foreign) {
  if (foreign[0] == 'T') return "true";
  return foreign[0] == 'F' ? "false" : "null";
}

class Checker {
 public:
  Checker(const Scope& scope, Reporter& report) : scope_(scope), report_(report) {
    if (scope_.event.has_value()) return;
    for (const std::string& name : scope_.key_names) {
      Diagnostics ignored;
      keys_.push_back(Parse(LocatedText(name), ignored));
    }
  }

  void CheckRoot(ExprPtr& expr, const Type& wanted) {
    Check(expr);
    if (IsDyn(wanted) || IsDyn(expr->type) || expr->type == wanted) return;
    report_.Error(kResultType, *expr,
                  Concat("this must be ", wanted.ToString(), ", and is ", expr->type.ToString()));
  }

  uint32_t locals() const { return next_local_; }

 private:
  struct Local {
    std::string name;
    uint32_t number = 0;
    Type type;
  };

  // Names.

  const Local* FindLocal(std::string_view name) const {
    for (auto it = locals_.rbegin(); it != locals_.rend(); ++it) {
      if (it->name == name) return &*it;
    }
    return nullptr;
  }

  const StepName* FindStep(std::string_view name) const {
    for (const StepName& step : scope_.steps) {
      if (step.name == name) return &step;
    }
    return nullptr;
  }

  const StepToCome* FindStepToCome(std::string_view name) const {
    for (const StepToCome& step : scope_.to_come) {
      if (step.name == name) return &step;
    }
    return nullptr;
  }

  bool Declares(StreamIndex stream, const std::string& name) const {
    for (const auto& [path, type] : report_.stream(stream).fields) {
      if (!path.empty() && path[0] == name) return true;
    }
    return false;
  }

  // Whether any name in the tree means a macro's variable or (with `steps`) a step.
  bool MentionsHiding(const Expr& expr, bool steps) const {
    if (expr.kind == ExprKind::kIdent &&
        (steps ? FindStep(expr.name) != nullptr : FindLocal(expr.name) != nullptr)) {
      return true;
    }
    for (const ExprPtr& arg : expr.args) {
      if (MentionsHiding(*arg, steps)) return true;
    }
    return false;
  }

  // A part of the correlation key, by its text.
  bool ResolveKey(Expr& expr) {
    if (scope_.event.has_value() || expr.test) return false;
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i] == nullptr || !SameTree(expr, *keys_[i])) continue;
      if (MentionsHiding(expr, false)) return false;
      if (MentionsHiding(expr, true)) {
        if (hidden_.insert(scope_.key_names[i]).second) {
          report_.Warning(
              kHiddenField, expr,
              Concat("the step of this name hides the key's part '", scope_.key_names[i], "'"));
        }
        return false;
      }
      expr.kind = ExprKind::kKey;
      expr.name.clear();
      expr.args.clear();
      expr.constant = {};
      expr.index = static_cast<uint32_t>(i);
      expr.type = Type::Of(TypeKind::kString);
      return true;
    }
    return false;
  }

  static ExprPtr Derived(const Expr& from, ExprKind kind, Type type) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->begin = from.begin;
    expr->end = from.end;
    expr->name_begin = from.name_begin;
    expr->type = std::move(type);
    return expr;
  }

  static void BecomeName(Expr& expr, ExprKind kind, uint32_t index, Type type) {
    expr.kind = kind;
    expr.name.clear();
    expr.index = index;
    expr.type = std::move(type);
  }

  void CheckIdent(Expr& expr) {
    std::string_view name = expr.name;
    const bool root = name.starts_with('.');
    if (root) name.remove_prefix(1);
    if (const Local* local = root ? nullptr : FindLocal(name)) {
      if (expr.test) return HasOfValue(expr);
      return BecomeName(expr, ExprKind::kLocal, local->number, local->type);
    }
    if (name == "event" && !root) return CheckEvent(expr);
    if (const StepName* step = FindStep(name)) return CheckStep(expr, *step);
    if (name == "lists" || name == "tables") {
      report_.Error(kLaterTables, expr, Concat("'", name, "' is not in this version"));
      return BecomeConstant(expr);
    }
    if (scope_.event.has_value()) {
      if (const StepToCome* step = FindStepToCome(name)) return CheckStepToCome(expr, *step);
      return CheckBareField(expr, std::string(name));
    }
    if (expr.test && std::find(scope_.key_names.begin(), scope_.key_names.end(), name) !=
                         scope_.key_names.end()) {
      report_.Error(kCelMacro, expr, Concat("'", name, "' is a part of the key, and always there"));
      return BecomeConstant(expr);
    }
    UnknownName(expr, std::string(name));
    BecomeConstant(expr);
  }

  // In the place of what had an error.
  static void BecomeConstant(Expr& expr) {
    expr.kind = ExprKind::kConstant;
    expr.constant = {};
    expr.args.clear();
    expr.type = Type::Dyn();
  }

  void HasOfValue(Expr& expr) {
    report_.Error(kCelMacro, expr, "has() takes a field: has(mfa) or has(login.mfa)");
    BecomeConstant(expr);
  }

  void CheckEvent(Expr& expr) {
    if (!scope_.event.has_value()) {
      Diagnostic& error = report_.Error(
          kUnknownName, expr, "there is no single event here; name the step whose event is meant");
      error.notes.push_back(NamesHere());
      return BecomeConstant(expr);
    }
    if (expr.test) return HasOfValue(expr);
    BecomeName(expr, ExprKind::kEvent, 0, Type::Event(*scope_.event));
  }

  void CheckStep(Expr& expr, const StepName& step) {
    if (scope_.event.has_value() && Declares(*scope_.event, step.name) &&
        hidden_.insert(step.name).second) {
      report_.Warning(
          kHiddenField, expr,
          Concat("step '", step.name, "' hides the field '", step.name, "' of stream '",
                 report_.stream(*scope_.event).name, "'; the field is event.", step.name));
    }
    const Type event = Type::Event(step.stream);
    if (!expr.test)
      return BecomeName(expr, ExprKind::kStep, step.index,
                        step.is_list ? Type::List(event) : event);
    if (step.is_list) {
      report_.Error(
          kCelMacro, expr,
          Concat("step '", step.name, "' is a list of events; write size(", step.name, ") > 0"));
      return BecomeConstant(expr);
    }
    ExprPtr base = Derived(expr, ExprKind::kStep, event);
    base->index = step.index;
    expr.args.push_back(std::move(base));
    expr.kind = ExprKind::kField;
    expr.name.clear();
    expr.type = Type::Of(TypeKind::kBool);
  }

  // What is no declared field is hardly one that bears a step's name by chance: read as a field it
  // would be absent, and the rule silent for ever. REQUIRES: the scope has an event.
  void CheckStepToCome(Expr& expr, const StepToCome& step) {
    if (Declares(*scope_.event, step.name)) {
      if (!step.own && hidden_.insert(step.name).second) {
        report_.Warning(kHiddenField, expr,
                        Concat("the field '", step.name, "' of stream '",
                               report_.stream(*scope_.event).name, "' hides step '", step.name,
                               "', which is still to come; event.", step.name, " is the field"));
      }
      return CheckBareField(expr, step.name);
    }
    if (step.own) {
      report_
          .Error(kStepToCome, expr,
                 Concat("'", step.name, "' is this step itself, which has taken nothing yet"))
          .notes.push_back(Concat("fields of the event that is tested stand without the step's "
                                  "name; a field '",
                                  step.name, "' is event.", step.name));
    } else {
      Diagnostic& error = report_.Error(
          kStepToCome, expr, Concat("'", step.name, "' is a step that is still to come here"));
      error.labels.push_back({step.span, "it stands here"});
      error.notes.push_back(Concat("conditions can refer to earlier steps only; a field '",
                                   step.name, "' is event.", step.name));
    }
    BecomeConstant(expr);
  }

  void CheckBareField(Expr& expr, std::string name) {
    if (IsForeignConstant(name) && !Declares(*scope_.event, name) && hidden_.insert(name).second) {
      report_
          .Warning(kForeignConstant, expr, Concat("'", name, "' is read as a field of the event"))
          .suggestion = std::string(MeantConstant(name));
    }
    expr.args.push_back(Derived(expr, ExprKind::kEvent, Type::Event(*scope_.event)));
    BecomeField(expr, {std::move(name)});
  }

  std::string NamesHere() const {
    std::string names;
    const auto add = [&names](const std::string& name) {
      names += (names.empty() ? "" : ", ") + name;
    };
    for (const std::string& key : scope_.key_names) add(key);
    for (const StepName& step : scope_.steps) add(step.name);
    return names.empty() ? "no names are known here" : "names here: " + names;
  }

  void UnknownName(const Expr& expr, const std::string& name) {
    Diagnostic& error = report_.Error(kUnknownName, expr, Concat("unknown name '", name, "'"));
    std::vector<std::string> candidates = scope_.key_names;
    for (const StepName& step : scope_.steps) candidates.push_back(step.name);
    for (const Local& local : locals_) candidates.push_back(local.name);
    error.suggestion = Nearest(name, candidates);
    for (const StepName& step : scope_.steps) {
      if (!error.suggestion.empty() || step.is_list || !Declares(step.stream, name)) continue;
      error.suggestion = Concat(step.name, ".", name);
    }
    error.notes.push_back(NamesHere());
  }

  // Fields.

  // The type of a path; none (and an error) where it goes through something that has no fields.
  std::optional<Type> FieldType(StreamIndex stream, const FieldPath& path, const Expr& place) {
    const auto& fields = report_.stream(stream).fields;
    for (size_t size = path.size(); size > 0; --size) {
      const auto found =
          fields.find(FieldPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(size)));
      if (found == fields.end()) continue;
      Type type = found->second;
      for (size_t i = size; i < path.size(); ++i) {
        if (type.kind == TypeKind::kMap && type.element != nullptr) {
          type = Type(*type.element);
        } else if (!IsDyn(type) && type.kind != TypeKind::kMap) {
          Diagnostic& error = report_.ErrorAtName(
              kNoFields, place,
              Concat("'",
                     PathText(FieldPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(i))),
                     "' is declared ", type.ToString(), " in stream '", report_.stream(stream).name,
                     "' and has no field '", path[i], "'"));
          if (type.kind == TypeKind::kList)
            error.notes.push_back(
                "an element of a list is list[0]; for all of them: list.map(x, x.field)");
          return std::nullopt;
        } else {
          type = Type::Dyn();
        }
      }
      return type;
    }
    return Type::Dyn();
  }

  // REQUIRES: expr.args is the event alone.
  void BecomeField(Expr& expr, FieldPath path) {
    const std::optional<Type> type = FieldType(expr.args[0]->type.stream, path, expr);
    if (!type.has_value()) return BecomeConstant(expr);
    expr.kind = ExprKind::kField;
    expr.name.clear();
    expr.path = std::move(path);
    expr.type = expr.test ? Type::Of(TypeKind::kBool) : *type;
  }

  // Joins expr, which selects `name` of args[0], with the path that it goes on, where it is of an
  // event. False where args[0] is not of an event.
  bool ExtendPath(Expr& expr, const std::string& name) {
    Expr& operand = *expr.args[0];
    if (operand.type.kind == TypeKind::kEvent) {
      expr.args.resize(1);
      BecomeField(expr, {name});
      return true;
    }
    if (operand.kind != ExprKind::kField || operand.test) return false;
    if (!IsDyn(operand.type) && operand.type.kind != TypeKind::kMap) return false;
    FieldPath path = operand.path;
    path.push_back(name);
    ExprPtr base = std::move(operand.args[0]);
    expr.args.clear();
    expr.args.push_back(std::move(base));
    BecomeField(expr, std::move(path));
    return true;
  }

  void CheckSelect(Expr& expr) {
    Check(expr.args[0]);
    const Expr& operand = *expr.args[0];
    if (operand.type.kind == TypeKind::kEvent && operand.kind != ExprKind::kEvent &&
        expr.name == "event_time") {
      report_.ErrorAtName(kLaterFunction, expr, "the event's time is not in this version")
          .notes.push_back("a field of this name is [\"event_time\"]");
      return BecomeConstant(expr);
    }
    const std::string name = expr.name;
    if (ExtendPath(expr, name)) return;
    expr.type = expr.test ? Type::Of(TypeKind::kBool) : Type::Dyn();
    const Type& type = operand.type;
    if (IsDyn(type)) return;
    if (type.kind == TypeKind::kMap) {
      if (!expr.test && type.element != nullptr) expr.type = *type.element;
      return;
    }
    NoFields(expr, type);
  }

  void NoFields(Expr& expr, const Type& type) {
    const std::string operand(report_.TextOf(*expr.args[0]).substr(0, 60));
    Diagnostic& error = report_.ErrorAtName(
        kNoFields, expr,
        Concat("'", operand, "' is ", type.ToString(), " and has no field '", expr.name, "'"));
    if (type.kind == TypeKind::kList && type.element != nullptr &&
        type.element->kind == TypeKind::kEvent) {
      error.notes.push_back(Concat("the step repeats: one of its events is ", operand, "[0].",
                                   expr.name, ", all of them are ", operand, ".map(e, e.",
                                   expr.name, ")"));
    }
    expr.type = Type::Dyn();
  }

  // Calls.

  void CheckCall(ExprPtr& node) {
    Expr& expr = *node;
    const Function* function = FindFunction(expr.name);
    if (function == nullptr) return CheckUnknownCall(expr);
    for (ExprPtr& arg : expr.args) Check(arg);
    if (expr.name == "_[_]") {
      if (const auto* name = std::get_if<std::string>(&expr.args[1]->constant)) {
        const std::string field = *name;
        expr.name_begin = expr.args[1]->begin;
        if (ExtendPath(expr, field)) return;
      }
    }
    if (!CheckForm(expr, *function, report_)) return;
    std::vector<Type> types;
    for (const ExprPtr& arg : expr.args) types.push_back(arg->type);
    if (const std::optional<Type> result = function->result(types)) {
      expr.type = *result;
    } else {
      ReportMismatch(expr, *function, types, report_);
      expr.type = Type::Dyn();
    }
    if (expr.name == "matches") CheckRegex(*expr.args[1], report_);
  }

  void CheckUnknownCall(Expr& expr) {
    const std::string name = expr.name;
    if (expr.member && expr.args[0]->kind == ExprKind::kIdent &&
        IsLaterNamespace(expr.args[0]->name) && FindLocal(expr.args[0]->name) == nullptr &&
        FindStep(expr.args[0]->name) == nullptr) {
      report_.Error(kLaterFunction, expr.args[0]->begin,
                    expr.name_begin + static_cast<uint32_t>(name.size()),
                    Concat(expr.args[0]->name, ".", name, "() is not in this version"));
      return BecomeConstant(expr);
    }
    if (IsLaterFunction(name)) {
      report_.ErrorAtName(kLaterFunction, expr, Concat(name, "() is not in this version"));
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

  // Literals and macros.

  void CheckList(Expr& expr) {
    std::optional<Type> element;
    for (ExprPtr& arg : expr.args) {
      Check(arg);
      element = element.has_value() ? Join(*element, arg->type) : arg->type;
    }
    expr.type = Type::List(element.value_or(Type::Dyn()));
  }

  void CheckMap(Expr& expr) {
    std::optional<Type> key;
    std::optional<Type> value;
    std::set<std::string> seen;
    for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
      Check(expr.args[i]);
      Check(expr.args[i + 1]);
      CheckMapKey(*expr.args[i], seen);
      key = key.has_value() ? Join(*key, expr.args[i]->type) : expr.args[i]->type;
      value = value.has_value() ? Join(*value, expr.args[i + 1]->type) : expr.args[i + 1]->type;
    }
    expr.type = Type::Map(key.value_or(Type::Dyn()), value.value_or(Type::Dyn()));
  }

  void CheckMapKey(const Expr& key, std::set<std::string>& seen) {
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
        return;
    }
    if (key.kind != ExprKind::kConstant) return;
    std::string text = ToString(key);
    if (key.type.kind == TypeKind::kUint) text.pop_back();  // 1u and 1 are the same key
    if (!seen.insert(text).second)
      report_.Error(kBadMapKey, key,
                    Concat("this map has the key ", report_.TextOf(key), " already"));
  }

  void CheckMacro(Expr& expr) {
    expr.local = next_local_++;
    Check(expr.args[0]);
    const Type range = expr.args[0]->type;
    Type element;
    switch (range.kind) {
      case TypeKind::kDyn:
        break;
      case TypeKind::kList:
        if (range.element != nullptr) element = *range.element;
        break;
      case TypeKind::kMap:
        if (range.key != nullptr) element = *range.key;
        break;
      case TypeKind::kEvent:
        element = Type::Of(TypeKind::kString);
        break;
      default:
        report_.AddDeclaration(
            *expr.args[0],
            report_.ErrorAtName(
                kNoOverload, expr,
                Concat(expr.name, "() runs over a list or a map, not ", range.ToString())));
        break;
    }
    WarnHidingVariable(expr);
    locals_.push_back({expr.variable, expr.local, element});
    for (size_t i = 1; i < expr.args.size(); ++i) Check(expr.args[i]);
    locals_.pop_back();
    if (expr.name != "map" || expr.args.size() == 3) CheckPredicate(expr);
    if (expr.name == "map") {
      expr.type = Type::List(expr.args.back()->type);
    } else if (expr.name == "filter") {
      expr.type = Type::List(element);
    } else {
      expr.type = Type::Of(TypeKind::kBool);
    }
  }

  void CheckPredicate(const Expr& macro) {
    const Expr& predicate = *macro.args[1];
    if (IsDyn(predicate.type) || predicate.type.kind == TypeKind::kBool) return;
    report_.Error(kNoOverload, predicate,
                  Concat("the condition of ", macro.name, "() must be bool, and is ",
                         predicate.type.ToString()));
  }

  void WarnHidingVariable(const Expr& macro) {
    const std::string& name = macro.variable;
    std::string hidden;
    if (name == "event" && scope_.event.has_value()) {
      hidden = "the event";
    } else if (FindStep(name) != nullptr) {
      hidden = Concat("step '", name, "'");
    } else if (scope_.event.has_value() && Declares(*scope_.event, name)) {
      hidden =
          Concat("the field '", name, "' of stream '", report_.stream(*scope_.event).name, "'");
    }
    if (hidden.empty()) return;
    report_.WarningAtName(kHiddenField, macro,
                          Concat("the variable '", name, "' of ", macro.name, "() hides ", hidden));
  }

  void Check(ExprPtr& node) {
    Expr& expr = *node;
    if (ResolveKey(expr)) return;
    switch (expr.kind) {
      case ExprKind::kConstant:
        expr.type = TypeOf(expr.constant);
        return;
      case ExprKind::kIdent:
        return CheckIdent(expr);
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
    constexpr TypeKind kKinds[] = {TypeKind::kNull, TypeKind::kBool,   TypeKind::kInt,
                                   TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
                                   TypeKind::kBytes};
    return Type::Of(kKinds[constant.index()]);
  }

  const Scope& scope_;
  Reporter& report_;
  std::vector<ExprPtr> keys_;
  std::vector<Local> locals_;
  std::set<std::string> hidden_;  // names whose hiding was told
  uint32_t next_local_ = 0;
};

}  // namespace

std::optional<Expression> Compile(LocatedText text, const Scope& scope, Type wanted,
                                  Diagnostics& diagnostics) {
  ExprPtr root = Parse(text, diagnostics);
  if (root == nullptr) return std::nullopt;
  Reporter reporter(text, *scope.streams, diagnostics);
  Checker checker(scope, reporter);
  checker.CheckRoot(root, wanted);
  WarnAboutFields(*root, reporter);
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
