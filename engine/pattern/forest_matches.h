// Puts the matches together that end in some nodes of a forest, in the order of T7 over matches
// with the same last event: by their events from the first on. Each set of events once, with the
// names of the earliest steps (P6).
//
// Backwards from the ends all nodes are found that lead there; then they are walked from the first
// events on, all nodes of one event and the same events before it at a time, so that the first
// match is found without looking at the second. Owner: SharedMatcher. Thread: the shard's. Cost:
// finding, the nodes that lead to the ends and the sources between them; then for each match the
// nodes behind each of its events that it does not share with the match before.
#ifndef TELLTALE_ENGINE_PATTERN_FOREST_MATCHES_H_
#define TELLTALE_ENGINE_PATTERN_FOREST_MATCHES_H_

#include <cstdint>
#include <vector>

#include "engine/pattern/partial_forest.h"

namespace telltale::engine {

class ForestMatches {
 public:
  struct Taken {
    uint32_t step = 0;
    EventHandle event = 0;
  };

  // The matches that end in nodes of `ends`, which all have the newest event, and begin at `first`
  // or later. `backwards`: the last of the order first. The forest stays as it is until the last
  // Next.
  void Begin(const PartialForest& forest, const std::vector<NodeNumber>& ends, int64_t first,
             bool backwards);
  // The nodes by which the matches go, as Begin has found them: `backwards` the newest first.
  const std::vector<NodeNumber>& reachable() const { return reachable_; }
  // The next match, in the order of its events; null: there is none. Valid until the next call.
  const std::vector<Taken>* Next();

 private:
  // A node, and how its steps compare with those of the others of its level: less is earlier.
  struct Candidate {
    NodeNumber node = 0;
    uint32_t rank = 0;
    uint32_t before = 0;  // its place in the level before
  };
  // The nodes of one event that follow on the same events.
  struct Level {
    std::vector<Candidate> nodes;
    size_t next = 0;  // in reachable_: where to look for the next event behind it,
    size_t end = 0;   // and where no more
    bool told = false;
  };

  void FindReachable(const std::vector<NodeNumber>& ends);
  bool BeginNext();
  bool Descend();
  void Rank(const Level* before, Level& level) const;
  size_t EventEnd(size_t begin) const;  // one beyond the nodes of the event at reachable_[begin]
  void Tell();
  Level& Push();

  const PartialForest* forest_ = nullptr;
  int64_t first_ = 0;
  bool backwards_ = false;
  std::vector<NodeNumber> reachable_;  // in the order in which they are looked at
  std::vector<uint64_t> marks_;        // a bit for each node from the oldest on
  std::vector<NodeNumber> walked_;     // by state: the newest node not looked at yet
  std::vector<Level> levels_;          // the first `depth_` are in use
  size_t depth_ = 0;
  size_t start_ = 0;  // in reachable_: where to look for the next first event
  EventHandle last_ = 0;
  std::vector<Taken> match_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_FOREST_MATCHES_H_
