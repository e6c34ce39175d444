#include "rules/load/yaml/syntax_error.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>

namespace telltale::rules {
namespace {

namespace said = YAML::ErrorMsg;

constexpr std::string_view kBlanks = " \t";
constexpr char kQuoteOrFold[] = "put the whole value in quotes, or fold it over lines with >-";
constexpr char kQuote[] = "put the whole value in quotes";

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

class Explainer {
 public:
  Explainer(std::string_view text, const SyntaxFailure& failure)
      : text_(text),
        failure_(failure),
        at_(std::min<size_t>(failure.at, text.size())),
        char_(at_ < text.size() ? text[at_] : '\0'),
        line_(text.rfind('\n', at_ == 0 ? 0 : at_ - 1)) {
    line_ = at_ == 0 || line_ == std::string_view::npos ? 0 : line_ + 1;
    before_ = text.substr(line_, at_ - line_);
    if (const size_t last = before_.find_last_not_of(kBlanks); last == std::string_view::npos) {
      before_ = {};
    } else {
      before_ = before_.substr(0, last + 1);
    }
  }

  SyntaxError Explain() {
    const size_t indent = text_.find_first_not_of(kBlanks, line_);
    const size_t tab = text_.find('\t', line_);
    if (tab < indent && tab <= at_ && before_.empty()) {
      return Error(tab, "a tab in the indentation", "YAML is indented with blanks only");
    }
    if (Said(said::UNKNOWN_TOKEN)) return Token();
    if (failure_.said.starts_with(said::UNKNOWN_ANCHOR)) {  // yaml-cpp 0.8 says which one behind it
      return Error(at_, "a value cannot begin with '*', which refers to an anchor", QuoteIt());
    }
    if (failure_.said.starts_with(said::INVALID_ESCAPE) && at_ >= 2) return Escape();
    if (Said(said::FLOW_END)) {
      return Error(at_, std::string("nothing is open here that '") + char_ + "' closes", "");
    }
    if (Said(said::CHAR_IN_BLOCK)) {
      return Error(at_, "the text that '|' or '>' announces begins on the next line", "");
    }
    if (Said(said::BLOCK_ENTRY) && !before_.empty()) {
      return Error(at_, "a list cannot begin here", "its first '-' stands on a line of its own");
    }
    if (Said(said::MAP_VALUE)) return Colon();
    const bool flow = Said(said::END_OF_MAP_FLOW) || Said(said::END_OF_SEQ_FLOW);
    const bool block = Said(said::END_OF_MAP) || Said(said::END_OF_SEQ) || Said(said::BLOCK_ENTRY);
    if ((flow || block) && !before_.empty()) {
      if (const char last = before_.back(); last == '"' || last == '\'') return BehindQuotes();
      if (before_.back() == ']' || before_.back() == '}') {
        return Error(at_, "the value ended with the bracket before this", QuoteIt());
      }
    }
    if (flow && (char_ == '[' || char_ == '{')) {
      return Error(at_, "inside brackets a value without quotes ends before this", QuoteIt());
    }
    if (flow && failure_.open_bracket) return Bracket(*failure_.open_bracket);
    if (block && before_.empty()) {
      return Error(at_, "the indentation of this line fits none of the lines above", "");
    }
    return Error(at_, std::string(failure_.said), "");
  }

 private:
  bool Said(const char* message) const { return failure_.said == message; }
  const char* QuoteIt() const { return failure_.open_bracket ? kQuote : kQuoteOrFold; }

  SyntaxError Error(size_t begin, std::string message, std::string note) const {
    SyntaxError error;
    error.begin = static_cast<uint32_t>(begin);
    error.end = static_cast<uint32_t>(std::min(begin + 1, text_.size()));
    error.message = std::move(message);
    error.note = std::move(note);
    return error;
  }

  SyntaxError Token() const {
    if (char_ == '>' || char_ == '|') {
      return Error(at_,
                   std::string("inside { } and [ ] no text can be folded with '") + char_ + "'",
                   "write the map over several lines, or the text in quotes");
    }
    return Error(at_, std::string("a value cannot begin with '") + char_ + "'", QuoteIt());
  }

  SyntaxError Escape() const {
    SyntaxError error = Error(
        at_ - 2,
        "text in double quotes has no escape '" + std::string(text_.substr(at_ - 2, 2)) + "'",
        "write '\\\\' for a backslash, or put the text in single quotes, which have no escapes");
    error.end = static_cast<uint32_t>(at_);
    return error;
  }

  // A ':' where no key can be: in the middle of a value, or behind a key that does not fit here.
  SyntaxError Colon() const {
    std::string_view key = before_;
    key.remove_prefix(std::min(key.find_first_not_of(" \t-"), key.size()));
    if (IsWord(key)) {
      return Error(line_ + (key.data() - (text_.data() + line_)),
                   "this line does not fit the one above it",
                   "is it indented too far, or does the line above lack its ':'?");
    }
    return Error(at_, "a ': ' inside a value without quotes", QuoteIt());
  }

  SyntaxError BehindQuotes() const {
    SyntaxError error = Error(at_, "the value ended with the quote before this", QuoteIt());
    // Where that quote was not meant to end what it ends, it was opened lines above.
    const size_t end = line_ + before_.size();
    for (size_t i = 0; i < end; ++i) {
      const char c = text_[i];
      if (c == '#' && (i == 0 || text_[i - 1] == ' ' || text_[i - 1] == '\n')) {
        i = std::min(text_.find('\n', i), end);
      } else if ((c == '"' || c == '\'') && i > 0 && (text_[i - 1] == ' ' || text_[i - 1] == '[')) {
        const size_t quoted = QuotedEnd(text_, i);
        if (quoted == end && i < line_) {
          error.further = static_cast<uint32_t>(i);
          error.further_message = "it was opened here";
        }
        if (quoted == std::string_view::npos) break;
        i = quoted - 1;
      }
    }
    if (error.further) error.note = "is the quote above closed where it should be?";
    return error;
  }

  SyntaxError Bracket(uint32_t open) const {
    SyntaxError error = Error(open, std::string("this '") + text_[open] + "' is not closed", "");
    error.further = static_cast<uint32_t>(at_);
    error.further_message = "before this, at the latest";
    return error;
  }

  std::string_view text_;
  const SyntaxFailure& failure_;
  size_t at_;
  char char_;
  size_t line_;              // where the line begins
  std::string_view before_;  // what stands before the place on its line, without blanks at its end
};

}  // namespace

SyntaxError ExplainSyntax(std::string_view text, const SyntaxFailure& failure) {
  return Explainer(text, failure).Explain();
}

size_t QuotedEnd(std::string_view text, size_t begin) {
  const char quote = text[begin];
  for (size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return std::string_view::npos;
}

}  // namespace telltale::rules
