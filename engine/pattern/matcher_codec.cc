// A key's partial matches one by one, in their byte form (state_codec.h):
//
//   chains     chain_codec.h
//   partials   their number, and whether the last of them were made by the event that the key has
//              met last; then of each: its chain, state, flags, open ways, and where the pattern
//              has anchors, of each strand the last event's time less the anchor
//   waiting    their number, then their chains
//   finished   their number, then of each its chain and whether a deadline made it
//
// What follows from that is not written: first and last events, counts, deadlines, timers.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "engine/pattern/chain_codec.h"
#include "engine/pattern/matcher.h"
#include "engine/pattern/state_codec.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

enum PartialFlag : uint8_t { kPending = 1, kAdvanced = 2, kCompleted = 4, kBroken = 8 };

}  // namespace

void Matcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  keys_.ForEach([&](uint32_t seat) { visit(keys_[seat].key); });
  limited_.ForEach([&](const Hash128& key) {
    if (keys_.Find(key) == KeyTable::kNone) visit(key);
  });
}

void Matcher::Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const {
  ByteWriter out(bytes);
  WriteHead({.representation = Representation::kExplicit,
             .fingerprint = rule_.fingerprint,
             .automaton = pattern_.identity,
             .key = key},
            out);
  const uint32_t seat = keys_.Find(key);
  const uint32_t place = seat == KeyTable::kNone ? seat : keys_[seat].place;
  if (place != KeyTable::kNone && (place & kResting) == 0)
    return EncodeState(states_[place], anchors_, layouts, out);
  KeyState unfolded;
  unfolded.key = key;
  std::vector<int64_t> anchors;
  if (place != KeyTable::kNone) Unfold(memory_.blocks.At(place & ~kResting), unfolded, anchors);
  EncodeState(unfolded, anchors, layouts, out);
  for (const Partial& partial : unfolded.partials) memory_.chains.Unref(partial.chain);
  for (const Done& done : unfolded.waiting) memory_.chains.Unref(done.chain);
}

void Matcher::EncodeState(const KeyState& state, const std::vector<int64_t>& anchors,
                          const LayoutBook& layouts, ByteWriter& out) const {
  WriteMarks(
      {.truncated = state.truncated, .limited = limited_.HourOfKey(state.key), .bars = state.bars},
      out);

  ChainEncoder chains(memory_.chains, memory_.events);
  const auto is_here = [](const auto& one) { return one.chain != kNoChain; };
  for (const Partial& partial : state.partials) chains.Add(partial.chain);  // of none, nothing
  for (const Done& done : state.waiting) chains.Add(done.chain);
  for (const Done& done : state.finished) chains.Add(done.chain);
  chains.Write(layouts, out);

  out.Varint(Alive(state));
  const auto last = std::find_if(state.partials.rbegin(), state.partials.rend(), is_here);
  out.Byte(last != state.partials.rend() && last->born == state.events ? 1 : 0);
  for (const Partial& partial : state.partials) {
    if (!is_here(partial)) continue;
    out.Varint(chains.NumberOf(partial.chain));
    out.Varint(partial.state);
    out.Byte(static_cast<uint8_t>(
        (partial.pending ? kPending : 0) | (partial.advanced ? kAdvanced : 0) |
        (partial.completed ? kCompleted : 0) | (partial.broken ? kBroken : 0)));
    out.Varint(partial.open);
    if (!pattern_.anchors) continue;
    for (uint32_t strand = 0; strand < pattern_.strands; ++strand)
      out.Zigzag(Difference(partial.last_time, anchors[partial.anchors + strand]));
  }
  out.Varint(
      static_cast<uint64_t>(std::count_if(state.waiting.begin(), state.waiting.end(), is_here)));
  for (const Done& done : state.waiting) {
    if (is_here(done)) out.Varint(chains.NumberOf(done.chain));
  }
  out.Varint(state.finished.size());
  for (const Done& done : state.finished) {
    out.Varint(chains.NumberOf(done.chain));
    out.Byte(done.by_deadline ? 1 : 0);
  }
}

absl::Status Matcher::Decode(std::string_view bytes, EventDecoder& events) {
  ByteReader in(bytes);
  const absl::StatusOr<StateHead> head = ReadHead(in);
  if (!head.ok()) return head.status();
  if (absl::Status fits = CheckHead(*head, Representation::kExplicit, pattern_); !fits.ok())
    return fits;
  if (keys_.Find(head->key) != KeyTable::kNone)
    return absl::AlreadyExistsError("the key has a state");
  KeyMarks marks = ReadMarks(pattern_, in);
  KeyState state;
  state.key = head->key;
  state.truncated = marks.truncated;
  state.bars = std::move(marks.bars);
  ChainDecoder chains(memory_.chains, memory_.events);
  chains.Read(rule_, events, in);
  std::vector<int64_t> anchors;
  const size_t partials = in.Count();
  const bool fresh = in.Below(2, "mark") != 0;
  for (size_t count = partials; count > 0 && in.ok(); --count)
    DecodePartial(chains, state, anchors, in);
  if (!fresh) ++state.events;
  for (size_t count = in.Count(); count > 0 && in.ok(); --count)
    state.waiting.push_back(DecodeDone(chains, true, in));
  if (!state.waiting.empty() && pattern_.trailing == 0)
    in.Fail("a match that waits for a deadline, where the rule has none");
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) {
    Done done = DecodeDone(chains, false, in);
    done.by_deadline = in.Below(2, "kind of match") != 0;
    if (done.by_deadline) done.time = LastDeadline(done);
    state.finished.push_back(done);
  }
  if (!chains.AllUsed()) in.Fail("a link that no chain has");
  in.End();
  if (!in.ok()) return in.status();
  state.links = chains.links();
  Restore(std::move(state), anchors);
  if (marks.limited) limited_.Restore(head->key, *marks.limited);
  return absl::OkStatus();
}

void Matcher::DecodePartial(ChainDecoder& chains, KeyState& state, std::vector<int64_t>& anchors,
                            ByteReader& in) {
  const ChainDecoder::Restored restored = chains.Next(in);
  Partial partial;
  partial.chain = restored.chain;
  partial.first = restored.first;
  partial.first_time = restored.first_time;
  partial.last_time = restored.last_time;
  partial.state = in.Below(pattern_.states.size(), "state");
  const uint8_t flags = in.Byte();
  partial.pending = (flags & kPending) != 0;
  partial.advanced = (flags & kAdvanced) != 0;
  partial.completed = (flags & kCompleted) != 0;
  partial.broken = (flags & kBroken) != 0;
  partial.open = in.Varint();
  if (pattern_.anchors) {
    for (uint32_t strand = 0; strand < pattern_.strands; ++strand)
      anchors.push_back(Difference(partial.last_time, in.Zigzag()));
  }
  if (!in.ok()) return;
  const StatePlan& plan = pattern_.states[partial.state];
  if ((partial.open & ~plan.asleep) == 0 || (partial.open & ~plan.ways) != 0)
    return in.Fail("open ways that its state has not");
  if (partial.pending && (!plan.accepts || (partial.open & plan.yields) == 0))
    return in.Fail("a match that waits for no way");
  // They are in order of their last events, each of which has made those that it is the last of.
  if (state.partials.empty() ||
      memory_.chains[state.partials.back().chain].event != memory_.chains[partial.chain].event)
    ++state.events;
  partial.born = state.events;
  state.partials.push_back(partial);
}

Matcher::Done Matcher::DecodeDone(ChainDecoder& chains, bool waits, ByteReader& in) const {
  const ChainDecoder::Restored restored = chains.Next(in);
  Done done{.chain = restored.chain,
            .first = restored.first,
            .first_time = restored.first_time,
            .last_time = restored.last_time,
            .time = restored.last_time,
            .by_deadline = waits};
  if (waits) done.time = LastDeadline(done);
  return done;
}

// REQUIRES: the key has no state. Takes references of its chains.
void Matcher::Restore(KeyState&& restored, const std::vector<int64_t>& anchors) {
  KeyState& state = NewState(restored.key);
  restored.armed = kForever;
  restored.seat = state.seat;
  restored.place = state.place;
  restored.has_turn = state.has_turn;
  state = std::move(restored);
  for (const Partial& partial : state.partials) memory_.chains.Ref(partial.chain);
  for (const Done& done : state.waiting) memory_.chains.Ref(done.chain);
  for (const Done& done : state.finished) memory_.chains.Ref(done.chain);
  Adopt(state, anchors);
  partial_count_ += static_cast<int64_t>(state.partials.size());
  NoteAll(state);
  // Of a key that had only met a limit nothing is left.
  if (state.partials.empty() && state.waiting.empty() && state.finished.empty()) {
    Settle(state);
  } else {
    KeepWarm(state);
  }
}

}  // namespace telltale::engine
