#include "rules/load/cel/macros.h"

#include <string>
#include <utility>
#include <variant>

#include "rules/load/cel/concat.h"
#include "rules/model/codes.h"

namespace telltale::rules {

bool IsMacro(std::string_view name) {
  return name == "all" || name == "exists" || name == "exists_one" || name == "existsOne" ||
         name == "filter" || name == "map";
}

Subtree MakeHas(const Token& name, std::vector<Subtree> args, TokenReader& in, TreeBuilder& tree) {
  if (args.size() == 1) {
    Expr& expr = *args[0].expr;
    const bool field = expr.kind == ExprKind::kSelect || expr.kind == ExprKind::kIdent;
    const bool index = expr.kind == ExprKind::kCall && expr.name == "_[_]" &&
                       std::holds_alternative<std::string>(expr.args[1]->constant);
    if ((field && !expr.test) || index) {
      if (index) {
        expr.kind = ExprKind::kSelect;
        expr.name = std::get<std::string>(expr.args[1]->constant);
        expr.name_begin = expr.args[1]->begin;
        expr.args.pop_back();
      }
      expr.test = true;
      expr.begin = args[0].begin = name.begin;
      expr.end = args[0].end = in.LastEnd();
      return std::move(args[0]);
    }
  }
  in.Error(kCelMacro, name.begin, in.LastEnd(),
           "has() takes the name of one field, as in has(mfa) or has(login.mfa)");
  return tree.Placeholder(name.begin, in.LastEnd());
}

Subtree MakeMacro(const Token& name, uint32_t begin, std::vector<Subtree> args, TokenReader& in,
                  TreeBuilder& tree) {
  const bool is_map = name.text == "map";
  const uint32_t end = in.LastEnd();
  if (args.size() == 4 && !is_map && args[1].expr->kind == ExprKind::kIdent &&
      args[2].expr->kind == ExprKind::kIdent) {
    in.Error(kLaterMacro, name, Concat(name.text, "() with two variables is not in this version"));
    return tree.Placeholder(begin, end);
  }
  if (args.size() != 3 && !(is_map && args.size() == 4)) {
    in.Error(
        kCelMacro, name,
        is_map ? std::string("map() takes a variable and what to make of it: items.map(i, i.price)")
               : Concat(name.text, "() takes a variable and a condition: items.", name.text,
                        "(i, i.price > 10.0)"));
    return tree.Placeholder(begin, end);
  }
  const Expr& variable = *args[1].expr;
  if (variable.kind != ExprKind::kIdent || variable.test || variable.name[0] == '.') {
    in.Error(
        kCelMacro, args[1].begin, args[1].end,
        Concat("the first argument of ", name.text, "() is a new, plain name for the element"));
    return tree.Placeholder(begin, end);
  }
  std::string variable_name = variable.name;
  args.erase(args.begin() + 1);
  Subtree node = tree.Parent(ExprKind::kMacro, name.text == "existsOne" ? "exists_one" : name.text,
                             name.begin, begin, end, std::move(args));
  node.expr->member = true;
  node.expr->variable = std::move(variable_name);
  node.expr->local = kUnnumberedLocal;
  return node;
}

}  // namespace telltale::rules
