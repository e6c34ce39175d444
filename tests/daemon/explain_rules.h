// Rules from text, compiled, for the tests of what is explained of them.
//
// Owner: the test. Thread: one. Errors: failures of the test.
#ifndef TELLTALE_TESTS_DAEMON_EXPLAIN_RULES_H_
#define TELLTALE_TESTS_DAEMON_EXPLAIN_RULES_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

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

  engine::Pattern Pattern(size_t rule = 0) const {
    auto pattern = engine::CompilePattern(set_->rules.at(rule), layouts_, nullptr);
    EXPECT_TRUE(pattern.ok()) << pattern.status();
    return *std::move(pattern);
  }
  explain::Automaton Automaton(size_t rule = 0) const {
    return MakeAutomaton(Pattern(rule), *set_->streams);
  }

 private:
  std::shared_ptr<const rules::RuleSet> set_;
  std::vector<engine::EventLayout> layouts_;
};

}  // namespace telltale::explain

#endif  // TELLTALE_TESTS_DAEMON_EXPLAIN_RULES_H_
