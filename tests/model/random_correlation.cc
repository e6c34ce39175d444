#include "tests/model/random_correlation.h"

#include <initializer_list>
#include <sstream>

#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"

namespace telltale::model {
namespace {

std::string Names(const std::vector<CorrelationSpec::Referred>& rules) {
  std::string text;
  for (const CorrelationSpec::Referred& rule : rules)
    text += (text.empty() ? "" : ", ") + rule.name;
  return text;
}

class CorrelationMaker {
 public:
  CorrelationMaker(Choices& choices, int streams) : choices_(choices), streams_(streams) {}

  CorrelationSpec Make() {
    CorrelationSpec made;
    for (int count = choices_.Between(1, 3); count > 0; --count) {
      made.rules.push_back({.name = "a" + std::to_string(made.rules.size()),
                            .stream = "s" + Number(0, streams_ - 1),
                            .selection = OneOf({"{ t: a }", "{ t: [a, b] }", "{ v|gte: 2 }",
                                                "{ w|exists: true }", "{ t: c, v|lt: 4 }"})});
    }
    made.timespan = Number(1, 6) + "s";
    made.aliased = choices_.OneIn(3);
    if (!choices_.OneIn(4)) made.group_by = {made.aliased ? "who" : "k"};
    if (choices_.OneIn(5)) made.group_by.emplace_back("t");
    made.type =
        OneOf({"event_count", "event_count", "value_count", "value_sum", "value_avg",
               "value_percentile", "value_median", "temporal", "temporal", "temporal_ordered"});
    made.condition = ConditionOf(made);
    return made;
  }

 private:
  std::string Number(int low, int high) { return std::to_string(choices_.Between(low, high)); }
  std::string OneOf(std::initializer_list<std::string> all) { return choices_.OneOf(all); }

  std::string ConditionOf(const CorrelationSpec& made) {
    const std::string bound = OneOf({"gte", "gt", "lte", "lt", "eq"}) + ": " + Number(1, 3);
    if (made.type == "event_count") return "{ " + bound + " }";
    if (IsTemporal(made.type)) {
      const std::string& last = made.rules.back().name;
      return OneOf({"", "", "{ " + bound + " }", "a0 and not " + last, "a0 or " + last,
                    "not a0 or " + last});
    }
    const std::string percentile = made.type == "value_percentile" ? ", percentile: 75" : "";
    return "{ " + bound + ", field: " + OneOf({"v", "w"}) + percentile + " }";
  }

  static bool IsTemporal(const std::string& type) { return type.starts_with("temporal"); }

  Choices& choices_;
  const int streams_;
};

}  // namespace

std::string CorrelationSpec::ToYaml() const {
  std::ostringstream out;
  for (const Referred& rule : rules) {
    out << "title: " << rule.name << "\nname: " << rule.name
        << "\nlogsource: { category: " << rule.stream << " }\ndetection: { s: " << rule.selection
        << ", condition: s }\n---\n";
  }
  out << "title: C\nname: c\ncorrelation:\n  type: " << type << "\n  rules: [" << Names(rules)
      << "]\n  timespan: " << timespan << "\n";
  if (!group_by.empty()) {
    out << "  group-by: [";
    for (size_t i = 0; i < group_by.size(); ++i) out << (i == 0 ? "" : ", ") << group_by[i];
    out << "]\n";
  }
  if (aliased) {
    out << "  aliases:\n    who: { ";
    for (size_t i = 0; i < rules.size(); ++i)
      out << (i == 0 ? "" : ", ") << rules[i].name << ": " << (i == 0 ? "account" : "k");
    out << " }\n";
  }
  if (!condition.empty()) out << "  condition: " << condition << "\n";
  return out.str();
}

std::vector<CorrelationSpec> Simpler(const CorrelationSpec& rule) {
  std::vector<CorrelationSpec> all;
  for (size_t i = 0; rule.rules.size() > 1 && i < rule.rules.size(); ++i) {
    auto& rules = all.emplace_back(rule).rules;
    rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (!rule.group_by.empty()) {
    all.emplace_back(rule).group_by.clear();
    all.back().aliased = false;
  }
  return all;
}

CorrelationCase RandomCorrelationCase(Choices& choices) {
  CorrelationCase made;
  made.scenario.streams = RandomStreams(choices);
  made.rule = CorrelationMaker(choices, static_cast<int>(made.scenario.streams.size())).Make();
  made.scenario.events =
      RandomWindowEvents(choices, made.scenario.streams, choices.Between(20, 60));
  made.Write();
  return made;
}

}  // namespace telltale::model
