// The words and signs of expressions as the parser meets them: operators with their precedence,
// reserved words, brackets, and the words that other languages have for operators.
//
// Source: the CEL specification, "Syntax". Owner: static tables. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_VOCABULARY_H_
#define TELLTALE_RULES_LOAD_CEL_VOCABULARY_H_

#include <string_view>

#include "rules/load/cel/lexer.h"

namespace telltale::rules {

struct BinaryOperator {
  int precedence = 0;  // 0: none
  std::string_view name;
};

inline constexpr int kRelation = 3;  // the lowest precedence; that of && and || is the parser's own

// The binary operator that the token is, && and || left out.
BinaryOperator OperatorOf(const Token& token);

// Words that other languages have for operators: what to write instead, and what to read them as.
struct WordOperator {
  std::string_view word;  // in lower case
  TokenKind kind;
  std::string_view instead;  // empty: `advice` alone
  std::string_view advice;
};

// Null where the token is none.
const WordOperator* FindWordOperator(const Token& token);

// A word that cannot be a name.
bool IsReserved(std::string_view word);
// A word that cannot even follow a dot.
bool IsKeyword(std::string_view word);
bool IsOpening(TokenKind kind);
bool IsClosing(TokenKind kind);
// Whether an operand can begin with the token (a unary minus left out, which is a binary one as
// well).
bool StartsOperand(const Token& token);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_VOCABULARY_H_
