#include "rules/load/cel/vocabulary.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/strings/ascii.h"

namespace telltale::rules {
namespace {

constexpr WordOperator kWordOperators[] = {
    {"and", TokenKind::kAnd, "&&", ""},
    {"or", TokenKind::kOr, "||", ""},
    {"is", TokenKind::kEqual, "==", ""},
    {"eq", TokenKind::kEqual, "==", ""},
    {"ne", TokenKind::kNotEqual, "!=", ""},
    {"neq", TokenKind::kNotEqual, "!=", ""},
    {"lt", TokenKind::kLess, "<", ""},
    {"gt", TokenKind::kGreater, ">", ""},
    {"mod", TokenKind::kPercent, "%", ""},
    {"div", TokenKind::kSlash, "/", ""},
    {"not", TokenKind::kEqual, "", "to negate, write !(x in list)"},
    {"contains", TokenKind::kEqual, "", "write text.contains('...')"},
    {"startswith", TokenKind::kEqual, "", "write text.startsWith('...')"},
    {"endswith", TokenKind::kEqual, "", "write text.endsWith('...')"},
    {"matches", TokenKind::kEqual, "", "write text.matches('...')"},
    {"like", TokenKind::kEqual, "", "write text.matches('...') with a regular expression"},
    {"between", TokenKind::kEqual, "", "write low <= x && x <= high"},
};

}  // namespace

BinaryOperator OperatorOf(const Token& token) {
  switch (token.kind) {
    case TokenKind::kLess:
      return {kRelation, "_<_"};
    case TokenKind::kLessEqual:
      return {kRelation, "_<=_"};
    case TokenKind::kGreater:
      return {kRelation, "_>_"};
    case TokenKind::kGreaterEqual:
      return {kRelation, "_>=_"};
    case TokenKind::kEqual:
      return {kRelation, "_==_"};
    case TokenKind::kNotEqual:
      return {kRelation, "_!=_"};
    case TokenKind::kPlus:
      return {4, "_+_"};
    case TokenKind::kMinus:
      return {4, "_-_"};
    case TokenKind::kStar:
      return {5, "_*_"};
    case TokenKind::kSlash:
      return {5, "_/_"};
    case TokenKind::kPercent:
      return {5, "_%_"};
    case TokenKind::kIdent:
      return token.text == "in" ? BinaryOperator{kRelation, "@in"} : BinaryOperator{};
    default:
      return {};
  }
}

const WordOperator* FindWordOperator(const Token& token) {
  if (token.kind != TokenKind::kIdent) return nullptr;
  const std::string lower = absl::AsciiStrToLower(token.text);
  for (const WordOperator& word : kWordOperators) {
    if (word.word == lower) return &word;
  }
  return nullptr;
}

bool IsReserved(std::string_view word) {
  constexpr std::string_view kReserved[] = {
      "as", "break", "const", "continue", "else",      "for",    "function", "if",   "import",
      "in", "let",   "loop",  "package",  "namespace", "return", "var",      "void", "while"};
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

bool IsKeyword(std::string_view word) {
  return word == "true" || word == "false" || word == "null" || word == "in";
}

bool IsOpening(TokenKind kind) {
  return kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket ||
         kind == TokenKind::kLeftBrace;
}

bool IsClosing(TokenKind kind) {
  return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket ||
         kind == TokenKind::kRightBrace;
}

bool StartsOperand(const Token& token) {
  switch (token.kind) {
    case TokenKind::kIdent:
      return token.text != "in";
    case TokenKind::kInt:
    case TokenKind::kUint:
    case TokenKind::kDouble:
    case TokenKind::kString:
    case TokenKind::kBytes:
    case TokenKind::kBadLiteral:
    case TokenKind::kNot:
      return true;
    default:
      return IsOpening(token.kind);
  }
}

}  // namespace telltale::rules
