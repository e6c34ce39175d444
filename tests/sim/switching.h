// One engine whose rule set changes while events flow (C2, C3): partitions are read in random
// turns, batches and flushes come as they like, state goes through bytes now and then, and at
// random moments the next rule set takes over, whereupon sources read again what lies behind the
// switch. What has to come out is what the reference finds for each rule from the switch that
// brought it to the one that took it away.
//
// Owner: the test. Thread: one. Errors: state that does not come back from bytes fails the test.
#ifndef TELLTALE_TESTS_SIM_SWITCHING_H_
#define TELLTALE_TESTS_SIM_SWITCHING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/runtime/engine.h"
#include "tests/model/early_reference.h"
#include "tests/model/scenario.h"

namespace telltale::model {

using RulesPtr = std::shared_ptr<const engine::CompiledRules>;

class Switching {
 public:
  // How many turns pass, on average, between two switches, and between two times that all state
  // goes through bytes.
  struct Pace {
    uint64_t turns_a_set = 25;
    uint64_t turns_a_recode = 5;
  };
  // `scenario`: its streams and events; those of a partition in their order. `sets` take over one
  // after the other. The two sources of chance are apart so that bytes change nothing else.
  Switching(Scenario scenario, std::vector<RulesPtr> sets, std::mt19937_64 random,
            std::mt19937_64 recode, Pace pace);

  // The engine's answer, with switches at moments of its own choice.
  std::vector<Outcome> Run(uint32_t workers, bool threads = false);
  // Rules that read alerts (A5) are given those that the engine has found: these are compared, too.
  // REQUIRES: Run has been called.
  std::vector<Outcome> Reference() const;
  std::string Describe() const;
  const std::vector<Story>& stories() const { return stories_; }  // what Run was told
  size_t switches() const { return switched_at_.size(); }

 private:
  struct Partition {
    uint32_t stream = 0;
    uint32_t number = 0;
    std::vector<ScenarioEvent> events;
    size_t next = 0;
    size_t read = 0;  // the furthest
  };

  std::optional<size_t> Choose();
  void OfferOne(Partition& partition);
  bool Reread() const;
  void Switch();
  // Null: the set does not run the rule, or one of another meaning.
  const rules::Rule* Find(size_t set, const rules::Rule& rule) const;

  std::mt19937_64 random_;
  std::mt19937_64 recode_;
  Scenario scenario_;
  const Pace pace_;
  std::vector<Partition> partitions_;
  std::vector<RulesPtr> sets_;
  std::vector<int64_t> switched_at_;
  engine::CompiledRules ReadingAll(const engine::CompiledRules& rules) const;
  // As events in the layout of `rules`.
  std::vector<std::vector<uint64_t>> AlertsFor(const rules::Rule& rule,
                                               const engine::CompiledRules& rules) const;

  std::unique_ptr<engine::Engine> engine_;
  std::vector<Story> stories_;
  std::vector<engine::Alert> alerts_;  // what it has found
};

// Fails the test where the engine's answer is not the reference's. Returns how many switches there
// were.
size_t ExpectReigns(Switching& switching, uint32_t workers, uint64_t seed, bool threads = false);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_SIM_SWITCHING_H_
