// Any bytes as an expression, in each of the places where one can stand: it compiles or there are
// mistakes, all of them within the text; what compiles has a canonical form that is printed the
// same again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/match.h"
#include "rules/load/cel/cel.h"
#include "rules/load/cel/vocabulary.h"

namespace telltale::rules {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

const StreamCatalog& Catalog() {
  static const StreamCatalog catalog({
      {.name = "logins", .topic = "logins", .fields = {}},
      {.name = "transactions",
       .topic = "transactions",
       .fields = {{{"amount"}, Type::Of(TypeKind::kDouble)},
                  {{"payer", "id"}, Type::Of(TypeKind::kString)},
                  {{"emails"}, Type::List(Type::Of(TypeKind::kString))}}},
  });
  return catalog;
}

void CompileIn(const std::string& text, std::optional<StreamIndex> event) {
  const Scope scope{
      .streams = &Catalog(),
      .event = event,
      .steps = {{"login", 0, 0, false}, {"transfer", 1, 1, true}},
      .unseen = {{"device", {}, UnseenStep::Why::kToCome}, {"amount", {}, UnseenStep::Why::kOwn}},
      .key_names = {"user_id", "payer.id"}};
  Diagnostics diagnostics;
  const LocatedText located(text, std::make_shared<const SourceFile>("fuzz.yml", text));
  const std::optional<Expression> expression = Compile(located, scope, Type::Dyn(), diagnostics);
  Require(expression.has_value() == !diagnostics.has_errors());
  for (const Diagnostic& diagnostic : diagnostics.list()) {
    Require(diagnostic.span.begin <= diagnostic.span.end && diagnostic.span.end <= text.size());
  }
  if (text.size() < 1000) Render(diagnostics);
  if (expression.has_value()) Require(!ToString(*expression->root).empty());
}

// Whether name(x) is no call: a reserved word, the macro, or the word for which `!` is meant.
bool IsNoCall(const std::string& name) {
  return IsReserved(name) || name == "has" || absl::EqualsIgnoreCase(name, "not");
}

// The canonical form of a tree is an expression itself, with the same form: unless there are
// macros in it, or calls such as x.while() and x.has(y), which are no calls without the dot.
bool IsExpressionAgain(const Expr& expr) {
  if (expr.kind == ExprKind::kMacro) return false;
  if (expr.kind == ExprKind::kCall && IsNoCall(expr.name)) return false;
  return std::all_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return IsExpressionAgain(*arg); });
}

void ParseAgain(const std::string& text) {
  Diagnostics diagnostics;
  const ExprPtr once = Parse(LocatedText(text), diagnostics);
  if (once == nullptr || !IsExpressionAgain(*once)) return;
  const std::string printed = ToString(*once);
  if (printed.size() > kMaxExpressionBytes / 2) return;
  Diagnostics again;
  const ExprPtr twice = Parse(LocatedText(printed), again);
  Require(twice != nullptr && ToString(*twice) == printed);
}

}  // namespace
}  // namespace telltale::rules

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  telltale::rules::CompileIn(text, 0);
  telltale::rules::CompileIn(text, 1);
  telltale::rules::CompileIn(text, std::nullopt);
  telltale::rules::ParseAgain(text);
  return 0;
}
