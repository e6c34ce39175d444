// The parser: recursive descent, operators by precedence.
//
//   Expr     = Or ["?" Or ":" Expr]
//   Or       = And {"||" And}
//   And      = Relation {"&&" Relation}
//   Relation = Sum {("<" | "<=" | ">=" | ">" | "==" | "!=" | "in") Sum}
//   Sum      = Product {("+" | "-") Product}
//   Product  = Unary {("*" | "/" | "%") Unary}
//   Unary    = {"!" | "-"} Member
//   Member   = Primary {"." Selector ["(" [Exprs] ")"] | "[" Expr "]"}
//   Primary  = ["."] Ident ["(" [Exprs] ")"] | "(" Expr ")" | "[" [Exprs] [","] "]" | "{" [Entries]
//   [","] "}" | Literal Exprs    = Expr {"," Expr} Entries  = Expr ":" Expr {"," Expr ":" Expr}
//   Selector = a word other than true, false, null, in | "`" any text "`"
//   Ident    = a word that is not reserved
//   Literal  = ["-"] int | uint | ["-"] double | string | bytes | "true" | "false" | "null"
//
// Chains of && and of || become balanced trees, so that a long list of alternatives is not a deep
// one. After a mistake the parser puts a null constant in the place of what it could not read, goes
// on at the next token that it knows what to do with, and never reports the same token twice.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "rules/load/cel/cel.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/lexer.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

constexpr int kMaxErrors = 20;

// A node with what its parents need to know of it. The range includes the parentheses around it.
struct Node {
  ExprPtr expr;
  int height = 1;
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct BinaryOperator {
  int precedence = 0;  // 0: none
  std::string_view name;
};

constexpr int kRelation = 3;

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

// Words that other languages have for operators: what to write instead, and what to read them as.
struct WordOperator {
  std::string_view word;  // in lower case
  TokenKind kind;
  std::string_view instead;  // empty: `advice` alone
  std::string_view advice;
};

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

class Parser {
 public:
  Parser(const LocatedText& located, std::vector<Token> tokens, Diagnostics& diagnostics)
      : located_(located), tokens_(std::move(tokens)), diagnostics_(diagnostics) {}

  ExprPtr Run() {
    Node node = Expression();
    if (!At(TokenKind::kEnd)) Leftover();
    return std::move(node.expr);
  }

 private:
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth) parser_.TooDeep(parser_.Peek());
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Parser& parser_;
  };

  // Tokens.

  const Token& Peek(size_t ahead = 0) const {
    return tokens_[std::min(pos_ + ahead, tokens_.size() - 1)];
  }
  bool At(TokenKind kind) const { return Peek().kind == kind; }
  const Token& Advance() {
    const Token& token = Peek();
    if (pos_ + 1 < tokens_.size()) ++pos_;
    return token;
  }
  bool Accept(TokenKind kind) {
    if (!At(kind)) return false;
    Advance();
    return true;
  }
  std::string_view TextOf(const Token& token) const {
    return std::string_view(located_.text()).substr(token.begin, token.end - token.begin);
  }
  std::string Describe(const Token& token) const {
    return token.kind == TokenKind::kEnd ? std::string("the end")
                                         : Concat("'", TextOf(token).substr(0, 40), "'");
  }
  uint32_t LastEnd() const { return pos_ == 0 ? 0 : tokens_[pos_ - 1].end; }

  // Mistakes.

  // Reports at the token where the parser stands, unless that one was reported already.
  Diagnostic& Error(Code code, const Token& token, std::string message) {
    return Error(code, token.begin, token.end, std::move(message));
  }

  Diagnostic& Error(Code code, uint32_t begin, uint32_t end, std::string message) {
    if (fatal_ || (reported_ && *reported_ == begin)) return ignored_ = {};
    reported_ = begin;
    Diagnostic& error = diagnostics_.Error(code, located_.Locate(begin, end), std::move(message));
    if (++errors_ >= kMaxErrors) Stop();
    return error;
  }

  // Nothing more is read or reported.
  void Stop() {
    fatal_ = true;
    pos_ = tokens_.size() - 1;
  }

  void TooDeep(const Token& token) {
    Error(kCelTooDeep, token,
          Concat("this expression is nested more than ", std::to_string(kMaxDepth), " deep"));
    Stop();
  }

  // What cannot stand where an operand or an operator is due: passes over it, to where reading can
  // go on.
  void Skip() {
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

  const Token& Open() {
    open_.push_back(&Advance());
    return *open_.back();
  }

  // The bracket that closes the last one opened; passes over what does not belong before it.
  void Close(TokenKind kind, std::string_view bracket) {
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

  void Unclosed(const Token& open) {
    if (ended_ || fatal_) return;  // how the text ends is told once
    ended_ = true;
    Error(kCelUnclosedBracket, open, Concat("this '", TextOf(open), "' is not closed"));
  }

  // The token where an operator or `bracket` (if any) is due.
  void Unexpected(std::string_view bracket) {
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

  void Leftover() { Unexpected(""); }

  // Nodes.

  ExprPtr New(ExprKind kind, uint32_t begin, uint32_t end) {
    if (++nodes_ == kMaxNodes) {
      Error(kCelTooLarge, begin, end,
            Concat("this expression has more than ", std::to_string(kMaxNodes), " parts"));
      Stop();
    }
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->begin = begin;
    expr->end = end;
    expr->name_begin = begin;
    return expr;
  }

  Node Leaf(ExprPtr expr) {
    const uint32_t begin = expr->begin;
    const uint32_t end = expr->end;
    return {std::move(expr), 1, begin, end};
  }

  // In the place of what could not be read.
  Node Placeholder(uint32_t begin, uint32_t end) {
    return Leaf(New(ExprKind::kConstant, begin, end));
  }

  // A node over `args`, which takes its height from them.
  Node Parent(ExprKind kind, std::string name, uint32_t name_begin, uint32_t begin, uint32_t end,
              std::vector<Node> args) {
    Node node{New(kind, begin, end), 1, begin, end};
    node.expr->name = std::move(name);
    node.expr->name_begin = name_begin;
    for (Node& arg : args) {
      node.height = std::max(node.height, arg.height + 1);
      node.expr->args.push_back(std::move(arg.expr));
    }
    if (node.height > kMaxDepth && !fatal_) {
      Error(kCelTooDeep, begin, end,
            Concat("this expression is nested more than ", std::to_string(kMaxDepth), " deep"));
      Stop();
    }
    return node;
  }

  Node Binary(std::string_view name, uint32_t name_begin, Node left, Node right) {
    const uint32_t begin = left.begin;
    const uint32_t end = right.end;
    return Parent(ExprKind::kCall, std::string(name), name_begin, begin, end,
                  Nodes(std::move(left), std::move(right)));
  }

  template <typename... N>
  static std::vector<Node> Nodes(N... nodes) {
    std::vector<Node> out;
    (out.push_back(std::move(nodes)), ...);
    return out;
  }

  // Operators.

  Node Expression() {
    const Deeper deeper(*this);
    Node condition = Logical(TokenKind::kOr);
    if (!At(TokenKind::kQuestion)) return condition;
    const Token& question = Advance();
    Node yes = Logical(TokenKind::kOr);
    if (!Accept(TokenKind::kColon)) {
      MissingColon(question);
      Skip();
      if (!Accept(TokenKind::kColon)) return condition;
    }
    Node no = Expression();
    const uint32_t begin = condition.begin;
    const uint32_t end = no.end;
    return Parent(ExprKind::kCall, "_?_:_", question.begin, begin, end,
                  Nodes(std::move(condition), std::move(yes), std::move(no)));
  }

  void MissingColon(const Token& question) {
    if (At(TokenKind::kEnd) && ended_) return;
    Error(kCelSyntax, Peek(), Concat("expected ':' before ", Describe(Peek())))
        .labels.push_back({located_.Locate(question.begin, question.end), "for this '?'"});
  }

  // Or and And.
  Node Logical(TokenKind kind) {
    std::vector<Node> operands;
    std::vector<uint32_t> operators;
    while (true) {
      operands.push_back(kind == TokenKind::kOr ? Logical(TokenKind::kAnd) : Chain(kRelation));
      ReadWordOperator();
      if (!At(kind)) break;
      operators.push_back(Advance().begin);
    }
    return Balance(kind == TokenKind::kOr ? "_||_" : "_&&_", operands, operators, 0,
                   operands.size());
  }

  Node Balance(std::string_view name, std::vector<Node>& operands,
               const std::vector<uint32_t>& operators, size_t from, size_t to) {
    if (to - from == 1) return std::move(operands[from]);
    const size_t middle = from + (to - from + 1) / 2;
    Node left = Balance(name, operands, operators, from, middle);
    Node right = Balance(name, operands, operators, middle, to);
    return Binary(name, operators[middle - 1], std::move(left), std::move(right));
  }

  // Relation, Sum and Product, by their precedence.
  Node Chain(int precedence) {
    Node left = Unary();
    while (true) {
      ReadWordOperator();
      const BinaryOperator op = OperatorOf(Peek());
      if (op.precedence < precedence || op.precedence == 0) return left;
      const uint32_t at = Advance().begin;
      Node right = Chain(op.precedence + 1);
      left = Binary(op.name, at, std::move(left), std::move(right));
    }
  }

  // `and`, `is`, `contains` and their like where an operator is due: reported, and turned into what
  // was meant.
  void ReadWordOperator() {
    const WordOperator* word = FindWordOperator(Peek());
    if (word == nullptr) return;
    const bool not_in =
        word->word == "not" && Peek(1).kind == TokenKind::kIdent && Peek(1).text == "in";
    if (!not_in && (word->word == "not" || !StartsOperand(Peek(1)))) return;
    Diagnostic& error = Error(kCelForeignOperator, Peek(),
                              Concat("expressions have no operator '", TextOf(Peek()), "'"));
    error.suggestion = std::string(word->instead);
    if (!word->advice.empty()) error.notes.emplace_back(word->advice);
    if (not_in) {
      Advance();
      return;
    }
    tokens_[pos_].kind = word->kind;
  }

  Node Unary() {
    std::vector<const Token*> operators;
    while (true) {
      if (At(TokenKind::kNot) || At(TokenKind::kMinus)) {
        operators.push_back(&Advance());
      } else if (IsWordNot()) {
        Error(kCelForeignOperator, Peek(),
              Concat("expressions have no operator '", TextOf(Peek()), "'"))
            .suggestion = "!";
        operators.push_back(&Advance());
      } else {
        break;
      }
    }
    if (operators.size() > static_cast<size_t>(kMaxDepth)) {
      TooDeep(*operators[0]);
      return Placeholder(operators[0]->begin, operators[0]->end);
    }
    const bool negative_literal = !operators.empty() &&
                                  operators.back()->kind == TokenKind::kMinus &&
                                  (At(TokenKind::kInt) || At(TokenKind::kDouble));
    const Token* sign = negative_literal ? operators.back() : nullptr;
    if (negative_literal) operators.pop_back();
    Node node = Member(sign);
    for (auto it = operators.rbegin(); it != operators.rend(); ++it) {
      const uint32_t begin = (*it)->begin;
      const uint32_t end = node.end;
      node = Parent(ExprKind::kCall, (*it)->kind == TokenKind::kMinus ? "-_" : "!_", begin, begin,
                    end, Nodes(std::move(node)));
    }
    return node;
  }

  bool IsWordNot() const {
    const Token& token = Peek();
    if (token.kind != TokenKind::kIdent || absl::AsciiStrToLower(token.text) != "not") return false;
    return StartsOperand(Peek(1)) && Peek(1).kind != TokenKind::kLeftBracket &&
           Peek(1).kind != TokenKind::kLeftBrace && FindWordOperator(Peek(1)) == nullptr;
  }

  // Members.

  Node Member(const Token* sign) {
    Node node = Primary(sign);
    while (true) {
      if (At(TokenKind::kDot)) {
        node = Select(std::move(node));
      } else if (At(TokenKind::kLeftBracket)) {
        node = Index(std::move(node));
      } else if (At(TokenKind::kLeftBrace) && IsNameChain(*node.expr)) {
        node = Message(std::move(node));
      } else {
        return node;
      }
    }
  }

  static bool IsNameChain(const Expr& expr) {
    const Expr* at = &expr;
    while (at->kind == ExprKind::kSelect && !at->test) at = at->args[0].get();
    return at->kind == ExprKind::kIdent;
  }

  Node Select(Node operand) {
    Advance();
    RefuseOptional();
    const Token& name = Peek();
    if (name.kind != TokenKind::kQuotedIdent &&
        (name.kind != TokenKind::kIdent || IsKeyword(name.text))) {
      if (name.kind == TokenKind::kIdent) {
        Error(kCelReservedWord, name,
              Concat("'", name.text, "' is a reserved word: write [\"", name.text,
                     "\"] in the place of .", name.text));
        Advance();
      } else if (name.kind != TokenKind::kBadLiteral) {
        Error(kCelSyntax, name,
              Concat("expected the name of a field after '.', found ", Describe(name)));
      } else {
        Advance();
      }
      return operand;
    }
    Advance();
    const uint32_t begin = operand.begin;
    if (name.kind == TokenKind::kIdent && At(TokenKind::kLeftParen)) {
      std::vector<Node> args = Nodes(std::move(operand));
      Arguments(args);
      return Call(name, begin, std::move(args), true);
    }
    return Parent(ExprKind::kSelect, name.text, name.begin, begin, name.end,
                  Nodes(std::move(operand)));
  }

  Node Index(Node operand) {
    const Token& open = Open();
    RefuseOptional();
    Node index = Expression();
    Close(TokenKind::kRightBracket, "]");
    const uint32_t begin = operand.begin;
    return Parent(ExprKind::kCall, "_[_]", open.begin, begin, LastEnd(),
                  Nodes(std::move(operand), std::move(index)));
  }

  // Type{field: value}
  Node Message(Node type) {
    const Token& open = Peek();
    Error(kNoMessages, type.begin, open.end,
          "messages cannot be made here; a map is written {\"name\": value}");
    Advance();
    int depth = 0;
    while (!At(TokenKind::kEnd)) {
      const TokenKind kind = Advance().kind;
      if (IsOpening(kind)) ++depth;
      if (IsClosing(kind) && depth-- == 0) break;
    }
    return Placeholder(type.begin, LastEnd());
  }

  // a.?b, a[?b], [?a], {?a: b}
  void RefuseOptional() {
    if (!At(TokenKind::kQuestion)) return;
    Error(kLaterOptional, Peek(),
          "optional values are not in this version; has(...) tells whether a field is there");
    Advance();
  }

  // "(" [Exprs] ")", appended to `args`.
  void Arguments(std::vector<Node>& args) {
    Open();
    if (!At(TokenKind::kRightParen)) {
      do {
        args.push_back(Expression());
      } while (Accept(TokenKind::kComma));
    }
    Close(TokenKind::kRightParen, ")");
  }

  // Calls and macros.

  // `args` begin with the operand where the call is a member call.
  Node Call(const Token& name, uint32_t begin, std::vector<Node> args, bool member) {
    if (!member && name.text == "has") return Has(name, std::move(args));
    if (member) {
      if (name.text == "all" || name.text == "exists" || name.text == "exists_one" ||
          name.text == "existsOne" || name.text == "filter" || name.text == "map") {
        return Macro(name, begin, std::move(args));
      }
    }
    Node node = Parent(ExprKind::kCall, name.text, name.begin, begin, LastEnd(), std::move(args));
    node.expr->member = member;
    return node;
  }

  Node Has(const Token& name, std::vector<Node> args) {
    if (args.size() == 1) {
      Expr& expr = *args[0].expr;
      const bool field = expr.kind == ExprKind::kSelect || expr.kind == ExprKind::kIdent;
      const bool index = expr.kind == ExprKind::kCall && expr.name == "_[_]" &&
                         std::holds_alternative<std::string>(expr.args[1]->constant);
      if ((field && !expr.test) || index) {
        if (index) {
          expr.kind = ExprKind::kSelect;
          expr.name = std::get<std::string>(expr.args[1]->constant);
          expr.name_begin = expr.args[1]->begin;
          expr.args.pop_back();
        }
        expr.test = true;
        expr.begin = args[0].begin = name.begin;
        expr.end = args[0].end = LastEnd();
        return std::move(args[0]);
      }
    }
    Error(kCelMacro, name.begin, LastEnd(),
          "has() takes the name of one field, as in has(mfa) or has(login.mfa)");
    return Placeholder(name.begin, LastEnd());
  }

  Node Macro(const Token& name, uint32_t begin, std::vector<Node> args) {
    const bool is_map = name.text == "map";
    const uint32_t end = LastEnd();
    if (args.size() == 4 && !is_map && args[1].expr->kind == ExprKind::kIdent &&
        args[2].expr->kind == ExprKind::kIdent) {
      Error(kLaterMacro, name, Concat(name.text, "() with two variables is not in this version"));
      return Placeholder(begin, end);
    }
    if (args.size() != 3 && !(is_map && args.size() == 4)) {
      Error(kCelMacro, name,
            is_map ? std::string(
                         "map() takes a variable and what to make of it: items.map(i, i.price)")
                   : Concat(name.text, "() takes a variable and a condition: items.", name.text,
                            "(i, i.price > 10.0)"));
      return Placeholder(begin, end);
    }
    const Expr& variable = *args[1].expr;
    if (variable.kind != ExprKind::kIdent || variable.test || variable.name[0] == '.') {
      Error(kCelMacro, args[1].begin, args[1].end,
            Concat("the first argument of ", name.text, "() is a new, plain name for the element"));
      return Placeholder(begin, end);
    }
    std::string variable_name = variable.name;
    args.erase(args.begin() + 1);
    Node node = Parent(ExprKind::kMacro, name.text == "existsOne" ? "exists_one" : name.text,
                       name.begin, begin, end, std::move(args));
    node.expr->member = true;
    node.expr->variable = std::move(variable_name);
    node.expr->local = kUnnumberedLocal;
    return node;
  }

  // Operands.

  Node Primary(const Token* sign) {
    const Token& token = Peek();
    switch (token.kind) {
      case TokenKind::kIdent:
        return Name();
      case TokenKind::kDot:
        return RootName();
      case TokenKind::kLeftParen:
        return Parenthesised();
      case TokenKind::kLeftBracket:
        return List();
      case TokenKind::kLeftBrace:
        return Map();
      case TokenKind::kInt:
      case TokenKind::kUint:
      case TokenKind::kDouble:
      case TokenKind::kString:
      case TokenKind::kBytes:
        return Literal(sign);
      case TokenKind::kBadLiteral:
        Advance();
        return Placeholder(token.begin, token.end);
      default:
        return NoOperand();
    }
  }

  Node NoOperand() {
    const Token& token = Peek();
    if (token.kind == TokenKind::kEnd && !open_.empty()) {
      Unclosed(*open_.back());
    } else if (token.kind == TokenKind::kEnd) {
      const uint32_t from = tokens_.size() < 2 ? 0 : tokens_[tokens_.size() - 2].begin;
      Error(kCelSyntax, from, token.end, "the expression ends where an operand should follow");
    } else if (token.kind == TokenKind::kQuotedIdent) {
      Error(kCelSyntax, token,
            Concat("a name in backticks follows a dot: write event.", TextOf(token)));
      Advance();
    } else if (token.kind == TokenKind::kQuestion && Peek(1).kind != TokenKind::kEnd && pos_ > 0 &&
               (IsOpening(tokens_[pos_ - 1].kind) || tokens_[pos_ - 1].kind == TokenKind::kComma)) {
      RefuseOptional();
      return Expression();
    } else {
      Error(kCelSyntax, token, Concat("expected an operand before ", Describe(token)));
    }
    return Placeholder(token.begin, token.end);
  }

  Node Name() {
    const Token& token = Advance();
    if (token.text == "true" || token.text == "false" || token.text == "null") {
      ExprPtr expr = New(ExprKind::kConstant, token.begin, token.end);
      if (token.text != "null") expr->constant = token.text == "true";
      return Leaf(std::move(expr));
    }
    if (IsReserved(token.text)) {
      Error(kCelReservedWord, token,
            Concat("'", token.text, "' is a reserved word; a field of this name is event[\"",
                   token.text, "\"]"));
      return Placeholder(token.begin, token.end);
    }
    return NameOrCall(token, token.begin, "");
  }

  // .name: past the variables of macros
  Node RootName() {
    const uint32_t begin = Advance().begin;
    const Token& name = Peek();
    if (name.kind != TokenKind::kIdent || IsReserved(name.text) || IsKeyword(name.text)) {
      Error(kCelSyntax, name, Concat("expected a name after '.', found ", Describe(name)));
      return Placeholder(begin, name.begin);
    }
    Advance();
    return NameOrCall(name, begin, ".");
  }

  Node NameOrCall(const Token& name, uint32_t begin, std::string_view root) {
    if (At(TokenKind::kLeftParen)) {
      std::vector<Node> args;
      Arguments(args);
      return Call(name, begin, std::move(args), false);
    }
    ExprPtr expr = New(ExprKind::kIdent, begin, name.end);
    expr->name = Concat(root, name.text);
    return Leaf(std::move(expr));
  }

  Node Parenthesised() {
    const Token& open = Open();
    Node node = Expression();
    Close(TokenKind::kRightParen, ")");
    node.begin = open.begin;
    node.end = std::max(LastEnd(), node.end);
    return node;
  }

  Node List() {
    const Token& open = Open();
    std::vector<Node> items;
    while (!At(TokenKind::kRightBracket) && !At(TokenKind::kEnd)) {
      RefuseOptional();
      items.push_back(Expression());
      if (!Accept(TokenKind::kComma)) break;
    }
    Close(TokenKind::kRightBracket, "]");
    return Parent(ExprKind::kList, "", open.begin, open.begin, LastEnd(), std::move(items));
  }

  Node Map() {
    const Token& open = Open();
    std::vector<Node> entries;
    while (!At(TokenKind::kRightBrace) && !At(TokenKind::kEnd)) {
      RefuseOptional();
      entries.push_back(Expression());
      if (!Accept(TokenKind::kColon)) {
        if (!At(TokenKind::kEnd)) {
          Error(kCelSyntax, Peek(), Concat("expected ':' and a value before ", Describe(Peek())));
        }
        break;
      }
      entries.push_back(Expression());
      if (!Accept(TokenKind::kComma)) break;
    }
    Close(TokenKind::kRightBrace, "}");
    if (entries.size() % 2 != 0) entries.push_back(Placeholder(open.begin, open.end));
    return Parent(ExprKind::kMap, "", open.begin, open.begin, LastEnd(), std::move(entries));
  }

  Node Literal(const Token* sign) {
    const Token& token = Advance();
    const uint32_t begin = sign == nullptr ? token.begin : sign->begin;
    ExprPtr expr = New(ExprKind::kConstant, begin, token.end);
    switch (token.kind) {
      case TokenKind::kInt: {
        const uint64_t limit = static_cast<uint64_t>(INT64_MAX) + (sign == nullptr ? 0 : 1);
        if (token.number > limit) {
          Error(kCelNumber, begin, token.end,
                Concat(std::string_view(located_.text()).substr(begin, token.end - begin),
                       " is beyond the range of int"));
        }
        const uint64_t bits = sign == nullptr ? token.number : ~token.number + 1;
        expr->constant = static_cast<int64_t>(bits);
        break;
      }
      case TokenKind::kUint:
        expr->constant = token.number;
        break;
      case TokenKind::kDouble:
        expr->constant = sign == nullptr ? token.real : -token.real;
        break;
      case TokenKind::kBytes:
        expr->constant = Bytes{token.text};
        break;
      default:
        expr->constant = token.text;
        break;
    }
    return Leaf(std::move(expr));
  }

  const LocatedText& located_;
  std::vector<Token> tokens_;
  Diagnostics& diagnostics_;
  Diagnostic ignored_;
  size_t pos_ = 0;
  size_t nodes_ = 0;
  int depth_ = 0;
  int errors_ = 0;
  bool fatal_ = false;
  bool ended_ = false;
  std::vector<const Token*> open_;
  std::optional<uint32_t> reported_;
};

}  // namespace

ExprPtr Parse(const LocatedText& text, Diagnostics& diagnostics) {
  const size_t before = diagnostics.list().size();
  if (text.text().size() > kMaxExpressionBytes) {
    diagnostics.Error(
        kCelTooLarge, text.Whole(),
        Concat("this expression is longer than ", std::to_string(kMaxExpressionBytes), " bytes"));
    return nullptr;
  }
  std::vector<Token> tokens = Lex(text, diagnostics);
  if (tokens.size() == 1) {
    if (diagnostics.list().size() == before) {
      diagnostics.Error(kCelEmpty, text.Whole(), "this expression is empty");
    }
    return nullptr;
  }
  ExprPtr expr = Parser(text, std::move(tokens), diagnostics).Run();
  return diagnostics.list().size() == before ? std::move(expr) : nullptr;
}

}  // namespace telltale::rules
