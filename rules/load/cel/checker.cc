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

#include "re2/re2.h"
#include "rules/load/cel/cel.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/functions.h"
#include "rules/load/cel/literal.h"
#include "rules/load/cel/reads.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

// A path as it is written after `event`: payer.id, ["@timestamp"].
std::string PathText(const FieldPath& path) {
  std::string out;
  for (const std::string& name : path) out += (out.empty() ? "" : ".") + name;
  return out;
}

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
  Checker(const LocatedText& text, const Scope& scope, Diagnostics& diagnostics)
      : text_(text), scope_(scope), diagnostics_(diagnostics) {
    if (scope_.event.has_value()) return;
    for (const std::string& name : scope_.key_names) {
      Diagnostics ignored;
      keys_.push_back(Parse(LocatedText(name), ignored));
    }
  }

  void CheckRoot(ExprPtr& expr, const Type& wanted) {
    Check(expr);
    if (IsDyn(wanted) || IsDyn(expr->type) || expr->type == wanted) return;
    Error(kResultType, *expr,
          Concat("this must be ", wanted.ToString(), ", and is ", expr->type.ToString()));
  }

  void Warn(const Expr& expr) {
    if (expr.kind == ExprKind::kField) WarnUndeclared(expr);
    if (expr.kind == ExprKind::kCall) WarnArithmetic(expr);
    for (const ExprPtr& arg : expr.args) Warn(*arg);
  }

  bool failed() const { return failed_; }
  uint32_t locals() const { return next_local_; }

 private:
  struct Local {
    std::string name;
    uint32_t number = 0;
    Type type;
  };

  // Mistakes.

  Diagnostic& Error(Code code, uint32_t begin, uint32_t end, std::string message) {
    failed_ = true;
    return diagnostics_.Error(code, text_.Locate(begin, end), std::move(message));
  }
  Diagnostic& Error(Code code, const Expr& expr, std::string message) {
    return Error(code, expr.begin, expr.end, std::move(message));
  }
  // At the name of a call or the field of a selection.
  Diagnostic& ErrorAtName(Code code, const Expr& expr, std::string message) {
    return Error(code, expr.name_begin,
                 expr.name_begin + static_cast<uint32_t>(OperatorText(expr).size()),
                 std::move(message));
  }
  Diagnostic& Warning(Code code, const Expr& expr, std::string message) {
    return diagnostics_.Warning(code, text_.Locate(expr.begin, expr.end), std::move(message));
  }

  std::string_view TextOf(const Expr& expr) const {
    return std::string_view(text_.text()).substr(expr.begin, expr.end - expr.begin);
  }

  static std::string_view OperatorText(const Expr& expr) {
    const std::string_view name = expr.name;
    if (expr.kind != ExprKind::kCall) return name;
    if (name == "@in") return "in";
    if (name == "_[_]") return "[";
    if (name == "_?_:_") return "?";
    if (name == "!_" || name == "-_") return name.substr(0, 1);
    const Function* function = FindFunction(name);
    const bool is_operator = function != nullptr && function->usage.empty();
    return is_operator ? name.substr(1, name.size() - 2) : name;  // _+_
  }

  static bool IsOperator(const Expr& expr) { return FindFunction(expr.name)->usage.empty(); }

  // Names.

  const Stream& StreamOf(StreamIndex index) const { return (*scope_.streams)[index]; }

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

  bool Declares(StreamIndex stream, const std::string& name) const {
    for (const auto& [path, type] : StreamOf(stream).fields) {
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
          Warning(kHiddenField, expr,
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
      Error(kLaterTables, expr, Concat("'", name, "' is not in this version"));
      return BecomeConstant(expr);
    }
    if (scope_.event.has_value()) return CheckBareField(expr, std::string(name));
    if (expr.test && std::find(scope_.key_names.begin(), scope_.key_names.end(), name) !=
                         scope_.key_names.end()) {
      Error(kCelMacro, expr, Concat("'", name, "' is a part of the key, and always there"));
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
    Error(kCelMacro, expr, "has() takes a field: has(mfa) or has(login.mfa)");
    BecomeConstant(expr);
  }

  void CheckEvent(Expr& expr) {
    if (!scope_.event.has_value()) {
      Diagnostic& error = Error(
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
      Warning(kHiddenField, expr,
              Concat("step '", step.name, "' hides the field '", step.name, "' of stream '",
                     StreamOf(*scope_.event).name, "'; the field is event.", step.name));
    }
    const Type event = Type::Event(step.stream);
    if (!expr.test)
      return BecomeName(expr, ExprKind::kStep, step.index,
                        step.is_list ? Type::List(event) : event);
    if (step.is_list) {
      Error(kCelMacro, expr,
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

  void CheckBareField(Expr& expr, std::string name) {
    if (IsForeignConstant(name) && !Declares(*scope_.event, name) && hidden_.insert(name).second) {
      Warning(kForeignConstant, expr, Concat("'", name, "' is read as a field of the event"))
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
    Diagnostic& error = Error(kUnknownName, expr, Concat("unknown name '", name, "'"));
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
    const auto& fields = StreamOf(stream).fields;
    for (size_t size = path.size(); size > 0; --size) {
      const auto found =
          fields.find(FieldPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(size)));
      if (found == fields.end()) continue;
      Type type = found->second;
      for (size_t i = size; i < path.size(); ++i) {
        if (type.kind == TypeKind::kMap && type.element != nullptr) {
          type = Type(*type.element);
        } else if (!IsDyn(type) && type.kind != TypeKind::kMap) {
          Diagnostic& error = ErrorAtName(
              kNoFields, place,
              Concat("'",
                     PathText(FieldPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(i))),
                     "' is declared ", type.ToString(), " in stream '", StreamOf(stream).name,
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
      ErrorAtName(kLaterFunction, expr, "the event's time is not in this version")
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
    const std::string operand(TextOf(*expr.args[0]).substr(0, 60));
    Diagnostic& error = ErrorAtName(
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
    if (!CheckForm(expr, *function)) return;
    std::vector<Type> types;
    for (const ExprPtr& arg : expr.args) types.push_back(arg->type);
    if (const std::optional<Type> result = function->result(types)) {
      expr.type = *result;
    } else {
      NoOverload(expr, *function, types);
    }
    if (expr.name == "matches") CheckRegex(*expr.args[1]);
  }

  // How a function is called: with as many arguments as it takes, on something or not.
  bool CheckForm(const Expr& expr, const Function& function) {
    if (IsOperator(expr)) return true;
    if (expr.args.size() != function.arity) {
      const size_t written = expr.args.size() - (expr.member ? 1 : 0);
      ErrorAtName(
          kArgumentCount, expr,
          Concat(expr.name, "() does not take ", std::to_string(written),
                 written == 1 ? " argument" : " arguments", "; it is called as ", function.usage));
      return false;
    }
    if (expr.member ? function.member : function.global) return true;
    ErrorAtName(kArgumentCount, expr, Concat(expr.name, "() is called as ", function.usage));
    return false;
  }

  void CheckUnknownCall(Expr& expr) {
    const std::string name = expr.name;
    if (expr.member && expr.args[0]->kind == ExprKind::kIdent &&
        IsLaterNamespace(expr.args[0]->name) && FindLocal(expr.args[0]->name) == nullptr &&
        FindStep(expr.args[0]->name) == nullptr) {
      Error(kLaterFunction, expr.args[0]->begin,
            expr.name_begin + static_cast<uint32_t>(name.size()),
            Concat(expr.args[0]->name, ".", name, "() is not in this version"));
      return BecomeConstant(expr);
    }
    if (IsLaterFunction(name)) {
      ErrorAtName(kLaterFunction, expr, Concat(name, "() is not in this version"));
      return BecomeConstant(expr);
    }
    const std::string nearest = NearestFunction(name);
    if (nearest == name) {  // a macro, not on a list
      ErrorAtName(kCelMacro, expr,
                  Concat(name, "() is called on a list: items.", name, "(i, i.price > 10.0)"));
      return BecomeConstant(expr);
    }
    ErrorAtName(kUnknownFunction, expr, Concat("there is no function '", name, "'")).suggestion =
        nearest;
    for (ExprPtr& arg : expr.args) Check(arg);
    BecomeConstant(expr);
  }

  void NoOverload(Expr& expr, const Function& function, const std::vector<Type>& types) {
    const std::string_view op = OperatorText(expr);
    const std::string_view name = expr.name;
    if (name == "_&&_" || name == "_||_" || name == "!_" || name == "_?_:_") {
      for (size_t i = 0; i < (name == "_?_:_" ? 1 : types.size()); ++i) {
        if (IsDyn(types[i]) || types[i].kind == TypeKind::kBool) continue;
        DeclaredNote(*expr.args[i],
                     Error(kNoOverload, *expr.args[i],
                           Concat("'", op, "' takes bool, not ", types[i].ToString())));
      }
    } else if (name == "_[_]") {
      const Type& type = types[0];
      const bool indexable = type.kind == TypeKind::kList || type.kind == TypeKind::kMap ||
                             type.kind == TypeKind::kEvent;
      DeclaredNote(
          *expr.args[indexable ? 1 : 0],
          Error(kNoOverload, *expr.args[1],
                indexable ? Concat(type.ToString(), " is not indexed by ", types[1].ToString())
                          : Concat(type.ToString(), " cannot be indexed")));
    } else if (function.usage.empty()) {
      OperatorMismatch(expr, types);
    } else {
      std::string list;
      for (const Type& type : types) list += (list.empty() ? "" : ", ") + type.ToString();
      Diagnostic& error = ErrorAtName(
          kNoOverload, expr,
          Concat(name, "() does not take ", list, "; it is called as ", function.usage));
      for (const ExprPtr& arg : expr.args) DeclaredNote(*arg, error);
    }
    expr.type = Type::Dyn();
  }

  void OperatorMismatch(const Expr& expr, const std::vector<Type>& types) {
    const std::string_view op = OperatorText(expr);
    const bool relation = expr.name == "_==_" || expr.name == "_!=_" || expr.name == "_<_" ||
                          expr.name == "_<=_" || expr.name == "_>_" || expr.name == "_>=_";
    std::string message =
        Concat("'", op, relation ? "' does not compare " : "' does not take ", types[0].ToString());
    if (types.size() == 2) message += Concat(relation ? " with " : " and ", types[1].ToString());
    Diagnostic& error = ErrorAtName(kNoOverload, expr, std::move(message));
    const auto number = [](const Type& type) {
      return type.kind == TypeKind::kInt || type.kind == TypeKind::kUint ||
             type.kind == TypeKind::kDouble;
    };
    if (types.size() == 2 && number(types[0]) && number(types[1])) {
      error.notes.push_back(
          "numbers are not converted by themselves: write double(x) or int(x), or 1.0 for 1");
    }
    if (relation && types[0].kind == TypeKind::kBool && IsRelation(*expr.args[0])) {
      error.notes.push_back("a range is written low <= x && x <= high");
    }
    for (const ExprPtr& arg : expr.args) DeclaredNote(*arg, error);
  }

  static bool IsRelation(const Expr& expr) {
    return expr.kind == ExprKind::kCall &&
           (expr.name == "_<_" || expr.name == "_<=_" || expr.name == "_>_" || expr.name == "_>=_");
  }

  // Where a field's type comes from.
  void DeclaredNote(const Expr& expr, Diagnostic& error) const {
    if (expr.kind != ExprKind::kField || expr.test || IsDyn(expr.type)) return;
    error.notes.push_back(Concat("'", PathText(expr.path), "' is declared ", expr.type.ToString(),
                                 " in stream '", StreamOf(expr.args[0]->type.stream).name, "'"));
  }

  void CheckRegex(const Expr& pattern) {
    const auto* text = std::get_if<std::string>(&pattern.constant);
    if (pattern.kind != ExprKind::kConstant || text == nullptr) return;
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 regex(*text, options);
    if (regex.ok()) return;
    uint32_t begin = pattern.begin;
    uint32_t end = pattern.end;
    const std::string& part = regex.error_arg();
    const size_t at = part.empty() ? std::string::npos : text->find(part);
    if (at != std::string::npos) {
      const DecodedLiteral decoded = DecodeLiteral(TextOf(pattern));
      begin = pattern.begin + decoded.offsets[at];
      end = pattern.begin + decoded.offsets[at + part.size()];
    }
    Diagnostic& error =
        Error(kBadRegex, begin, end, Concat("not a regular expression: ", regex.error()));
    if (regex.error_code() == re2::RE2::ErrorBadPerlOp ||
        regex.error_code() == re2::RE2::ErrorBadEscape) {
      error.notes.push_back("expressions are RE2's: no look-around, no back-references");
    }
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
        Error(kBadMapKey, key,
              Concat("the key of a map is string, int, uint or bool, not ", key.type.ToString()));
        return;
    }
    if (key.kind != ExprKind::kConstant) return;
    std::string text = ToString(key);
    if (key.type.kind == TypeKind::kUint) text.pop_back();  // 1u and 1 are the same key
    if (!seen.insert(text).second)
      Error(kBadMapKey, key, Concat("this map has the key ", TextOf(key), " already"));
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
        DeclaredNote(
            *expr.args[0],
            ErrorAtName(kNoOverload, expr,
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
    Error(kNoOverload, predicate,
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
      hidden = Concat("the field '", name, "' of stream '", StreamOf(*scope_.event).name, "'");
    }
    if (hidden.empty()) return;
    diagnostics_.Warning(kHiddenField, text_.Locate(macro.name_begin, macro.end),
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

  // Warnings about the whole.

  void WarnUndeclared(const Expr& field) {
    const Stream& stream = StreamOf(field.args[0]->type.stream);
    if (stream.fields.empty() || field.path.empty()) return;
    const std::string name = PathText(field.path);
    std::vector<std::string> declared;
    for (const auto& [path, type] : stream.fields) {
      const size_t shared = std::min(path.size(), field.path.size());
      if (std::equal(path.begin(), path.begin() + static_cast<ptrdiff_t>(shared),
                     field.path.begin()))
        return;
      declared.push_back(PathText(path));
    }
    const std::string nearest = Nearest(name, declared);
    if (nearest.empty() || !undeclared_.insert(stream.name + " " + name).second) return;
    Warning(kUndeclaredField, field,
            Concat("stream '", stream.name, "' declares no field '", name, "'"))
        .suggestion = nearest;
  }

  void WarnArithmetic(const Expr& call) {
    if (call.name != "_+_" && call.name != "_-_" && call.name != "_*_" && call.name != "_/_" &&
        call.name != "_%_")
      return;
    if (call.type.kind == TypeKind::kString || call.type.kind == TypeKind::kList ||
        call.type.kind == TypeKind::kBytes)
      return;
    for (const ExprPtr& arg : call.args) {
      if (arg->kind != ExprKind::kField || arg->test || !IsDyn(arg->type)) continue;
      const Stream& stream = StreamOf(arg->args[0]->type.stream);
      const std::string name = PathText(arg->path);
      if (!untyped_.insert(stream.name + " " + name).second) continue;
      Warning(kUntypedArithmetic, *arg,
              Concat("arithmetic on '", name, "', whose type stream '", stream.name,
                     "' does not declare; 10 and 10.5 are different types"))
          .notes.push_back(
              Concat("declare it in the stream's fields, or write double(", TextOf(*arg), ")"));
    }
  }

  const LocatedText& text_;
  const Scope& scope_;
  Diagnostics& diagnostics_;
  std::vector<ExprPtr> keys_;
  std::vector<Local> locals_;
  std::set<std::string> hidden_;      // names whose hiding was told
  std::set<std::string> undeclared_;  // the same for undeclared fields
  std::set<std::string> untyped_;
  uint32_t next_local_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<Expression> Compile(LocatedText text, const Scope& scope, Type wanted,
                                  Diagnostics& diagnostics) {
  ExprPtr root = Parse(text, diagnostics);
  if (root == nullptr) return std::nullopt;
  Checker checker(text, scope, diagnostics);
  checker.CheckRoot(root, wanted);
  checker.Warn(*root);
  if (checker.failed()) return std::nullopt;
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
