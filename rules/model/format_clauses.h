// The template of text.format([...]), taken apart: plain text, and clauses such as %s, %.3f and %%.
//
// The checker reads it to tell mistakes at their place, the engine to fill it in. A clause is "%",
// a precision ("." and digits; used by %e and %f alone) where one is wanted, and one of the letters
// s d f e b o x X, or another "%".
//
// Source: the CEL specification, doc/extensions/strings.md. Owner: points into the template.
// Thread: one. Errors: the fault of the last Next; nothing follows it.
#ifndef TELLTALE_RULES_MODEL_FORMAT_CLAUSES_H_
#define TELLTALE_RULES_MODEL_FORMAT_CLAUSES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace telltale::rules {

struct FormatClause {
  std::string_view before;  // the plain text up to the clause
  char letter = 0;          // 0: the template ends without a clause
  int precision = 6;
  size_t begin = 0;  // where the clause stands in the template
  size_t end = 0;
};

enum class FormatFault : uint8_t {
  kNone,
  kUnfinished,     // the template ends inside a clause
  kNoPrecision,    // "." without digits
  kLongPrecision,  // more than kMostPrecision
  kUnknownLetter,
};

class FormatClauses {
 public:
  static constexpr int kMostPrecision = 1000;

  explicit FormatClauses(std::string_view text) : text_(text) {}

  // The next clause. With a letter of 0 it is the last one, and `fault` tells whether that is so
  // for a mistake, at [begin, end) of it.
  FormatClause Next();
  FormatFault fault() const { return fault_; }

 private:
  FormatClause Fail(FormatClause clause, FormatFault fault);

  std::string_view text_;
  size_t at_ = 0;
  FormatFault fault_ = FormatFault::kNone;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_FORMAT_CLAUSES_H_
