// What the names in an expression mean (V2): a part of the key, the variable of a macro, a step,
// the event or a field of it.
//
// The names of types (int, list) mean them, but for fields that their stream declares. An
// undeclared field can have such a name too (`type` often does): the checker turns it into one
// where a type makes no sense.
//
// A name becomes a node that reads what it means. One that means nothing here is told, and becomes
// a null constant of type dyn. Owner, thread: the checker's. Errors: go to the reporter.
#ifndef TELLTALE_RULES_LOAD_CEL_NAMES_H_
#define TELLTALE_RULES_LOAD_CEL_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/cel/cel.h"
#include "rules/load/cel/definitions.h"
#include "rules/load/cel/reporter.h"
#include "rules/model/expression.h"
#include "rules/model/stream.h"
#include "rules/model/type.h"

namespace telltale::rules {

class Names {
 public:
  // Both outlive it.
  Names(const Scope& scope, Reporter& report);

  // What is seen from now on; it outlives its stay. Parts of the key remain those of the first.
  const Scope& ExchangeScope(const Scope& scope) { return *std::exchange(scope_, &scope); }
  const Scope& scope() const { return *scope_; }

  // Whether the expression is a part of the correlation key, by its text; it has become that then.
  bool ResolveKey(Expr& expr);
  // REQUIRES: expr is a kIdent.
  void Resolve(Expr& expr);

  // Whether a selection is lists.NAME or tables.NAME; it has become that then, or an error.
  // REQUIRES: expr is a kSelect.
  bool ResolveDefinition(Expr& expr);
  // Whether a selection is a value of one of the rule's windows, WINDOW.VALUE; it has become that
  // then, or an error. `next_local`: the number of the next variable. REQUIRES: expr is a kSelect.
  bool ResolveWindow(Expr& expr, uint32_t& next_local);
  // The declared type of a field of a row, where `operand` is one; none: undeclared, or no row.
  std::optional<Type> RowField(const Expr& operand, const std::string& field) const;
  // The macro that a plain name, or the name of a call, means; null: none.
  const MacroDefinition* FindMacro(const Expr& expr);

  // Variables and parameters that are seen. Within a macro they are the macro's own.
  struct Local {
    std::string name;
    uint32_t number = 0;
    Type type;
    std::optional<size_t> parameter;  // of the macro whose text is being checked
  };
  using Locals = std::vector<Local>;
  Locals ExchangeLocals(Locals locals) { return std::exchange(locals_, std::move(locals)); }
  const Locals& locals() const { return locals_; }
  // The parameter that a name means.
  std::optional<size_t> ParameterOf(const Expr& expr) const;

  // The event that is tested, for what stands at `place`; null, and an error, where there is none.
  ExprPtr Event(const Expr& place);

  // A variable of a macro, of the type `type`, is known until as many Leaves.
  void Enter(const Expr& macro, const std::string& variable, uint32_t number, Type type);
  void Leave() { locals_.pop_back(); }

  // Whether the node was made of the name of a type that may as well be a field's.
  bool IsTypeName(const Expr& expr) const;
  // Makes it that field. REQUIRES: IsTypeName.
  void BecomeFieldAgain(Expr& expr);

  // Whether it means a variable or a step.
  bool IsTaken(std::string_view name) const;

 private:
  const Local* FindLocal(std::string_view name) const;
  const StepName* FindStep(std::string_view name) const;
  const UnseenStep* FindUnseen(std::string_view name) const;
  const StepWindow* FindWindow(std::string_view name) const;
  bool Declares(StreamIndex stream, const std::string& name) const;
  // Whether any name in the tree means a macro's variable or (with `steps`) a step.
  bool MentionsHiding(const Expr& expr, bool steps) const;

  void ResolveEvent(Expr& expr);
  void ResolveStep(Expr& expr, const StepName& step);
  void ResolveUnseen(Expr& expr, const UnseenStep& step);
  void RefuseUnseen(const Expr& expr, const UnseenStep& step);
  void ResolveField(Expr& expr, std::string name);
  void UnknownDefinition(const Expr& expr, bool lists);
  void RefuseWindow(const Expr& expr, const StepWindow& window);
  void HasOfValue(Expr& expr);
  void WarnHiding(const Expr& macro, const std::string& name);
  void UnknownName(const Expr& expr, const std::string& name);
  std::string NamesHere() const;

  const Scope* scope_;
  Reporter& report_;
  std::vector<ExprPtr> keys_;
  Locals locals_;
  std::set<std::string> hidden_;  // names whose hiding was told
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_NAMES_H_
