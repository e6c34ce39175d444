#include "engine/window/grid_matcher.h"

#include <bit>
#include <utility>

#include "engine/event/fetch_line.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

GridMatcher::GridMatcher(const WindowPlan& plan, uint32_t rule, ShardMemory& memory,
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

GridMatcher::~GridMatcher() {
  keys_.ForEach([this](uint32_t number) { Close(number); });
}

void GridMatcher::Process(const Event& event, const Hash128& key, StepMask steps, StopMask,
                          EventHandle& held) {
  if (steps == 0) return;
  Enter(event.time);
  const Arrival arrival{.event = event,
                        .source = static_cast<uint32_t>(std::countr_zero(steps)),
                        .sources = steps,
                        .held = held};
  uint32_t number = keys_.Find(key);
  if (number == kNoState) {
    number = keys_.Add(key);
    store_.Open(keys_[number], arrival);
  }
  GridKey& state = keys_[number];
  ++state.count;
  uint64_t errors = store_.accumulators().AddAll(state.cells, arrival);
  for (; errors > 0; --errors) receiver_.OnConditionError(number_);
  store_.Show(state, arrival);
  if (as_reached()) Look(state, state.cells, state.count, event.time, &arrival);
}

// The pane of the moment is under way. REQUIRES: what ends before it has ended.
void GridMatcher::Enter(int64_t time) {
  if (pane_) return;
  pane_ = plan_.grid.At(time);
  Arm();
}

void GridMatcher::Arm() {
  armed_ = pane_->end - 1;
  timers_.Arm({.deadline = armed_, .rule = number_, .key = 0});
}

void GridMatcher::Fire(const Timer& timer) {
  if (timer.deadline != armed_ || !pane_) return;
  armed_ = kForever;
  EndPane();
}

void GridMatcher::EndPane() {
  const int64_t end = pane_->end;
  keys_.ForEach([this](uint32_t number) {
    PrefetchBehind(number);
    EndOf(number);
  });
  pane_.reset();
  if (keys_.size() == 0) return;
  if (end == kForever) {  // no window comes after it
    keys_.ForEach([this](uint32_t number) { Close(number); });
    return;
  }
  pane_ = plan_.grid.At(end);
  Arm();
}

// The keys whose windows end next: each step needs what the one before it has brought.
void GridMatcher::PrefetchBehind(uint32_t number) const {
  if (keys_.Has(number + 12)) keys_.PrefetchNumber(number + 12);
  if (keys_.Has(number + 8)) {
    store_.PrefetchParts(keys_[number + 8]);
    FetchLine(keys_[number + 8].older);
  }
  if (keys_.Has(number + 5)) {
    store_.PrefetchObjects(keys_[number + 5]);
    if (keys_[number + 5].older != nullptr) keys_[number + 5].older->Prefetch();
  }
  if (keys_.Has(number + 2) && keys_[number + 2].older != nullptr)
    keys_[number + 2].older->PrefetchObjects(store_.accumulators());
}

int64_t GridMatcher::StartOfWindow() const {
  return hopping() ? Minus(pane_->end, plan_.aggregate->window.size) : pane_->start;
}

void GridMatcher::EndOf(uint32_t number) {
  GridKey& state = keys_[number];
  if (as_reached()) return Close(number);
  const bool empty = !LookAtEnd(state);
  if (hopping()) MoveOn(state);
  if (!IsKept(state, empty)) return Close(number);
  if (hopping()) return;
  store_.accumulators().Free(state.cells);
  state.cells = store_.accumulators().New();
  state.count = 0;
  store_.HideAll(state);
}

// False: there are no events in the window.
bool GridMatcher::LookAtEnd(GridKey& state) {
  const int64_t time = pane_->end;
  Accumulators& accumulators = store_.accumulators();
  if (state.older == nullptr || state.older->empty()) {
    if (state.count == 0 && !plan_.aggregate->on_empty) return false;
    Look(state, state.cells, state.count, time, nullptr);
    return state.count != 0;
  }
  const Cells all = accumulators.New();
  uint64_t count = 0;
  state.older->View(all, count, accumulators);
  accumulators.View(all, state.cells);
  Look(state, all, count + state.count, time, nullptr);
  accumulators.Free(all);
  return true;
}

// The pane joins those before it, and what the next window does not have goes.
void GridMatcher::MoveOn(GridKey& state) {
  Accumulators& accumulators = store_.accumulators();
  const int64_t next = Plus(StartOfWindow(), plan_.aggregate->window.every);
  if (state.count != 0 && pane_->start >= next) {
    if (state.older == nullptr) state.older = queues_.New();
    const Cells following = accumulators.New();
    accumulators.CarryOrder(state.cells, following);
    state.older->Push({.begin = pane_->start, .count = state.count, .cells = state.cells},
                      accumulators);
    state.cells = following;
    state.count = 0;
  } else if (state.count != 0) {
    accumulators.Free(state.cells);
    state.cells = accumulators.New();
    state.count = 0;
  }
  while (state.older != nullptr && !state.older->empty() && state.older->oldest() < next)
    state.older->PopOldest(accumulators);
  store_.HideUpTo(state, Minus(next, 1));
}

// Whether the next window has anything of the key, or hangs on this one. What comes after an empty
// one does not, so of windows without events only the first is looked at.
bool GridMatcher::IsKept(const GridKey& state, bool empty) const {
  if (empty) return false;
  if (state.older != nullptr && !state.older->empty()) return true;
  const rules::Emit emit = plan_.aggregate->emit;
  const bool edge = emit == rules::Emit::kEdge && state.was_true;
  return edge || plan_.aggregate->on_empty || emit == rules::Emit::kOnChange;
}

void GridMatcher::Look(GridKey& state, Cells cells, uint64_t count, int64_t time,
                       const Arrival* by) {
  const int64_t start = StartOfWindow();
  judge_.Look(state, {.cells = cells,
                      .count = count,
                      .time = time,
                      .start = start,
                      .end = pane_->end,
                      .begin = start,
                      .looks_back_to = start,
                      .by = by});
}

void GridMatcher::Close(uint32_t number) {
  GridKey& state = keys_[number];
  if (state.older != nullptr) {
    state.older->Empty(store_.accumulators());
    queues_.Free(std::exchange(state.older, nullptr));
  }
  store_.Close(state);
  keys_.Remove(number);
}

void GridMatcher::TakeOver(RuleMatcher& of_same_rule,
                           const std::function<EventHandle(EventHandle)>& relaid) {
  auto& old = static_cast<GridMatcher&>(of_same_rule);
  store_.TakeOver(old.store_);
  keys_ = std::move(old.keys_);
  queues_ = std::move(old.queues_);
  pane_ = std::exchange(old.pane_, std::nullopt);
  keys_.ForEach([&](uint32_t number) {
    GridKey& state = keys_[number];
    store_.Relay(state, relaid);
    if (state.older == nullptr) return;
    const auto relay = [&](Cells cells) {
      if (cells != nullptr) store_.accumulators().Relay(cells, relaid);
    };
    state.older->ForEach([&](const Pane& pane, bool) { relay(pane.cells); });
    relay(state.older->sum());
  });
  if (pane_) Arm();
}

}  // namespace telltale::engine
