#include "engine/window/window_judge.h"

#include <algorithm>
#include <utility>

#include "engine/condition/copy_value.h"
#include "engine/window/baselines.h"
#include "engine/window/value_hash.h"

namespace telltale::engine {
namespace {

Value TimestampOf(int64_t time) {
  constexpr int64_t kSecond = 1'000'000'000;
  const int64_t rest = ((time % kSecond) + kSecond) % kSecond;
  return Value::Timestamp(time / kSecond - (time % kSecond < 0 ? 1 : 0),
                          static_cast<uint32_t>(rest));
}

}  // namespace

WindowJudge::WindowJudge(const WindowPlan& plan, uint32_t rule, ShardMemory& memory,
                         Scratch& scratch, MatchReceiver& receiver, WindowStore& store,
                         ShownOf shown_of)
    : plan_(plan),
      floor_(plan),
      number_(rule),
      memory_(memory),
      scratch_(scratch),
      receiver_(receiver),
      store_(store),
      shown_of_(std::move(shown_of)),
      values_(plan.calls.size()),
      view_(memory.chains, memory.events, plan.rule->steps.size()) {}

void WindowJudge::Look(WindowKey& key, const WindowView& window) {
  arena_.Reset();
  if (plan_.baseline != nullptr) memory_.baselines->Ask(key.key, window.start, values_.data());
  if (!IsResult(key, window)) return;
  for (uint32_t call = 0; call < values_.size(); ++call) Compute(call, window);
  Emit(key, window);
}

const Value* WindowJudge::Measure(const WindowView& window) {
  arena_.Reset();
  for (uint32_t call = 0; call < values_.size(); ++call) Compute(call, window);
  return values_.data();
}

void WindowJudge::LookBefore(WindowKey& key, const WindowView& window) {
  if (!key.was_true) return;
  arena_.Reset();
  if (plan_.baseline != nullptr) memory_.baselines->Ask(key.key, window.start, values_.data());
  key.was_true = Having(key, window);
}

bool WindowJudge::IsResult(WindowKey& key, const WindowView& window) {
  if (plan_.every_look) return true;
  switch (plan_.aggregate->emit) {
    case rules::Emit::kEveryWindow:
      return Having(key, window);
    case rules::Emit::kOnChange: {
      const uint64_t hash = HashOfValues(window);
      const bool changed = !key.has_told || key.more->told != hash;
      key.more->told = hash;
      key.has_told = true;
      return changed && Having(key, window);
    }
    default: {
      const bool before = key.was_true;
      key.was_true = Having(key, window);
      return key.was_true && !before;
    }
  }
}

bool WindowJudge::Having(const WindowKey& key, const WindowView& window) {
  if (plan_.having == nullptr) return true;
  if (plan_.floor) return floor_.Reaches(store_.accumulators(), window.cells, window.count);
  Frame frame{.event = nullptr, .steps = nullptr, .key = nullptr, .aggregates = values_.data()};
  rules::KeyParts parts;
  if (plan_.having_reads_key) {
    parts = store_.KeyOf(key);
    parts.resize(plan_.rule->key_names.size());
    frame.key = parts.data();
  }
  bool is_true = true;
  for (const HavingPart& part : plan_.having_parts) {
    for (const uint32_t call : part.calls) Compute(call, window);
    const Verdict verdict = Test(*part.program, frame, scratch_);
    if (verdict == Verdict::kFalse) return false;  // errors of others are none then
    is_true = is_true && verdict == Verdict::kTrue;
  }
  if (!is_true) receiver_.OnConditionError(number_);
  return is_true;
}

// Of values that equal nothing, and of errors, one is as another.
uint64_t WindowJudge::HashOfValues(const WindowView& window) {
  uint64_t hash = 0;
  for (const uint32_t call : plan_.compared_calls) {
    Compute(call, window);
    hash = Combine(hash, ValueHash(values_[call]).value_or(0));
  }
  return hash;
}

void WindowJudge::Compute(uint32_t call, const WindowView& window) {
  const CallPlan& plan = plan_.calls[call];
  if (rules::IsOfBaseline(plan.function)) return;  // it is there
  if (plan.function == rules::AggregateFunction::kStart) {
    values_[call] = TimestampOf(window.start);
  } else if (plan.function == rules::AggregateFunction::kEnd) {
    values_[call] = TimestampOf(window.end);
  } else {
    const Value value =
        store_.accumulators().Of(plan, window.cells, window.count, window.begin, window.end);
    // The next evaluation may take what it points to.
    values_[call] = Points(value.kind()) ? CopyValue(value, arena_) : value;
  }
}

void WindowJudge::Emit(const WindowKey& key, const WindowView& window) {
  view_.Begin();
  if (plan_.evidence != 0) {
    for (const ShownEvent& shown : shown_of_(key)) view_.Add(shown.source, shown.event);
  } else if (window.by != nullptr) {
    if (window.by->held == kNoEvent) window.by->held = memory_.events.Hold(window.by->event);
    view_.Add(window.by->source, window.by->held);
  }
  view_.End();
  rules::KeyParts parts;
  if (view_.events().empty()) parts = store_.KeyOf(key);
  const WindowResult result{.start = window.start,
                            .end = window.end,
                            .values = values_.data(),
                            .by_event = window.by != nullptr};
  const int64_t looks_back_to =
      plan_.baseline == nullptr
          ? window.looks_back_to
          : std::min(window.looks_back_to, plan_.baseline->BeginBefore(window.start));
  receiver_.OnMatch(number_, {.events = view_.events().data(),
                              .steps = view_.steps().data(),
                              .size = static_cast<uint32_t>(view_.events().size()),
                              .time = window.time,
                              .timeout = false,
                              .truncated = key.truncated != 0,
                              .key = key.key,
                              .by_step = view_.by_step().data(),
                              .window = &result,
                              .key_parts = &parts,
                              .looks_back_to = looks_back_to});
}

}  // namespace telltale::engine
