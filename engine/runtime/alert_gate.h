// What of a rule's matches goes out: not what looks back into the unknown (C5), what an exception
// is true of, or what repeats another (A3); asked in this order.
//
// Owner: a shard's lane, which asks it of settled matches, and a speculation, which asks it of
// those that are not (T5). Thread: the shard's. Units: nanoseconds of event time. Errors:
// conditions that end in one are counted in the answer.
#ifndef TELLTALE_ENGINE_RUNTIME_ALERT_GATE_H_
#define TELLTALE_ENGINE_RUNTIME_ALERT_GATE_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/alert/alert.h"
#include "engine/alert/suppressor.h"
#include "engine/condition/scratch.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/routing.h"

namespace telltale::engine {

class AlertGate {
 public:
  // `rule`: its index in the rule set. Both references outlive it.
  AlertGate(const CompiledRules& rules, uint32_t rule, Scratch& scratch)
      : rules_(&rules), rule_(rule), scratch_(&scratch) {}

  struct Passed {
    enum class Verdict : uint8_t { kAlert, kWarmUp, kExcepted, kSuppressed };
    Verdict verdict = Verdict::kAlert;
    uint32_t exception = 0;  // of kExcepted: which
    uint32_t errors = 0;     // conditions of the alert that ended in one
    Alert alert;             // of kAlert
    // That its alert is suppressed by together with those of other keys, which is still to come.
    std::optional<Hash128> joint_key = std::nullopt;
  };
  // `horizon`: what looks back beyond it is warm-up. `suppressor`: of a rule that suppresses.
  // `told`: an alert of this match that was made before (EarlyLedger::ToldOf), to be taken for it.
  Passed Pass(const Match& match, int64_t horizon, Suppressor* suppressor,
              Alert* told = nullptr) const;
  Alert OfLimit(const LimitHit& hit) const;

  const rules::Rule& rule() const;
  // How far behind the watermark the time of one of its matches can be: it keeps it while it waits.
  int64_t LongestWait() const;

 private:
  bool IsWarmUp(const Match& match, int64_t horizon) const;
  const AlertPlan& plan() const { return rules_->routing->plans[rule_]; }

  const CompiledRules* rules_;
  uint32_t rule_;
  Scratch* scratch_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ALERT_GATE_H_
