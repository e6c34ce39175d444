#include "engine/pattern/rule_matcher.h"

#include "engine/pattern/matcher.h"
#include "engine/pattern/shared_matcher.h"

namespace telltale::engine {

std::unique_ptr<PatternMatcher> MakeMatcher(const Pattern& pattern, uint32_t rule,
                                            ShardMemory& memory, TimerQueue& timers,
                                            Scratch& scratch, MatchReceiver& receiver) {
  if (pattern.shared)
    return std::make_unique<SharedMatcher>(pattern, rule, memory, timers, receiver);
  return std::make_unique<Matcher>(pattern, rule, memory, timers, scratch, receiver);
}

}  // namespace telltale::engine
