// The matcher of a rule, whatever it is about: a pattern, a window, or terms that are new.
//
// Owner: the caller. Thread: the shard's. All references outlive it.
#ifndef TELLTALE_ENGINE_RUNTIME_MATCHER_OF_RULE_H_
#define TELLTALE_ENGINE_RUNTIME_MATCHER_OF_RULE_H_

#include <cstdint>
#include <memory>

#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/routing.h"

namespace telltale::engine {

// `rule`: its index in the rule set. `number`: what it says to timers and receiver. `quiet`: the
// timers of a pattern that ends quietly.
std::unique_ptr<RuleMatcher> MakeMatcherOfRule(const Routing& routing, uint32_t rule,
                                               uint32_t number, ShardMemory& memory,
                                               TimerQueue& timers, TimerQueue& quiet,
                                               Scratch& scratch, MatchReceiver& receiver);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_MATCHER_OF_RULE_H_
