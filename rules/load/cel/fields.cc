#include "rules/load/cel/fields.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "rules/load/cel/concat.h"
#include "rules/load/cel/functions.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

// The type of a path; none (and an error) where it goes through something that has no fields.
std::optional<Type> FieldType(StreamIndex stream, const FieldPath& path, const Expr& place,
                              Reporter& report) {
  const auto& fields = report.stream(stream).fields;
  for (size_t size = path.size(); size > 0; --size) {
    const auto found =
        fields.find(FieldPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(size)));
    if (found == fields.end()) continue;
    Type type = found->second;
    for (size_t i = size; i < path.size(); ++i) {
      if (type.kind == TypeKind::kMap && type.element != nullptr) {
        type = Type(*type.element);
      } else if (!IsDyn(type) && type.kind != TypeKind::kMap) {
        Diagnostic& error = report.ErrorAtName(
            kNoFields, place,
            Concat("'", PathText(FieldPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(i))),
                   "' is declared ", type.ToString(), " in stream '", report.stream(stream).name,
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

}  // namespace

void BecomeConstant(Expr& expr) {
  expr.kind = ExprKind::kConstant;
  expr.constant = {};
  expr.args.clear();
  expr.type = Type::Dyn();
}

void BecomeField(Expr& expr, FieldPath path, Reporter& report) {
  const std::optional<Type> type = FieldType(expr.args[0]->type.stream, path, expr, report);
  if (!type.has_value()) return BecomeConstant(expr);
  expr.kind = ExprKind::kField;
  expr.name.clear();
  expr.path = std::move(path);
  expr.type = expr.test ? Type::Of(TypeKind::kBool) : *type;
}

bool ExtendPath(Expr& expr, const std::string& name, Reporter& report) {
  Expr& operand = *expr.args[0];
  if (operand.type.kind == TypeKind::kEvent) {
    expr.args.resize(1);
    BecomeField(expr, {name}, report);
    return true;
  }
  if (operand.kind != ExprKind::kField || operand.test) return false;
  if (!IsDyn(operand.type) && operand.type.kind != TypeKind::kMap) return false;
  FieldPath path = operand.path;
  path.push_back(name);
  ExprPtr base = std::move(operand.args[0]);
  expr.args.clear();
  expr.args.push_back(std::move(base));
  BecomeField(expr, std::move(path), report);
  return true;
}

}  // namespace telltale::rules
