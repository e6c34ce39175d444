#include "daemon/testing/prepared_rules.h"

#include <algorithm>

#include "daemon/testing/test_tables.h"
#include "rules/model/alert_reads.h"

namespace telltale::testing {

PreparedRules::PreparedRules(std::shared_ptr<const rules::RuleSet> rules)
    : rules_(std::move(rules)) {}

absl::StatusOr<CompiledPtr> PreparedRules::For(const rules::RuleTest& test) {
  Key key{test.rules, test.warm_up};
  std::sort(key.first.begin(), key.first.end());
  if (!test.lists.empty() || !test.tables.empty()) return Compile(key, test);
  Slot* slot = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Slot>& entry = slots_[key];
    if (entry == nullptr) entry = std::make_unique<Slot>();
    slot = entry.get();
  }
  std::call_once(slot->made, [&] { slot->rules = Compile(key, test); });
  return slot->rules;
}

absl::StatusOr<CompiledPtr> PreparedRules::Compile(const Key& key,
                                                   const rules::RuleTest& test) const {
  auto set = std::make_shared<rules::RuleSet>();
  set->streams = rules_->streams;
  set->lists = rules_->lists;
  for (const auto& [name, list] : test.lists) set->lists[name] = list;
  set->tables = rules_->tables;
  for (const std::string& id : key.first) {
    const auto found =
        std::lower_bound(rules_->rules.begin(), rules_->rules.end(), id,
                         [](const rules::Rule& rule, const std::string& i) { return rule.id < i; });
    if (!set->rules.empty() && set->rules.back().id == id) continue;
    rules::Rule& rule = set->rules.emplace_back(*found);
    rule.mode = rules::Mode::kLive;
    rule.warm_up = key.second;
  }
  // Rules are read by those that are tested with them. What a rule on alerts lacks of others is
  // given as events.
  rules::LinkAlerts(set->rules, *set->streams);
  for (rules::Rule& rule : set->rules) {
    rule.starved = false;
    rule.read_ids.clear();
  }
  const engine::Tables tables = MakeTables(test.tables, set->tables.get());
  return engine::CompileRules(std::move(set), tables);
}

}  // namespace telltale::testing
