// Macros of rule files: their text in the place of their use, within bounds.
#include "rules/load/cel/checker.h"

#include <utility>

#include "rules/load/cel/concat.h"
#include "rules/load/cel/fields.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

// Of macros and arguments open at a time: each may be as deep as an expression.
constexpr size_t kMaxExpansions = 32;

size_t CountNodes(const Expr& expr) {
  size_t count = 1;
  for (const ExprPtr& arg : expr.args) count += CountNodes(*arg);
  return count;
}

// What is told of the tree later is told where it was put.
void StandAt(const Expr& place, Expr& expr) {
  expr.begin = expr.name_begin = place.begin;
  expr.end = place.end;
  for (const ExprPtr& arg : expr.args) StandAt(place, *arg);
}

}  // namespace

// Puts the text of a macro in the place of its use.
void Checker::Expand(ExprPtr& node, const MacroDefinition& macro) {
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
void Checker::Substitute(ExprPtr& node, size_t parameter) {
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
bool Checker::Affordable(const Expr& place, const Expr& tree) {
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

}  // namespace telltale::rules
