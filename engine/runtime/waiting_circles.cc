#include "engine/runtime/waiting_circles.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace telltale::engine {
namespace {

struct Node {
  size_t set = 0;
  uint32_t lane = 0;
  bool operator==(const Node&) const = default;
};

struct Seen {
  bool added = false;
  bool heirs_added = false;
};

class Search {
 public:
  explicit Search(const std::deque<ActiveRules>& sets) : sets_(sets) {}

  // Whether the reader waits, by whatever way, for itself where it waits for the producer's heirs.
  bool IsCircle(const Node& reader, uint32_t producer) {
    seen_.clear();
    for (const ActiveRules& rules : sets_) seen_.emplace_back(LanesOf(rules).size());
    open_.clear();
    AddHeirs({.set = reader.set, .lane = producer});
    while (!open_.empty()) {
      const Node node = open_.back();
      open_.pop_back();
      if (node == reader) return true;
      AddWhatHolds(node);
    }
    return false;
  }

 private:
  static const std::vector<Lane>& LanesOf(const ActiveRules& rules) {
    return rules.compiled().routing->lanes;
  }
  void Add(const Node& node) {
    Seen& seen = seen_[node.set][node.lane];
    if (!seen.added) open_.push_back(node);
    seen.added = true;
  }
  void AddHeirs(const Node& node) {
    Seen& seen = seen_[node.set][node.lane];
    if (seen.heirs_added) return;
    seen.heirs_added = true;
    for (const uint32_t heir : sets_[node.set].heirs(node.lane)) {
      Add({.set = node.set + 1, .lane = heir});
      AddHeirs({.set = node.set + 1, .lane = heir});
    }
  }
  void AddWhatHolds(const Node& node) {
    for (const Producer& producer : LanesOf(sets_[node.set])[node.lane].producers) {
      Add({.set = node.set, .lane = producer.lane});
      if (producer.wait > 0) AddHeirs({.set = node.set, .lane = producer.lane});
    }
    if (node.set == 0) return;
    for (const uint32_t ancestor : sets_[node.set].ancestors(node.lane))
      Add({.set = node.set - 1, .lane = ancestor});
  }

  const std::deque<ActiveRules>& sets_;
  std::vector<std::vector<Seen>> seen_;  // by set and lane
  std::vector<Node> open_;
};

}  // namespace

void BreakWaitingCircles(std::deque<ActiveRules>& sets) {
  Search search(sets);
  for (size_t set = 0; set + 1 < sets.size(); ++set) {
    const std::vector<Lane>& lanes = sets[set].compiled().routing->lanes;
    for (uint32_t lane = 0; lane < lanes.size(); ++lane) {
      for (const Producer& producer : lanes[lane].producers) {
        if (producer.wait == 0 || sets[set].heirs(producer.lane).empty()) continue;
        if (search.IsCircle({.set = set, .lane = lane}, producer.lane))
          sets[set].DoNotAwaitHeirs(lane, producer.lane);
      }
    }
  }
}

}  // namespace telltale::engine
