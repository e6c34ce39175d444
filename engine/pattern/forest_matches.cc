#include "engine/pattern/forest_matches.h"

#include <algorithm>
#include <tuple>

namespace telltale::engine {
namespace {

constexpr NodeNumber kAllWalked = ~NodeNumber{0};

}  // namespace

void ForestMatches::Begin(const PartialForest& forest, const std::vector<NodeNumber>& ends,
                          int64_t first, bool backwards) {
  forest_ = &forest;
  first_ = first;
  backwards_ = backwards;
  depth_ = 0;
  start_ = 0;
  last_ = forest[ends.front()].event;
  FindReachable(ends);
  if (!backwards_) std::reverse(reachable_.begin(), reachable_.end());
}

// From the newest to the oldest. Of each state the nodes are walked once: a later node's source
// begins no earlier than that of one before it.
void ForestMatches::FindReachable(const std::vector<NodeNumber>& ends) {
  const PartialForest& forest = *forest_;
  reachable_.clear();
  marks_.assign(forest.size() / 64 + 1, 0);
  walked_.clear();
  const auto mark = [&](NodeNumber number) {
    const uint64_t bit = number - forest.oldest();
    marks_[bit / 64] |= uint64_t{1} << (bit % 64);
  };
  for (const NodeNumber end : ends) mark(end);
  for (NodeNumber number = forest.end(); number-- > forest.oldest();) {
    const uint64_t bit = number - forest.oldest();
    if ((marks_[bit / 64] >> (bit % 64) & 1) == 0) continue;
    reachable_.push_back(number);
    for (const NodeSource& source : forest[number].sources) {
      if (walked_.size() <= source.state) walked_.resize(source.state + 1, 0);
      NodeNumber& walked = walked_[source.state];
      NodeNumber next = walked == 0 ? source.newest : walked;
      while (next > source.closed && forest.Has(next)) {
        const ForestNode& node = forest[next];
        if (node.time < source.earliest || node.latest_first_of_state < first_) break;
        if (node.latest_first >= first_) mark(next);
        next = node.older;
      }
      walked = next == 0 ? kAllWalked : next;
    }
  }
}

const std::vector<ForestMatches::Taken>* ForestMatches::Next() {
  while (true) {
    if (depth_ == 0 && !BeginNext()) return nullptr;
    Level& top = levels_[depth_ - 1];
    const bool ends = (*forest_)[top.nodes.front().node].event == last_;
    if (ends && !top.told) {
      top.told = true;
      Tell();
      return &match_;
    }
    if (ends || !Descend()) --depth_;
  }
}

size_t ForestMatches::EventEnd(size_t begin) const {
  const EventHandle event = (*forest_)[reachable_[begin]].event;
  size_t end = begin + 1;
  while (end < reachable_.size() && (*forest_)[reachable_[end]].event == event) ++end;
  return end;
}

// The next event that matches begin with.
bool ForestMatches::BeginNext() {
  while (start_ < reachable_.size()) {
    const size_t begin = start_;
    start_ = EventEnd(begin);
    Level& level = Push();
    for (size_t i = begin; i < start_; ++i) {
      const ForestNode& node = (*forest_)[reachable_[i]];
      if (node.starts && node.time >= first_) level.nodes.push_back({.node = reachable_[i]});
    }
    if (level.nodes.empty()) {
      --depth_;
      continue;
    }
    Rank(nullptr, level);
    level.next = backwards_ ? 0 : start_;
    level.end = backwards_ ? begin : reachable_.size();
    return true;
  }
  return false;
}

// The next event that follows on those of the deepest level.
bool ForestMatches::Descend() {
  while (levels_[depth_ - 1].next < levels_[depth_ - 1].end) {
    Level& level = Push();  // may move the others
    Level& from = levels_[depth_ - 2];
    const size_t begin = from.next;
    from.next = EventEnd(begin);
    for (size_t i = begin; i < from.next; ++i) {
      const ForestNode& node = (*forest_)[reachable_[i]];
      for (uint32_t before = 0; before < from.nodes.size(); ++before) {
        const bool follows =
            std::any_of(node.sources.begin(), node.sources.end(), [&](const NodeSource& source) {
              return forest_->Covers(source, from.nodes[before].node);
            });
        if (!follows) continue;
        level.nodes.push_back({.node = reachable_[i], .before = before});
        break;  // they are in order of their rank
      }
    }
    if (level.nodes.empty()) {
      --depth_;
      continue;
    }
    Rank(&from, level);
    level.next = backwards_ ? 0 : from.next;
    level.end = backwards_ ? begin : reachable_.size();
    return true;
  }
  return false;
}

// Orders the nodes of a level by the steps that lead to them.
void ForestMatches::Rank(const Level* before, Level& level) const {
  const auto key = [&](const Candidate& candidate) {
    return std::pair(before == nullptr ? 0u : before->nodes[candidate.before].rank,
                     (*forest_)[candidate.node].step);
  };
  std::sort(level.nodes.begin(), level.nodes.end(), [&](const Candidate& a, const Candidate& b) {
    return std::tuple(key(a), a.node) < std::tuple(key(b), b.node);
  });
  uint32_t rank = 0;
  for (size_t i = 0; i < level.nodes.size(); ++i) {
    if (i != 0 && key(level.nodes[i - 1]) < key(level.nodes[i])) ++rank;
    level.nodes[i].rank = rank;
  }
}

void ForestMatches::Tell() {
  match_.resize(depth_);
  uint32_t place = 0;
  for (size_t depth = depth_; depth-- > 0;) {
    const Candidate& candidate = levels_[depth].nodes[place];
    const ForestNode& node = (*forest_)[candidate.node];
    match_[depth] = {.step = node.step, .event = node.event};
    place = candidate.before;
  }
}

ForestMatches::Level& ForestMatches::Push() {
  if (depth_ == levels_.size()) levels_.emplace_back();
  Level& level = levels_[depth_++];
  level.nodes.clear();
  level.told = false;
  return level;
}

}  // namespace telltale::engine
