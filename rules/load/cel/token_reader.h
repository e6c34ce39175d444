// The parser's place in the tokens of an expression, and what it says when they do not fit.
//
// Reading never fails: past a mistake it goes on at the next token that the parser knows what to do
// with. Nothing is told twice of one token, how the text ends is told once, and after kMaxMistakes,
// or after Stop(), only kEnd is left.
//
// Owner: the parser. Thread: one. References to tokens hold as long as the reader.
#ifndef TELLTALE_RULES_LOAD_CEL_TOKEN_READER_H_
#define TELLTALE_RULES_LOAD_CEL_TOKEN_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/load/cel/lexer.h"
#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::rules {

class TokenReader {
 public:
  static constexpr int kMaxMistakes = 20;

  // REQUIRES: `tokens` ends in kEnd; `text` and `diagnostics` outlive the reader.
  TokenReader(const LocatedText& text, std::vector<Token> tokens, Diagnostics& diagnostics);

  const Token& Peek(size_t ahead = 0) const;
  bool At(TokenKind kind) const { return Peek().kind == kind; }
  const Token& Advance();
  bool Accept(TokenKind kind);
  // The token before; the first one at the beginning.
  const Token& Previous() const { return tokens_[pos_ == 0 ? 0 : pos_ - 1]; }
  uint32_t LastEnd() const { return pos_ == 0 ? 0 : tokens_[pos_ - 1].end; }
  // From now on the token here is of this kind. The end stays the end: that is where a reader
  // stands that has stopped over too many mistakes.
  void Reread(TokenKind kind) {
    if (!At(TokenKind::kEnd)) tokens_[pos_].kind = kind;
  }

  std::string_view Text(uint32_t begin, uint32_t end) const;
  std::string_view TextOf(const Token& token) const { return Text(token.begin, token.end); }
  // For messages: "'&&'", "the end".
  std::string Describe(const Token& token) const;

  // Reads an opening bracket.
  const Token& Open();
  // Reads the bracket that closes the last one opened, past what does not belong before it.
  void Close(TokenKind kind, std::string_view bracket);
  // The last bracket that is still open; null where none is.
  const Token* InnermostOpen() const { return open_.empty() ? nullptr : open_.back(); }

  Diagnostic& Error(Code code, const Token& token, std::string message);
  Diagnostic& Error(Code code, uint32_t begin, uint32_t end, std::string message);
  void TooDeep(uint32_t begin, uint32_t end);
  void Unclosed(const Token& open);
  // The token here, where an operator or `bracket` (if any) is due.
  void Unexpected(std::string_view bracket);
  // Passes over what cannot stand here, to where reading can go on.
  void Skip();
  // Nothing more is read or told.
  void Stop();
  // Whether it was told already that the text ends too early.
  bool end_told() const { return end_told_; }

 private:
  const LocatedText& text_;
  std::vector<Token> tokens_;
  Diagnostics& diagnostics_;
  Diagnostic ignored_;
  size_t pos_ = 0;
  int mistakes_ = 0;
  bool stopped_ = false;
  bool end_told_ = false;
  std::vector<const Token*> open_;
  std::optional<uint32_t> told_;  // where the last mistake begins
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_TOKEN_READER_H_
