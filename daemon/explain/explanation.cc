#include "daemon/explain/explanation.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/drawing.h"
#include "daemon/explain/meaning.h"
#include "engine/event/layout.h"
#include "rules/model/alert_reads.h"
#include "rules/model/automaton.h"

namespace telltale::explain {
namespace {

constexpr size_t kColumns = 94;

// What events keep, were this rule running.
std::vector<engine::EventLayout> LayoutsWith(const rules::RuleSet& set, const rules::Rule& rule) {
  if (rule.Runs()) return engine::MakeLayouts(set);
  rules::RuleSet running = set;
  for (rules::Rule& other : running.rules) {
    if (other.id != rule.id) continue;
    other.mode = rules::Mode::kLive;
    other.starved = false;
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

// Whose alerts it reads, and who reads its own (A5).
void AppendReads(const rules::RuleSet& set, const rules::Rule& rule,
                 std::vector<std::string>& meaning) {
  std::vector<std::string> read;
  for (const uint32_t other : rule.reads) read.push_back(set.rules[other].id);
  if (!read.empty()) {
    meaning.push_back(absl::StrCat(
        "The alerts that can come to it are those of ", absl::StrJoin(read, ", "),
        rule.reads_suppressed ? ", also such as suppression keeps back where it says so." : "."));
  } else if (rules::ReadsAlerts(rule, *set.streams)) {
    meaning.push_back(absl::StrCat("No rule raises an alert that can come to it",
                                   rule.starved ? ", so it does not run." : "."));
  }
  std::vector<std::string> readers;
  for (const rules::Rule& other : set.rules) {
    for (const uint32_t index : other.reads) {
      if (set.rules[index].id == rule.id) readers.push_back(other.id);
    }
  }
  if (!readers.empty())
    meaning.push_back(absl::StrCat("Its alerts are read by ", absl::StrJoin(readers, ", "), "."));
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
  std::vector<std::string> meaning = Meaning(rule, compiled, *set.streams);
  AppendReads(set, rule, meaning);
  return Explanation{Heading(rule), MakeAutomaton(rule, compiled, *set.streams), std::move(meaning),
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
