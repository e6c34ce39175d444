// Lists, maps, and the macros of CEL: loops, bindings, optional values.
#include "rules/load/cel/checker.h"

#include <algorithm>
#include <utility>

#include "rules/load/cel/concat.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

bool IsIfThere(const Expr& item) { return item.kind == ExprKind::kCall && item.name == "?_"; }

}  // namespace

void Checker::CheckList(Expr& expr) {
  std::optional<Type> element;
  for (ExprPtr& arg : expr.args) {
    const Type type = CheckItem(*arg, arg);
    element = element.has_value() ? Join(*element, type) : type;
  }
  expr.type = Type::List(element.value_or(Type::Dyn()));
}

// An element of a list, or a value of a map: the type of what will stand there.
Type Checker::CheckItem(Expr& item, ExprPtr& node) {
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

void Checker::CheckMap(Expr& expr) {
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

void Checker::CheckMapKey(const Expr& key) {
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

void Checker::CheckUnique(const Expr& key, std::set<std::string>& seen) {
  if (key.kind != ExprKind::kConstant) return;
  std::string text = ToString(key);
  if (key.type.kind == TypeKind::kUint) text.pop_back();  // 1u and 1 are the same key
  if (!seen.insert(text).second)
    report_.Error(kBadMapKey, key,
                  Concat("this map has the key ", report_.TextOf(key), " already"));
}

void Checker::CheckMacro(Expr& expr) {
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

Checker::Variables Checker::VariablesOf(const Expr& macro) {
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

void Checker::CheckBody(Expr& expr, const Variables& variables) {
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
    if (name == "optFlatMap") CheckBodyKind(expr, "gives an optional value", {TypeKind::kOptional});
    expr.type = body;
  }
}

void Checker::CheckBodyKind(const Expr& macro, std::string_view what,
                            std::initializer_list<TypeKind> kinds) {
  const Expr& body = *macro.args.back();
  if (IsDyn(body.type) || std::find(kinds.begin(), kinds.end(), body.type.kind) != kinds.end())
    return;
  report_.Error(kNoOverload, body,
                Concat("the expression of ", macro.name, "() ", what, ", and this is ",
                       body.type.ToString()));
}

void Checker::CheckPredicate(Expr& macro) {
  if (names_.IsTypeName(*macro.args[1])) names_.BecomeFieldAgain(*macro.args[1]);
  const Expr& predicate = *macro.args[1];
  if (IsDyn(predicate.type) || predicate.type.kind == TypeKind::kBool) return;
  report_.Error(kNoOverload, predicate,
                Concat("the condition of ", macro.name, "() must be bool, and is ",
                       predicate.type.ToString()));
}

}  // namespace telltale::rules
