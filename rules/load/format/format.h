// Lays a YAML file out in the one way that rule files have here, and keeps its comments and its
// meaning.
//
// Layout only: keys and items stay in their order, block and flow style stay as they are but where
// a flow map or list is longer than a line or has a comment in it (then it is opened), texts keep
// what they say. What is decided: indents of two, lists indented in their maps, 100 columns; plain
// words without quotes, other quoted texts in single ones; `{ a: b }` and `[a, b]`; one step a line
// with its values aligned; long conditions folded before their && and ||; one blank line at most; a
// line's comment two blanks behind it, comments of lines that follow each other one below the
// other.
//
// The result is read again and compared with what was read before, so that no file ever comes out
// with another meaning. Formatting twice is formatting once.
//
// Owner: the caller. Thread: no shared state, any. Errors: diagnostics of the YAML reader, and then
// no text; a refusal where the layout cannot be kept (the file stays as it is).
#ifndef TELLTALE_RULES_LOAD_FORMAT_FORMAT_H_
#define TELLTALE_RULES_LOAD_FORMAT_FORMAT_H_

#include <optional>
#include <string>

#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::rules {

inline constexpr size_t kFormatColumns = 100;

struct FormatResult {
  std::optional<std::string> text;
  Diagnostics diagnostics;
  std::string refusal;  // in a sentence; empty: none
};

FormatResult Format(const SourcePtr& file);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_FORMAT_FORMAT_H_
