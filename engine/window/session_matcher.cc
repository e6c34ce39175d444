#include "engine/window/session_matcher.h"

#include <bit>
#include <utility>

#include "engine/time/saturation.h"
#include "engine/window/baselines.h"

namespace telltale::engine {

SessionMatcher::SessionMatcher(const WindowPlan& plan, uint32_t rule, ShardMemory& memory,
                               TimerQueue& timers, Scratch& scratch, MatchReceiver& receiver)
    : RuleMatcher(plan.accumulators.empty() ? Fetch::kState : Fetch::kPartials),
      plan_(plan),
      number_(rule),
      memory_(memory),
      timers_(timers),
      receiver_(receiver),
      store_(plan, memory, scratch),
      judge_(plan, rule, memory, scratch, receiver, store_,
             [this](const WindowKey& key) { return store_.ShownOf(key); }),
      armed_(kForever) {}

SessionMatcher::~SessionMatcher() {
  keys_.ForEach([this](uint32_t number) { Close(number); });
}

void SessionMatcher::Process(const Event& event, const Hash128& key, StepMask steps, StopMask,
                             EventHandle& held) {
  if (steps == 0) return;
  order_.Sort(keys_);
  const Arrival arrival{.event = event,
                        .source = static_cast<uint32_t>(std::countr_zero(steps)),
                        .sources = steps,
                        .held = held};
  uint32_t number = keys_.Find(key);
  if (number != kNoState &&
      Plus(keys_[number].first, plan_.aggregate->window.longest) < event.time) {
    // It ends before this event, and not when the gap would be over.
    End(number, event.time);
    number = kNoState;
  }
  if (number == kNoState) {
    number = keys_.Add(key);
    store_.Open(keys_[number], arrival);
    keys_[number].first = event.time;
    if (memory_.baselines != nullptr) memory_.baselines->Begin(key, event.time);
    order_.PushBack(keys_, number);
  } else {
    order_.MoveToBack(keys_, number);
  }
  Session& session = keys_[number];
  session.last = event.time;
  ++session.count;
  uint64_t errors = store_.accumulators().AddAll(session.cells, arrival);
  for (; errors > 0; --errors) receiver_.OnConditionError(number_);
  store_.Show(session, arrival);
  if (as_reached()) Look(session, event.time, &arrival);
  Arm();
}

// The first deadline stands until it is reached: sessions go on, and do not end earlier.
void SessionMatcher::Arm() {
  if (armed_ != kForever || order_.front() == kNoState) return;
  const int64_t next = Plus(order_.Earliest(keys_), gap());
  if (next == kForever) return;
  armed_ = next;
  timers_.Arm({.deadline = next, .rule = number_, .key = 0});
}

void SessionMatcher::Fire(const Timer& timer) {
  if (timer.deadline != armed_) return;
  armed_ = kForever;
  while (order_.front() != kNoState && Plus(order_.Earliest(keys_), gap()) <= timer.deadline)
    End(order_.front(), Plus(order_.Earliest(keys_), gap()));
  Arm();
}

void SessionMatcher::End(uint32_t number, int64_t time) {
  if (!as_reached()) Look(keys_[number], time, nullptr);
  Close(number);
}

void SessionMatcher::Look(Session& session, int64_t time, const Arrival* by) {
  judge_.Look(session, {.cells = session.cells,
                        .count = session.count,
                        .time = time,
                        .start = session.first,
                        .end = session.last,
                        .begin = session.first,
                        .looks_back_to = Minus(session.first, gap()),
                        .by = by});
}

void SessionMatcher::Close(uint32_t number) {
  order_.Remove(keys_, number);
  store_.Close(keys_[number]);
  keys_.Remove(number);
}

void SessionMatcher::TakeOver(RuleMatcher& of_same_rule,
                              const std::function<EventHandle(EventHandle)>& relaid) {
  auto& old = static_cast<SessionMatcher&>(of_same_rule);
  store_.TakeOver(old.store_);
  keys_ = std::move(old.keys_);
  order_ = std::exchange(old.order_, {});
  keys_.ForEach([&](uint32_t number) { store_.Relay(keys_[number], relaid); });
  Arm();
}

}  // namespace telltale::engine
