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
  // All three outlive the reporter.
  Reporter(const LocatedText& text, const StreamCatalog& streams, Diagnostics& diagnostics)
      : text_(text), streams_(streams), diagnostics_(diagnostics) {}

  Diagnostic& Error(Code code, uint32_t begin, uint32_t end, std::string message);
  Diagnostic& Error(Code code, const Expr& expr, std::string message);
  // At the name or the operator of a call, or the field of a selection.
  Diagnostic& ErrorAtName(Code code, const Expr& expr, std::string message);
  Diagnostic& Warning(Code code, const Expr& expr, std::string message);
  Diagnostic& WarningAtName(Code code, const Expr& expr, std::string message);
  // Says where the type of a declared field comes from; nothing where `expr` is none.
  void AddDeclaration(const Expr& expr, Diagnostic& diagnostic) const;

  // Whether there was an error.
  bool failed() const { return failed_; }
  const Stream& stream(StreamIndex index) const { return streams_[index]; }
  std::string_view TextOf(const Expr& expr) const;

 private:
  static uint32_t NameEnd(const Expr& expr);

  const LocatedText& text_;
  const StreamCatalog& streams_;
  Diagnostics& diagnostics_;
  bool failed_ = false;
};

// "payer.id".
std::string PathText(const FieldPath& path);
// An operator as it is written (&&, in, ?); any other name as it is.
std::string_view WrittenName(const Expr& expr);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_REPORTER_H_
