// What is kept of a key at rest: in a block of a few dozen bytes, until an event or a timer wakes
// it. A key that waits for an hour is asked for a moment of it, and those that wait are millions.
//
//   2 bytes  how many there are
//   flags    RestFlag
//   counts   half a byte each: partial matches, waiting ones, links of their chains, events
//   events   of each how many bytes it is packed in, and these; where others hold the event too, 0
//            and its handle
//   links    each behind the one that it goes on from: step, number of the event, and 0 or 1 + the
//            number of that link
//   partials link, state, flags, open ways, how many events of the key ago it was born, and where
//            the pattern has anchors, of each strand the last event's time less the anchor
//   waiting  their links
//   bars     their number and when each was seen last
//
// What follows from that is not kept: first and last events, counts, deadlines. Large states stay
// as they are; their size is not that of a key. The bytes are for this process's memory alone.
#include <algorithm>
#include <array>
#include <cstring>

#include "engine/event/packed_event.h"
#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

constexpr size_t kMostThings = 15;  // of each kind: half a byte
constexpr size_t kHeadBytes = 5;
constexpr size_t kMostBytes = 1024;
constexpr size_t kMostOfPartial = 32;  // without anchors

enum RestFlag : uint8_t {
  kTruncated = 1,
  kHasHandles = 2,
  kHasBars = 4,
  kEndsQuietly = 8,  // its timer ends all of it, of which nobody is told
};
enum RestingPartial : uint8_t { kPending = 1, kAdvanced = 2, kCompleted = 4, kBroken = 8 };

// The links of some chains, each once and behind the one that it goes on from.
struct Gathered {
  std::array<Chain, kMostThings> links;
  std::array<EventHandle, kMostThings> events;
  std::array<uint32_t, kMostThings> uses;  // of each event, by the links
  size_t link_count = 0;
  size_t event_count = 0;

  size_t NumberOf(Chain chain) const {
    return static_cast<size_t>(std::find(links.begin(), links.begin() + link_count, chain) -
                               links.begin());
  }
  size_t EventOf(EventHandle event) const {
    return static_cast<size_t>(std::find(events.begin(), events.begin() + event_count, event) -
                               events.begin());
  }
  // False: they are too many.
  bool Add(const ChainPool& chains, Chain chain) {
    const size_t known = link_count;
    for (; chain != kNoChain && NumberOf(chain) == link_count; chain = chains[chain].before) {
      if (link_count == kMostThings) return false;
      links[link_count++] = chain;
    }
    std::reverse(links.begin() + known, links.begin() + link_count);
    for (size_t i = known; i < link_count; ++i) {
      const size_t event = EventOf(chains[links[i]].event);
      if (event == event_count) {
        events[event_count] = chains[links[i]].event;
        uses[event_count++] = 0;
      }
      ++uses[event];
    }
    return true;
  }
};

// Behind its length, which is a byte or two.
void PutPacked(const Event& event, char*& at) {
  char* end = at + 2;
  PackEvent(event, end);
  const auto size = static_cast<size_t>(end - at - 2);
  char* const begin = at + 2;
  PutVarint(at, size);
  if (at != begin) std::memmove(at, begin, size);
  at += size;
}

// Those that nobody else holds as long as there is room, of others the handles. Whether there are
// any of these; they have a reference for the block.
bool PackEvents(const Gathered& gathered, EventStore& events, size_t left, char*& at) {
  bool any_handles = false;
  for (size_t i = 0; i < gathered.event_count; ++i) {
    const EventHandle handle = gathered.events[i];
    const size_t room = MostPackedBytes(events[handle]);
    if (events.references(handle) == gathered.uses[i] && room <= left) {
      left -= room;
      PutPacked(events[handle], at);
    } else {
      events.Ref(handle);
      PutVarint(at, 0);
      PutRaw(at, handle);
      any_handles = true;
    }
  }
  return any_handles;
}

void PackLinks(const Gathered& gathered, const ChainPool& chains, char*& at) {
  for (size_t i = 0; i < gathered.link_count; ++i) {
    const ChainPool::Link& link = chains[gathered.links[i]];
    *at++ = static_cast<char>(link.step);
    *at++ = static_cast<char>(gathered.EventOf(link.event));
    *at++ = static_cast<char>(link.before == kNoChain ? 0 : gathered.NumberOf(link.before) + 1);
  }
}

// The head of a block; `at` goes on to the events.
struct Block {
  explicit Block(const char* block) : at(block) {
    bytes = TakeRaw<uint16_t>(at);
    flags = static_cast<uint8_t>(*at++);
    const auto counts = TakeRaw<uint16_t>(at);
    partials = counts & 15u;
    waiting = counts >> 4 & 15u;
    links = counts >> 8 & 15u;
    events = counts >> 12 & 15u;
  }
  const char* at;
  size_t bytes = 0;
  uint8_t flags = 0;
  uint32_t partials = 0;
  uint32_t waiting = 0;
  uint32_t links = 0;
  uint32_t events = 0;
};

// What a partial match knows of its chain.
struct UnfoldedLink {
  Chain chain = kNoChain;
  EventHandle first = 0;
  int64_t first_time = 0;
  int64_t last_time = 0;
};

// The events and links of a block, each with a reference for the caller.
void UnfoldLinks(Block& in, ShardMemory& memory, std::array<EventHandle, kMostThings>& events,
                 std::array<UnfoldedLink, kMostThings>& links) {
  for (uint32_t i = 0; i < in.events; ++i) {
    const uint64_t packed = TakeVarint(in.at);
    if (packed == 0) {
      events[i] = TakeRaw<EventHandle>(in.at);
      memory.events.Ref(events[i]);
    } else {
      events[i] = memory.events.HoldPacked(in.at);
      in.at += packed;
    }
  }
  for (uint32_t i = 0; i < in.links; ++i) {
    const auto step = static_cast<uint8_t>(*in.at++);
    const EventHandle event = events[static_cast<uint8_t>(*in.at++)];
    const auto before = static_cast<uint8_t>(*in.at++);
    const int64_t time = memory.events[event].time;
    links[i] = before == 0 ? UnfoldedLink{.first = event, .first_time = time} : links[before - 1];
    links[i].chain = memory.chains.Extend(links[i].chain, step, event);
    links[i].last_time = time;
  }
}

}  // namespace

bool Matcher::Turn(uint32_t place, bool must_rest) {
  KeyState& state = states_[place];
  const bool is_kept = state.seat != KeyTable::kNone;
  if (is_kept && state.met && !must_rest) {
    state.met = false;
    return true;
  }
  state.has_turn = false;
  if (is_kept) Rest(state);
  return false;
}

// It stays as it is where it is too large, or has what a key has for moments only.
void Matcher::Rest(KeyState& state) {
  if (state.crowd != nullptr || !state.finished.empty() || state.partials.size() > kMostThings ||
      state.waiting.size() > kMostThings)
    return;
  Gathered gathered;
  for (const Partial& partial : state.partials) {
    if (!gathered.Add(memory_.chains, partial.chain)) return;
  }
  for (const Done& done : state.waiting) {
    if (!gathered.Add(memory_.chains, done.chain)) return;
  }
  const size_t anchors = pattern_.anchors ? size_t{10} * pattern_.strands : 0;
  const size_t most = kHeadBytes + 8 * kMostThings + state.waiting.size() +
                      state.partials.size() * (kMostOfPartial + anchors) + 10 +
                      10 * state.bars.seen().size();
  if (most > kMostBytes) return;

  std::array<char, kMostBytes> bytes;
  char* at = bytes.data() + kHeadBytes;
  uint8_t flags = (state.truncated ? kTruncated : 0) | (EndsQuietly(state) ? kEndsQuietly : 0);
  if (PackEvents(gathered, memory_.events, kMostBytes - most, at)) flags |= kHasHandles;
  PackLinks(gathered, memory_.chains, at);
  for (const Partial& partial : state.partials) {
    *at++ = static_cast<char>(gathered.NumberOf(partial.chain));
    PutPartial(state, partial, at);
  }
  for (const Done& done : state.waiting) *at++ = static_cast<char>(gathered.NumberOf(done.chain));
  if (state.bars.any()) {
    flags |= kHasBars;
    PutVarint(at, state.bars.seen().size());
    for (const int64_t seen : state.bars.seen()) PutZigzag(at, seen);
  }
  const auto size = static_cast<size_t>(at - bytes.data());
  at = bytes.data();
  PutRaw(at, static_cast<uint16_t>(size));
  *at++ = static_cast<char>(flags);
  PutRaw(at, static_cast<uint16_t>(state.partials.size() | state.waiting.size() << 4 |
                                   gathered.link_count << 8 | gathered.event_count << 12));
  const BlockPool::Handle block = memory_.blocks.Take(size);
  std::memcpy(memory_.blocks.At(block), bytes.data(), size);
  KeyTable::Seat& seat = keys_[state.seat];
  seat.armed = state.armed;
  seat.place = block | kResting;
  for (const Partial& partial : state.partials) Release(partial, state);
  for (const Done& done : state.waiting) Release(done.chain, state);
  state.partials.clear();
  state.waiting.clear();
  FreeState(state);
}

// Whether the timer that is armed ends all that there is, and nobody has to be told.
bool Matcher::EndsQuietly(const KeyState& state) const {
  return pattern_.timeout_from == 0 && state.waiting.empty() && !state.bars.any() &&
         std::all_of(state.partials.begin(), state.partials.end(), [&](const Partial& partial) {
           return !partial.pending && partial.deadline <= state.armed;
         });
}

void Matcher::PutPartial(const KeyState& state, const Partial& partial, char*& at) const {
  PutVarint(at, partial.state);
  *at++ = static_cast<char>((partial.pending ? kPending : 0) | (partial.advanced ? kAdvanced : 0) |
                            (partial.completed ? kCompleted : 0) | (partial.broken ? kBroken : 0));
  PutVarint(at, partial.open);
  PutVarint(at, state.events - partial.born);
  if (!pattern_.anchors) return;
  for (uint32_t strand = 0; strand < pattern_.strands; ++strand)
    PutZigzag(at, Difference(partial.last_time, anchors_[partial.anchors + strand]));
}

// A state with what the block holds, whose chains have references; the anchors of its partial
// matches stand in `anchors`. The block stays as it is.
void Matcher::Unfold(const char* block, KeyState& state, std::vector<int64_t>& anchors) const {
  Block in(block);
  state.truncated = (in.flags & kTruncated) != 0;
  std::array<EventHandle, kMostThings> events;
  std::array<UnfoldedLink, kMostThings> links;
  UnfoldLinks(in, memory_, events, links);
  for (uint32_t i = 0; i < in.partials; ++i) {
    const UnfoldedLink& link = links[static_cast<uint8_t>(*in.at++)];
    Partial partial;
    partial.chain = link.chain;
    partial.first = link.first;
    partial.first_time = link.first_time;
    partial.last_time = link.last_time;
    TakePartial(in.at, state, partial, anchors);
    memory_.chains.Ref(partial.chain);
    state.partials.push_back(partial);
  }
  for (uint32_t i = 0; i < in.waiting; ++i) {
    const UnfoldedLink& link = links[static_cast<uint8_t>(*in.at++)];
    Done done{.chain = link.chain,
              .first = link.first,
              .first_time = link.first_time,
              .last_time = link.last_time,
              .time = 0,
              .by_deadline = true};
    done.time = LastDeadline(done);
    memory_.chains.Ref(done.chain);
    state.waiting.push_back(done);
  }
  if ((in.flags & kHasBars) != 0) {
    for (uint64_t count = TakeVarint(in.at); count > 0; --count)
      state.bars.seen().push_back(TakeZigzag(in.at));
  }
  state.links = in.links;
  for (uint32_t i = 0; i < in.links; ++i) memory_.chains.Unref(links[i].chain);
  for (uint32_t i = 0; i < in.events; ++i) memory_.events.Unref(events[i]);
}

// What PutPartial has written.
void Matcher::TakePartial(const char*& at, const KeyState& state, Partial& partial,
                          std::vector<int64_t>& anchors) const {
  partial.state = static_cast<uint32_t>(TakeVarint(at));
  const auto flags = static_cast<uint8_t>(*at++);
  partial.pending = (flags & kPending) != 0;
  partial.advanced = (flags & kAdvanced) != 0;
  partial.completed = (flags & kCompleted) != 0;
  partial.broken = (flags & kBroken) != 0;
  partial.open = TakeVarint(at);
  partial.born = state.events - static_cast<uint32_t>(TakeVarint(at));
  partial.anchors = static_cast<uint32_t>(anchors.size());
  for (uint32_t strand = 0; pattern_.anchors && strand < pattern_.strands; ++strand)
    anchors.push_back(Difference(partial.last_time, TakeZigzag(at)));
}

// The anchors of its partial matches become the matcher's, and their deadlines are known again.
void Matcher::Adopt(KeyState& state, const std::vector<int64_t>& anchors) {
  size_t next = 0;
  for (Partial& partial : state.partials) {
    if (pattern_.anchors) {
      partial.anchors = NewAnchors();
      for (uint32_t strand = 0; strand < pattern_.strands; ++strand)
        anchors_[partial.anchors + strand] = anchors[next++];
    }
    UpdateDeadline(partial);
  }
}

Matcher::KeyState& Matcher::StateAt(uint32_t seat) {
  const uint32_t place = keys_[seat].place;
  if ((place & kResting) == 0) return states_[place];
  KeyState& state = TakeState(seat);
  state.armed = keys_[seat].armed;
  rest_anchors_.clear();
  Unfold(memory_.blocks.At(place & ~kResting), state, rest_anchors_);
  ReleaseBlock(place & ~kResting);
  Adopt(state, rest_anchors_);
  return state;
}

// Whether the timer of a key at rest has ended all that there was.
bool Matcher::EndAtRest(uint32_t seat) {
  const BlockPool::Handle handle = keys_[seat].place & ~kResting;
  const Block block(memory_.blocks.At(handle));
  if ((block.flags & kEndsQuietly) == 0) return false;
  partial_count_ -= block.partials;
  ReleaseBlock(handle);
  keys_.Remove(seat);
  return true;
}

void Matcher::ReleaseBlock(BlockPool::Handle handle) {
  Block block(memory_.blocks.At(handle));
  for (uint32_t i = 0; (block.flags & kHasHandles) != 0 && i < block.events; ++i) {
    const uint64_t packed = TakeVarint(block.at);
    if (packed == 0) {
      memory_.events.Unref(TakeRaw<EventHandle>(block.at));
    } else {
      block.at += packed;
    }
  }
  memory_.blocks.Give(handle, block.bytes);
}

}  // namespace telltale::engine
