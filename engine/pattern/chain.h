// What partial matches have taken: chains of (step, event) that share their common beginnings.
//
// A chain is named by its newest link. Extending does not change the chain that is extended; links
// are counted, and free ones name the next free one.
//
// A link also knows one that is far before it (the jump pointers of Myers, "An applicative
// random-access stack", 1983), so that where two chains part is found in the logarithm of their
// length; and where the run of events of its step began, so that a single event of another step is
// found without a look at all of a repeat's. Owner: the shard. Thread: the shard's.
#ifndef TELLTALE_ENGINE_PATTERN_CHAIN_H_
#define TELLTALE_ENGINE_PATTERN_CHAIN_H_

#include <cstdint>

#include "engine/event/stable_vector.h"
#include "engine/pattern/event_store.h"

namespace telltale::engine {

using Chain = uint32_t;
inline constexpr Chain kNoChain = 0xffffffff;

class ChainPool {
 public:
  struct Link {
    Chain before = kNoChain;
    EventHandle event = 0;
    uint32_t step : 6 = 0;
    uint32_t depth : 26 = 0;  // how many links there are up to this one
    uint32_t references = 0;
    Chain jump = kNoChain;        // a link before it, or of the first link itself
    Chain before_run = kNoChain;  // the last link before it that is of another step
  };

  explicit ChainPool(EventStore& events) : events_(events) {}

  // A new chain with one reference for the caller; refers to `before` and to the event.
  Chain Extend(Chain before, uint32_t step, EventHandle event);
  void Ref(Chain chain) { ++links_[chain].references; }
  // Returns how many links went.
  uint32_t Unref(Chain chain);
  // Puts another form of its event in the link's place: `relaid` gives a handle with a reference
  // for the link.
  template <typename Relaid>
  void Replace(Chain chain, const Relaid& relaid) {
    const EventHandle old = links_[chain].event;
    const EventHandle fresh = relaid(old);
    links_[chain].event = fresh;
    events_.Unref(old);
  }
  const Link& operator[](Chain chain) const { return links_[chain]; }

  // The order of T7 over chains whose last event is the same: by their events from the first on,
  // then by their steps. Below, at, or above 0. Takes the logarithm of their length where they part
  // by an event; where they part by a step only, their length behind that.
  int Compare(Chain a, Chain b) const;

 private:
  Chain JumpOf(Chain before, Chain itself) const;
  Chain AtDepth(Chain chain, uint32_t depth) const;
  int CompareWhole(Chain a, Chain b) const;

  EventStore& events_;
  StableVector<Link> links_;
  Chain free_ = kNoChain;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_CHAIN_H_
