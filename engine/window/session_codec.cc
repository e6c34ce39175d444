// A session of one key in its byte form (window_codec.h). The rest: the time of its first event,
// how much later the last came, and their number.
#include "engine/pattern/held_events.h"
#include "engine/time/saturation.h"
#include "engine/window/session_matcher.h"
#include "engine/window/window_codec.h"

namespace telltale::engine {

void SessionMatcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  keys_.ForEach([&](uint32_t number) { visit(keys_[number].key); });
}

void SessionMatcher::Encode(const Hash128& key, const LayoutBook& layouts,
                            std::string& bytes) const {
  ByteWriter out(bytes);
  WriteWindowHead(plan_, key, out);
  const Session& session = keys_[keys_.Find(key)];
  WriteWindowMarks(session, std::nullopt, out);
  HeldEventsEncoder held(memory_.events);
  store_.AddHeld(session, store_.ShownOf(session), held);
  held.Write(layouts, out);
  store_.Encode(session, store_.ShownOf(session), true, held, out);
  out.Zigzag(session.first);
  out.Varint(static_cast<uint64_t>(Difference(session.last, session.first)));
  out.Varint(session.count);
}

absl::Status SessionMatcher::Decode(std::string_view bytes, EventDecoder& events) {
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
  Session& session = keys_[number];
  static_cast<WindowKey&>(session) = known;
  session.key = *key;
  store_.Decode(session, marks, true, held, in);
  session.first = in.Zigzag();
  session.last = Sum(session.first, static_cast<int64_t>(in.Varint()));
  session.count = ReadCount(in);
  if (session.last < session.first) in.Fail("a session that ends before it begins");
  if (session.count == 0) in.Fail("a session without events");
  in.End();
  order_.Insert(keys_, number);
  if (!in.ok()) {
    Close(number);
    return in.status();
  }
  const int64_t ends = Plus(session.last, gap());
  if (ends < armed_) {
    armed_ = ends;
    timers_.Arm({.deadline = ends, .rule = number_, .key = 0});
  }
  return absl::OkStatus();
}

}  // namespace telltale::engine
