// The replacement that a diagnostic knows of.
#include "rules/model/diagnostic.h"

namespace telltale::rules {
namespace {

// Quotes around the word stay.
Span WithoutQuotes(Span span) {
  const std::string_view text = span.file->text().substr(span.begin, span.end - span.begin);
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '"' || text.front() == '\'');
  if (quoted) {
    ++span.begin;
    --span.end;
  }
  return span;
}

// A suggestion is a word or a path; what YAML could read otherwise is no replacement.
bool IsPlain(std::string_view text) {
  return text.find_first_of("\n\r\t\"'\\:#{}[],&*!|>%@` ") == std::string_view::npos;
}

}  // namespace

std::optional<Fix> FixOf(const Diagnostic& diagnostic) {
  if (diagnostic.suggestion.empty() || diagnostic.span.file == nullptr) return std::nullopt;
  if (!IsPlain(diagnostic.suggestion)) return std::nullopt;
  const Span span = WithoutQuotes(diagnostic.span);
  const std::string word(span.file->text().substr(span.begin, span.end - span.begin));
  if (word.empty() || diagnostic.message.find("'" + word + "'") == std::string::npos)
    return std::nullopt;
  return Fix{span, diagnostic.suggestion};
}

}  // namespace telltale::rules
