#include "engine/runtime/alert_gate.h"

#include <bit>
#include <utility>

#include "engine/time/saturation.h"

namespace telltale::engine {

const rules::Rule& AlertGate::rule() const { return rules_->rules->rules[rule_]; }

int64_t AlertGate::LongestWait() const { return rule().LongestWait().value_or(kForever); }

// C5: the look-back of a window or a leading absence reaches before the first event that the rule
// could have seen.
bool AlertGate::IsWarmUp(const Match& match, int64_t horizon) const {
  if (rule().warm_up == rules::WarmUp::kAssumeEmpty) return false;
  if (match.looks_back_to < horizon) return true;
  const Pattern& pattern = rules_->routing->patterns[rule_];
  for (StopMask rest = pattern.leading; rest != 0; rest &= rest - 1) {
    const StopPlan& absence = pattern.stops[static_cast<size_t>(std::countr_zero(rest))];
    int64_t reach;
    if (__builtin_sub_overflow(match.events[0]->time, absence.within, &reach) || reach < horizon)
      return true;
  }
  return false;
}

AlertGate::Passed AlertGate::Pass(const Match& match, int64_t horizon, Suppressor* suppressor,
                                  Alert* told) const {
  Passed passed;
  if (IsWarmUp(match, horizon)) {
    passed.verdict = Passed::Verdict::kWarmUp;
    return passed;
  }
  if (plan().has_exceptions()) {
    const AlertPlan::Exempt exempt = plan().Except(match, *scratch_);
    passed.errors = exempt.errors;
    if (exempt.exception) {
      passed.verdict = Passed::Verdict::kExcepted;
      passed.exception = *exempt.exception;
      return passed;
    }
  }
  Suppressor::Decision decision{.deliver = true, .episode = 0, .suppressed = 0};
  Hash128 key{};
  if (plan().suppresses()) {
    key = plan().SuppressionKey(match, *scratch_);
    if (plan().suppresses_jointly()) passed.joint_key = key;
  }
  if (plan().suppresses() && !passed.joint_key) {
    decision = suppressor->Decide(key, match.time);
    if (!decision.deliver) {
      passed.verdict = Passed::Verdict::kSuppressed;
      return passed;
    }
  }
  Alert& alert = passed.alert;
  if (told != nullptr && !plan().counts_errors()) {
    alert = std::move(*told);
  } else {
    alert = plan().Make(match, *scratch_, passed.errors);
    alert.rules = rules_->rules;
  }
  alert.suppressed = decision.suppressed;
  alert.dedup_key = plan().DedupKey(alert, plan().suppresses() ? &key : nullptr, decision.episode);
  return passed;
}

Alert AlertGate::OfLimit(const LimitHit& hit) const {
  Alert alert = plan().MakeLimit(hit, *scratch_);
  alert.rules = rules_->rules;
  alert.dedup_key = plan().DedupKey(alert, nullptr, 0);
  return alert;
}

}  // namespace telltale::engine
