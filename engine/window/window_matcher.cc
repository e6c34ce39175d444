#include "engine/window/window_matcher.h"

#include "engine/window/grid_matcher.h"
#include "engine/window/session_matcher.h"
#include "engine/window/sliding_matcher.h"

namespace telltale::engine {

std::unique_ptr<RuleMatcher> MakeWindowMatcher(const WindowPlan& plan, uint32_t rule,
                                               ShardMemory& memory, TimerQueue& timers,
                                               TimerQueue& quiet, Scratch& scratch,
                                               MatchReceiver& receiver) {
  switch (plan.aggregate->window.kind) {
    case rules::WindowKind::kSliding:
      return std::make_unique<SlidingMatcher>(plan, rule, memory, timers, quiet, scratch, receiver);
    case rules::WindowKind::kTumbling:
    case rules::WindowKind::kHopping:
      return std::make_unique<GridMatcher>(plan, rule, memory, timers, scratch, receiver);
    case rules::WindowKind::kSession:
      return std::make_unique<SessionMatcher>(plan, rule, memory, timers, scratch, receiver);
  }
  return nullptr;
}

}  // namespace telltale::engine
