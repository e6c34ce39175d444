#include "engine/runtime/matcher_of_rule.h"

#include "engine/window/measured_matcher.h"
#include "engine/window/new_terms_matcher.h"
#include "engine/window/window_matcher.h"

namespace telltale::engine {

std::unique_ptr<RuleMatcher> MakeMatcherOfRule(const Routing& routing, uint32_t rule,
                                               uint32_t number, ShardMemory& memory,
                                               TimerQueue& timers, TimerQueue& quiet,
                                               Scratch& scratch, MatchReceiver& receiver) {
  if (const WindowPlan* window = routing.windows[rule].get())
    return MakeWindowMatcher(*window, number, memory, timers, quiet, scratch, receiver);
  if (const NewTermsPlan* terms = routing.new_terms[rule].get())
    return std::make_unique<NewTermsMatcher>(*terms, number, timers, scratch, receiver);
  const Pattern& pattern = routing.patterns[rule];
  if (const std::vector<WindowPlan>& windows = routing.step_windows[rule]; !windows.empty()) {
    return std::make_unique<MeasuredMatcher>(pattern, windows, number, memory, timers, quiet,
                                             scratch, receiver);
  }
  return MakeMatcher(pattern, number, memory, pattern.ends_quietly ? quiet : timers, scratch,
                     receiver);
}

}  // namespace telltale::engine
