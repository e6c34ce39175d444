#include "rules/load/cel/names.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "rules/load/cel/concat.h"
#include "rules/load/cel/fields.h"
#include "rules/model/codes.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {
namespace {

bool SameTree(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.name != b.name || a.test != b.test || a.constant != b.constant ||
      a.variable != b.variable || a.variable2 != b.variable2 || a.args.size() != b.args.size()) {
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

// The types that have a plain name.
bool IsTypeDenotation(std::string_view name) {
  constexpr std::string_view kTypes[] = {"bool", "bytes",         "double",    "int",
                                         "list", "map",           "null_type", "string",
                                         "type", "optional_type", "uint"};
  return std::find(std::begin(kTypes), std::end(kTypes), name) != std::end(kTypes);
}

std::string_view MeantConstant(std::string_view foreign) {
  if (foreign[0] == 'T') return "true";
  return foreign[0] == 'F' ? "false" : "null";
}

ExprPtr Derived(const Expr& from, ExprKind kind, Type type) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->begin = from.begin;
  expr->end = from.end;
  expr->name_begin = from.name_begin;
  expr->type = std::move(type);
  return expr;
}

void BecomeName(Expr& expr, ExprKind kind, uint32_t index, Type type) {
  expr.kind = kind;
  expr.name.clear();
  expr.index = index;
  expr.type = std::move(type);
}

// A value's tree in the place of its name: what points to the text of the value points to the name,
// calls and variables get numbers among those of all that is there.
void StandFor(const Expr& name, uint32_t first_call, uint32_t first_local, Expr& tree) {
  tree.begin = name.begin;
  tree.end = name.end;
  tree.name_begin = name.name_begin;
  if (tree.kind == ExprKind::kAggregate) tree.index += first_call;
  if (tree.kind == ExprKind::kLocal) tree.index += first_local;
  if (tree.kind == ExprKind::kMacro) {
    tree.local += first_local;
    if (!tree.variable2.empty()) tree.local2 += first_local;
  }
  for (const ExprPtr& arg : tree.args) StandFor(name, first_call, first_local, *arg);
}

}  // namespace

Names::Names(const Scope& scope, Reporter& report) : scope_(&scope), report_(report) {
  if (scope_->event.has_value()) return;
  for (const std::string& name : scope_->key_names) {
    Diagnostics ignored;
    keys_.push_back(Parse(LocatedText(name), ignored));
  }
}

bool Names::ResolveKey(Expr& expr) {
  if (scope_->event.has_value() || expr.test) return false;
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == nullptr || !SameTree(expr, *keys_[i])) continue;
    if (MentionsHiding(expr, false)) return false;
    if (MentionsHiding(expr, true)) {
      if (hidden_.insert(scope_->key_names[i]).second) {
        report_.Warning(
            kHiddenField, expr,
            Concat("the step of this name hides the key's part '", scope_->key_names[i], "'"));
      }
      return false;
    }
    expr.kind = ExprKind::kKey;
    expr.name.clear();
    expr.args.clear();
    expr.constant = {};
    expr.index = static_cast<uint32_t>(i);
    expr.type = scope_->null_keys ? Type::Dyn() : Type::Of(TypeKind::kString);
    return true;
  }
  return false;
}

void Names::Resolve(Expr& expr) {
  std::string_view name = expr.name;
  const bool root = name.starts_with('.');
  if (root) name.remove_prefix(1);
  if (const Local* local = root ? nullptr : FindLocal(name)) {
    if (expr.test) return HasOfValue(expr);
    return BecomeName(expr, ExprKind::kLocal, local->number, local->type);
  }
  if (name == "event" && !root) return ResolveEvent(expr);
  if (const StepName* step = FindStep(name)) return ResolveStep(expr, *step);
  if (name == "lists" || name == "tables") {
    report_.Error(kUnknownDefinition, expr,
                  Concat("'", name, "' is no value: write ", name, ".NAME"));
    return BecomeConstant(expr);
  }
  const bool declared = scope_->event.has_value() && Declares(*scope_->event, std::string(name));
  if (const StepWindow* window = root ? nullptr : FindWindow(name)) {
    RefuseWindow(expr, *window);
    return BecomeConstant(expr);
  }
  if (!expr.test && !declared && IsTypeDenotation(name)) {
    expr.kind = ExprKind::kConstant;
    expr.constant = TypeName{std::string(name)};
    expr.name.clear();
    expr.type = Type::OfType(Type::Dyn());
    return;
  }
  if (scope_->event.has_value()) {
    if (const UnseenStep* step = FindUnseen(name)) return ResolveUnseen(expr, *step);
    return ResolveField(expr, std::string(name));
  }
  if (expr.test && std::find(scope_->key_names.begin(), scope_->key_names.end(), name) !=
                       scope_->key_names.end()) {
    report_.Error(kCelMacro, expr,
                  scope_->null_keys
                      ? Concat("'", name, "' is a part of the key: ask ", name, " != null")
                      : Concat("'", name, "' is a part of the key, and always there"));
    return BecomeConstant(expr);
  }
  UnknownName(expr, std::string(name));
  BecomeConstant(expr);
}

void Names::Enter(const Expr& macro, const std::string& variable, uint32_t number, Type type) {
  WarnHiding(macro, variable);
  locals_.push_back({variable, number, std::move(type), std::nullopt});
}

bool Names::IsTypeName(const Expr& expr) const {
  return expr.kind == ExprKind::kConstant && std::holds_alternative<TypeName>(expr.constant) &&
         scope_->event.has_value() && expr.name.empty();
}

void Names::BecomeFieldAgain(Expr& expr) {
  std::string name = std::get<TypeName>(expr.constant).name;
  expr.constant = {};
  ResolveField(expr, std::move(name));
}

bool Names::ResolveDefinition(Expr& expr) {
  const Expr& base = *expr.args[0];
  const bool lists = base.name == "lists";
  if (base.kind != ExprKind::kIdent || base.test || (!lists && base.name != "tables")) return false;
  if (IsTaken(base.name)) return false;
  const std::string name = expr.name;
  const Definitions* definitions = scope_->definitions;
  Type type;
  bool found = false;
  if (lists && definitions != nullptr) {
    const auto list = definitions->lists.find(name);
    found = list != definitions->lists.end();
    if (found) type = list->second->type();
    if (found && scope_->uses != nullptr) scope_->uses->lists.insert(name);
  } else if (definitions != nullptr && definitions->tables != nullptr) {
    found = definitions->tables->Find(name) != nullptr;
    type = Type::Map(Type::Dyn(), Type::Map(Type::Of(TypeKind::kString), Type::Dyn()));
  }
  if (!found) {
    UnknownDefinition(expr, lists);
    BecomeConstant(expr);
  } else if (expr.test) {
    report_.Error(kCelMacro, expr, Concat(base.name, ".", name, " is always there"));
    BecomeConstant(expr);
  } else {
    expr.kind = lists ? ExprKind::kNamedList : ExprKind::kTable;
    expr.args.clear();
    expr.type = std::move(type);
  }
  return true;
}

bool Names::ResolveWindow(Expr& expr, uint32_t& next_local) {
  const Expr& base = *expr.args[0];
  if (base.kind != ExprKind::kIdent || base.test || !scope_->reads_windows) return false;
  const StepWindow* window = FindWindow(base.name);
  if (window == nullptr || IsTaken(base.name)) return false;
  if (scope_->event.has_value() && Declares(*scope_->event, window->name) &&
      hidden_.insert(window->name).second) {
    report_.Warning(
        kHiddenField, expr,
        Concat("the window '", window->name, "' hides the field '", window->name, "' of stream '",
               report_.stream(*scope_->event).name, "'; the field is event.", window->name));
  }
  const auto value = std::find_if(window->values.begin(), window->values.end(),
                                  [&](const auto& named) { return named.first == expr.name; });
  if (value == window->values.end()) {
    std::vector<std::string> known;
    for (const auto& [name, expression] : window->values) known.push_back(name);
    Diagnostic& error = report_.ErrorAtName(
        kMisplacedWindow, expr,
        Concat("the window '", window->name, "' has no value '", expr.name, "'"));
    error.suggestion = Nearest(expr.name, known);
    error.labels.push_back({window->span, "its 'values' stand here"});
    BecomeConstant(expr);
  } else if (expr.test) {
    report_.Error(kCelMacro, expr, Concat(window->name, ".", expr.name, " is always there"));
    BecomeConstant(expr);
  } else {
    ExprPtr tree = Clone(*value->second.root);
    StandFor(expr, window->first_call, next_local, *tree);
    next_local += value->second.locals;
    expr = std::move(*tree);
  }
  return true;
}

std::optional<Type> Names::RowField(const Expr& operand, const std::string& field) const {
  if (operand.kind != ExprKind::kCall || operand.args.empty() ||
      operand.args[0]->kind != ExprKind::kTable) {
    return std::nullopt;
  }
  const TableDeclaration* table = scope_->definitions->tables->Find(operand.args[0]->name);
  const auto found = table->fields.find(field);
  return found == table->fields.end() ? std::nullopt : std::optional<Type>(found->second);
}

const MacroDefinition* Names::FindMacro(const Expr& expr) {
  if (scope_->definitions == nullptr || (expr.kind == ExprKind::kCall && expr.member))
    return nullptr;
  const auto found = scope_->definitions->macros.find(expr.name);
  if (found == scope_->definitions->macros.end()) return nullptr;
  if (expr.kind == ExprKind::kIdent) {
    if (FindLocal(expr.name) != nullptr) return nullptr;
    const StepName* step = FindStep(expr.name);
    std::string hidden;
    if (step != nullptr) {
      hidden = Concat("step '", expr.name, "' hides the macro '", expr.name, "'");
    } else if (scope_->event.has_value() && Declares(*scope_->event, expr.name)) {
      hidden = Concat("the macro '", expr.name, "' hides the field '", expr.name, "' of stream '",
                      report_.stream(*scope_->event).name, "'; the field is event.", expr.name);
    }
    if (!hidden.empty() && hidden_.insert(expr.name).second)
      report_.Warning(kHiddenField, expr, hidden);
    if (step != nullptr) return nullptr;
  }
  if (scope_->uses != nullptr) scope_->uses->macros.insert(expr.name);
  return &found->second;
}

std::optional<size_t> Names::ParameterOf(const Expr& expr) const {
  const Local* local = FindLocal(expr.name);
  return local == nullptr ? std::nullopt : local->parameter;
}

bool Names::IsTaken(std::string_view name) const {
  return FindLocal(name) != nullptr || FindStep(name) != nullptr;
}

const Names::Local* Names::FindLocal(std::string_view name) const {
  for (auto it = locals_.rbegin(); it != locals_.rend(); ++it) {
    if (it->name == name) return &*it;
  }
  return nullptr;
}

const StepName* Names::FindStep(std::string_view name) const {
  for (const StepName& step : scope_->steps) {
    if (step.name == name) return &step;
  }
  return nullptr;
}

const UnseenStep* Names::FindUnseen(std::string_view name) const {
  for (const UnseenStep& step : scope_->unseen) {
    if (step.name == name) return &step;
  }
  return nullptr;
}

const StepWindow* Names::FindWindow(std::string_view name) const {
  if (scope_->windows == nullptr) return nullptr;
  // Where it cannot be read a field of its name is meant, if there is one.
  if (!scope_->reads_windows && scope_->event.has_value() &&
      Declares(*scope_->event, std::string(name)))
    return nullptr;
  for (const StepWindow& window : *scope_->windows) {
    if (window.name == name) return &window;
  }
  return nullptr;
}

bool Names::Declares(StreamIndex stream, const std::string& name) const {
  for (const auto& [path, type] : report_.stream(stream).fields) {
    if (!path.empty() && path[0] == name) return true;
  }
  return false;
}

bool Names::MentionsHiding(const Expr& expr, bool steps) const {
  if (expr.kind == ExprKind::kIdent &&
      (steps ? FindStep(expr.name) != nullptr : FindLocal(expr.name) != nullptr)) {
    return true;
  }
  for (const ExprPtr& arg : expr.args) {
    if (MentionsHiding(*arg, steps)) return true;
  }
  return false;
}

ExprPtr Names::Event(const Expr& place) {
  if (scope_->event.has_value())
    return Derived(place, ExprKind::kEvent, Type::Event(*scope_->event));
  report_
      .Error(kUnknownName, place,
             "there is no single event here; name the step whose event is meant")
      .notes.push_back(NamesHere());
  return nullptr;
}

void Names::ResolveEvent(Expr& expr) {
  if (Event(expr) == nullptr) return BecomeConstant(expr);
  if (expr.test) return HasOfValue(expr);
  BecomeName(expr, ExprKind::kEvent, 0, Type::Event(*scope_->event));
}

void Names::ResolveStep(Expr& expr, const StepName& step) {
  if (scope_->event.has_value() && Declares(*scope_->event, step.name) &&
      hidden_.insert(step.name).second) {
    report_.Warning(
        kHiddenField, expr,
        Concat("step '", step.name, "' hides the field '", step.name, "' of stream '",
               report_.stream(*scope_->event).name, "'; the field is event.", step.name));
  }
  const Type event = Type::Event(step.stream);
  if (!expr.test)
    return BecomeName(expr, ExprKind::kStep, step.index, step.is_list ? Type::List(event) : event);
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
void Names::ResolveUnseen(Expr& expr, const UnseenStep& step) {
  if (Declares(*scope_->event, step.name)) {
    if (step.why != UnseenStep::Why::kOwn && hidden_.insert(step.name).second) {
      report_.Warning(
          kHiddenField, expr,
          Concat("the field '", step.name, "' of stream '", report_.stream(*scope_->event).name,
                 "' hides step '", step.name, "', ",
                 step.why == UnseenStep::Why::kToCome ? "which is still to come"
                                                      : "which cannot be seen here",
                 "; event.", step.name, " is the field"));
    }
    return ResolveField(expr, step.name);
  }
  RefuseUnseen(expr, step);
  BecomeConstant(expr);
}

void Names::RefuseUnseen(const Expr& expr, const UnseenStep& step) {
  const std::string field = Concat("a field '", step.name, "' is event.", step.name);
  switch (step.why) {
    case UnseenStep::Why::kOwn:
      report_
          .Error(kStepToCome, expr,
                 Concat("'", step.name, "' is this step itself, which has taken nothing yet"))
          .notes.push_back(
              Concat("fields of the event that is tested stand without the step's name; ", field));
      return;
    case UnseenStep::Why::kToCome: {
      Diagnostic& error = report_.Error(
          kStepToCome, expr, Concat("'", step.name, "' is a step that is still to come here"));
      error.labels.push_back({step.span, "it stands here"});
      error.notes.push_back(Concat("conditions can refer to earlier steps only; ", field));
      return;
    }
    case UnseenStep::Why::kAlternative: {
      Diagnostic& error =
          report_.Error(kStepToCome, expr,
                        Concat("'", step.name, "' is another alternative: where this one takes an ",
                               "event it takes none"));
      error.labels.push_back({step.span, "it stands here"});
      error.notes.push_back(field);
      return;
    }
    case UnseenStep::Why::kWindow:
      report_
          .Error(kStepToCome, expr,
                 Concat("'", step.name, "' is a step, and a window sees none: it is about all ",
                        "events of the key, whatever has been taken"))
          .notes.push_back(field);
      return;
    case UnseenStep::Why::kNone:
      report_
          .Error(
              kStepToCome, expr,
              Concat("'", step.name, "' is a step, and the rule's 'until' sees none: it acts on ",
                     "all partial matches of its key"))
          .notes.push_back(field);
      return;
  }
}

void Names::ResolveField(Expr& expr, std::string name) {
  if (IsForeignConstant(name) && !Declares(*scope_->event, name) && hidden_.insert(name).second) {
    report_.Warning(kForeignConstant, expr, Concat("'", name, "' is read as a field of the event"))
        .suggestion = std::string(MeantConstant(name));
  }
  expr.args.push_back(Derived(expr, ExprKind::kEvent, Type::Event(*scope_->event)));
  BecomeField(expr, {std::move(name)}, report_);
}

void Names::UnknownDefinition(const Expr& expr, bool lists) {
  const Definitions* definitions = scope_->definitions;
  std::vector<std::string> known;
  if (lists && definitions != nullptr) {
    for (const auto& [one, list] : definitions->lists) known.push_back(one);
  } else if (definitions != nullptr && definitions->tables != nullptr) {
    for (const auto& [one, table] : definitions->tables->tables()) known.push_back(one);
  }
  Diagnostic& error = report_.ErrorAtName(
      kUnknownDefinition, expr,
      Concat(lists ? "there is no list '" : "the config declares no table '", expr.name, "'"));
  error.suggestion = Nearest(expr.name, known);
  if (known.empty() && lists)
    error.notes.push_back("lists stand in a document of their own: lists: { NAME: [VALUE, ...] }");
}

void Names::RefuseWindow(const Expr& expr, const StepWindow& window) {
  if (!scope_->reads_windows) {
    Diagnostic& error = report_.Error(
        kMisplacedWindow, expr,
        Concat("the window '", window.name, "' is read for an event that a step, a 'not' or an ",
               "'until' tries, by its 'where'; there is none here"));
    error.labels.push_back({window.span, "it stands here"});
    if (scope_->event.has_value())
      error.notes.push_back(Concat("a field '", window.name, "' is event.", window.name));
    return;
  }
  const std::string value = window.values.empty() ? "VALUE" : window.values.front().first;
  report_
      .Error(
          kMisplacedWindow, expr,
          Concat("'", window.name, "' is a window, and no value: write ", window.name, ".", value))
      .labels.push_back({window.span, "it stands here"});
}

void Names::HasOfValue(Expr& expr) {
  report_.Error(kCelMacro, expr, "has() takes a field: has(mfa) or has(login.mfa)");
  BecomeConstant(expr);
}

void Names::WarnHiding(const Expr& macro, const std::string& name) {
  std::string hidden;
  if (name == "event" && scope_->event.has_value()) {
    hidden = "the event";
  } else if (FindStep(name) != nullptr) {
    hidden = Concat("step '", name, "'");
  } else if (FindWindow(name) != nullptr) {
    hidden = Concat("the window '", name, "'");
  } else if (scope_->event.has_value() && Declares(*scope_->event, name)) {
    hidden = Concat("the field '", name, "' of stream '", report_.stream(*scope_->event).name, "'");
  }
  if (hidden.empty()) return;
  report_.WarningAtName(kHiddenField, macro,
                        Concat("the variable '", name, "' of ", macro.name, "() hides ", hidden));
}

void Names::UnknownName(const Expr& expr, const std::string& name) {
  if (name == "baseline" && scope_->window != nullptr) {
    report_.Error(kMisplacedBaseline, expr, "a baseline is no value: write baseline.avg");
    return;
  }
  Diagnostic& error = report_.Error(kUnknownName, expr, Concat("unknown name '", name, "'"));
  std::vector<std::string> candidates = scope_->key_names;
  for (const StepName& step : scope_->steps) candidates.push_back(step.name);
  for (const Local& local : locals_) candidates.push_back(local.name);
  if (scope_->definitions != nullptr) {
    for (const auto& [macro, definition] : scope_->definitions->macros) candidates.push_back(macro);
  }
  error.suggestion = Nearest(name, candidates);
  for (const StepName& step : scope_->steps) {
    if (!error.suggestion.empty() || step.is_list || !Declares(step.stream, name)) continue;
    error.suggestion = Concat(step.name, ".", name);
  }
  error.notes.push_back(NamesHere());
}

std::string Names::NamesHere() const {
  std::string names;
  const auto add = [&names](const std::string& name) {
    names += (names.empty() ? "" : ", ") + name;
  };
  for (const std::string& key : scope_->key_names) add(key);
  for (const StepName& step : scope_->steps) add(step.name);
  return names.empty() ? "no names are known here" : "names here: " + names;
}

}  // namespace telltale::rules
