#include "rules/load/sigma/condition.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace telltale::rules::sigma {
namespace {

constexpr int kDeepest = 250;
constexpr uint32_t kMostOf = 10'000;

struct Token {
  std::string_view text;  // empty: the end
  size_t begin = 0;
  size_t end = 0;
};

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
         c == '*' || c == '?';
}
bool HasWildcard(std::string_view name) {
  return name.find_first_of("*?") != std::string_view::npos;
}

bool IsWord(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
}

bool IsReserved(std::string_view text) {
  return IsWord(text, "and") || IsWord(text, "or") || IsWord(text, "not") || IsWord(text, "of");
}

std::optional<uint32_t> Number(std::string_view text) {
  uint32_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = std::min(number * 10 + static_cast<uint32_t>(c - '0'), kMostOf);
  }
  return number;
}

class Parser {
 public:
  Parser(const LocatedText& text, ConditionOf what, Diagnostics& diagnostics)
      : text_(text), what_(what), diagnostics_(diagnostics) {
    Advance();
  }

  std::optional<Condition> Whole() {
    std::optional<Condition> condition = Or();
    if (!condition) return std::nullopt;
    if (!token_.text.empty()) {
      if (token_.text == "|") {
        Aggregation();
      } else if (token_.text == ")") {
        Fail("this ')' closes nothing");
      } else {
        Fail("'and' or 'or' is missing before '" + std::string(token_.text) + "'");
      }
      return std::nullopt;
    }
    return condition;
  }

 private:
  void Advance() {
    const std::string_view all = text_.text();
    size_t begin = all.find_first_not_of(" \t\r\n", token_.end);
    begin = std::min(begin, all.size());
    size_t end = begin;
    while (end < all.size() && IsNameCharacter(all[end])) ++end;
    if (end == begin && end < all.size()) {
      ++end;  // a character of several bytes is one
      while (end < all.size() && (static_cast<unsigned char>(all[end]) & 0xC0U) == 0x80) ++end;
    }
    token_ = {all.substr(begin, end - begin), begin, end};
  }

  std::nullopt_t Fail(const std::string& message) {
    diagnostics_.Error(kSigmaCondition, text_.Locate(token_.begin, token_.end), message);
    return std::nullopt;
  }

  void Aggregation() {
    diagnostics_
        .Error(kSigmaOne, text_.Locate(token_.begin, text_.text().size()),
               "aggregations in a condition are Sigma 1's, and are no more")
        .notes.push_back("write a correlation: it counts the events of this rule");
  }

  std::optional<Condition> Chain(Condition::Kind kind, std::string_view word) {
    const bool is_or = kind == Condition::Kind::kOr;
    std::optional<Condition> first = is_or ? And() : Not();
    if (!first || !IsWord(token_.text, word)) return first;
    Condition chain{.kind = kind, .name = "", .least = 1, .span = first->span, .parts = {}};
    chain.parts.push_back(*std::move(first));
    while (IsWord(token_.text, word)) {
      Advance();
      std::optional<Condition> next = is_or ? And() : Not();
      if (!next) return std::nullopt;
      chain.parts.push_back(*std::move(next));
    }
    chain.span.end = chain.parts.back().span.end;
    return chain;
  }

  std::optional<Condition> Or() { return Chain(Condition::Kind::kOr, "or"); }
  std::optional<Condition> And() { return Chain(Condition::Kind::kAnd, "and"); }

  std::optional<Condition> Not() {
    if (!IsWord(token_.text, "not")) return Primary();
    if (++depth_ > kDeepest) return Fail("the condition is nested too deeply");
    Condition negated{.kind = Condition::Kind::kNot,
                      .name = "",
                      .least = 1,
                      .span = text_.Locate(token_.begin, token_.end),
                      .parts = {}};
    Advance();
    std::optional<Condition> part = Not();
    --depth_;
    if (!part) return std::nullopt;
    negated.span.end = part->span.end;
    negated.parts.push_back(*std::move(part));
    return negated;
  }

  std::optional<Condition> Primary() {
    if (token_.text == "(") return Parenthesised();
    if (token_.text.empty()) {
      return Fail(text_.text().find_first_not_of(" \t\r\n") == std::string::npos
                      ? "the condition is empty"
                      : "the condition ends where a name should follow");
    }
    if (IsReserved(token_.text) || !IsNameCharacter(token_.text.front()))
      return Fail("a name should stand here, not '" + std::string(token_.text) + "'");
    const Token first = token_;
    Advance();
    if (what_ == ConditionOf::kDetection && IsWord(token_.text, "of")) return Quantity(first);
    if (HasWildcard(first.text)) {
      token_ = first;
      return Fail("'" + std::string(first.text) + "' is a pattern: write '1 of " +
                  std::string(first.text) + "' or 'all of " + std::string(first.text) + "'");
    }
    return Condition{.kind = Condition::Kind::kName,
                     .name = std::string(first.text),
                     .least = 1,
                     .span = text_.Locate(first.begin, first.end),
                     .parts = {}};
  }

  std::optional<Condition> Parenthesised() {
    const Token open = token_;
    if (++depth_ > kDeepest) return Fail("the condition is nested too deeply");
    Advance();
    std::optional<Condition> inner = Or();
    --depth_;
    if (!inner) return std::nullopt;
    if (token_.text != ")") {
      token_ = open;
      return Fail("this '(' is not closed");
    }
    Advance();
    return inner;
  }

  std::optional<Condition> Quantity(const Token& first) {
    Condition quantity{.kind = Condition::Kind::kQuantity,
                       .name = "",
                       .least = kAllOfThem,
                       .span = {},
                       .parts = {}};
    if (!IsWord(first.text, "all")) {
      const std::optional<uint32_t> number =
          IsWord(first.text, "any") ? std::optional<uint32_t>(1) : Number(first.text);
      if (!number || *number == 0) {
        token_ = first;
        return Fail("'of' follows a number from 1 on, 'any' or 'all', not '" +
                    std::string(first.text) + "'");
      }
      quantity.least = *number;
    }
    Advance();
    if (token_.text.empty() || !IsNameCharacter(token_.text.front()))
      return Fail("'them' or a pattern such as selection* should follow 'of'");
    if (!IsWord(token_.text, "them")) quantity.name = token_.text;
    quantity.span = text_.Locate(first.begin, token_.end);
    Advance();
    return quantity;
  }

  const LocatedText& text_;
  const ConditionOf what_;
  Diagnostics& diagnostics_;
  Token token_;
  int depth_ = 0;
};

}  // namespace

std::optional<Condition> ParseCondition(const LocatedText& text, ConditionOf what,
                                        Diagnostics& diagnostics) {
  return Parser(text, what, diagnostics).Whole();
}

bool FitsPattern(std::string_view pattern, std::string_view name) {
  // The last '*' met, and how much of the name it has taken.
  size_t star = std::string_view::npos;
  size_t taken = 0;
  size_t p = 0;
  size_t n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace telltale::rules::sigma
