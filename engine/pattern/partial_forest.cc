#include "engine/pattern/partial_forest.h"

#include <algorithm>
#include <utility>

namespace telltale::engine {
namespace {

constexpr size_t kFirstSize = 8;

}  // namespace

PartialForest::PartialForest(const Pattern& pattern)
    : ring_(kFirstSize),
      mask_(kFirstSize - 1),
      newest_(pattern.states.size(), 0),
      closed_(pattern.moves.size(), 0) {}

ForestNode& PartialForest::Add() {
  if (size() == ring_.size()) {
    std::vector<ForestNode> larger(2 * ring_.size());
    for (NodeNumber number = oldest_; number < end_; ++number)
      larger[number & (larger.size() - 1)] = std::move(ring_[number & mask_]);
    ring_ = std::move(larger);
    mask_ = ring_.size() - 1;
  }
  ForestNode& node = ring_[end_++ & mask_];
  node.starts = false;
  node.first = 0;
  node.latest_first = 0;
  node.sources.clear();
  return node;
}

void PartialForest::Link(NodeNumber number) {
  ForestNode& node = ring_[number & mask_];
  node.older = Newest(node.state);
  node.latest_first_of_state = node.latest_first;
  if (node.older != 0) {
    node.latest_first_of_state =
        std::max(node.latest_first, (*this)[node.older].latest_first_of_state);
  }
  newest_[node.state] = number;
}

void PartialForest::RemoveNewest() {
  --end_;
  const ForestNode& node = ring_[end_ & mask_];
  if (newest_[node.state] == end_) newest_[node.state] = node.older;
}

void PartialForest::MoveTo(NodeNumber number, NodeNumber to) {
  std::swap(ring_[number & mask_], ring_[to & mask_]);
  ForestNode& node = ring_[to & mask_];
  if (node.first == number) node.first = to;
}

// What was forgotten was forgotten from the oldest event on, and so with all that began with it.
NodeNumber PartialForest::LatestFirst(const NodeSource& source, int64_t first) const {
  NodeNumber latest = 0;
  for (NodeNumber number = source.newest; number > source.closed && number >= oldest_;
       number = (*this)[number].older) {
    const ForestNode& node = (*this)[number];
    if (node.time < source.earliest || node.latest_first_of_state < first) break;
    if (node.first >= oldest_ && node.latest_first >= first) latest = std::max(latest, node.first);
    if (latest != 0 && node.latest_first_of_state <= (*this)[latest].time) break;
  }
  return latest;
}

bool PartialForest::Covers(const NodeSource& source, NodeNumber number) const {
  if (number > source.newest || number <= source.closed || !Has(number)) return false;
  const ForestNode& node = (*this)[number];
  return node.state == source.state && node.time >= source.earliest;
}

}  // namespace telltale::engine
