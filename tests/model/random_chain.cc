#include "tests/model/random_chain.h"

#include <initializer_list>
#include <utility>

#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"

namespace telltale::model {
namespace {

class RuleOnAlerts {
 public:
  RuleOnAlerts(Choices& choices, std::string id, int streams, std::vector<std::string> below,
               bool heard)
      : choices_(choices),
        id_(std::move(id)),
        streams_(streams),
        below_(std::move(below)),
        heard_(heard) {}

  std::string Make() {
    std::string text = "id: " + id_ + "\nwarm_up: assume_empty\n";
    const std::string by = OneOf({"k", "k", "k", "rule.id", "level", ""});
    if (!by.empty()) text += "by: " + by + "\n";
    if (choices_.OneIn(6) && !by.empty()) text += "missing_key: group\n";
    by_k_ = by == "k" || by.empty();
    switch (choices_.Between(0, 4)) {
      case 0:
      case 1:
        text += Window();
        break;
      case 2:
        text += "new_terms: { " + Source() + ", field: " + OneOf({"rule.id", "kind", "level"}) +
                ", history: " + Number(1, 20) + "s }\n";
        break;
      default:
        text += Sequence();
    }
    if (choices_.OneIn(4)) text += "suppress: { by: [" + by + "], for: " + Number(1, 5) + "s }\n";
    if (choices_.OneIn(4) && !heard_) text += "mode: building_block\n";
    text += "alert: { risk_score: " + Number(1, 60) + " }\n";
    return text;
  }

 private:
  std::string OneOf(std::initializer_list<std::string> all) { return choices_.OneOf(all); }
  std::string Number(int low, int high) { return std::to_string(choices_.Between(low, high)); }

  std::string Source() {
    std::string text = "on: alerts";
    if (choices_.OneIn(4) && !heard_) text += ", include: suppressed";
    const std::string& named =
        below_[static_cast<size_t>(choices_.Between(0, static_cast<int>(below_.size()) - 1))];
    const std::string where =
        OneOf({"", "", "level == \"high\"", "risk_score > 20", "kind != \"window\"",
               "rule.id == \"" + named + "\"", "rule.id == \"" + named + "\"",
               "rule.id in [\"" + named + "\", \"" + below_.front() + "\"]"});
    if (!where.empty()) text += ", where: '" + where + "'";
    return text;
  }

  std::string Window() {
    std::string text = "aggregate: { " + Source();
    text += ", window: " + OneOf({"{ sliding: 4s }", "{ sliding: 9s }", "{ tumbling: 5s }",
                                  "{ session: 3s }", "{ hopping: 6s, every: 2s }"});
    text += ", having: '" + OneOf({"count() >= 2", "sum(risk_score) >= 50",
                                   "count_distinct(rule.id) >= 2", "max(risk_score) > 30"});
    return text + "' }\n";
  }

  // A step over alerts, or over events where these have the key.
  std::string Step(const std::string& name) {
    if (by_k_ && choices_.OneIn(3))
      return name + ": { on: s" + Number(0, streams_ - 1) + ", where: 't != \"c\"'";
    return name + ": { " + Source();
  }

  std::string Sequence() {
    std::string text = "within: " + Number(4, 30) + "s\nsequence:\n";
    text += "  - a: { " + Source() + " }\n";
    const int steps = choices_.Between(1, 2);
    for (int step = 0; step < steps; ++step) {
      if (choices_.OneIn(4)) text += "  - not: { " + Source() + " }\n";
      text += "  - " + Step(step == 0 ? "b" : "c");
      text += OneOf({" }\n", " }\n", ", contiguity: any }\n",
                     heard_ ? " }\n" : ", contiguity: strict }\n", ", optional: true }\n"});
    }
    if (choices_.OneIn(4)) text += "  - not: { " + Source() + ", within: " + Number(1, 6) + "s }\n";
    if (choices_.OneIn(3))
      text += "after_match: " + OneOf({"skip_past_last", "skip_to_next"}) + "\n";
    if (choices_.OneIn(4)) text += "match: " + OneOf({"first", "latest"}) + "\n";
    text += "limits: { partial_matches: 30, matches: 20 }\n";
    return text;
  }

  Choices& choices_;
  const std::string id_;
  const int streams_;
  const std::vector<std::string> below_;
  const bool heard_;
  bool by_k_ = true;
};

}  // namespace

std::string RandomRuleOnEvents(Choices& choices, const Scenario& scenario, const std::string& id,
                               bool heard) {
  for (int tries = 0; tries < 20; ++tries) {
    const int streams = static_cast<int>(scenario.streams.size());
    Scenario alone = scenario;
    if (choices.OneIn(3)) {
      WindowSpec rule = RandomWindow(choices, streams);
      rule.id = id;
      alone.rules = rule.ToYaml();
    } else {
      RuleSpec rule = RandomRule(choices, streams, false);
      if (rule.more.find("limits") == std::string::npos) continue;
      rule.id = id;
      alone.rules = rule.ToYaml();
    }
    // What is suppressed over keys is read by nobody (A3).
    if (alone.rules.find("by: ['\"all\"") != std::string::npos) continue;
    alone.rules += "level: " + choices.OneOf<std::string>({"low", "high"}) + "\n";
    const std::string mode = choices.OneOf<std::string>({"building_block", "shadow", "", "", ""});
    if (!heard && !mode.empty()) alone.rules += "mode: " + mode + "\n";
    if (alone.rules.find("alert:") == std::string::npos)
      alone.rules += "alert: { risk_score: " + std::to_string(choices.Between(1, 60)) + " }\n";
    if (Compile(alone) != nullptr) return alone.rules;
  }
  return "";
}

std::string RandomRuleOnAlerts(Choices& choices, const std::string& id, int streams,
                               const std::vector<std::string>& below, bool heard) {
  return RuleOnAlerts(choices, id, streams, below, heard).Make();
}

}  // namespace telltale::model
