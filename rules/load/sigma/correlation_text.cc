#include "rules/load/sigma/correlation_text.h"

#include <cstdint>
#include <string_view>

namespace telltale::rules::sigma {
namespace {

class TextWriter {
 public:
  explicit TextWriter(const std::vector<std::string>& calls) : calls_(calls) {}

  std::string Run(Expr& expr) {
    Write(expr, false);
    return std::move(text_);
  }

 private:
  uint32_t here() const { return static_cast<uint32_t>(text_.size()); }

  // `inside`: in brackets where it is more than one thing.
  void Write(Expr& expr, bool inside) {
    if (expr.kind == ExprKind::kCall && expr.args.size() >= 2 && inside) {
      text_ += '(';
      Write(expr, false);
      text_ += ')';
      return;
    }
    expr.begin = expr.name_begin = here();
    if (expr.kind == ExprKind::kAggregate) {
      text_ += calls_[expr.index];
    } else if (expr.kind != ExprKind::kCall) {
      text_ += ToString(expr);
    } else if (expr.args.size() == 1) {
      text_ += '!';
      Write(*expr.args[0], true);
    } else if (expr.args.size() == 2) {
      // Of && in && nothing is in brackets.
      for (size_t i = 0; i < 2; ++i) {
        if (i == 1) text_ += " " + Operator(expr.name) + " ";
        Write(*expr.args[i], expr.args[i]->name != expr.name && IsLogic(*expr.args[i]));
      }
    } else {
      Write(*expr.args[0], true);
      text_ += " ? ";
      Write(*expr.args[1], true);
      text_ += " : ";
      Write(*expr.args[2], true);
    }
    expr.end = here();
  }

  static bool IsLogic(const Expr& expr) {
    return expr.name == "_&&_" || expr.name == "_||_" || expr.name == "_?_:_";
  }

  // "_>=_" to ">=".
  static std::string Operator(std::string_view name) {
    return std::string(name.substr(1, name.size() - 2));
  }

  const std::vector<std::string>& calls_;
  std::string text_;
};

}  // namespace

std::string WriteOut(const std::vector<std::string>& calls, Expr& expr) {
  return TextWriter(calls).Run(expr);
}

}  // namespace telltale::rules::sigma
