// Rules from text, compiled, for the tests of what is explained of them.
//
// Owner: the test. Thread: one. Errors: failures of the test.
#ifndef TELLTALE_TESTS_DAEMON_EXPLAIN_RULES_H_
#define TELLTALE_TESTS_DAEMON_EXPLAIN_RULES_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "daemon/explain/automaton.h"
#include "engine/event/layout.h"
#include "rules/load/load.h"

namespace telltale::explain {

// Streams logins, devices and transactions (with `amount` declared).
inline std::shared_ptr<const rules::StreamCatalog> TestStreams() {
  rules::Stream transactions{"transactions", "pay", {}, 1'000'000};
  transactions.fields[{"amount"}] = rules::Type::Of(rules::TypeKind::kDouble);
  return std::make_shared<const rules::StreamCatalog>(std::vector<rules::Stream>{
      {"logins", "auth", {}, 1'000'000}, {"devices", "dev", {}, 1'000'000}, transactions});
}

class TestRules {
 public:
  explicit TestRules(const std::string& yaml) {
    rules::LoadResult loaded =
        rules::Load({std::make_shared<const rules::SourceFile>("test.yml", yaml)}, TestStreams());
    EXPECT_NE(loaded.rules, nullptr) << rules::Render(loaded.diagnostics);
    set_ = loaded.rules != nullptr ? std::move(loaded.rules)
                                   : std::make_shared<const rules::RuleSet>();
    if (!set_->rules.empty()) layouts_ = engine::MakeLayouts(*set_);
  }

  const rules::RuleSet& set() const { return *set_; }
  const std::vector<engine::EventLayout>& layouts() const { return layouts_; }

  const rules::Rule& rule(size_t index = 0) const { return set_->rules.at(index); }
  rules::Automaton Compiled(size_t index = 0) const {
    auto built = rules::BuildAutomaton(rule(index).pattern, rule(index).within.has_value());
    EXPECT_TRUE(std::holds_alternative<rules::Automaton>(built));
    return std::get<rules::Automaton>(std::move(built));
  }
  explain::Automaton Automaton(size_t index = 0) const {
    return MakeAutomaton(rule(index), Compiled(index), *set_->streams);
  }

 private:
  std::shared_ptr<const rules::RuleSet> set_;
  std::vector<engine::EventLayout> layouts_;
};

}  // namespace telltale::explain

#endif  // TELLTALE_TESTS_DAEMON_EXPLAIN_RULES_H_
