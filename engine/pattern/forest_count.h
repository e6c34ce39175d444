// How many matches end in an event, for rules that are told the number only (`match: count`):
// without putting any of them together.
//
// Backwards from the ends the nodes that lead there were found (ForestMatches). From the oldest on,
// of each event is counted in how many ways it is come to. Events that follow on the same events
// can be taken by several nodes, of other steps or states; their combination is one match (P6). So
// what is counted are sets: all nodes of one event that the same events before it lead to, known by
// their states. What a later node goes on from are the nodes of a state from some event on, so that
// a set's number is a few sums over ranges of events: of the sets with the same states, one behind
// the other, sums of 2, 4, 8 ... neighbours are kept, and no sum is ever taken away from another.
// Nothing overflows therefore: numbers stop at kMost.
//
// Cost: for each event that leads to the ends its sources, times the logarithm of the number of
// events, times the number of different sets of states, which is the number of states but where
// an event fits several steps. Beyond kMostSets a set is counted as one of its states, so that the
// sum is a bound from below. No allocation in steady state. Owner: SharedMatcher. Thread: the
// shard's.
#ifndef TELLTALE_ENGINE_PATTERN_FOREST_COUNT_H_
#define TELLTALE_ENGINE_PATTERN_FOREST_COUNT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/pattern/partial_forest.h"
#include "engine/pattern/pattern.h"

namespace telltale::engine {

// Numbers in a row, of which any stretch is summed up in logarithmic time.
class RangeSums {
 public:
  void Clear();
  void Add(uint64_t number);
  size_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }
  uint64_t Sum(size_t begin, size_t end) const;

 private:
  std::vector<std::vector<uint64_t>> levels_;  // of 1, 2, 4 ... numbers each
};

class ForestCount {
 public:
  static constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  static constexpr size_t kMostSets = 1024;

  struct Result {
    uint64_t matches = 0;
    bool exact = true;  // false: there are more
  };
  // `newest_first`: the nodes that lead to the ends, which are those with the newest event. The
  // matches begin at `first` or later.
  Result Count(const PartialForest& forest, const std::vector<NodeNumber>& newest_first,
               int64_t first);

 private:
  using States = std::array<uint64_t, kMostSharedStates / 64>;
  // The sets of nodes with these states, each of an event.
  struct Row {
    States states{};
    std::vector<NodeNumber> numbers;  // of the event's first node
    std::vector<int64_t> times;
    RangeSums ways;
  };
  struct Target {
    uint32_t state = 0;
    size_t from = 0;  // of the row that is looked at
  };
  struct Made {
    States states{};
    uint64_t ways = 0;
  };

  void CountEvent(bool last);
  void FindTargets(const Row& row);
  void AddWays(const States& states, uint64_t ways);
  Row& RowOf(const States& states);

  const PartialForest* forest_ = nullptr;
  int64_t first_ = 0;
  bool exact_ = true;
  uint64_t matches_ = 0;
  std::vector<Row> rows_;  // the first `used_`
  size_t used_ = 0;
  std::vector<Target> targets_;
  // Of the event that is come to.
  std::vector<NodeNumber> nodes_;  // ascending
  std::vector<Made> made_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_FOREST_COUNT_H_
