// The partial matches of one key that an event has made alike, as one node: the shared
// representation of patterns with `any` contiguity, where partial matches are many and hold almost
// the same (P10).
//
// A node is a state of the automaton and the event that was taken last. It stands for every partial
// match that came to this state by this event; as no condition looks at earlier events, all of them
// go on alike. What they came from is a *source*: the nodes of one state from a newest one down to
// the last at which the way was closed. So taking an event costs a look at the newest node of each
// state that the event concerns, however many partial matches there are: a new node, whose source
// is a number. Matches are put together when they are complete (forest_matches.h).
//
// Nodes are numbered in the order of their events and forgotten from the oldest on: when their
// window is over, or by a limit, and then with all partial matches that hold them.
//
// The idea of a compact set that is extended in constant time and enumerated later is that of the
// tECS of CORE (Bucchi, Grez, Quintana, Riveros, Vansummeren, VLDB 2022); here it is laid out as a
// ring, and knows closing ways beside `any`.
//
// Owner: SharedMatcher, one a key. Thread: the shard's. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_ENGINE_PATTERN_PARTIAL_FOREST_H_
#define TELLTALE_ENGINE_PATTERN_PARTIAL_FOREST_H_

#include <cstdint>
#include <vector>

#include "engine/pattern/event_store.h"
#include "engine/pattern/pattern.h"

namespace telltale::engine {

using NodeNumber = uint64_t;  // from 1 on; 0: none

// The nodes of one state from `newest` down to, and without, `closed`, whose event is not before
// `earliest`.
struct NodeSource {
  uint32_t state = 0;
  NodeNumber newest = 0;
  NodeNumber closed = 0;
  int64_t earliest = 0;
};

struct ForestNode {
  EventHandle event = 0;
  uint32_t state = 0;
  uint32_t step = 0;
  bool starts = false;   // some of them begin with the event
  NodeNumber older = 0;  // the next older node of the state
  int64_t time = 0;      // of the event
  // Where the latest of its partial matches began, if that is still there, and when. Of those of
  // the older nodes of its state as well a bound from above.
  NodeNumber first = 0;
  int64_t latest_first = 0;
  int64_t latest_first_of_state = 0;
  std::vector<NodeSource> sources;
};

class PartialForest {
 public:
  explicit PartialForest(const Pattern& pattern);

  // Nodes in a ring that recycles what they own.
  const ForestNode& operator[](NodeNumber number) const { return ring_[number & mask_]; }
  ForestNode& At(NodeNumber number) { return ring_[number & mask_]; }
  NodeNumber oldest() const { return oldest_; }
  NodeNumber end() const { return end_; }  // one beyond the newest
  size_t size() const { return end_ - oldest_; }
  bool Has(NodeNumber number) const { return number >= oldest_ && number < end_; }

  // The newest node of the state, or 0.
  NodeNumber Newest(uint32_t state) const { return newest_[state] >= oldest_ ? newest_[state] : 0; }
  NodeNumber Closed(uint32_t move) const { return closed_[move]; }
  // As it was written down; numbers count from the oldest node.
  void RestoreClosed(uint32_t move, NodeNumber number) { closed_[move] = number; }
  // No node that is there takes the move any more.
  void Close(uint32_t move, uint32_t state) { closed_[move] = newest_[state]; }

  // Moves a node that is not linked to the place of one before it, which is not needed.
  void MoveTo(NodeNumber number, NodeNumber to);
  // A node at the end. Its event, state and step are to be filled before Link.
  ForestNode& Add();
  // Makes the node the newest of its state.
  void Link(NodeNumber number);
  // Takes the newest node back; what was the newest of its state before is so again.
  void RemoveNewest();
  void RemoveOldest() { ++oldest_; }
  void Clear() { oldest_ = end_; }

  // Where the latest partial match of the source's nodes began that is held and began at `first` or
  // later; 0: there is none.
  NodeNumber LatestFirst(const NodeSource& source, int64_t first) const;
  // Whether the node is one of the source's.
  bool Covers(const NodeSource& source, NodeNumber number) const;

 private:
  std::vector<ForestNode> ring_;
  uint64_t mask_;
  NodeNumber oldest_ = 1;
  NodeNumber end_ = 1;
  std::vector<NodeNumber> newest_;  // by state
  std::vector<NodeNumber> closed_;  // by move
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_PARTIAL_FOREST_H_
