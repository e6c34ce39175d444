#include "engine/window/baselines.h"

#include <cmath>
#include <limits>
#include <utility>

#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

using rules::AggregateFunction;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kForgottenAnEvent = 4;

// What is no number is nothing.
double NumberIn(Value value) {
  switch (value.kind()) {
    case ValueKind::kInt:
      return static_cast<double>(value.as_int());
    case ValueKind::kUint:
      return static_cast<double>(value.as_uint());
    case ValueKind::kDouble:
      return value.as_double();
    default:
      return kNone;
  }
}

}  // namespace

void Baselines::History::Clear() {
  panes.Clear();
  taken = 0;
  totals.Clear();
  squares.Clear();
  least.Clear();
  greatest.Clear();
  answer = {};
}

Baselines::Baselines(const BaselinePlan& plan, ShardMemory& memory, Scratch& scratch)
    : plan_(plan),
      memory_(memory),
      scratch_(scratch),
      accumulators_(plan.panes, memory.events, scratch),
      values_(plan.panes.calls.size()) {
  for (const BaselinePlan::Call& call : plan.calls) {
    wants_squares_ = wants_squares_ || call.function == AggregateFunction::kBaselineStddev;
    wants_least_ = wants_least_ || call.function == AggregateFunction::kBaselineMin;
    wants_greatest_ = wants_greatest_ || call.function == AggregateFunction::kBaselineMax;
  }
  const Cells cells = accumulators_.New();
  empty_ = ValueOf(cells, 0);
  accumulators_.Free(cells);
  if (!std::isnan(empty_)) {
    for (int64_t i = 0; i < plan.count; ++i) {
      all_empty_.Add(Value::Double(empty_));
      Totals::Square(Value::Double(empty_), all_squares_, 1);
    }
  }
  History none;
  Restart(none);
  Compute(none, 0);
  nothing_ = none.answer;
}

Baselines::~Baselines() {
  keys_.ForEach([this](uint32_t number) { accumulators_.Free(keys_[number].cells); });
}

// --- Events ---

uint64_t Baselines::Take(const Hash128& key, const Arrival& arrival) {
  const int64_t time = arrival.event.time;
  if (time >= due_) Sweep(time, kForgottenAnEvent);
  order_.Sort(keys_);
  const int64_t pane = PaneOf(time, of_event_);
  met_ = keys_.Find(key);
  if (met_ == kNoState) {
    met_ = keys_.Add(key);
    keys_[met_].last = pane;
    order_.PushBack(keys_, met_);
    due_ = std::min(due_, DueOf(pane));
  } else if (keys_[met_].last != pane) {
    const int64_t begin = plan_.follows_start ? Minus(time, plan_.window) : time;
    Close(keys_[met_], plan_.grid.NumberAt(begin) - plan_.count);
    keys_[met_].last = pane;
    order_.MoveToBack(keys_, met_);
  }
  KeyState& state = keys_[met_];
  if (state.count == 0) state.cells = accumulators_.New();
  ++state.count;
  return accumulators_.AddAll(state.cells, arrival);
}

// Of a pane that is over. What it holds of events goes with it.
double Baselines::ValueOf(Cells cells, uint64_t count) {
  const auto value_of = [&](uint32_t call) {
    return accumulators_.Of(plan_.panes.calls[call], cells, count, 0, 0);
  };
  if (plan_.of == nullptr) return NumberIn(value_of(plan_.plain));
  arena_.Reset();
  for (uint32_t call = 0; call < values_.size(); ++call) {
    const Value value = value_of(call);
    values_[call] = Points(value.kind()) ? CopyValue(value, arena_) : value;
  }
  const Frame frame{
      .event = nullptr, .steps = nullptr, .key = nullptr, .aggregates = values_.data()};
  return NumberIn(Evaluate(*plan_.of, frame, scratch_));
}

// The pane under way, where there is one, has ended; panes before `oldest` are not asked for any
// more.
void Baselines::Close(KeyState& state, int64_t oldest) {
  if (state.count != 0) {
    const double value = ValueOf(state.cells, state.count);
    accumulators_.Free(std::exchange(state.cells, nullptr));
    state.count = 0;
    if (state.history == nullptr) {
      state.history = histories_.New();
      Restart(*state.history);
    }
    state.history->panes.PushBack({.pane = state.last, .value = value});
  }
  if (state.history != nullptr) DropBefore(*state.history, oldest);
}

// --- What panes come to ---

// As if no pane had events.
void Baselines::Restart(History& history) {
  history.taken = 0;
  history.totals.Clear();
  history.totals.Merge(all_empty_);
  history.squares.Clear();
  if (wants_squares_) history.squares.Merge(all_squares_);
  history.least.Clear();
  history.greatest.Clear();
}

// The pane takes the place of an empty one.
void Baselines::Add(History& history, const PaneValue& pane) {
  Change(history, empty_, -1);
  Change(history, pane.value, 1);
  if (std::isnan(pane.value)) return;
  if (wants_least_) {
    while (!history.least.empty() && history.least.back().value >= pane.value)
      history.least.PopBack();
    history.least.PushBack(pane);
  }
  if (wants_greatest_) {
    while (!history.greatest.empty() && history.greatest.back().value <= pane.value)
      history.greatest.PopBack();
    history.greatest.PushBack(pane);
  }
}

void Baselines::Change(History& history, double value, int sign) const {
  if (std::isnan(value)) return;
  const Value number = Value::Double(value);
  if (sign > 0) {
    history.totals.Add(number);
  } else {
    history.totals.Remove(number);
  }
  if (wants_squares_) Totals::Square(number, history.squares, sign);
}

void Baselines::DropBefore(History& history, int64_t oldest) {
  const auto leave = [&](FrontQueue<PaneValue>& queue) {
    while (!queue.empty() && queue.front().pane < oldest) queue.PopFront();
  };
  while (!history.panes.empty() && history.panes.front().pane < oldest) {
    if (history.taken > 0) {
      Change(history, history.panes.front().value, -1);
      Change(history, empty_, 1);
      --history.taken;
    }
    history.panes.PopFront();
  }
  leave(history.least);
  leave(history.greatest);
}

// Of the panes before this one.
void Baselines::Compute(History& history, int64_t pane) {
  DropBefore(history, pane - plan_.count);
  while (history.taken < history.panes.size() && history.panes[history.taken].pane < pane)
    Add(history, history.panes[history.taken++]);
  Answer& answer = history.answer;
  answer = {.pane = pane, .known = true, .any = history.totals.count() != 0};
  answer.panes = static_cast<uint32_t>(history.taken);
  if (!answer.any) return;
  answer.sum = history.totals.Sum(true).as_double();
  answer.avg = history.totals.Average().as_double();
  if (wants_squares_) answer.stddev = history.totals.Deviation(history.squares).as_double();
  const bool empty = !std::isnan(empty_) && static_cast<int64_t>(history.taken) < plan_.count;
  if (wants_least_) {
    answer.min = history.least.empty() ? empty_ : history.least.front().value;
    if (empty) answer.min = std::min(answer.min, empty_);
  }
  if (wants_greatest_) {
    answer.max = history.greatest.empty() ? empty_ : history.greatest.front().value;
    if (empty) answer.max = std::max(answer.max, empty_);
  }
}

const Baselines::Answer& Baselines::Find(const Hash128& key, int64_t start) {
  const bool met =
      met_ != kNoState && (keys_[met_].key[0] ^ key[0]) == 0 && (keys_[met_].key[1] ^ key[1]) == 0;
  const uint32_t number = met ? met_ : keys_.Find(key);
  if (number == kNoState) return nothing_;
  KeyState& state = keys_[number];
  const int64_t pane = PaneOf(start, of_start_);
  if (state.count != 0 && state.last < pane) Close(state, pane - plan_.count);
  if (state.history == nullptr) return nothing_;
  Answer& answer = state.history->answer;
  if (!answer.known || answer.pane != pane) Compute(*state.history, pane);
  return answer;
}

void Baselines::Ask(const Hash128& key, int64_t start, Value* values) {
  const Answer& answer = Find(key, start);
  const auto real = [&](double value) {
    return answer.any ? Value::Double(value) : Value::Error(ErrorCode::kOutOfRange);
  };
  for (const BaselinePlan::Call& call : plan_.calls) {
    Value& value = values[call.number];
    switch (call.function) {
      case AggregateFunction::kBaselineAvg:
        value = real(answer.avg);
        break;
      case AggregateFunction::kBaselineStddev:
        value = real(answer.stddev);
        break;
      case AggregateFunction::kBaselineMin:
        value = real(answer.min);
        break;
      case AggregateFunction::kBaselineMax:
        value = real(answer.max);
        break;
      case AggregateFunction::kBaselineSum:
        value = real(answer.sum);
        break;
      default:
        value = Value::Int(answer.panes);
    }
  }
}

// --- What is not asked for any more ---

void Baselines::Sweep(int64_t now, size_t most) {
  order_.Sort(keys_);
  for (; most > 0 && order_.front() != kNoState; --most) {
    if (DueOf(keys_[order_.front()].last) > now) break;
    Forget(order_.front());
  }
  due_ = NextDue();
}

int64_t Baselines::NextDue() {
  return order_.front() == kNoState ? kForever : DueOf(order_.Earliest(keys_));
}

void Baselines::Forget(uint32_t number) {
  KeyState& state = keys_[number];
  accumulators_.Free(state.cells);
  if (state.history != nullptr) histories_.Free(state.history);
  order_.Remove(keys_, number);
  keys_.Remove(number);
  if (met_ == number) met_ = kNoState;
}

void Baselines::Forget(const Hash128& key) {
  if (const uint32_t number = keys_.Find(key); number != kNoState) Forget(number);
}

// --- State ---

void Baselines::TakeOver(Baselines& old, const std::function<EventHandle(EventHandle)>& relaid) {
  accumulators_.TakeOver(old.accumulators_);
  keys_ = std::move(old.keys_);
  order_ = std::exchange(old.order_, {});
  histories_ = std::move(old.histories_);
  met_ = old.met_ = kNoState;
  // A list that `of` names may have other contents.
  const bool same = std::isnan(empty_) ? std::isnan(old.empty_) : empty_ == old.empty_;
  keys_.ForEach([&](uint32_t number) {
    KeyState& state = keys_[number];
    if (state.cells != nullptr) accumulators_.Relay(state.cells, relaid);
    if (state.history != nullptr && !same) Restart(*state.history);
  });
  due_ = NextDue();
}

void Baselines::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  keys_.ForEach([&](uint32_t number) { visit(keys_[number].key); });
}

}  // namespace telltale::engine
