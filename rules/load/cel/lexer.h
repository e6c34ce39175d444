// Expression text to tokens, all at once.
//
// Whitespace and // comments are dropped. An operator of another language (`&`, `=`, `<>`) is
// reported and read as the one that was meant, so that the parser can go on to the next mistake; a
// literal that is wrong is reported and becomes a kBadLiteral token, which stands where an operand
// may and is never reported again.
//
// Source: the CEL specification, "Lexis". Owner: value types. Thread: any. Offsets are bytes in the
// text. The last token is always kEnd, with begin == end == the size of the text.
#ifndef TELLTALE_RULES_LOAD_CEL_LEXER_H_
#define TELLTALE_RULES_LOAD_CEL_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::rules {

enum class TokenKind : uint8_t {
  kEnd,
  kIdent,        // text; reserved words too
  kQuotedIdent,  // `text`, after a dot only
  kInt,          // number, without its sign
  kUint,         // number
  kDouble,       // real
  kString,       // text
  kBytes,        // text
  kBadLiteral,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kComma,
  kDot,
  kQuestion,
  kColon,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kNot,
  kAnd,
  kOr,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint64_t number = 0;
  double real = 0;
  std::string text;
};

std::vector<Token> Lex(const LocatedText& text, Diagnostics& diagnostics);

// Says of something unclosed that a ',' of the YAML around the text is what ended it, where it is:
// `{ where: a.exists(x, x > 1) }`.
void NoteCut(const LocatedText& text, Diagnostic& error);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_LEXER_H_
