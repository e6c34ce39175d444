#include "rules/load/rule/template.h"

#include <string_view>

namespace telltale::rules {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr size_t kMostHoles = 500;

// Where the hole that begins at `at` ends: the position of its "}}" or npos. Braces of map literals
// are counted, those in strings are not.
size_t EndOfHole(std::string_view text, size_t at) {
  char quote = '\0';
  size_t open = 0;
  for (size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '{') {
      ++open;
    } else if (c == '}' && open > 0) {
      --open;
    } else if (text.substr(i).starts_with(kClose)) {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Template> ReadTemplate(RuleContext& context, const LocatedText& text) {
  const std::string_view all = text.text();
  const Scope scope = AlertScope(context);
  Template result;
  bool good = true;
  size_t at = 0;
  for (;;) {
    const size_t open = all.find(kOpen, at);
    result.literals.emplace_back(all.substr(at, open == std::string_view::npos ? open : open - at));
    if (open == std::string_view::npos) break;
    const size_t begin = open + kOpen.size();
    const size_t end = EndOfHole(all, begin);
    if (end == std::string_view::npos) {
      context.diagnostics.Error(kBadTemplate, text.Locate(open, begin), "this '{{' has no '}}'");
      return std::nullopt;
    }
    const size_t close = end + kClose.size();
    if (result.literals.size() > kMostHoles) {
      context.diagnostics.Error(
          kOutOfRange, text.Locate(open, close),
          "a template has at most " + std::to_string(kMostHoles) + " expressions in '{{ }}'");
      return std::nullopt;
    }
    if (all.substr(begin, end - begin).find_first_not_of(" \t\r\n") == std::string_view::npos) {
      context.diagnostics.Error(kBadTemplate, text.Locate(open, close),
                                "there is no expression between '{{' and '}}'");
      good = false;
    } else {
      std::optional<Expression> hole = CompileIn(context, text.Sub(begin, end), scope, Type::Dyn());
      good = good && hole.has_value();
      if (hole) result.holes.push_back(*std::move(hole));
    }
    at = close;
  }
  if (!good) return std::nullopt;
  return result;
}

}  // namespace telltale::rules
