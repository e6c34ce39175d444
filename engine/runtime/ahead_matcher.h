// The matcher of a rule that runs ahead of what is settled, each key by itself (T5): of every key
// it is as far as the last event of the key that has arrived.
//
// One matcher does for all keys of a pattern, which keeps them apart. Windows, also those that a
// sequence reads, and new terms arm a timer over all keys at once: each of theirs has a matcher of
// its own. Owner: a speculation. Thread: the shard's. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_ENGINE_RUNTIME_AHEAD_MATCHER_H_
#define TELLTALE_ENGINE_RUNTIME_AHEAD_MATCHER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "engine/condition/scratch.h"
#include "engine/event/event.h"
#include "engine/event/hash.h"
#include "engine/pattern/layout_book.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/time/timer_queue.h"

namespace telltale::engine {

class AheadMatcher {
 public:
  // `rule`: its index in the rule set. All references outlive it.
  AheadMatcher(const CompiledRules& rules, uint32_t rule, ShardMemory& memory, Scratch& scratch,
               MatchReceiver& receiver);

  // The key goes on from what `settled` keeps of it; null: from nothing.
  void Begin(const Hash128& key, const RuleMatcher* settled);
  // REQUIRES of both: the key has begun.
  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops);
  // What of the key has a deadline below `bound` ends. Whether there was such.
  bool Pass(const Hash128& key, int64_t bound);
  void Prefetch(const Hash128& key, RuleMatcher::Fetch step) const {
    if (of_all_ != nullptr) of_all_->Prefetch(key, step, RuleMatcher::kNotFound);
  }
  void Forget(const Hash128& key);
  void ForgetAll();
  // A key costs little more than its state.
  bool keeps_many() const { return of_all_ != nullptr; }

 private:
  struct Own {
    TimerQueue timers;
    std::unique_ptr<RuleMatcher> matcher;
  };
  RuleMatcher& MatcherOf(const Hash128& key) {
    return of_all_ != nullptr ? *of_all_ : *own_.find(key)->second->matcher;
  }

  const CompiledRules& rules_;
  const uint32_t rule_;
  ShardMemory& memory_;
  Scratch& scratch_;
  MatchReceiver& receiver_;
  const LayoutBook layouts_;
  // Of a pattern. Nobody asks for its timers: Pass does without.
  TimerQueue timers_;
  std::unique_ptr<PatternMatcher> of_all_;
  // Else, by key.
  HashMap<std::unique_ptr<Own>> own_;
  std::string bytes_;  // of the call under way
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_AHEAD_MATCHER_H_
