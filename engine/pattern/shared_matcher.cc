#include "engine/pattern/shared_matcher.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/time/saturation.h"

namespace telltale::engine {

SharedMatcher::SharedMatcher(const Pattern& pattern, uint32_t rule, ShardMemory& memory,
                             TimerQueue& timers, MatchReceiver& receiver)
    : pattern_(pattern),
      rule_(*pattern.rule),
      number_(rule),
      memory_(memory),
      timers_(timers),
      receiver_(receiver),
      moves_of_step_(pattern.steps.size()),
      longest_wait_(pattern.states.size(), 0),
      limited_(memory.keys_apart),
      view_(memory.chains, memory.events, pattern.steps.size()) {
  for (uint32_t s = 1; s < pattern.states.size(); ++s) {
    const StatePlan& state = pattern.states[s];
    for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m) {
      const MovePlan& move = pattern.moves[m];
      moves_of_step_[move.step].push_back({m, s});
      if ((move.nots | move.ends_at) != 0) moves_with_stops_.push_back({m, s});
      if (move.contiguity == rules::Contiguity::kStrict) strict_moves_.push_back({m, s});
      longest_wait_[s] = std::max(longest_wait_[s], move.within);
    }
  }
}

SharedMatcher::~SharedMatcher() {
  keys_.ForEach([this](uint32_t seat) { Empty(StateAt(seat)); });
}

// --- One event ---

void SharedMatcher::Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
                            EventHandle& held) {
  const StepMask starts = steps & pattern_.states.front().steps;
  const StopMask bars = stops & pattern_.leading;
  const uint32_t seat = keys_.Find(key);
  if (starts == 0 && bars == 0 && seat == KeyTable::kNone) return;

  KeyState& state = seat != KeyTable::kNone ? StateAt(seat) : NewState(key);
  held_ = &held;
  Forget(state, event.time - 1);
  state.bars.Forget(pattern_, event.time - 1);
  // Its timer may be late (ShardLane): the state that begins here is another.
  if (state.forest.size() == 0) {
    state.truncated = false;
    state.latest_end = kNever;
  }
  if ((stops & pattern_.until) != 0) Empty(state);
  first_made_ = state.forest.end();
  used_.clear();
  Extend(state, event, steps, stops);
  if (starts != 0 && !state.bars.Bar(pattern_, event.time)) Start(state, event, starts, stops);
  // All that was there saw the event before what the event itself makes.
  for (const MoveOfState& used : used_) state.forest.Close(used.move, used.state);
  for (const MoveOfState& strict : strict_moves_) state.forest.Close(strict.move, strict.state);
  if (stops != 0) CloseStopped(state, stops);
  Place(state, event);
  if (bars != 0) state.bars.Note(pattern_, bars, event.time);
  Settle(state);
}

// The moves of what is there that take the event (P2, P3, P5).
void SharedMatcher::Extend(KeyState& state, const Event& event, StepMask steps, StopMask stops) {
  const int64_t first = rule_.within ? Minus(event.time, *rule_.within) : kNever;
  for (; steps != 0; steps &= steps - 1) {
    for (const auto& [m, s] : moves_of_step_[static_cast<size_t>(std::countr_zero(steps))]) {
      const MovePlan& move = pattern_.moves[m];
      const NodeSource source{
          .state = s,
          .newest = state.forest.Newest(s),
          .closed = state.forest.Closed(m),
          .earliest = move.within == kNoWindow ? kNever : Minus(event.time, move.within)};
      const NodeNumber began =
          (move.ends_at & stops) != 0 ? 0 : state.forest.LatestFirst(source, first);
      if (began == 0) continue;
      if (move.contiguity != rules::Contiguity::kAny) used_.push_back({m, s});
      if ((move.not_taken & stops) != 0) continue;
      ForestNode& node = state.forest.At(NodeFor(state, move, event));
      node.first = std::max(node.first, began);
      node.latest_first = state.forest[node.first].time;
      node.sources.push_back(source);
    }
  }
}

void SharedMatcher::CloseStopped(KeyState& state, StopMask stops) {
  for (const MoveOfState& stopped : moves_with_stops_) {
    const MovePlan& move = pattern_.moves[stopped.move];
    if (((move.nots | move.ends_at) & stops) != 0) state.forest.Close(stopped.move, stopped.state);
  }
}

void SharedMatcher::Start(KeyState& state, const Event& event, StepMask steps, StopMask stops) {
  const StatePlan& plan = pattern_.states.front();
  for (uint32_t m = 0; m < plan.moves; ++m) {
    const MovePlan& move = pattern_.moves[m];
    if ((steps >> move.step & 1) == 0 || (move.not_taken & stops) != 0) continue;
    const NodeNumber number = NodeFor(state, move, event);
    ForestNode& node = state.forest.At(number);
    node.starts = true;
    node.first = number;
    node.latest_first = event.time;
  }
}

// The node of this event, state and step.
NodeNumber SharedMatcher::NodeFor(KeyState& state, const MovePlan& move, const Event& event) {
  PartialForest& forest = state.forest;
  for (NodeNumber number = first_made_; number < forest.end(); ++number) {
    if (forest[number].state == move.to && forest[number].step == move.step) return number;
  }
  if (*held_ == kNoEvent) *held_ = memory_.events.Hold(event);
  memory_.events.Ref(*held_);
  ++node_count_;
  ForestNode& node = forest.Add();
  node.event = *held_;
  node.state = move.to;
  node.step = move.step;
  node.time = event.time;
  node.latest_first = kNever;
  return forest.end() - 1;
}

// Completes what is complete, and keeps what can go on.
void SharedMatcher::Place(KeyState& state, const Event& event) {
  PartialForest& forest = state.forest;
  ends_.clear();
  const auto goes_on = [&](NodeNumber number) {
    return pattern_.states[forest[number].state].moves != 0;
  };
  size_t held = first_made_ - forest.oldest();
  for (NodeNumber number = first_made_; number < forest.end(); ++number) {
    if (pattern_.states[forest[number].state].accepts) ends_.push_back(number);
    if (goes_on(number)) ++held;
  }
  if (held > MostNodes()) NoteLimit(state, event);  // the matches of the event say so, too
  if (!ends_.empty()) Complete(state, event);
  // A node that can go nowhere was there for its matches only.
  NodeNumber end = first_made_;
  for (NodeNumber number = first_made_; number < forest.end(); ++number) {
    if (!goes_on(number)) continue;
    if (number != end) forest.MoveTo(number, end);
    ++end;
  }
  while (forest.end() > end) DropNewest(state);
  for (NodeNumber number = first_made_; number < end; ++number) forest.Link(number);
  EnforceLimits(state);
  for (NodeNumber number = std::max(first_made_, forest.oldest()); number < forest.end(); ++number)
    state.latest_end = std::max(state.latest_end, EndOf(forest[number]));
}

void SharedMatcher::Complete(KeyState& state, const Event& event) {
  const rules::Limits& limits = rule_.limits;
  const int64_t first = rule_.within ? Minus(event.time, *rule_.within) : kNever;
  if (rule_.match == rules::MatchMode::kCount) return CompleteCounted(state, event, first);
  matches_.Begin(state.forest, ends_, first, false);
  Collect(limits.matches_per_event + 1);
  size_t count = collected_ends_.size();
  bool backwards = false;
  if (count > limits.matches_per_event) {
    --count;
    NoteLimit(state, event);
    backwards = limits.on_limit == rules::OnLimit::kEvictOldest;
    if (backwards) {  // the last of T7's order are those that count
      matches_.Begin(state.forest, ends_, first, true);
      Collect(limits.matches_per_event);
    }
  }
  for (size_t i = 0; i < count; ++i) {
    const size_t match = backwards ? count - 1 - i : i;
    const size_t begin = match == 0 ? 0 : collected_ends_[match - 1];
    Emit(state, collected_.data() + begin, collected_ends_[match] - begin, event.time,
         {.matches = 1});
  }
}

// P6: the last of T7's order stands for all of them.
void SharedMatcher::CompleteCounted(const KeyState& state, const Event& event, int64_t first) {
  matches_.Begin(state.forest, ends_, first, true);
  const ForestCount::Result count = count_.Count(state.forest, matches_.reachable(), first);
  const std::vector<ForestMatches::Taken>* match = matches_.Next();
  if (match != nullptr) Emit(state, match->data(), match->size(), event.time, count);
}

void SharedMatcher::Collect(uint32_t most) {
  collected_.clear();
  collected_ends_.clear();
  while (collected_ends_.size() < most) {
    const std::vector<ForestMatches::Taken>* match = matches_.Next();
    if (match == nullptr) return;
    collected_.insert(collected_.end(), match->begin(), match->end());
    collected_ends_.push_back(collected_.size());
  }
}

void SharedMatcher::Emit(const KeyState& state, const ForestMatches::Taken* taken, size_t size,
                         int64_t time, ForestCount::Result count) {
  view_.Begin();
  for (size_t i = 0; i < size; ++i) view_.Add(taken[i].step, taken[i].event);
  view_.End();
  receiver_.OnMatch(number_, {.events = view_.events().data(),
                              .steps = view_.steps().data(),
                              .size = static_cast<uint32_t>(size),
                              .time = time,
                              .truncated = state.truncated || !count.exact,
                              .count = count.matches,
                              .key = state.key,
                              .by_step = view_.by_step().data()});
}

// --- Limits and absences ---

size_t SharedMatcher::MostNodes() const {
  return std::min(rule_.limits.partial_matches, rule_.limits.events);
}

// P10: by events, of which nodes come and go together.
void SharedMatcher::EnforceLimits(KeyState& state) {
  const bool oldest = rule_.limits.on_limit == rules::OnLimit::kEvictOldest;
  while (state.forest.size() > MostNodes()) {
    const PartialForest& forest = state.forest;
    const EventHandle dropped = forest[oldest ? forest.oldest() : forest.end() - 1].event;
    while (forest.size() > 0 &&
           forest[oldest ? forest.oldest() : forest.end() - 1].event == dropped) {
      if (oldest)
        DropOldest(state);
      else
        DropNewest(state);
    }
  }
}

void SharedMatcher::NoteLimit(KeyState& state, const Event& event) {
  state.truncated = true;
  const int64_t hour = LimitedKeys::HourOf(event.time);
  receiver_.OnLimit(number_, {.event = &event,
                              .key = state.key,
                              .hour = hour,
                              .first_in_hour = limited_.Note(state.key, hour)});
}

// --- Time ---

// When the node can take nothing more: its own last way, or the window of all that it stands for.
int64_t SharedMatcher::EndOf(const ForestNode& node) const {
  return std::min(Plus(node.time, longest_wait_[node.state]),
                  Plus(node.latest_first, rule_.within));
}

// Drops what no match can hold any more, the nodes of an event together (P10): in what order they
// stand does not show. Up to `now` all events have been seen.
void SharedMatcher::Forget(KeyState& state, int64_t now) {
  if (state.latest_end <= now) return Empty(state);
  if (!rule_.within) return;
  const PartialForest& forest = state.forest;
  while (forest.size() > 0) {
    const EventHandle event = forest[forest.oldest()].event;
    NodeNumber end = forest.oldest();
    for (; end < forest.end() && forest[end].event == event; ++end) {
      if (Plus(forest[end].latest_first, *rule_.within) > now) return;
    }
    while (forest.size() > 0 && forest.oldest() < end) DropOldest(state);
  }
}

void SharedMatcher::Fire(const Timer& timer) {
  if (keys_[timer.key].place == KeyTable::kNone) return;
  KeyState& state = StateAt(timer.key);
  if (state.armed != timer.deadline) return;
  state.armed = kForever;
  Forget(state, timer.deadline);
  state.bars.Forget(pattern_, timer.deadline);
  Settle(state);
}

bool SharedMatcher::EndBefore(const Hash128& key, int64_t bound) {
  const uint32_t seat = keys_.Find(key);
  bool any = false;
  while (seat != KeyTable::kNone && keys_[seat].place != KeyTable::kNone) {
    const int64_t armed = StateAt(seat).armed;
    if (armed >= bound) break;
    any = true;
    Fire({.deadline = armed, .rule = number_, .key = seat});
  }
  return any;
}

void SharedMatcher::NoteDeadline(KeyState& state, int64_t deadline) {
  if (deadline >= state.armed) return;
  state.armed = deadline;
  timers_.Arm({.deadline = deadline, .rule = number_, .key = state.seat});
}

// --- State ---

SharedMatcher::KeyState& SharedMatcher::NewState(const Hash128& key) {
  const uint32_t seat = keys_.Add(key);
  if (free_state_ == KeyTable::kNone) {
    free_state_ = static_cast<uint32_t>(states_.size());
    states_.Add(std::make_unique<KeyState>(pattern_));
  }
  KeyState& state = *states_[free_state_];
  keys_[seat].place = std::exchange(free_state_, state.next_free);
  state.key = key;
  state.seat = seat;
  state.armed = kForever;
  state.latest_end = kNever;
  state.truncated = false;
  return state;
}

// Arms its timer, or puts it away where nothing is left.
void SharedMatcher::Settle(KeyState& state) {
  if (state.forest.size() > 0) NoteDeadline(state, state.latest_end);
  NoteDeadline(state, state.bars.NextEnd(pattern_));
  if (state.forest.size() > 0) return;
  state.truncated = false;
  if (state.bars.any()) return;
  state.next_free = std::exchange(free_state_, keys_[state.seat].place);
  keys_.Remove(state.seat);
}

void SharedMatcher::Forget(const Hash128& key) {
  limited_.Forget(key);
  const uint32_t seat = keys_.Find(key);
  if (seat == KeyTable::kNone) return;
  KeyState& state = StateAt(seat);
  Empty(state);
  state.bars.seen().clear();
  Settle(state);
}

void SharedMatcher::Empty(KeyState& state) {
  while (state.forest.size() > 0) DropOldest(state);
  state.latest_end = kNever;
}

void SharedMatcher::DropOldest(KeyState& state) {
  memory_.events.Unref(state.forest[state.forest.oldest()].event);
  state.forest.RemoveOldest();
  --node_count_;
}

void SharedMatcher::DropNewest(KeyState& state) {
  memory_.events.Unref(state.forest[state.forest.end() - 1].event);
  state.forest.RemoveNewest();
  --node_count_;
}

void SharedMatcher::TakeOver(RuleMatcher& of_same_rule,
                             const std::function<EventHandle(EventHandle)>& relaid) {
  auto& old = static_cast<SharedMatcher&>(of_same_rule);
  keys_ = std::exchange(old.keys_, KeyTable());
  states_ = std::move(old.states_);
  free_state_ = std::exchange(old.free_state_, KeyTable::kNone);
  limited_ = std::move(old.limited_);
  node_count_ = std::exchange(old.node_count_, 0);
  keys_.ForEach([&](uint32_t seat) {
    KeyState& state = StateAt(seat);
    PartialForest& forest = state.forest;
    for (NodeNumber number = forest.oldest(); number < forest.end(); ++number) {
      ForestNode& node = forest.At(number);
      const EventHandle before = std::exchange(node.event, relaid(node.event));
      memory_.events.Unref(before);
    }
    state.armed = kForever;
    Settle(state);
  });
}

}  // namespace telltale::engine
