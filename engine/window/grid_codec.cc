// A tumbling or hopping window of one key in its byte form (window_codec.h). The rest: the begin of
// the pane under way, the number of its events, and the older panes (WritePanes).
#include "engine/pattern/held_events.h"
#include "engine/window/grid_matcher.h"
#include "engine/window/window_codec.h"

namespace telltale::engine {

void GridMatcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  keys_.ForEach([&](uint32_t number) { visit(keys_[number].key); });
}

void GridMatcher::Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const {
  ByteWriter out(bytes);
  WriteWindowHead(plan_, key, out);
  const GridKey& state = keys_[keys_.Find(key)];
  WriteWindowMarks(state, std::nullopt, out);
  HeldEventsEncoder held(memory_.events);
  store_.AddHeld(state, store_.ShownOf(state), held);
  if (state.older != nullptr) {
    state.older->ForEach([&](const Pane& pane, bool) {
      if (pane.cells != nullptr) store_.accumulators().AddHeld(pane.cells, held);
    });
  }
  held.Write(layouts, out);
  store_.Encode(state, store_.ShownOf(state), true, held, out);
  out.Zigzag(pane_->start);
  out.Varint(state.count);
  const PaneQueue none;
  WritePanes(state.older == nullptr ? none : *state.older, store_.accumulators(), held, out);
}

absl::Status GridMatcher::Decode(std::string_view bytes, EventDecoder& events) {
  ByteReader in(bytes);
  const absl::StatusOr<Hash128> key = ReadWindowHead(plan_, in);
  if (!key.ok()) return key.status();
  if (keys_.Find(*key) != kNoState) return absl::AlreadyExistsError("the key has a state");
  WindowKey known;
  const WindowMarks marks = ReadWindowMarks(known, in);
  if (marks.limited) in.Fail("a limit that such windows do not have");
  HeldEvents held(memory_.events);
  held.Read(events, in);
  const uint32_t number = keys_.Add(*key);
  GridKey& state = keys_[number];
  static_cast<WindowKey&>(state) = known;
  state.key = *key;
  store_.Decode(state, marks, true, held, in);
  const TimeRange pane = plan_.grid.At(in.Zigzag());
  state.count = ReadCount(in);
  if (pane_ && pane_->start != pane.start) in.Fail("a window of another time than the others");
  PaneQueue* older = queues_.New();
  state.older = older;
  ReadPanes(*older, store_.accumulators(), held, in);
  if (!hopping() && !older->empty()) in.Fail("panes of a window that has none");
  older->ForEach([&](const Pane& one, bool) {
    if (one.begin >= pane.start) in.Fail("panes that are in no order");
  });
  in.End();
  if (!in.ok()) {
    Close(number);
    return in.status();
  }
  if (older->empty()) {
    queues_.Free(older);
    state.older = nullptr;
  }
  if (!pane_) {
    pane_ = pane;
    Arm();
  }
  return absl::OkStatus();
}

}  // namespace telltale::engine
