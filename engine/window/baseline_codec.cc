// A key's baseline, and a window with one, in their byte form (baselines.h, baseline_matcher.h).
#include <bit>
#include <cmath>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/pattern/held_events.h"
#include "engine/pattern/state_codec.h"
#include "engine/time/saturation.h"
#include "engine/window/baseline_matcher.h"
#include "engine/window/baselines.h"
#include "engine/window/window_codec.h"

namespace telltale::engine {

void Baselines::Encode(const Hash128& key, const LayoutBook& layouts, ByteWriter& out) const {
  const KeyState& state = keys_[keys_.Find(key)];
  HeldEventsEncoder held(memory_.events);
  if (state.cells != nullptr) accumulators_.AddHeld(state.cells, held);
  held.Write(layouts, out);
  out.Zigzag(state.last);
  out.Varint(state.count);
  if (state.cells != nullptr) accumulators_.Encode(state.cells, true, held, out);
  const FrontQueue<PaneValue> none;
  const FrontQueue<PaneValue>& panes = state.history == nullptr ? none : state.history->panes;
  out.Varint(panes.size());
  int64_t before = state.last;
  for (size_t i = panes.size(); i-- > 0;) {  // from the newest on
    out.Varint(static_cast<uint64_t>(Difference(before, panes[i].pane)));
    before = panes[i].pane;
    out.Fixed64(std::bit_cast<uint64_t>(panes[i].value));
  }
  const Answer answer = state.history == nullptr ? Answer() : state.history->answer;
  out.Byte(answer.known ? 1 : 0);
  if (!answer.known) return;
  out.Zigzag(answer.pane);
  out.Byte(answer.any ? 1 : 0);
  out.Varint(answer.panes);
  for (const double value : {answer.avg, answer.stddev, answer.min, answer.max, answer.sum})
    out.Fixed64(std::bit_cast<uint64_t>(value));
}

void Baselines::Decode(const Hash128& key, EventDecoder& events, ByteReader& in) {
  HeldEvents held(memory_.events);
  held.Read(events, in);
  const uint32_t number = keys_.Add(key);
  KeyState& state = keys_[number];
  state.last = in.Zigzag();
  state.count = ReadCount(in);
  if (state.last < plan_.grid.NumberAt(kNever) || state.last > plan_.grid.NumberAt(kForever)) {
    in.Fail("a pane that no time has");
    state.last = 0;
  }
  if (state.count != 0) {
    state.cells = accumulators_.New();
    if (state.cells != nullptr) accumulators_.Decode(state.cells, true, held, in);
  }
  DecodeHistory(state, in);
  order_.Insert(keys_, number);
  if (!in.ok()) return Forget(number);
  due_ = std::min(due_, DueOf(state.last));
}

void Baselines::DecodeHistory(KeyState& state, ByteReader& in) {
  std::vector<PaneValue> newest_first;
  int64_t before = state.last;
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const uint64_t back = in.Varint();
    // The last one may be the pane of the last event, where that is closed.
    if (back == 0 && (!newest_first.empty() || state.count != 0))
      in.Fail("panes that are in no order");
    if (back > static_cast<uint64_t>(plan_.most_panes() - (state.last - before)))
      in.Fail("a pane that is too old");
    before -= in.ok() ? static_cast<int64_t>(back) : 0;
    newest_first.push_back({.pane = before, .value = std::bit_cast<double>(in.Fixed64())});
  }
  Answer answer;
  answer.known = in.Below(2, "mark") != 0;
  if (answer.known) {
    answer.pane = in.Zigzag();
    answer.any = in.Below(2, "mark") != 0;
    answer.panes = in.Below(static_cast<uint64_t>(plan_.count) + 1, "panes");
    for (double* value : {&answer.avg, &answer.stddev, &answer.min, &answer.max, &answer.sum})
      *value = std::bit_cast<double>(in.Fixed64());
  }
  if (!in.ok() || (newest_first.empty() && !answer.known)) return;
  state.history = histories_.New();
  Restart(*state.history);
  for (size_t i = newest_first.size(); i-- > 0;) state.history->panes.PushBack(newest_first[i]);
  state.history->answer = answer;
}

// --- With its window ---

void BaselineMatcher::Encode(const Hash128& key, const LayoutBook& layouts,
                             std::string& bytes) const {
  ByteWriter out(bytes);
  WriteHead({.representation = Representation::kBaseline,
             .fingerprint = plan_.rule->fingerprint,
             .automaton = plan_.identity,
             .key = key},
            out);
  std::string own;
  if (window_->Keeps(key)) window_->Encode(key, layouts, own);
  out.Text(own);
  const bool kept = baselines_.Keeps(key);
  out.Byte(kept ? 1 : 0);
  if (kept) baselines_.Encode(key, layouts, out);
}

absl::Status BaselineMatcher::Decode(std::string_view bytes, EventDecoder& events) {
  ByteReader in(bytes);
  const absl::StatusOr<StateHead> head = ReadHead(in);
  if (!head.ok()) return head.status();
  if (head->fingerprint != plan_.rule->fingerprint ||
      head->representation != Representation::kBaseline || head->automaton != plan_.identity) {
    return absl::FailedPreconditionError(absl::StrCat(
        "rule '", plan_.rule->id, "': state of another rule or of an earlier form of it"));
  }
  const Hash128 key = head->key;
  if (Keeps(key)) return absl::AlreadyExistsError("the key has a state");
  const std::string_view own = in.Text();
  if (in.Below(2, "mark") != 0) baselines_.Decode(key, events, in);
  in.End();
  // The window comes last, for it cannot be made to forget a key.
  absl::Status decoded = in.status();
  if (decoded.ok() && !own.empty()) {
    ByteReader of_window(own);
    const absl::StatusOr<StateHead> inner = ReadHead(of_window);
    decoded = !inner.ok()         ? inner.status()
              : inner->key != key ? absl::DataLossError("a window of another key")
                                  : window_->Decode(own, events);
  }
  if (!decoded.ok()) baselines_.Forget(key);
  if (decoded.ok()) Arm();
  return decoded;
}

}  // namespace telltale::engine
