#include "daemon/explain/explanation.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/drawing.h"
#include "daemon/explain/meaning.h"
#include "engine/event/layout.h"
#include "rules/model/automaton.h"

namespace telltale::explain {
namespace {

constexpr size_t kColumns = 94;

// What events keep, were this rule running.
std::vector<engine::EventLayout> LayoutsWith(const rules::RuleSet& set, const rules::Rule& rule) {
  if (rule.Runs()) return engine::MakeLayouts(set);
  rules::RuleSet running = set;
  for (rules::Rule& other : running.rules) {
    if (other.id == rule.id) other.mode = rules::Mode::kLive;
  }
  return engine::MakeLayouts(running);
}

std::vector<std::string> Heading(const rules::Rule& rule) {
  std::vector<std::string> lines = {absl::StrCat(rule.id, ": ", rule.title)};
  std::string facts = absl::StrCat("level ", std::string(rules::LevelName(rule.level)),
                                   ", fingerprint ", rules::ToHex(rule.fingerprint));
  if (!rule.tags.empty()) absl::StrAppend(&facts, ", tags ", absl::StrJoin(rule.tags, " "));
  lines.push_back(std::move(facts));
  return lines;
}

void AppendParagraphs(std::string& text, std::string_view title,
                      const std::vector<std::string>& paragraphs) {
  absl::StrAppend(&text, "\n", std::string(title), "\n");
  for (const std::string& paragraph : paragraphs) {
    std::string_view indent = "  ";
    for (const std::string& line : Wrap(paragraph, kColumns)) {
      absl::StrAppend(&text, std::string(indent), line, "\n");
      indent = "    ";
    }
  }
}

}  // namespace

absl::StatusOr<Explanation> Explain(const rules::RuleSet& set, const rules::Rule& rule) {
  const std::vector<engine::EventLayout> layouts = LayoutsWith(set, rule);
  const auto built = rules::BuildAutomaton(rule.pattern, rule.within.has_value());
  if (!std::holds_alternative<rules::Automaton>(built))
    return absl::InvalidArgumentError("there is no automaton for this rule");
  const auto& compiled = std::get<rules::Automaton>(built);
  return Explanation{Heading(rule), MakeAutomaton(rule, compiled, *set.streams),
                     Meaning(rule, compiled, *set.streams),
                     MemoryText(rule, compiled, layouts, *set.streams),
                     rule.aggregate || rule.new_terms};
}

std::string ToText(const Explanation& explanation) {
  std::string text = absl::StrCat(absl::StrJoin(explanation.heading, "\n"), "\n");
  const std::string& within = explanation.automaton.within;
  if (!explanation.windowed) {  // what is taken together in a window has no way to go
    absl::StrAppend(&text, "\nAutomaton", within.empty() ? "" : ", all within ", within, "\n",
                    ToText(explanation.automaton));
  }
  AppendParagraphs(text, "In words", explanation.meaning);
  AppendParagraphs(text, "Memory", explanation.memory);
  return text;
}

}  // namespace telltale::explain
