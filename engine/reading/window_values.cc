#include "engine/reading/window_values.h"

#include <utility>

#include "engine/condition/copy_value.h"
#include "engine/time/saturation.h"
#include "engine/window/sliding_matcher.h"

namespace telltale::engine {

// Those of the one key, run as they are in the matcher; what limits do is told elsewhere.
struct WindowValues::Windows : MatchReceiver {
  void OnMatch(uint32_t, const Match&) override {}
  void OnLimit(uint32_t, const LimitHit&) override {}
  void OnConditionError(uint32_t) override {}

  ShardMemory memory;
  TimerQueue timers;
  Arena arena;
  std::vector<std::unique_ptr<SlidingMatcher>> matchers;
};

WindowValues::WindowValues(const RuleReading& reading) : reading_(reading) {}
WindowValues::~WindowValues() = default;
WindowValues::WindowValues(WindowValues&&) noexcept = default;

void WindowValues::Take(const Event& event, StepMask sources, Scratch& scratch) {
  if (windows_ == nullptr) {
    windows_ = std::make_unique<Windows>();
    for (const WindowPlan& plan : reading_.windows()) {
      windows_->matchers.push_back(std::make_unique<SlidingMatcher>(
          plan, 0, windows_->memory, windows_->timers, windows_->timers, scratch, *windows_));
    }
  }
  const Hash128 key{};
  std::vector<Value>& values = values_.emplace_back();
  for (size_t i = 0; i < windows_->matchers.size(); ++i) {
    SlidingMatcher& matcher = *windows_->matchers[i];
    const rules::StepWindow& window = reading_.rule().windows[i];
    const StepMask own = ((StepMask{1} << window.sources) - 1) << window.first_source;
    matcher.ExpireUpTo(Minus(event.time, 1));
    EventHandle held = kNoEvent;
    if ((sources & own) != 0) matcher.Process(event, key, sources & own, 0, held);
    if (held != kNoEvent) windows_->memory.events.Unref(held);
    const Value* said = matcher.Measure(key, event.time);
    for (size_t call = 0; call < window.aggregate.calls.size(); ++call)
      values.push_back(CopyValue(said[call], windows_->arena));
  }
}

}  // namespace telltale::engine
