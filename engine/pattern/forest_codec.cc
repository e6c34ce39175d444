// A key's forest in its byte form (state_codec.h):
//
//   events   held_events.h
//   nodes    their number, then of each: its step, event, state, whether matches begin with it, how
//            many nodes before this one the latest of its partial matches began, counted from 1 (0:
//            that node is gone), its time less each of its two bounds of first events, and the
//            number of its sources; of each its state, how many nodes before this one its newest
//            and its last closed one are (0: none is), and whether it has an earliest time, and how
//            long before the node's
//   closed   the number of ways that are closed to some of the nodes, then of each its move and
//            the number of the newest such node, counted from 1
//   end      the oldest node's time less the moment from which on nothing can be taken
//
// Nodes are numbered from the oldest that is there. Which is the next older one of a state follows
// from their order.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "engine/pattern/shared_matcher.h"
#include "engine/pattern/state_codec.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

void SharedMatcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  keys_.ForEach([&](uint32_t seat) { visit(keys_[seat].key); });
  limited_.ForEach([&](const Hash128& key) {
    if (keys_.Find(key) == KeyTable::kNone) visit(key);
  });
}

void SharedMatcher::Encode(const Hash128& key, const LayoutBook& layouts,
                           std::string& bytes) const {
  ByteWriter out(bytes);
  WriteHead({.representation = Representation::kForest,
             .fingerprint = rule_.fingerprint,
             .automaton = pattern_.identity,
             .key = key},
            out);
  const KeyState nothing(pattern_);
  const uint32_t seat = keys_.Find(key);
  const KeyState& state = seat == KeyTable::kNone ? nothing : *states_[keys_[seat].place];
  WriteMarks({.truncated = state.truncated, .limited = limited_.HourOfKey(key), .bars = state.bars},
             out);

  const PartialForest& forest = state.forest;
  HeldEventsEncoder held(memory_.events);
  for (NodeNumber number = forest.oldest(); number < forest.end(); ++number)
    held.Add(forest[number].event);
  held.Write(layouts, out);
  out.Varint(forest.size());
  for (NodeNumber number = forest.oldest(); number < forest.end(); ++number)
    EncodeNode(forest, number, held, out);
  std::vector<std::pair<uint32_t, NodeNumber>> closed;
  for (uint32_t move = 0; move < pattern_.moves.size(); ++move) {
    if (forest.Has(forest.Closed(move)))
      closed.emplace_back(move, forest.Closed(move) - forest.oldest() + 1);
  }
  out.Varint(closed.size());
  for (const auto& [move, number] : closed) {
    out.Varint(move);
    out.Varint(number);
  }
  if (forest.size() > 0) out.Zigzag(Difference(forest[forest.oldest()].time, state.latest_end));
}

void SharedMatcher::EncodeNode(const PartialForest& forest, NodeNumber number,
                               const HeldEventsEncoder& held, ByteWriter& out) const {
  const ForestNode& node = forest[number];
  out.Varint(node.step);
  out.Varint(held.NumberOf(node.event));
  out.Varint(node.state);
  out.Byte(node.starts ? 1 : 0);
  out.Varint(forest.Has(node.first) ? number - node.first + 1 : 0);
  out.Zigzag(Difference(node.time, node.latest_first));
  out.Zigzag(Difference(node.time, node.latest_first_of_state));
  const auto there = [&](const NodeSource& source) { return forest.Has(source.newest); };
  out.Varint(static_cast<uint64_t>(std::count_if(node.sources.begin(), node.sources.end(), there)));
  for (const NodeSource& source : node.sources) {
    if (!there(source)) continue;
    out.Varint(source.state);
    out.Varint(number - source.newest);
    out.Varint(forest.Has(source.closed) ? number - source.closed : 0);
    out.Byte(source.earliest == kNever ? 0 : 1);
    if (source.earliest != kNever) out.Zigzag(Difference(node.time, source.earliest));
  }
}

absl::Status SharedMatcher::Decode(std::string_view bytes, EventDecoder& events) {
  ByteReader in(bytes);
  const absl::StatusOr<StateHead> head = ReadHead(in);
  if (!head.ok()) return head.status();
  if (absl::Status fits = CheckHead(*head, Representation::kForest, pattern_); !fits.ok())
    return fits;
  if (keys_.Find(head->key) != KeyTable::kNone)
    return absl::AlreadyExistsError("the key has a state");
  KeyMarks marks = ReadMarks(pattern_, in);
  HeldEvents held(memory_.events);
  held.Read(events, in);
  PartialForest forest(pattern_);
  for (size_t nodes = in.Count(); nodes > 0 && in.ok(); --nodes) DecodeNode(forest, held, in);
  for (size_t closed = in.Count(); closed > 0 && in.ok(); --closed) {
    const uint32_t move = in.Below(pattern_.moves.size(), "move");
    const uint32_t number = in.Below(forest.size() + 1, "node");
    if (in.ok()) forest.RestoreClosed(move, number);
  }
  const int64_t latest_end =
      forest.size() > 0 ? Difference(forest[forest.oldest()].time, in.Zigzag()) : kNever;
  in.End();
  if (!in.ok()) return in.status();

  for (NodeNumber number = forest.oldest(); number < forest.end(); ++number)
    memory_.events.Ref(forest[number].event);
  node_count_ += static_cast<int64_t>(forest.size());
  if (marks.limited) limited_.Restore(head->key, *marks.limited);
  KeyState& state = NewState(head->key);
  state.forest = std::move(forest);
  state.latest_end = latest_end;
  state.truncated = marks.truncated;
  state.bars = std::move(marks.bars);
  Settle(state);
  return absl::OkStatus();
}

void SharedMatcher::DecodeNode(PartialForest& forest, const HeldEvents& held, ByteReader& in) {
  const uint32_t step = in.Below(rule_.steps.size(), "step");
  const EventHandle event = held.Next(rule_, step, in);
  const uint32_t state = in.Below(pattern_.states.size(), "state");
  const bool starts = in.Below(2, "mark") != 0;
  const uint32_t began = in.Below(forest.end() + 1, "first node");
  const int64_t first = in.Zigzag();
  const int64_t first_of_state = in.Zigzag();
  if (!in.ok()) return;
  const NodeNumber number = forest.end();
  const int64_t time = memory_.events[event].time;
  if (forest.size() > 0 && time < forest[number - 1].time)
    return in.Fail("nodes that run backwards in time");
  ForestNode& node = forest.Add();
  node.event = event;
  node.step = step;
  node.state = state;
  node.starts = starts;
  node.first = began == 0 ? 0 : number + 1 - began;
  node.time = time;
  node.latest_first = Difference(time, first);
  DecodeSources(forest, node, number, in);
  if (!in.ok()) return;
  forest.Link(number);
  node.latest_first_of_state = Difference(time, first_of_state);
}

void SharedMatcher::DecodeSources(const PartialForest& forest, ForestNode& node, NodeNumber number,
                                  ByteReader& in) const {
  for (size_t sources = in.Count(); sources > 0 && in.ok(); --sources) {
    NodeSource source;
    source.state = in.Below(pattern_.states.size(), "state");
    const uint32_t newest = in.Below(number, "node before");
    const uint32_t closed = in.Below(number, "node before");
    const bool bounded = in.Below(2, "mark") != 0;
    source.earliest = bounded ? Difference(node.time, in.Zigzag()) : kNever;
    if (!in.ok()) return;
    source.newest = number - newest;
    source.closed = closed == 0 ? 0 : number - closed;
    if (newest == 0 || forest[source.newest].state != source.state)
      return in.Fail("a source that is no node of its state");
    node.sources.push_back(source);
  }
}

}  // namespace telltale::engine
