#include "engine/window/window_codec.h"

#include "absl/strings/str_cat.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

enum Flag : uint8_t { kTruncated = 1, kLimited = 2, kTrue = 4, kTold = 8 };
constexpr uint8_t kFlags = 15;

}  // namespace

void WriteWindowHead(const WindowPlan& plan, const Hash128& key, ByteWriter& out) {
  WriteHead({.representation = Representation::kWindow,
             .fingerprint = plan.rule->fingerprint,
             .automaton = plan.identity,
             .key = key},
            out);
}

absl::StatusOr<Hash128> ReadWindowHead(const WindowPlan& plan, ByteReader& in) {
  const absl::StatusOr<StateHead> head = ReadHead(in);
  if (!head.ok()) return head.status();
  const auto of_rule = [&](const char* what) {
    return absl::FailedPreconditionError(absl::StrCat("rule '", plan.rule->id, "': ", what));
  };
  if (head->fingerprint != plan.rule->fingerprint)
    return of_rule("state of another rule or of an earlier form of it");
  if (head->representation != Representation::kWindow) return of_rule("state that is no window's");
  if (head->automaton != plan.identity)
    return of_rule("state of another build, which keeps other accumulators");
  return head->key;
}

void WriteWindowMarks(const WindowKey& key, std::optional<int64_t> limited, ByteWriter& out) {
  out.Byte(static_cast<uint8_t>((key.truncated ? kTruncated : 0) | (limited ? kLimited : 0) |
                                (key.was_true ? kTrue : 0) | (key.has_told ? kTold : 0)));
  if (limited) out.Zigzag(*limited);
  if (key.has_told) out.Fixed64(key.more->told);
}

WindowMarks ReadWindowMarks(WindowKey& key, ByteReader& in) {
  const uint32_t flags = in.Below(kFlags + 1, "flags");
  key.truncated = (flags & kTruncated) != 0;
  key.was_true = (flags & kTrue) != 0;
  key.has_told = (flags & kTold) != 0;
  WindowMarks marks;
  if ((flags & kLimited) != 0) marks.limited = in.Zigzag();
  if (key.has_told) marks.told = in.Fixed64();
  return marks;
}

void WritePanes(const PaneQueue& panes, const Accumulators& accumulators,
                const HeldEventsEncoder& held, ByteWriter& out) {
  uint64_t count = 0;
  panes.ForEach([&](const Pane&, bool) { ++count; });
  out.Varint(count);
  int64_t before = 0;
  panes.ForEach([&](const Pane& pane, bool front) {
    out.Zigzag(Difference(pane.begin, before));
    before = pane.begin;
    out.Byte(front ? 1 : 0);
    out.Varint(pane.count);
    accumulators.Encode(pane.cells, true, held, out);
  });
}

void ReadPanes(PaneQueue& panes, Accumulators& accumulators, const HeldEvents& held,
               ByteReader& in) {
  int64_t before = 0;
  bool first = true;
  bool in_front = true;
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    Pane pane;
    pane.begin = Sum(before, in.Zigzag());
    if (!first && pane.begin <= before) in.Fail("panes that are in no order");
    before = pane.begin;
    first = false;
    const bool front = in.Below(2, "mark") != 0;
    if (front && !in_front) in.Fail("a pane that stands elsewhere");
    in_front = front;
    pane.count = ReadCount(in);
    pane.cells = accumulators.New();
    accumulators.Decode(pane.cells, true, held, in);
    panes.Restore(pane, front, accumulators);
  }
  panes.EndRestore();
}

uint64_t ReadCount(ByteReader& in) {
  const uint64_t count = in.Varint();
  // Far more than there are events, and no sum of two of them is too large.
  if (count >= uint64_t{1} << 48) in.Fail("a window with more events than there are");
  return in.ok() ? count : 0;
}

// --- What every window keeps ---

void WindowStore::AddHeld(const WindowKey& key, std::span<const ShownEvent> shown,
                          HeldEventsEncoder& held) const {
  if (key.cells != nullptr) accumulators_.AddHeld(key.cells, held);
  for (const ShownEvent& event : shown) held.Add(event.event);
}

void WindowStore::Encode(const WindowKey& key, std::span<const ShownEvent> shown, bool whole,
                         const HeldEventsEncoder& held, ByteWriter& out) const {
  if (plan_.keeps_key) out.Text(TextsOf(key));
  if (plan_.evidence != 0) {
    out.Varint(shown.size());
    for (const ShownEvent& event : shown) {
      out.Varint(event.source);
      out.Varint(held.NumberOf(event.event));
    }
  }
  if (key.cells != nullptr) accumulators_.Encode(key.cells, whole, held, out);
}

void WindowStore::Decode(WindowKey& key, const WindowMarks& marks, bool whole,
                         const HeldEvents& held, ByteReader& in) {
  if (plan_.evidence != 0 || compares_) Queue(key);
  if (compares_) key.more->told = marks.told;
  if (key.has_told && !compares_) in.Fail("values that were told, where none are compared");
  if (plan_.keeps_key) {
    const std::string_view texts = in.Text();
    ByteReader parts(texts);
    if (!texts.empty()) KeyFinder::ReadKey(plan_.rule->key_names.size(), parts);
    parts.End();
    if (!parts.ok()) in.Fail("a key whose parts are none");
    KeepTexts(key, texts);
  }
  if (plan_.evidence != 0) {
    const size_t count = in.Count();
    if (count > plan_.evidence) in.Fail("more evidence than the rule keeps");
    for (size_t i = 0; i < count && in.ok(); ++i) {
      ShownEvent shown;
      shown.source = in.Below(plan_.rule->steps.size(), "source");
      shown.event = held.Next(*plan_.rule, shown.source, in);
      if (!in.ok()) break;
      memory_.events.Ref(shown.event);
      shown.time = memory_.events[shown.event].time;
      key.more->shown.PushBack(shown);
    }
  }
  key.cells = accumulators_.New();
  if (key.cells != nullptr) accumulators_.Decode(key.cells, whole, held, in);
}

}  // namespace telltale::engine
