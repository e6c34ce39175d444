#include "tests/model/chain_run.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "rules/model/json.h"
#include "tests/model/engine_run.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

using Block = std::vector<uint64_t>;

Block Copy(const engine::Event& event) {
  Block block(event.byte_size / sizeof(uint64_t));
  std::memcpy(block.data(), &event, event.byte_size);
  return block;
}

// A value that stands in JSON, as far as the rules of these tests make such.
void PutJson(const std::string& json, engine::EventBuilder::Ref ref,
             engine::EventBuilder& builder) {
  if (json.front() == '"') {
    builder.SetString(ref, json.substr(1, json.size() - 2));
  } else if (json == "true" || json == "false") {
    builder.SetBool(ref, json == "true");
  } else if (json == "null") {
    builder.SetNull(ref);
  } else if (json.find_first_of(".eE") != std::string::npos) {
    builder.SetDouble(ref, std::stod(json));
  } else {
    builder.SetInt(ref, std::stoll(json));
  }
}

// The rules as if none of them read what another finds: each on the events that are offered.
std::shared_ptr<const engine::CompiledRules> Apart(const engine::CompiledRules& rules,
                                                   bool suppressing) {
  auto set = std::make_shared<rules::RuleSet>(*rules.rules);
  for (rules::Rule& rule : set->rules) {
    if (!rule.Runs()) rule.mode = rules::Mode::kOff;
    if (rule.mode != rules::Mode::kOff) rule.mode = rules::Mode::kLive;
    rule.reads.clear();
    rule.feeds = rule.feeds_suppressed = false;
    if (!suppressing) rule.suppress.reset();
  }
  auto compiled = engine::CompileRules(std::move(set));
  return compiled.ok() ? *compiled : nullptr;
}

std::vector<size_t> LevelsOf(const std::vector<rules::Rule>& rules) {
  std::vector<size_t> levels(rules.size(), 0);
  for (size_t round = 0; round < rules.size(); ++round) {
    for (size_t i = 0; i < rules.size(); ++i) {
      for (const uint32_t read : rules[i].reads) levels[i] = std::max(levels[i], levels[read] + 1);
    }
  }
  return levels;
}

class Levels {
 public:
  Levels(const Scenario& scenario, const engine::CompiledRules& rules)
      : scenario_(scenario),
        rules_(rules),
        plain_(Apart(rules, true)),
        all_(Apart(rules, false)),
        levels_(LevelsOf(rules.rules->rules)) {}

  ChainResult Run() {
    const size_t last = *std::max_element(levels_.begin(), levels_.end());
    result_.levels = last;
    for (size_t level = 0; level <= last && result_.error.empty(); ++level) OneLevel(level);
    std::sort(result_.bodies.begin(), result_.bodies.end());
    return std::move(result_);
  }

 private:
  // The events in their order of arrival, and behind them the alerts so far.
  Feed Offered(const engine::CompiledRules& rules) {
    Feed feed = FeedOf(scenario_, rules);
    feed.streams.push_back({.name = "alerts"});
    feed.size += alerts_.size();
    feed.at = [this, events = feed.at](size_t i) -> const engine::Event& {
      const size_t before = scenario_.events.size();
      return i < before ? events(i)
                        : *reinterpret_cast<const engine::Event*>(alerts_[i - before].data());
    };
    return feed;
  }

  void OneLevel(size_t level) {
    const std::vector<rules::Rule>& rules = rules_.rules->rules;
    const EngineResult found = RunEngine(Offered(*plain_), plain_, {});
    const EngineResult unsuppressed = RunEngine(Offered(*all_), all_, {});
    std::set<engine::Hash128> heard;
    std::map<std::string, size_t> index;
    for (size_t i = 0; i < rules.size(); ++i) index[rules[i].id] = i;
    EngineResult of_level;
    for (const engine::Alert& alert : found.alerts) {
      const size_t rule = index.at(alert.rule->id);
      if (levels_[rule] != level) continue;
      heard.insert(alert.id);
      of_level.alerts.push_back(alert);
      if (rules[rule].mode == rules::Mode::kBuildingBlock) continue;
      result_.bodies.push_back(AlertJson(alert));
      result_.from_alerts += level > 0 ? 1 : 0;
    }
    CheckReference(level, of_level);
    for (const engine::Alert& alert : unsuppressed.alerts) {
      const size_t rule = index.at(alert.rule->id);
      if (levels_[rule] != level || alert.kind == engine::AlertKind::kLimit) continue;
      // Nobody reads shadows, nor what can become known as late as it likes.
      if (rules[rule].mode == rules::Mode::kShadow || !rules[rule].LongestWait()) continue;
      alerts_.push_back(AlertAsEvent(alert, !heard.contains(alert.id), level > 0, *plain_));
    }
    std::sort(alerts_.begin(), alerts_.end(), [](const Block& a, const Block& b) {
      return Before(*reinterpret_cast<const engine::Event*>(a.data()),
                    *reinterpret_cast<const engine::Event*>(b.data()));
    });
  }

  void CheckReference(size_t level, const EngineResult& of_level) {
    std::map<std::string, Reign> reigns;
    for (size_t i = 0; i < levels_.size(); ++i) {
      if (levels_[i] == level) reigns.emplace(rules_.rules->rules[i].id, Reign());
    }
    const ReferenceResult expected = RunReference(Offered(*plain_), *plain_, reigns);
    const std::vector<Outcome> got = of_level.Outcomes();
    if (expected.outcomes == got) return;
    result_.error = "level " + std::to_string(level) + " is\n" + Print(got) + "and not\n" +
                    Print(expected.outcomes);
  }

  const Scenario& scenario_;
  const engine::CompiledRules& rules_;
  const std::shared_ptr<const engine::CompiledRules> plain_;
  const std::shared_ptr<const engine::CompiledRules> all_;  // with nothing suppressed
  const std::vector<size_t> levels_;
  std::vector<Block> alerts_;
  ChainResult result_;
};

}  // namespace

// One field after the other.
std::vector<uint64_t> AlertAsEvent(const engine::Alert& alert, bool suppressed, bool on_alerts,
                                   const engine::CompiledRules& rules) {
  const uint32_t stream = rules.rules->streams->alerts();
  const engine::EventLayout& layout = rules.layouts[stream];
  engine::EventBuilder builder;
  builder.Begin(stream, layout.slot_count());
  for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
    const std::string path = rules::PathText(layout.fields()[slot].path);
    const engine::EventBuilder::Ref ref = builder.slot(slot);
    // The words of alerts hide parts of the key of the same name.
    for (size_t part = 0; part < alert.key.size(); ++part) {
      if (path != alert.rule->key_names[part]) continue;
      if (alert.key[part]) {
        builder.SetString(ref, *alert.key[part]);
      } else {
        builder.SetNull(ref);
      }
    }
    if (path == "alert.id") builder.SetString(ref, engine::ToHex(alert.id));
    if (path == "alert.suppressed") builder.SetBool(ref, suppressed);
    if (path == "rule.id") builder.SetString(ref, alert.rule->id);
    if (path == "rule.on_alerts") builder.SetBool(ref, on_alerts);
    if (path == "kind") builder.SetString(ref, engine::AlertKindName(alert.kind));
    if (path == "level") builder.SetString(ref, rules::LevelName(alert.rule->level));
    if (path == "risk_score") builder.SetInt(ref, alert.risk_score);
    for (const auto& [name, json] : alert.fields) {
      if (path == "fields." + name) PutJson(json, ref, builder);
    }
  }
  const std::string id = engine::ToHex(alert.id);
  return Copy(
      *builder.Finish(alert.time, static_cast<uint32_t>(std::stoull(id.substr(0, 8), nullptr, 16)),
                      static_cast<int64_t>(std::stoull(id.substr(8, 16), nullptr, 16) / 2)));
}

ChainResult RunLevels(const Scenario& scenario, const engine::CompiledRules& rules) {
  return Levels(scenario, rules).Run();
}

}  // namespace telltale::model
