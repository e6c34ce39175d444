// The matchers of rules that look at windows, and at terms that were not seen before.
//
// Owner: a shard's lane. Thread: the shard's. Units: nanoseconds. All references outlive the
// matcher.
#ifndef TELLTALE_ENGINE_WINDOW_WINDOW_MATCHER_H_
#define TELLTALE_ENGINE_WINDOW_WINDOW_MATCHER_H_

#include <cstdint>
#include <memory>

#include "engine/pattern/rule_matcher.h"
#include "engine/window/window_plan.h"

namespace telltale::engine {

// By the kind of its window. `rule` is its number in the lane: what it says to timers and receiver.
// `quiet`: timers that nobody waits for, and that may be late.
std::unique_ptr<RuleMatcher> MakeWindowMatcher(const WindowPlan& plan, uint32_t rule,
                                               ShardMemory& memory, TimerQueue& timers,
                                               TimerQueue& quiet, Scratch& scratch,
                                               MatchReceiver& receiver);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_WINDOW_MATCHER_H_
