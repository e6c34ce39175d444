#include "rules/load/cel/lexer.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/literal.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

struct Operator {
  std::string_view text;
  TokenKind kind;
  std::string_view meant;  // empty: an operator of ours
};

// The longest first. Those with `meant` are other languages'.
constexpr Operator kOperators[] = {
    {"===", TokenKind::kEqual, "=="},
    {"!==", TokenKind::kNotEqual, "!="},
    {"==", TokenKind::kEqual, ""},
    {"!=", TokenKind::kNotEqual, ""},
    {"<=", TokenKind::kLessEqual, ""},
    {">=", TokenKind::kGreaterEqual, ""},
    {"&&", TokenKind::kAnd, ""},
    {"||", TokenKind::kOr, ""},
    {"<>", TokenKind::kNotEqual, "!="},
    {"=<", TokenKind::kLessEqual, "<="},
    {"=>", TokenKind::kGreaterEqual, ">="},
    {":=", TokenKind::kEqual, "=="},
    {"&", TokenKind::kAnd, "&&"},
    {"|", TokenKind::kOr, "||"},
    {"=", TokenKind::kEqual, "=="},
    {"<", TokenKind::kLess, ""},
    {">", TokenKind::kGreater, ""},
    {"(", TokenKind::kLeftParen, ""},
    {")", TokenKind::kRightParen, ""},
    {"[", TokenKind::kLeftBracket, ""},
    {"]", TokenKind::kRightBracket, ""},
    {"{", TokenKind::kLeftBrace, ""},
    {"}", TokenKind::kRightBrace, ""},
    {",", TokenKind::kComma, ""},
    {".", TokenKind::kDot, ""},
    {"?", TokenKind::kQuestion, ""},
    {":", TokenKind::kColon, ""},
    {"+", TokenKind::kPlus, ""},
    {"-", TokenKind::kMinus, ""},
    {"*", TokenKind::kStar, ""},
    {"/", TokenKind::kSlash, ""},
    {"%", TokenKind::kPercent, ""},
    {"!", TokenKind::kNot, ""},
};

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsWordStart(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool IsWord(char c) { return IsWordStart(c) || IsDigit(c); }

// More mistakes than these help nobody.
constexpr int kMaxErrors = 20;

class Lexer {
 public:
  Lexer(const LocatedText& located, Diagnostics& diagnostics)
      : located_(located), text_(located.text()), diagnostics_(diagnostics) {}

  std::vector<Token> Run() {
    while (SkipBlank(), pos_ < text_.size() && errors_ < kMaxErrors) Next();
    pos_ = text_.size();
    tokens_.push_back(
        {.kind = TokenKind::kEnd, .begin = Offset(pos_), .end = Offset(pos_), .text = {}});
    return std::move(tokens_);
  }

 private:
  static uint32_t Offset(size_t pos) { return static_cast<uint32_t>(pos); }

  char At(size_t pos) const { return pos < text_.size() ? text_[pos] : '\0'; }

  Diagnostic& Error(Code code, size_t begin, size_t end, std::string message) {
    ++errors_;
    return diagnostics_.Error(code, located_.Locate(begin, end), std::move(message));
  }

  // Appends a token of [pos_, end) and goes on after it.
  Token& Push(TokenKind kind, size_t end) {
    tokens_.push_back({.kind = kind, .begin = Offset(pos_), .end = Offset(end), .text = {}});
    pos_ = end;
    return tokens_.back();
  }

  void SkipBlank() {
    while (pos_ < text_.size()) {
      if (absl::ascii_isspace(static_cast<unsigned char>(text_[pos_]))) {
        ++pos_;
      } else if (text_[pos_] == '/' && At(pos_ + 1) == '/') {
        while (pos_ < text_.size() && text_[pos_] != '\n' && text_[pos_] != '\r') ++pos_;
      } else {
        return;
      }
    }
  }

  void Next() {
    const char c = text_[pos_];
    if (StartsLiteral(text_.substr(pos_, 3))) return String();
    if (IsWordStart(c)) return Word();
    if (IsDigit(c) || (c == '.' && IsDigit(At(pos_ + 1)))) return Number();
    if (c == '`') return QuotedIdent();
    for (const Operator& op : kOperators) {
      if (text_.substr(pos_, op.text.size()) != op.text) continue;
      if (!op.meant.empty()) {
        Error(kCelForeignOperator, pos_, pos_ + op.text.size(),
              Concat("expressions have no operator '", op.text, "'"))
            .suggestion = std::string(op.meant);
      }
      Push(op.kind, pos_ + op.text.size());
      return;
    }
    Unknown();
  }

  void Word() {
    size_t end = pos_;
    while (IsWord(At(end))) ++end;
    Token& token = Push(TokenKind::kIdent, end);
    token.text = text_.substr(token.begin, token.end - token.begin);
  }

  void String() {
    const LiteralExtent extent = MeasureLiteral(text_.substr(pos_));
    if (!extent.closed) {
      const std::string_view literal = text_.substr(pos_, extent.size);
      const char quote = literal[literal.find_first_of("'\"")];
      Diagnostic& error = Error(kCelUnclosedString, pos_, pos_ + extent.size,
                                "the string that begins here is not closed");
      if (pos_ + extent.size < text_.size()) {
        error.notes.push_back("a string over several lines is written in three quotes");
      } else {
        error.notes.push_back(Concat("it ends at the next ", std::string_view(&quote, 1),
                                     " without a '\\' before it"));
      }
      NoteCut(located_, error);
      Push(TokenKind::kBadLiteral, pos_ + extent.size);
      return;
    }
    DecodedLiteral decoded = DecodeLiteral(text_.substr(pos_, extent.size));
    for (LiteralError& error : decoded.errors) {
      Error(kCelEscape, pos_ + error.begin, pos_ + error.end, std::move(error.message));
    }
    const TokenKind kind = decoded.is_bytes ? TokenKind::kBytes : TokenKind::kString;
    Token& token = Push(decoded.errors.empty() ? kind : TokenKind::kBadLiteral, pos_ + extent.size);
    token.text = std::move(decoded.value);
  }

  // What stands where a number does, as far as its author will have meant it to go.
  size_t EndOfNumber() const {
    size_t end = pos_;
    const bool hex = At(end) == '0' && (At(end + 1) == 'x' || At(end + 1) == 'X');
    while (true) {
      const char c = At(end);
      const bool exponent = !hex && end > pos_ && (At(end - 1) == 'e' || At(end - 1) == 'E');
      if (IsWord(c) || (c == '.' && IsDigit(At(end + 1))) || (exponent && (c == '+' || c == '-'))) {
        ++end;
      } else {
        return end;
      }
    }
  }

  void Number() {
    const size_t end = EndOfNumber();
    const std::string_view whole = text_.substr(pos_, end - pos_);
    const size_t selected = end + (At(end + 1) == '?' ? 2 : 1);  // of `.name` and `.?name`
    if (At(end) == '.' && !IsWordStart(At(selected)) && At(selected) != '`') {
      Error(kCelNumber, pos_, end + 1, Concat("a digit belongs after the point: ", whole, ".0"));
      Push(TokenKind::kBadLiteral, end + 1);
      return;
    }
    std::string_view digits = whole;
    const bool is_unsigned = digits.back() == 'u' || digits.back() == 'U';
    if (is_unsigned) digits.remove_suffix(1);
    const bool hex =
        digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    if (hex) digits.remove_prefix(2);
    if (digits.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789") ==
            std::string_view::npos &&
        !digits.empty()) {
      return Integer(digits, hex ? 16 : 10, is_unsigned, end);
    }
    if (hex || is_unsigned || !IsDecimal(whole)) return BadNumber(whole, end);
    double value = 0;
    if (!absl::SimpleAtod(absl::string_view(whole.data(), whole.size()), &value))
      return BadNumber(whole, end);
    if (std::isinf(value)) {
      Error(kCelNumber, pos_, end, Concat(whole, " is beyond the range of double"));
      Push(TokenKind::kBadLiteral, end);
      return;
    }
    Push(TokenKind::kDouble, end).real = value;
  }

  void Integer(std::string_view digits, unsigned base, bool is_unsigned, size_t end) {
    uint64_t value = 0;
    for (const char c : digits) {
      const unsigned digit =
          IsDigit(c) ? static_cast<unsigned>(c - '0')
                     : static_cast<unsigned>(absl::ascii_tolower(static_cast<unsigned char>(c)) -
                                             'a' + 10);
      if (value > (UINT64_MAX - digit) / base) {
        Error(kCelNumber, pos_, end,
              Concat(text_.substr(pos_, end - pos_), " is beyond the range of ",
                     is_unsigned ? "uint" : "int"));
        Push(TokenKind::kBadLiteral, end);
        return;
      }
      value = value * base + digit;
    }
    Push(is_unsigned ? TokenKind::kUint : TokenKind::kInt, end).number = value;
  }

  // DIGIT* '.' DIGIT+ EXPONENT? | DIGIT+ EXPONENT
  static bool IsDecimal(std::string_view text) {
    size_t i = 0;
    const auto digits = [&text, &i] {
      const size_t begin = i;
      while (i < text.size() && IsDigit(text[i])) ++i;
      return i > begin;
    };
    const bool whole = digits();
    bool fraction = false;
    if (i < text.size() && text[i] == '.') {
      ++i;
      fraction = digits();
      if (!fraction) return false;
    }
    if (!whole && !fraction) return false;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
      ++i;
      if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
      if (!digits()) return false;
    }
    return i == text.size();
  }

  void BadNumber(std::string_view whole, size_t end) {
    Diagnostic& error = Error(kCelNumber, pos_, end, Concat("'", whole, "' is not a number"));
    if (whole.find('_') != std::string_view::npos) {
      error.notes.push_back("digits are written without '_'");
    } else if (IsWordStart(whole.back())) {
      error.notes.push_back("numbers take no unit; times are compared in the unit of their field");
    }
    Push(TokenKind::kBadLiteral, end);
  }

  void QuotedIdent() {
    const size_t close = text_.find_first_of("`\r\n", pos_ + 1);
    if (close == std::string_view::npos || text_[close] != '`' || close == pos_ + 1) {
      const size_t end = close == std::string_view::npos ? text_.size()
                         : close == pos_ + 1             ? close + 1
                                                         : close;
      Error(kCelUnclosedString, pos_, end, "a field name in backticks is not closed, or empty");
      Push(TokenKind::kBadLiteral, std::max(end, pos_ + 1));
      return;
    }
    DecodedLiteral checked =
        DecodeLiteral(Concat("r'''", text_.substr(pos_ + 1, close - pos_ - 1), "'''"));
    if (!checked.errors.empty()) {
      Error(kCelEscape, pos_, close + 1, "this name holds bytes that are not UTF-8");
      Push(TokenKind::kBadLiteral, close + 1);
      return;
    }
    Push(TokenKind::kQuotedIdent, close + 1).text = std::move(checked.value);
  }

  void Unknown() {
    const std::string_view rest = text_.substr(pos_);
    const size_t size = Utf8SequenceLength(rest);
    const size_t end = pos_ + (size == 0 ? 1 : size);
    const std::string_view c = rest.substr(0, size);
    if (IsTypographicQuote(c)) {
      Error(kCelCharacter, pos_, end,
            Concat("strings are written in plain quotes, ' or \", not in ", c));
      Push(TokenKind::kBadLiteral, FindTypographicClose(end));
      return;
    }
    if (size > 1 || c == "@" || c == "$") return UnquotedName(end);
    if (c == "#") {
      Error(kCelCharacter, pos_, end, "a comment begins with '//'");
      while (pos_ < text_.size() && text_[pos_] != '\n') ++pos_;
      return;
    }
    if (size == 0 || absl::ascii_iscntrl(static_cast<unsigned char>(rest[0]))) {
      Error(kCelCharacter, pos_, end,
            Concat("a byte that is no text: ", std::to_string(static_cast<uint8_t>(rest[0]))));
      pos_ = end;
      return;
    }
    Diagnostic& error = Error(kCelCharacter, pos_, end, Concat("expressions have no '", c, "'"));
    if (c == ";") error.notes.push_back("one condition is one expression; join several with '&&'");
    if (c == "~") error.notes.push_back("regular expressions: text.matches('...')");
    if (c == "^") error.notes.push_back("expressions have no operators on bits and no powers");
    pos_ = end;
  }

  // A name with a character that names do not have: it reads as one operand.
  void UnquotedName(size_t first) {
    size_t end = first;
    while (end < text_.size()) {
      const size_t size = Utf8SequenceLength(text_.substr(end));
      if (size == 0 || (size == 1 && !IsWord(text_[end]))) break;
      if (size > 1 && IsTypographicQuote(text_.substr(end, size))) break;
      end += size;
    }
    size_t begin = pos_;
    while (begin > 0 && !tokens_.empty() && tokens_.back().end == begin &&
           tokens_.back().kind == TokenKind::kIdent) {
      begin = tokens_.back().begin;
      tokens_.pop_back();
    }
    const std::string_view name = text_.substr(begin, end - begin);
    Error(kCelCharacter, begin, end,
          Concat("'", name, "' is not a plain name: write event[\"", name, "\"]"));
    pos_ = begin;
    Push(TokenKind::kBadLiteral, end);
  }

  static bool IsTypographicQuote(std::string_view c) {
    return c == "“" || c == "”" || c == "‘" || c == "’" || c == "„" || c == "«" || c == "»";
  }

  // After the quote that closes what a typographic quote opened, if there is one.
  size_t FindTypographicClose(size_t from) const {
    for (size_t i = from; i < text_.size(); ++i) {
      const size_t size = Utf8SequenceLength(text_.substr(i));
      if (size > 1 && IsTypographicQuote(text_.substr(i, size))) return i + size;
      if (text_[i] == '\n') break;
    }
    return from;
  }

  const LocatedText& located_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  size_t pos_ = 0;
  int errors_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

void NoteCut(const LocatedText& text, Diagnostic& error) {
  const Span whole = text.Whole();
  if (whole.file == nullptr) return;
  const std::string_view rest = whole.file->text().substr(whole.end);
  const size_t next = rest.find_first_not_of(" \t");
  if (next != std::string_view::npos && rest[next] == ',') {
    error.notes.push_back("inside { } and [ ] a ',' ends a value without quotes: put it in quotes");
  }
}

std::vector<Token> Lex(const LocatedText& text, Diagnostics& diagnostics) {
  return Lexer(text, diagnostics).Run();
}

}  // namespace telltale::rules
