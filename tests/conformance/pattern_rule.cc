#include "tests/conformance/pattern_rule.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/load/vocabulary/names.h"

namespace telltale::conformance {
namespace {

constexpr int64_t kUnit = 10'000'000;  // of `ts`
constexpr char kStream[] = "events";

struct StepName {
  std::string name;       // in the rule
  bool list = false;      // it repeats, or a group around it does
  bool optional = false;  // a match may be without it
  size_t order = 0;       // in the text
};

using Names = std::map<std::string, StepName>;

bool Repeats(const PatternStep& step) {
  return step.repeat && (!step.repeat->max || *step.repeat->max != 1);
}

void CollectNames(const std::vector<PatternStep>& steps, bool list, bool optional, Names& names) {
  // What stands in the place of a step's name and is none.
  static const std::set<std::string> kKeys = {"not", "group", "any_of", "all_of"};
  for (const PatternStep& step : steps) {
    const bool is_list = list || Repeats(step);
    const bool is_optional = optional || step.optional;
    if (!step.group.empty()) {
      CollectNames(step.group, is_list, is_optional, names);
    } else if (!step.IsNot()) {
      const bool usable = rules::IsIdentifier(step.name) && !rules::IsReservedName(step.name) &&
                          !kKeys.contains(step.name);
      const size_t order = names.size();
      names[step.name] = {.name = usable ? step.name : absl::StrCat("step_", order),
                          .list = is_list,
                          .optional = is_optional,
                          .order = order};
    }
  }
}

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

std::string LessThan(int64_t n) { return absl::StrCat(n * 10 - 5, "ms"); }

class RuleText {
 public:
  explicit RuleText(const PatternCase& test) : test_(test) {
    CollectNames(test.pattern, false, false, names_);
    for (const PatternStep& step : test.pattern) FindWithin(step);
  }

  std::string Write() {
    std::string text = "id: case\nsequence:\n";
    for (size_t i = 0; i < test_.pattern.size(); ++i)
      absl::StrAppend(&text, "  - ", Entry(test_.pattern[i], i > 0, i + 1 == test_.pattern.size()),
                      "\n");
    if (whole_) absl::StrAppend(&text, "within: ", LessThan(*whole_), "\n");
    if (test_.skip_to.empty()) {
      absl::StrAppend(&text, "after_match: ", test_.after_match, "\n");
    } else {
      const auto step = names_.find(test_.skip_to);
      absl::StrAppend(&text, "after_match: { ", test_.after_match, ": ",
                      step == names_.end() ? test_.skip_to : step->second.name, " }\n");
    }
    return text;
  }

 private:
  void FindWithin(const PatternStep& step) {
    if (step.first_to_last)
      whole_ = std::min(whole_.value_or(*step.first_to_last), *step.first_to_last);
    for (const PatternStep& inner : step.group) FindWithin(inner);
  }

  // `after`: there is something before it in its list. `last`: of the whole pattern.
  std::string Entry(const PatternStep& step, bool after, bool last) {
    const std::optional<int64_t>& gap = step.previous_to_current;
    std::vector<std::string> keys;
    if (step.group.empty()) keys.push_back(absl::StrCat("on: ", kStream));
    if (!step.where.empty()) keys.push_back("where: " + Quoted(Condition(step.where, step)));
    if (!step.group.empty()) {
      std::vector<std::string> steps;
      for (const PatternStep& inner : step.group)
        steps.push_back(Entry(inner, !steps.empty(), false));
      keys.push_back("steps: [ " + absl::StrJoin(steps, ", ") + " ]");
    }
    if (step.IsNot()) {
      if (step.contiguity == "not_next") keys.push_back("contiguity: strict");
      if (last && gap) keys.push_back("within: " + LessThan(*gap));
      return absl::StrCat("{ not: { ", absl::StrJoin(keys, ", "), " } }");
    }
    if (after && !step.contiguity.empty()) keys.push_back("contiguity: " + step.contiguity);
    if (after && gap) keys.push_back("within: " + LessThan(*gap));
    const bool zero_times = step.repeat && step.repeat->min == 0;
    if (step.optional || zero_times) keys.push_back("optional: true");
    // Where a repeat is none, what is said of it has no place with us; greedy or `until` are told.
    if (Repeats(step) || step.greedy || !step.until.empty()) keys.push_back(RepeatKey(step));
    const std::string name = step.group.empty() ? names_.at(step.name).name : "group";
    return absl::StrCat("{ ", name, ": { ", absl::StrJoin(keys, ", "), " } }");
  }

  std::string RepeatKey(const PatternStep& step) {
    const PatternRepeat repeat = step.repeat.value_or(PatternRepeat{.min = 1, .max = 1});
    std::vector<std::string> keys;
    keys.push_back(absl::StrCat("min: ", std::max<int64_t>(repeat.min, 1)));
    if (repeat.max) keys.push_back(absl::StrCat("max: ", *repeat.max));
    if (!step.inside.empty()) keys.push_back("inside: " + step.inside);
    std::optional<int64_t> within = repeat.within;
    if (step.previous_to_current)
      within = std::min(within.value_or(*step.previous_to_current), *step.previous_to_current);
    if (within) keys.push_back("within: " + LessThan(*within));
    if (step.greedy) keys.push_back("greedy: true");
    if (!step.until.empty()) {
      const std::string until = Quoted(Condition(step.until, step));
      keys.push_back(step.group.empty()
                         ? "until: " + until
                         : absl::StrCat("until: { on: ", kStream, ", where: ", until, " }"));
    }
    return absl::StrCat("repeat: { ", absl::StrJoin(keys, ", "), " }");
  }

  // The condition with the names of steps as lists.
  std::string Condition(const std::string& text, const PatternStep& step) const {
    std::string written;
    for (size_t at = 0; at < text.size();) {
      const char c = text[at];
      size_t end = at + 1;
      if (c == '"' || c == '\'') {
        while (end < text.size() && text[end] != c) end += text[end] == '\\' ? 2 : 1;
        end = std::min(end + 1, text.size());
        written += text.substr(at, end - at);
      } else if (IsLetter(c)) {
        while (end < text.size() && IsLetter(text[end])) ++end;
        const bool member = at > 0 && text[at - 1] == '.';
        const std::string word = text.substr(at, end - at);
        written += member ? word : Reference(word, step);
      } else {
        written += c;
      }
      at = end;
    }
    return written;
  }

  static bool IsLetter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

  std::string Reference(const std::string& word, const PatternStep& step) const {
    const auto found = names_.find(word);
    if (found == names_.end()) return word;
    const StepName& named = found->second;
    if (named.list) return named.name;
    // Nothing has been taken of a later step, nor of this one.
    const auto own = names_.find(step.name);
    if (own != names_.end() && named.order >= own->second.order) return "[]";
    if (!named.optional) return "[" + named.name + "]";
    return "(has(" + named.name + ".ts) ? [" + named.name + "] : [])";
  }

  const PatternCase& test_;
  Names names_;
  std::optional<int64_t> whole_;
};

}  // namespace

model::Scenario ScenarioOf(const PatternCase& test) {
  model::Scenario scenario;
  scenario.streams = {{.name = kStream, .partitions = 1, .max_out_of_orderness = 0}};
  for (size_t i = 0; i < test.events.size(); ++i) {
    const PatternEvent& event = test.events[i];
    scenario.events.push_back({.stream = 0,
                               .partition = 0,
                               .offset = static_cast<int64_t>(i),
                               .time = event.ts * kUnit,
                               .fields = event.fields});
    // JSON does not say of 2 whether it is 2.0: a field with a fraction is one everywhere.
    for (const auto& [name, value] : event.fields) {
      if (std::holds_alternative<double>(value))
        scenario.streams[0].fields[{name}] = rules::Type::Of(rules::TypeKind::kDouble);
    }
  }
  for (model::ScenarioEvent& event : scenario.events) {
    for (auto& [name, value] : event.fields) {
      const auto* whole = std::get_if<int64_t>(&value);
      if (whole != nullptr && scenario.streams[0].fields.contains({name}))
        value = static_cast<double>(*whole);
    }
  }
  scenario.rules = RuleText(test).Write();
  return scenario;
}

bool EndsInAbsence(const PatternCase& test) { return test.pattern.back().IsNot(); }

}  // namespace telltale::conformance
