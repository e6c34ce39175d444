#include "rules/model/format_clauses.h"

#include <algorithm>

namespace telltale::rules {

FormatClause FormatClauses::Fail(FormatClause clause, FormatFault fault) {
  clause.letter = 0;
  clause.end = std::min(at_, text_.size());
  at_ = text_.size();
  fault_ = fault;
  return clause;
}

FormatClause FormatClauses::Next() {
  FormatClause clause;
  clause.begin = std::min(text_.find('%', at_), text_.size());
  clause.before = text_.substr(at_, clause.begin - at_);
  clause.end = clause.begin;
  at_ = clause.begin;
  if (at_ == text_.size()) return clause;
  ++at_;
  if (at_ < text_.size() && text_[at_] == '.') {
    const size_t digits = ++at_;
    clause.precision = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
      clause.precision = std::min(clause.precision * 10 + (text_[at_] - '0'), kMostPrecision + 1);
    if (at_ == digits) return Fail(clause, FormatFault::kNoPrecision);
    if (clause.precision > kMostPrecision) return Fail(clause, FormatFault::kLongPrecision);
  }
  if (at_ == text_.size()) return Fail(clause, FormatFault::kUnfinished);
  const char letter = text_[at_++];
  // Of a letter beyond ASCII all bytes, so that it can be shown.
  while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) ++at_;
  if (std::string_view("sdfeboxX%").find(letter) == std::string_view::npos)
    return Fail(clause, FormatFault::kUnknownLetter);
  clause.letter = letter;
  clause.end = at_;
  return clause;
}

}  // namespace telltale::rules
