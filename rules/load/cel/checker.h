// The checker: has names resolved (V2) and selections on events turned into paths, infers types,
// and finds the overload of every operator and function. A part that has an error gets the type
// dyn, which fits everywhere, so that one mistake is told once.
//
// Split over checker*.cc by what is checked: names and selections, calls, aggregates, macros of
// rule files, literals and CEL's macros. For this folder alone; cel.h is what others see.
//
// Owner: Compile, for one expression. Thread: any, one at a time. Errors: told to the Reporter.
#ifndef TELLTALE_RULES_LOAD_CEL_CHECKER_H_
#define TELLTALE_RULES_LOAD_CEL_CHECKER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/cel/aggregates.h"
#include "rules/load/cel/cel.h"
#include "rules/load/cel/functions.h"
#include "rules/load/cel/names.h"
#include "rules/load/cel/reporter.h"

namespace telltale::rules {

class Checker {
 public:
  Checker(const Scope& scope, Reporter& report)
      : report_(report), names_(scope, report), unchecked_(scope.unchecked) {}

  void CheckRoot(ExprPtr& expr, const Type& wanted, bool wants_field);
  uint32_t locals() const { return next_local_; }

 private:
  // The use of a macro whose text is being checked.
  struct Expansion {
    const MacroDefinition* macro = nullptr;
    ExprPtr call;                       // a name, or a call with the arguments as they were parsed
    Names::Locals locals;               // what is seen where it is used
    const Expansion* caller = nullptr;  // null: it is used in the expression itself
    const Reporter::Place* outside = nullptr;
    Reporter::Place inside;
  };

  // The types of a macro's variables; `first` alone is that of the element, or of a map's key.
  struct Variables {
    Type first;
    Type second;
  };

  void Check(ExprPtr& node);

  // Names and selections.
  void CheckSelect(Expr& expr);
  bool BecomeTypeName(Expr& expr);
  bool BecomeWindowEdge(Expr& expr);
  void NoFields(Expr& expr, const Type& type, const std::string& name);
  void RefuseBareTables(const Expr& expr);
  void RefuseBareTable(const Expr& table);

  // Calls.
  void CheckCall(ExprPtr& node);
  bool CheckPath(Expr& expr);
  void RereadTypeNames(Expr& call, const Function& function);
  void CheckEventTime(Expr& expr);
  void CheckMatchCount(Expr& expr);
  void CheckUnknownCall(Expr& expr);

  // Aggregates.
  void BecomeValueOfWindow(AggregateCall call, Expr& expr);
  void RefuseAggregate(Expr& expr);
  bool BecomeBaselineValue(Expr& expr);
  bool RefuseBaselineCall(Expr& expr);
  bool MeansBaseline(const Expr& base) const;
  void CheckAggregate(Expr& expr, const AggregateForm& form);
  bool ReadPercentile(const Expr& expr, double& percentile);
  bool ReadHalfLife(const Expr& call, int64_t& half_life);
  std::vector<Expression> ArgumentsFor(StreamIndex source, const Expr& expr);
  std::optional<Type> ResultOf(const Expr& expr, const AggregateForm& form,
                               const AggregateCall& call);

  // Macros of rule files.
  void Expand(ExprPtr& node, const MacroDefinition& macro);
  void Substitute(ExprPtr& node, size_t parameter);
  bool Affordable(const Expr& place, const Expr& tree);

  // Literals, and the macros of CEL.
  void CheckList(Expr& expr);
  Type CheckItem(Expr& item, ExprPtr& node);
  void CheckMap(Expr& expr);
  void CheckMapKey(const Expr& key);
  void CheckUnique(const Expr& key, std::set<std::string>& seen);
  void CheckMacro(Expr& expr);
  Variables VariablesOf(const Expr& macro);
  void CheckBody(Expr& expr, const Variables& variables);
  void CheckBodyKind(const Expr& macro, std::string_view what,
                     std::initializer_list<TypeKind> kinds);
  void CheckPredicate(Expr& macro);

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

// STEP.event_time: what args[0] is the time of. It is there where the event is.
void BecomeTime(Expr& expr);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_CHECKER_H_
