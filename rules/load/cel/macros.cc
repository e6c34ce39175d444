#include "rules/load/cel/macros.h"

#include <string>
#include <utility>
#include <variant>

#include "rules/load/cel/concat.h"
#include "rules/model/codes.h"

namespace telltale::rules {

namespace {

constexpr Macro kMacros[] = {
    {"has", "has(map.field)", "whether the field is there", 1, 1, 0, 0},
    {"cel.bind", "cel.bind(name, value, expression)",
     "the expression, in which the name stands for the value", 3, 3, 1, 1},
    {"all", "list.all(x, condition)", "whether the condition holds for all elements", 3, 4, 1, 2},
    {"exists", "list.exists(x, condition)", "whether it holds for at least one", 3, 4, 1, 2},
    {"exists_one", "list.exists_one(x, condition)", "whether it holds for exactly one", 3, 4, 1, 2},
    {"existsOne", "list.existsOne(x, condition)", "another name of exists_one", 3, 4, 1, 2},
    {"filter", "list.filter(x, condition)", "the elements for which it holds", 3, 3, 1, 1},
    {"map", "list.map(x, expression)",
     "what the expression makes of each element; with a condition before it, of those for which it "
     "holds",
     3, 4, 1, 1},
    {"transformList", "list.transformList(i, x, expression)", "the same with the index", 4, 5, 2,
     2},
    {"transformMap", "map.transformMap(k, v, expression)",
     "a map of the same keys, and for each what the expression makes", 4, 5, 2, 2},
    {"transformMapEntry", "map.transformMapEntry(k, v, {key: value})",
     "a map of all the entries that the expression makes", 4, 5, 2, 2},
    {"sortBy", "list.sortBy(x, expression)", "the elements in the order of what it makes of them",
     3, 3, 1, 1},
    {"optMap", "optional.optMap(x, expression)",
     "an optional of what the expression makes of the value, if there is one", 3, 3, 1, 1},
    {"optFlatMap", "optional.optFlatMap(x, expression)",
     "the same where the expression makes an optional", 3, 3, 1, 1},
};
constexpr size_t kFirstMember = 2;  // behind has and cel.bind

const Macro* FindMacro(std::string_view name) {
  for (const Macro& macro : std::span(kMacros).subspan(kFirstMember)) {
    if (macro.name == name) return &macro;
  }
  return nullptr;
}

// A plain name, for a variable; an error where `arg` is none.
bool IsVariable(const Subtree& arg, const Token& name, TokenReader& in) {
  const Expr& variable = *arg.expr;
  if (variable.kind == ExprKind::kIdent && !variable.test && variable.name[0] != '.') return true;
  in.Error(kCelMacro, arg.begin, arg.end,
           Concat("the first argument of ", name.text, "() is a new, plain name for the element"));
  return false;
}

}  // namespace

std::span<const Macro> AllMacros() { return kMacros; }

bool IsMacro(std::string_view name) { return FindMacro(name) != nullptr; }

bool IsBind(const Expr& operand, const Token& name) {
  return operand.kind == ExprKind::kIdent && operand.name == "cel" && !operand.test &&
         name.text == "bind";
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

Subtree MakeBind(const Token& name, uint32_t begin, std::vector<Subtree> args, TokenReader& in,
                 TreeBuilder& tree) {
  const uint32_t end = in.LastEnd();
  if (args.size() != 3) {
    in.Error(kCelMacro, name, "bind() is called as cel.bind(name, value, expression)");
    return tree.Placeholder(begin, end);
  }
  if (!IsVariable(args[0], name, in)) return tree.Placeholder(begin, end);
  std::string variable = args[0].expr->name;
  args.erase(args.begin());
  Subtree node = tree.Parent(ExprKind::kMacro, "cel.bind", begin, begin, end, std::move(args));
  node.expr->variable = std::move(variable);
  node.expr->local = kUnnumberedLocal;
  return node;
}

Subtree MakeMacro(const Token& name, uint32_t begin, std::vector<Subtree> args, TokenReader& in,
                  TreeBuilder& tree) {
  const Macro& macro = *FindMacro(name.text);
  const uint32_t end = in.LastEnd();
  if (args.size() < macro.min_args || args.size() > macro.max_args) {
    in.Error(kCelMacro, name, Concat(name.text, "() is called as ", macro.usage));
    return tree.Placeholder(begin, end);
  }
  // A fourth argument of all() and its like makes the first two of them variables.
  const bool two = macro.max_variables == 2 && args.size() > 3;
  for (size_t i = 1; i <= (two ? 2 : 1); ++i) {
    if (!IsVariable(args[i], name, in)) return tree.Placeholder(begin, end);
  }
  std::string variable = args[1].expr->name;
  std::string variable2 = two ? args[2].expr->name : std::string();
  if (variable == variable2) {
    in.Error(kCelMacro, args[2].begin, args[2].end,
             Concat("the two variables of ", name.text, "() need different names"));
    return tree.Placeholder(begin, end);
  }
  args.erase(args.begin() + 1, args.begin() + (two ? 3 : 2));
  Subtree node = tree.Parent(ExprKind::kMacro, name.text == "existsOne" ? "exists_one" : name.text,
                             name.begin, begin, end, std::move(args));
  node.expr->member = true;
  node.expr->variable = std::move(variable);
  node.expr->variable2 = std::move(variable2);
  node.expr->local = kUnnumberedLocal;
  node.expr->local2 = kUnnumberedLocal;
  return node;
}

}  // namespace telltale::rules
