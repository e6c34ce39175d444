#include "engine/window/window_matcher.h"

#include <utility>

#include "engine/window/baseline_matcher.h"
#include "engine/window/grid_matcher.h"
#include "engine/window/session_matcher.h"
#include "engine/window/sliding_matcher.h"

namespace telltale::engine {
namespace {

std::unique_ptr<RuleMatcher> MakeOfKind(const WindowPlan& plan, uint32_t rule, ShardMemory& memory,
                                        TimerQueue& timers, TimerQueue& quiet, Scratch& scratch,
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

}  // namespace

std::unique_ptr<RuleMatcher> MakeWindowMatcher(const WindowPlan& plan, uint32_t rule,
                                               ShardMemory& memory, TimerQueue& timers,
                                               TimerQueue& quiet, Scratch& scratch,
                                               MatchReceiver& receiver) {
  std::unique_ptr<RuleMatcher> window =
      MakeOfKind(plan, rule, memory, timers, quiet, scratch, receiver);
  if (plan.baseline == nullptr) return window;
  return std::make_unique<BaselineMatcher>(plan, std::move(window), rule, memory, quiet, scratch,
                                           receiver);
}

}  // namespace telltale::engine
