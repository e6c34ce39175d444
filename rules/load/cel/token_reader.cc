#include "rules/load/cel/token_reader.h"

#include <algorithm>
#include <utility>

#include "rules/load/cel/cel.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/vocabulary.h"
#include "rules/model/codes.h"

namespace telltale::rules {

TokenReader::TokenReader(const LocatedText& text, std::vector<Token> tokens,
                         Diagnostics& diagnostics)
    : text_(text), tokens_(std::move(tokens)), diagnostics_(diagnostics) {}

const Token& TokenReader::Peek(size_t ahead) const {
  return tokens_[std::min(pos_ + ahead, tokens_.size() - 1)];
}

const Token& TokenReader::Advance() {
  const Token& token = Peek();
  if (pos_ + 1 < tokens_.size()) ++pos_;
  return token;
}

bool TokenReader::Accept(TokenKind kind) {
  if (!At(kind)) return false;
  Advance();
  return true;
}

std::string_view TokenReader::Text(uint32_t begin, uint32_t end) const {
  return std::string_view(text_.text()).substr(begin, end - begin);
}

std::string TokenReader::Describe(const Token& token) const {
  return token.kind == TokenKind::kEnd ? std::string("the end")
                                       : Concat("'", TextOf(token).substr(0, 40), "'");
}

Diagnostic& TokenReader::Error(Code code, const Token& token, std::string message) {
  return Error(code, token.begin, token.end, std::move(message));
}

Diagnostic& TokenReader::Error(Code code, uint32_t begin, uint32_t end, std::string message) {
  if (stopped_ || (told_ && *told_ == begin)) return ignored_ = {};
  told_ = begin;
  Diagnostic& error = diagnostics_.Error(code, text_.Locate(begin, end), std::move(message));
  if (++mistakes_ >= kMaxMistakes) Stop();
  return error;
}

void TokenReader::Stop() {
  stopped_ = true;
  pos_ = tokens_.size() - 1;
}

void TokenReader::TooDeep(uint32_t begin, uint32_t end) {
  Error(kCelTooDeep, begin, end,
        Concat("this expression is nested more than ", std::to_string(kMaxDepth), " deep"));
  Stop();
}

void TokenReader::Skip() {
  int open = 0;
  while (!At(TokenKind::kEnd)) {
    const TokenKind kind = Peek().kind;
    if (IsOpening(kind)) ++open;
    if (IsClosing(kind) && open-- == 0) return;
    if (open == 0 &&
        (kind == TokenKind::kComma || kind == TokenKind::kAnd || kind == TokenKind::kOr ||
         kind == TokenKind::kQuestion || kind == TokenKind::kColon)) {
      return;
    }
    Advance();
  }
}

const Token& TokenReader::Open() {
  open_.push_back(&Advance());
  return *open_.back();
}

void TokenReader::Close(TokenKind kind, std::string_view bracket) {
  const Token& open = *open_.back();
  open_.pop_back();
  if (Accept(kind)) return;
  if (At(TokenKind::kEnd)) return Unclosed(open);
  Unexpected(bracket);
  int depth = 0;
  while (!At(TokenKind::kEnd)) {
    const TokenKind at = Peek().kind;
    if (IsClosing(at) && depth-- == 0) {
      if (at == kind) Advance();
      return;
    }
    if (IsOpening(at)) ++depth;
    Advance();
  }
}

void TokenReader::Unclosed(const Token& open) {
  if (end_told_ || stopped_) return;  // how the text ends is told once
  end_told_ = true;
  NoteCut(text_,
          Error(kCelUnclosedBracket, open, Concat("this '", TextOf(open), "' is not closed")));
}

void TokenReader::Unexpected(std::string_view bracket) {
  const Token& token = Peek();
  if (IsClosing(token.kind)) {
    Error(kCelUnclosedBracket, token,
          bracket.empty() ? Concat("nothing is open that this ", Describe(token), " closes")
                          : Concat("expected '", bracket, "' here, found ", Describe(token)));
    return;
  }
  const std::string expected =
      bracket.empty() ? "an operator" : Concat("an operator or '", bracket, "'");
  if (token.kind == TokenKind::kComma || token.kind == TokenKind::kColon) {
    Error(kCelSyntax, token, Concat("expected ", expected, ", found ", Describe(token)));
    return;
  }
  Error(kCelSyntax, token, Concat("expected ", expected, " before ", Describe(token)));
}

}  // namespace telltale::rules
