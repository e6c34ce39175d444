// Where the checks of an expression put what they find, with its place in the text.
//
// Owner: the checker. Thread: one. References to diagnostics hold until the next one.
#ifndef TELLTALE_RULES_LOAD_CEL_REPORTER_H_
#define TELLTALE_RULES_LOAD_CEL_REPORTER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/model/diagnostic.h"
#include "rules/model/expression.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"

namespace telltale::rules {

class Reporter {
 public:
  // A text from which another text was reached: that of a macro, from where the macro is used. What
  // is told then has its place in the macro, and a label for each use on the way.
  struct Place {
    const LocatedText* text = nullptr;
    std::string macro;             // empty: the expression itself
    Span use;                      // in the outer place's text
    const Place* outer = nullptr;  // outlives this one
  };

  // All three outlive the reporter.
  Reporter(const LocatedText& text, const StreamCatalog& streams, Diagnostics& diagnostics)
      : root_{.text = &text}, place_(&root_), streams_(streams), diagnostics_(diagnostics) {}

  Diagnostic& Error(Code code, uint32_t begin, uint32_t end, std::string message);
  Diagnostic& Error(Code code, const Expr& expr, std::string message);
  // At the name or the operator of a call, or the field of a selection.
  Diagnostic& ErrorAtName(Code code, const Expr& expr, std::string message);
  Diagnostic& Warning(Code code, const Expr& expr, std::string message);
  Diagnostic& WarningAtName(Code code, const Expr& expr, std::string message);
  // Says where the type of a declared field comes from; nothing where `expr` is none.
  void AddDeclaration(const Expr& expr, Diagnostic& diagnostic) const;

  const Place& place() const { return *place_; }
  // `place` outlives its stay, which ends with the next SetPlace.
  void SetPlace(const Place& place) { place_ = &place; }
  Span Locate(const Expr& expr) const { return place_->text->Locate(expr.begin, expr.end); }

  // Whether there was an error.
  bool failed() const { return failed_; }
  const Stream& stream(StreamIndex index) const { return streams_[index]; }
  std::string_view TextOf(const Expr& expr) const;

 private:
  static uint32_t NameEnd(const Expr& expr);

  Diagnostic& WithUses(Diagnostic& diagnostic) const;

  const Place root_;
  const Place* place_;
  const StreamCatalog& streams_;
  Diagnostics& diagnostics_;
  bool failed_ = false;
};

// An operator as it is written (&&, in, ?); any other name as it is.
std::string_view WrittenName(const Expr& expr);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_REPORTER_H_
