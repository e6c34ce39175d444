// A sliding window of one key in its byte form (window_codec.h). The rest: whether it is in panes.
// Without panes the number of its events, then of each from the oldest on its time, and for each
// accumulator that takes events out again the tag, and where that is not 0 the word. In panes the
// begin, the number of events and the cells of the newest; then the others (WritePanes).
#include <algorithm>
#include <vector>

#include "engine/pattern/held_events.h"
#include "engine/time/saturation.h"
#include "engine/window/sliding_matcher.h"
#include "engine/window/window_codec.h"

namespace telltale::engine {

void SlidingMatcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  keys_.ForEach([&](uint32_t number) { visit(keys_[number].key); });
  limited_.ForEach([&](const Hash128& key) {
    if (keys_.Find(key) == kNoState) visit(key);
  });
}

void SlidingMatcher::Encode(const Hash128& key, const LayoutBook& layouts,
                            std::string& bytes) const {
  ByteWriter out(bytes);
  WriteWindowHead(plan_, key, out);
  const uint32_t number = keys_.Find(key);
  const std::optional<int64_t> limited = limited_.HourOfKey(key);
  const SlidingKey none{};
  WriteWindowMarks(number == kNoState ? none : keys_[number], limited, out);
  out.Byte(number == kNoState ? 0 : 1);
  if (number == kNoState) return;
  const SlidingKey& state = keys_[number];
  HeldEventsEncoder held(memory_.events);
  store_.AddHeld(state, ShownOf(state), held);
  const auto add = [&](Cells cells) {
    if (cells != nullptr) store_.accumulators().AddHeld(cells, held);
  };
  if (state.truncated) {
    state.panes->older.ForEach([&](const Pane& pane, bool) { add(pane.cells); });
    add(state.panes->current.cells);
  }
  held.Write(layouts, out);
  store_.Encode(state, ShownOf(state), state.truncated, held, out);
  out.Byte(state.truncated ? 1 : 0);
  if (!state.truncated) return EncodeEntries(state, out);
  EncodePanes(*state.panes, held, out);
}

void SlidingMatcher::EncodeEntries(const SlidingKey& state, ByteWriter& out) const {
  out.Varint(state.count);
  int64_t before = 0;
  ForEachEntry(state, [&](uint64_t place) {
    out.Zigzag(Difference(ring_.Time(place), before));
    before = ring_.Time(place);
    for (const AccumulatorPlan& accumulator : plan_.accumulators) {
      if (accumulator.tag == AccumulatorPlan::kNowhere) continue;
      const Said said = ring_.SaidAt(place, accumulator);
      out.Byte(said.tag);
      if (said.tag != 0 && accumulator.word != AccumulatorPlan::kNowhere) out.Fixed64(said.word);
    }
  });
}

void SlidingMatcher::EncodePanes(const Panes& panes, const HeldEventsEncoder& held,
                                 ByteWriter& out) const {
  out.Zigzag(panes.current.begin);
  out.Varint(panes.current.count);
  if (panes.current.cells != nullptr)
    store_.accumulators().Encode(panes.current.cells, true, held, out);
  WritePanes(panes.older, store_.accumulators(), held, out);
}

absl::Status SlidingMatcher::Decode(std::string_view bytes, EventDecoder& events) {
  ByteReader in(bytes);
  const absl::StatusOr<Hash128> key = ReadWindowHead(plan_, in);
  if (!key.ok()) return key.status();
  if (keys_.Find(*key) != kNoState) return absl::AlreadyExistsError("the key has a state");
  WindowKey known;
  const WindowMarks marks = ReadWindowMarks(known, in);
  if (in.Below(2, "mark") == 0) {  // nothing is left but that it had met a limit
    in.End();
    if (in.ok() && marks.limited) limited_.Restore(*key, *marks.limited);
    return in.status();
  }
  HeldEvents held(memory_.events);
  held.Read(events, in);
  const uint64_t end = ring_.end();
  const uint32_t number = keys_.Add(*key);
  NoteSize();
  SlidingKey& state = keys_[number];
  static_cast<WindowKey&>(state) = known;
  state.key = *key;
  state.truncated = false;  // until it has panes
  // Whether it is in panes stands behind what hangs on it, but follows from the mark.
  store_.Decode(state, marks, known.truncated != 0, held, in);
  const bool in_panes = in.Below(2, "mark") != 0;
  if (in_panes != (known.truncated != 0)) in.Fail("a window that is in panes without a limit");
  if (in.ok() && in_panes) DecodePanes(state, held, in);
  if (in.ok() && !in_panes) DecodeEntries(state, number, in);
  if (in.ok() && state.count == 0) in.Fail("a window without events");
  if (in.ok() && !in_panes && evidence_ != 0) DecodeShown(state, in);
  in.End();
  if (!in.ok()) {
    Close(number);
    ring_.Truncate(end);
    return in.status();
  }
  if (in_panes) in_panes_.push_back(number);
  some_in_panes_ = some_in_panes_ || in_panes;
  if (marks.limited) limited_.Restore(*key, *marks.limited);
  in_order_ =
      in_order_ && (in_panes || end == ring_.begin() || ring_.Time(end - 1) <= ring_.Time(end));
  const int64_t own =
      in_panes ? DeadlineOfPane(OldestPane(*state.panes)) : Plus(ring_.Time(end), size_);
  const bool quietly = quiet_ && !in_panes;
  int64_t& armed = quietly ? armed_quietly_ : armed_;
  if (own >= armed) return absl::OkStatus();
  armed = own;
  (quietly ? quiet_timers_ : timers_)
      .Arm({.deadline = own, .rule = number_, .key = plan_.timer_key});
  return absl::OkStatus();
}

void SlidingMatcher::DecodeEntries(SlidingKey& state, uint32_t number, ByteReader& in) {
  Accumulators& accumulators = store_.accumulators();
  int64_t before = 0;
  const size_t count = in.Count();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    const int64_t time = Sum(before, in.Zigzag());
    if (i != 0 && time < before) return in.Fail("events that are in no order");
    before = time;
    const uint64_t place = ring_.Push(time, number);
    if (i == 0) {
      state.places.first = state.shown = static_cast<uint32_t>(place);
    } else {
      ring_.Link(place - 1, place);
    }
    state.places.last = static_cast<uint32_t>(place);
    ++state.count;
    for (size_t a = 0; a < plan_.accumulators.size(); ++a) {
      const AccumulatorPlan& accumulator = plan_.accumulators[a];
      if (accumulator.tag == AccumulatorPlan::kNowhere) continue;
      Said said;
      said.tag = in.Byte();
      if (said.tag == 0) continue;
      if (accumulator.word != AccumulatorPlan::kNowhere) said.word = in.Fixed64();
      ring_.Remember(place, accumulator, said);
      accumulators.AddAgain(state.cells, a, said, time, Accumulators::Use::kSliding);
    }
  }
}

// They are the last of the entries; fewer than could be shown where the next result is not near.
void SlidingMatcher::DecodeShown(SlidingKey& state, ByteReader& in) {
  const std::span<const ShownEvent> shown = store_.ShownOf(state);
  const uint64_t least = floor_.MayShow(state, store_.accumulators());
  if (shown.size() > std::min<uint64_t>(state.count, evidence_) ||
      shown.size() < std::min<uint64_t>(state.count, least))
    return in.Fail("a window that shows more events than it has, or too few");
  uint64_t place = ring_.end() - shown.size();
  for (size_t i = 0; i < shown.size(); ++i) {
    if (shown[i].time != ring_.Time(place + i)) return in.Fail("an event that is none of a window");
  }
  state.shown = static_cast<uint32_t>(place);
  state.held = shown.size();
  for (const ShownEvent& event : store_.TakeShown(state))
    ring_.Hold(place++, event.event, event.source);
}

void SlidingMatcher::DecodePanes(SlidingKey& state, const HeldEvents& held, ByteReader& in) {
  Accumulators& accumulators = store_.accumulators();
  state.truncated = true;
  state.panes = panes_.New();
  Pane& current = state.panes->current;
  current.begin = PaneAt(in.Zigzag()).start;
  current.count = ReadCount(in);
  current.cells = accumulators.New();
  accumulators.Decode(current.cells, true, held, in);
  ReadPanes(state.panes->older, accumulators, held, in);
  if (current.count == 0) return in.Fail("a pane without events");
  uint64_t count = current.count;
  state.panes->older.ForEach([&](const Pane& pane, bool) {
    count += pane.count;
    if (pane.begin >= current.begin) in.Fail("panes that are in no order");
  });
  state.count = count;
  if (in.ok()) SumUp(state);
}

// Several keys were read, each in its order: the ring is put into that of all, and linked anew.
void SlidingMatcher::PutInOrder() {
  ring_.Sort();
  const auto holds = [this](uint64_t place) {
    return evidence_ != 0 && ring_.EventAt(place) != kNoEvent;
  };
  touched_.clear();
  for (uint64_t place = ring_.begin(); place != ring_.end(); ++place) {
    const uint32_t number = ring_.Key(place);
    if (number == EntryRing::kGone) continue;
    SlidingKey& state = keys_[number];
    const uint64_t before = ring_.Resolve(state.places.last);
    const bool first = !state.touched;
    if (first) {
      state.touched = true;
      touched_.push_back(number);
      state.places.first = static_cast<uint32_t>(place);
    } else {
      ring_.Link(before, place);
    }
    if (holds(place) && (first || !holds(before))) state.shown = static_cast<uint32_t>(place);
    state.places.last = static_cast<uint32_t>(place);
  }
  for (const uint32_t number : touched_) keys_[number].touched = false;
  in_order_ = true;
}

}  // namespace telltale::engine
