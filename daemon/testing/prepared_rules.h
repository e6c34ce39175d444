// The rules that a test runs, compiled for it: those that it names and no others, whatever their
// `mode`, with the test's `warm_up` (C5).
//
// Tests that run the same rules alike share one compiled set, which is made when the first of them
// asks; one with lists or tables of its own has a set of its own, for these are a part of it.
// Owner: the suite. Thread: any; what is made is immutable. Errors: a status where a checked
// rule cannot be compiled, which is a bug of ours or a limit of the engine.
#ifndef TELLTALE_DAEMON_TESTING_PREPARED_RULES_H_
#define TELLTALE_DAEMON_TESTING_PREPARED_RULES_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/runtime/compiled_rules.h"
#include "rules/model/rule.h"
#include "rules/model/rule_test.h"

namespace telltale::testing {

using CompiledPtr = std::shared_ptr<const engine::CompiledRules>;

class PreparedRules {
 public:
  // REQUIRES of all tests that are asked for: their rules are in the set.
  explicit PreparedRules(std::shared_ptr<const rules::RuleSet> rules);

  absl::StatusOr<CompiledPtr> For(const rules::RuleTest& test);

 private:
  using Key = std::pair<std::vector<std::string>, rules::WarmUp>;
  struct Slot {
    std::once_flag made;
    absl::StatusOr<CompiledPtr> rules = CompiledPtr();
  };
  absl::StatusOr<CompiledPtr> Compile(const Key& key, const rules::RuleTest& test) const;

  const std::shared_ptr<const rules::RuleSet> rules_;
  std::mutex mutex_;  // of the map; each slot is made outside of it
  std::map<Key, std::unique_ptr<Slot>> slots_;
};

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_PREPARED_RULES_H_
