// The parser: recursive descent, operators by precedence.
//
//   Expr     = Or ["?" Or ":" Expr]
//   Or       = And {"||" And}
//   And      = Relation {"&&" Relation}
//   Relation = Sum {("<" | "<=" | ">=" | ">" | "==" | "!=" | "in") Sum}
//   Sum      = Product {("+" | "-") Product}
//   Product  = Unary {("*" | "/" | "%") Unary}
//   Unary    = {"!" | "-"} Member
//   Member   = Primary {"." Selector ["(" [Exprs] ")"] | ".?" Selector | "[" ["?"] Expr "]"}
//   Primary  = ["."] Ident ["(" [Exprs] ")"] | "(" Expr ")" | "[" [Elements] [","] "]"
//              | "{" [Entries] [","] "}" | Literal
//   Exprs    = Expr {"," Expr}
//   Elements = ["?"] Expr {"," ["?"] Expr}
//   Entries  = ["?"] Expr ":" Expr {"," ["?"] Expr ":" Expr}
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
#include "rules/load/cel/macros.h"
#include "rules/load/cel/token_reader.h"
#include "rules/load/cel/tree_builder.h"
#include "rules/load/cel/vocabulary.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

class Parser {
 public:
  Parser(const LocatedText& located, std::vector<Token> tokens, Diagnostics& diagnostics)
      : located_(located), in_(located, std::move(tokens), diagnostics), tree_(in_) {}

  ExprPtr Run() {
    Subtree node = Expression();
    if (!in_.At(TokenKind::kEnd)) in_.Unexpected("");
    return std::move(node.expr);
  }

 private:
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth)
        parser_.in_.TooDeep(parser_.in_.Peek().begin, parser_.in_.Peek().end);
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Parser& parser_;
  };

  // Operators.

  Subtree Expression() {
    const Deeper deeper(*this);
    Subtree condition = Logical(TokenKind::kOr);
    if (!in_.At(TokenKind::kQuestion)) return condition;
    const Token& question = in_.Advance();
    Subtree yes = Logical(TokenKind::kOr);
    if (!in_.Accept(TokenKind::kColon)) {
      MissingColon(question);
      in_.Skip();
      if (!in_.Accept(TokenKind::kColon)) return condition;
    }
    Subtree no = Expression();
    const uint32_t begin = condition.begin;
    const uint32_t end = no.end;
    return tree_.Parent(ExprKind::kCall, "_?_:_", question.begin, begin, end,
                        Subtrees(std::move(condition), std::move(yes), std::move(no)));
  }

  void MissingColon(const Token& question) {
    if (in_.At(TokenKind::kEnd) && in_.end_told()) return;
    in_.Error(kCelSyntax, in_.Peek(), Concat("expected ':' before ", in_.Describe(in_.Peek())))
        .labels.push_back({located_.Locate(question.begin, question.end), "for this '?'"});
  }

  // Or and And.
  Subtree Logical(TokenKind kind) {
    std::vector<Subtree> operands;
    std::vector<uint32_t> operators;
    while (true) {
      operands.push_back(kind == TokenKind::kOr ? Logical(TokenKind::kAnd) : Chain(kRelation));
      ReadWordOperator();
      if (!in_.At(kind)) break;
      operators.push_back(in_.Advance().begin);
    }
    return Balance(kind == TokenKind::kOr ? "_||_" : "_&&_", operands, operators, 0,
                   operands.size());
  }

  Subtree Balance(std::string_view name, std::vector<Subtree>& operands,
                  const std::vector<uint32_t>& operators, size_t from, size_t to) {
    if (to - from == 1) return std::move(operands[from]);
    const size_t middle = from + (to - from + 1) / 2;
    Subtree left = Balance(name, operands, operators, from, middle);
    Subtree right = Balance(name, operands, operators, middle, to);
    return tree_.Binary(name, operators[middle - 1], std::move(left), std::move(right));
  }

  // Relation, Sum and Product, by their precedence.
  Subtree Chain(int precedence) {
    Subtree left = Unary();
    while (true) {
      ReadWordOperator();
      const BinaryOperator op = OperatorOf(in_.Peek());
      if (op.precedence < precedence || op.precedence == 0) return left;
      const uint32_t at = in_.Advance().begin;
      Subtree right = Chain(op.precedence + 1);
      left = tree_.Binary(op.name, at, std::move(left), std::move(right));
    }
  }

  // `and`, `is`, `contains` and their like where an operator is due: reported, and turned into what
  // was meant.
  void ReadWordOperator() {
    const WordOperator* word = FindWordOperator(in_.Peek());
    if (word == nullptr) return;
    const bool not_in =
        word->word == "not" && in_.Peek(1).kind == TokenKind::kIdent && in_.Peek(1).text == "in";
    if (!not_in && (word->word == "not" || !StartsOperand(in_.Peek(1)))) return;
    Diagnostic& error =
        in_.Error(kCelForeignOperator, in_.Peek(),
                  Concat("expressions have no operator '", in_.TextOf(in_.Peek()), "'"));
    error.suggestion = std::string(word->instead);
    if (!word->advice.empty()) error.notes.emplace_back(word->advice);
    if (not_in) {
      in_.Advance();
      return;
    }
    in_.Reread(word->kind);
  }

  Subtree Unary() {
    std::vector<const Token*> operators;
    while (true) {
      if (in_.At(TokenKind::kNot) || in_.At(TokenKind::kMinus)) {
        operators.push_back(&in_.Advance());
      } else if (IsWordNot()) {
        in_.Error(kCelForeignOperator, in_.Peek(),
                  Concat("expressions have no operator '", in_.TextOf(in_.Peek()), "'"))
            .suggestion = "!";
        operators.push_back(&in_.Advance());
      } else {
        break;
      }
    }
    if (operators.size() > static_cast<size_t>(kMaxDepth)) {
      in_.TooDeep(operators[0]->begin, operators[0]->end);
      return tree_.Placeholder(operators[0]->begin, operators[0]->end);
    }
    const bool negative_literal = !operators.empty() &&
                                  operators.back()->kind == TokenKind::kMinus &&
                                  (in_.At(TokenKind::kInt) || in_.At(TokenKind::kDouble));
    const Token* sign = negative_literal ? operators.back() : nullptr;
    if (negative_literal) operators.pop_back();
    Subtree node = Member(sign);
    for (auto it = operators.rbegin(); it != operators.rend(); ++it) {
      const uint32_t begin = (*it)->begin;
      const uint32_t end = node.end;
      node = tree_.Parent(ExprKind::kCall, (*it)->kind == TokenKind::kMinus ? "-_" : "!_", begin,
                          begin, end, Subtrees(std::move(node)));
    }
    return node;
  }

  bool IsWordNot() const {
    const Token& token = in_.Peek();
    if (token.kind != TokenKind::kIdent || absl::AsciiStrToLower(token.text) != "not") return false;
    return StartsOperand(in_.Peek(1)) && in_.Peek(1).kind != TokenKind::kLeftBracket &&
           in_.Peek(1).kind != TokenKind::kLeftBrace && FindWordOperator(in_.Peek(1)) == nullptr;
  }

  // Members.

  Subtree Member(const Token* sign) {
    Subtree node = Primary(sign);
    while (true) {
      if (in_.At(TokenKind::kDot)) {
        node = Select(std::move(node));
      } else if (in_.At(TokenKind::kLeftBracket)) {
        node = Index(std::move(node));
      } else if (in_.At(TokenKind::kLeftBrace) && IsNameChain(*node.expr)) {
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

  Subtree Select(Subtree operand) {
    in_.Advance();
    const uint32_t question = in_.Peek().begin;
    const bool optional = in_.Accept(TokenKind::kQuestion);
    const Token& name = in_.Peek();
    if (name.kind != TokenKind::kQuotedIdent &&
        (name.kind != TokenKind::kIdent || IsKeyword(name.text))) {
      if (name.kind == TokenKind::kIdent) {
        in_.Error(kCelReservedWord, name,
                  Concat("'", name.text, "' is a reserved word: write [\"", name.text,
                         "\"] in the place of .", name.text));
        in_.Advance();
      } else if (name.kind != TokenKind::kBadLiteral) {
        in_.Error(kCelSyntax, name,
                  Concat("expected the name of a field after '.', found ", in_.Describe(name)));
      } else {
        in_.Advance();
      }
      return operand;
    }
    in_.Advance();
    const uint32_t begin = operand.begin;
    if (optional) {
      ExprPtr field = tree_.New(ExprKind::kConstant, name.begin, name.end);
      field->constant = name.text;
      return tree_.Parent(ExprKind::kCall, "_?._", question, begin, name.end,
                          Subtrees(std::move(operand), tree_.Leaf(std::move(field))));
    }
    if (name.kind == TokenKind::kIdent && in_.At(TokenKind::kLeftParen)) {
      std::vector<Subtree> args = Subtrees(std::move(operand));
      Arguments(args);
      return Call(name, begin, std::move(args), true);
    }
    return tree_.Parent(ExprKind::kSelect, name.text, name.begin, begin, name.end,
                        Subtrees(std::move(operand)));
  }

  Subtree Index(Subtree operand) {
    const Token& open = in_.Open();
    const bool optional = in_.Accept(TokenKind::kQuestion);
    Subtree index = Expression();
    in_.Close(TokenKind::kRightBracket, "]");
    const uint32_t begin = operand.begin;
    return tree_.Parent(ExprKind::kCall, optional ? "_[?_]" : "_[_]", open.begin, begin,
                        in_.LastEnd(), Subtrees(std::move(operand), std::move(index)));
  }

  // Type{field: value}
  Subtree Message(Subtree type) {
    const Token& open = in_.Peek();
    in_.Error(kNoMessages, type.begin, open.end,
              "messages cannot be made here; a map is written {\"name\": value}");
    in_.Advance();
    int depth = 0;
    while (!in_.At(TokenKind::kEnd)) {
      const TokenKind kind = in_.Advance().kind;
      if (IsOpening(kind)) ++depth;
      if (IsClosing(kind) && depth-- == 0) break;
    }
    return tree_.Placeholder(type.begin, in_.LastEnd());
  }

  // What stands behind a "?" in a list or a map: there only where it has a value.
  Subtree IfThere(uint32_t question, Subtree optional) {
    const uint32_t end = optional.end;
    return tree_.Parent(ExprKind::kCall, "?_", question, question, end,
                        Subtrees(std::move(optional)));
  }

  // "(" [Exprs] ")", appended to `args`.
  void Arguments(std::vector<Subtree>& args) {
    in_.Open();
    if (!in_.At(TokenKind::kRightParen)) {
      do {
        args.push_back(Expression());
      } while (in_.Accept(TokenKind::kComma));
    }
    in_.Close(TokenKind::kRightParen, ")");
  }

  // `args` begin with the operand where the call is a member call.
  Subtree Call(const Token& name, uint32_t begin, std::vector<Subtree> args, bool member) {
    if (!member && name.text == "has") return MakeHas(name, std::move(args), in_, tree_);
    if (member && IsBind(*args[0].expr, name)) {
      args.erase(args.begin());
      return MakeBind(name, begin, std::move(args), in_, tree_);
    }
    if (member && IsMacro(name.text)) return MakeMacro(name, begin, std::move(args), in_, tree_);
    Subtree node =
        tree_.Parent(ExprKind::kCall, name.text, name.begin, begin, in_.LastEnd(), std::move(args));
    node.expr->member = member;
    return node;
  }

  // Operands.

  Subtree Primary(const Token* sign) {
    const Token& token = in_.Peek();
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
        in_.Advance();
        return tree_.Placeholder(token.begin, token.end);
      default:
        return NoOperand();
    }
  }

  Subtree NoOperand() {
    const Token& token = in_.Peek();
    if (token.kind == TokenKind::kEnd && in_.InnermostOpen() != nullptr) {
      in_.Unclosed(*in_.InnermostOpen());
    } else if (token.kind == TokenKind::kEnd) {
      const uint32_t from = in_.Previous().begin;
      in_.Error(kCelSyntax, from, token.end, "the expression ends where an operand should follow");
    } else if (token.kind == TokenKind::kQuotedIdent) {
      in_.Error(kCelSyntax, token,
                Concat("a name in backticks follows a dot: write event.", in_.TextOf(token)));
      in_.Advance();
    } else {
      in_.Error(kCelSyntax, token, Concat("expected an operand before ", in_.Describe(token)));
    }
    return tree_.Placeholder(token.begin, token.end);
  }

  Subtree Name() {
    const Token& token = in_.Advance();
    if (token.text == "true" || token.text == "false" || token.text == "null") {
      ExprPtr expr = tree_.New(ExprKind::kConstant, token.begin, token.end);
      if (token.text != "null") expr->constant = token.text == "true";
      return tree_.Leaf(std::move(expr));
    }
    if (IsReserved(token.text)) {
      in_.Error(kCelReservedWord, token,
                Concat("'", token.text, "' is a reserved word; a field of this name is event[\"",
                       token.text, "\"]"));
      return tree_.Placeholder(token.begin, token.end);
    }
    return NameOrCall(token, token.begin, "");
  }

  // .name: past the variables of macros
  Subtree RootName() {
    const uint32_t begin = in_.Advance().begin;
    const Token& name = in_.Peek();
    if (name.kind != TokenKind::kIdent || IsReserved(name.text) || IsKeyword(name.text)) {
      in_.Error(kCelSyntax, name, Concat("expected a name after '.', found ", in_.Describe(name)));
      return tree_.Placeholder(begin, name.begin);
    }
    in_.Advance();
    return NameOrCall(name, begin, ".");
  }

  Subtree NameOrCall(const Token& name, uint32_t begin, std::string_view root) {
    if (in_.At(TokenKind::kLeftParen)) {
      std::vector<Subtree> args;
      Arguments(args);
      return Call(name, begin, std::move(args), false);
    }
    ExprPtr expr = tree_.New(ExprKind::kIdent, begin, name.end);
    expr->name = Concat(root, name.text);
    return tree_.Leaf(std::move(expr));
  }

  Subtree Parenthesised() {
    const Token& open = in_.Open();
    Subtree node = Expression();
    in_.Close(TokenKind::kRightParen, ")");
    node.begin = open.begin;
    node.end = std::max(in_.LastEnd(), node.end);
    return node;
  }

  Subtree List() {
    const Token& open = in_.Open();
    std::vector<Subtree> items;
    while (!in_.At(TokenKind::kRightBracket) && !in_.At(TokenKind::kEnd)) {
      const uint32_t question = in_.Peek().begin;
      const bool optional = in_.Accept(TokenKind::kQuestion);
      Subtree item = Expression();
      items.push_back(optional ? IfThere(question, std::move(item)) : std::move(item));
      if (!in_.Accept(TokenKind::kComma)) break;
    }
    in_.Close(TokenKind::kRightBracket, "]");
    return tree_.Parent(ExprKind::kList, "", open.begin, open.begin, in_.LastEnd(),
                        std::move(items));
  }

  Subtree Map() {
    const Token& open = in_.Open();
    std::vector<Subtree> entries;
    while (!in_.At(TokenKind::kRightBrace) && !in_.At(TokenKind::kEnd)) {
      const uint32_t question = in_.Peek().begin;
      const bool optional = in_.Accept(TokenKind::kQuestion);
      entries.push_back(Expression());
      if (!in_.Accept(TokenKind::kColon)) {
        if (!in_.At(TokenKind::kEnd)) {
          in_.Error(kCelSyntax, in_.Peek(),
                    Concat("expected ':' and a value before ", in_.Describe(in_.Peek())));
        }
        break;
      }
      Subtree value = Expression();
      entries.push_back(optional ? IfThere(question, std::move(value)) : std::move(value));
      if (!in_.Accept(TokenKind::kComma)) break;
    }
    in_.Close(TokenKind::kRightBrace, "}");
    if (entries.size() % 2 != 0) entries.push_back(tree_.Placeholder(open.begin, open.end));
    return tree_.Parent(ExprKind::kMap, "", open.begin, open.begin, in_.LastEnd(),
                        std::move(entries));
  }

  Subtree Literal(const Token* sign) {
    const Token& token = in_.Advance();
    const uint32_t begin = sign == nullptr ? token.begin : sign->begin;
    ExprPtr expr = tree_.New(ExprKind::kConstant, begin, token.end);
    switch (token.kind) {
      case TokenKind::kInt: {
        const uint64_t limit = static_cast<uint64_t>(INT64_MAX) + (sign == nullptr ? 0 : 1);
        if (token.number > limit) {
          in_.Error(kCelNumber, begin, token.end,
                    Concat(in_.Text(begin, token.end), " is beyond the range of int"));
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
    return tree_.Leaf(std::move(expr));
  }

  const LocatedText& located_;
  TokenReader in_;
  TreeBuilder tree_;
  int depth_ = 0;
};

}  // namespace

ExprPtr Parse(const LocatedText& text, Diagnostics& diagnostics) {
  const size_t before = diagnostics.added();
  if (text.text().size() > kMaxExpressionBytes) {
    diagnostics.Error(
        kCelTooLarge, text.Whole(),
        Concat("this expression is longer than ", std::to_string(kMaxExpressionBytes), " bytes"));
    return nullptr;
  }
  std::vector<Token> tokens = Lex(text, diagnostics);
  if (tokens.size() == 1) {
    if (diagnostics.added() == before) {
      diagnostics.Error(kCelEmpty, text.Whole(), "this expression is empty");
    }
    return nullptr;
  }
  ExprPtr expr = Parser(text, std::move(tokens), diagnostics).Run();
  return diagnostics.added() == before ? std::move(expr) : nullptr;
}

}  // namespace telltale::rules
