// Suppression by another key than the rule's (A3): the alerts of one rule, wherever they were
// matched, decided together in T7's order.
//
// A shard gives back what passed its gate with the key that it is suppressed by; here it waits
// until all shards have settled its time, and is decided. So neither the number of shards nor their
// pace shows. What waits is what the rule has found within one epoch, and as long as its matches
// may be late (Rule::LongestWait). Its bytes are those of its episodes, and of what waits.
//
// Owner: the engine, one for each rule and each stretch of its state. Thread: the ingest thread;
// the counters any. Units: nanoseconds of event time. Errors: broken bytes are a status.
#ifndef TELLTALE_ENGINE_RUNTIME_JOINT_SUPPRESSION_H_
#define TELLTALE_ENGINE_RUNTIME_JOINT_SUPPRESSION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/alert/alert.h"
#include "engine/alert/suppressor.h"
#include "engine/event/hash.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/counters.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

// An alert that is not decided yet.
struct UndecidedAlert {
  Alert alert;
  Hash128 key{};  // that it is suppressed by
};

class JointSuppression {
 public:
  struct Counters {
    Counter alerts;
    Counter suppressed;
  };

  // `rule`: its index. REQUIRES: it SuppressesJointly, and its LongestWait is bounded.
  JointSuppression(std::shared_ptr<const CompiledRules> rules, uint32_t rule);

  const std::string& id() const { return rule().id; }
  // Whether it goes on as the suppression of that rule: it finds the same (C3), and keeps back the
  // same.
  bool GoesOnAs(const rules::Rule& other) const;
  // And does. REQUIRES: GoesOnAs.
  void GoOn(std::shared_ptr<const CompiledRules> rules, uint32_t rule);

  void Add(UndecidedAlert undecided) { waiting_.push_back(std::move(undecided)); }
  // All alerts that the rule finds with a time before `settled`, less its wait, have been added.
  void DecideBefore(int64_t settled, std::vector<Alert>& alerts);
  // Every alert of an earlier time is decided.
  int64_t decided() const { return decided_; }
  // What its keys held is dropped, and time begins anew.
  void Clear();
  void ForgetState();

  const std::shared_ptr<Counters>& counters() const { return counters_; }

  void Encode(std::string& bytes) const;
  // REQUIRES: it is new, or cleared.
  absl::Status Decode(std::string_view bytes);

 private:
  const rules::Rule& rule() const { return rules_->rules->rules[rule_]; }

  std::shared_ptr<const CompiledRules> rules_;
  uint32_t rule_;
  int64_t wait_;
  Suppressor suppressor_;
  std::vector<UndecidedAlert> waiting_;
  int64_t decided_ = kNever;
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_JOINT_SUPPRESSION_H_
