#include "engine/runtime/ahead_matcher.h"

#include <cassert>

#include "engine/pattern/event_codec.h"
#include "engine/runtime/matcher_of_rule.h"

namespace telltale::engine {
namespace {

bool IsPattern(const CompiledRules& rules, uint32_t rule) {
  return rules.routing->windows[rule] == nullptr && rules.routing->new_terms[rule] == nullptr &&
         rules.routing->step_windows[rule].empty();
}

}  // namespace

AheadMatcher::AheadMatcher(const CompiledRules& rules, uint32_t rule, ShardMemory& memory,
                           Scratch& scratch, MatchReceiver& receiver)
    : rules_(rules),
      rule_(rule),
      memory_(memory),
      scratch_(scratch),
      receiver_(receiver),
      layouts_(*rules.rules->streams, rules.layouts) {
  ForgetAll();
}

void AheadMatcher::ForgetAll() {
  own_.clear();
  if (IsPattern(rules_, rule_)) {
    of_all_ =
        MakeMatcher(rules_.routing->patterns[rule_], 0, memory_, timers_, scratch_, receiver_);
  }
}

void AheadMatcher::Begin(const Hash128& key, const RuleMatcher* settled) {
  Forget(key);
  if (of_all_ == nullptr) {
    auto own = std::make_unique<Own>();
    own->matcher = MakeMatcherOfRule(*rules_.routing, rule_, 0, memory_, own->timers, own->timers,
                                     scratch_, receiver_);
    own_.emplace(key, std::move(own));
  }
  if (settled == nullptr || !settled->Keeps(key)) return;
  bytes_.clear();
  settled->Encode(key, layouts_, bytes_);
  EventDecoder events(layouts_, memory_.events);
  // What was written a moment ago is read.
  [[maybe_unused]] const absl::Status decoded = MatcherOf(key).Decode(bytes_, events);
  assert(decoded.ok());
}

void AheadMatcher::Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops) {
  EventHandle held = kNoEvent;
  MatcherOf(key).Process(event, key, steps, stops, held);
  if (held != kNoEvent) memory_.events.Unref(held);
}

bool AheadMatcher::Pass(const Hash128& key, int64_t bound) {
  if (of_all_ != nullptr) {
    while (timers_.size() > 0) timers_.Pop();
    // Nobody is told what ends, and Process ends it before its event.
    return !rules_.routing->patterns[rule_].ends_quietly && of_all_->EndBefore(key, bound);
  }
  Own& own = *own_.find(key)->second;
  bool any = false;
  for (; own.timers.DueBefore(bound); any = true) own.matcher->Fire(own.timers.Pop());
  return any;
}

void AheadMatcher::Forget(const Hash128& key) {
  if (of_all_ != nullptr) {
    of_all_->Forget(key);
  } else {
    own_.erase(key);
  }
}

}  // namespace telltale::engine
