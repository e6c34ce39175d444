#include "engine/pattern/forest_count.h"

#include <algorithm>

namespace telltale::engine {
namespace {

uint64_t Sum(uint64_t a, uint64_t b) { return std::min(a + b, ForestCount::kMost); }

}  // namespace

void RangeSums::Clear() {
  for (std::vector<uint64_t>& level : levels_) level.clear();
}

void RangeSums::Add(uint64_t number) {
  for (size_t i = 0;; ++i) {
    if (i == levels_.size()) levels_.emplace_back();
    std::vector<uint64_t>& level = levels_[i];
    level.push_back(number);
    if (level.size() % 2 != 0) return;
    number = telltale::engine::Sum(level[level.size() - 2], number);
  }
}

uint64_t RangeSums::Sum(size_t begin, size_t end) const {
  uint64_t sum = 0;
  for (size_t i = 0; begin < end; ++i, begin /= 2, end /= 2) {
    if (begin % 2 != 0) sum = telltale::engine::Sum(sum, levels_[i][begin++]);
    if (end % 2 != 0) sum = telltale::engine::Sum(sum, levels_[i][--end]);
  }
  return sum;
}

ForestCount::Result ForestCount::Count(const PartialForest& forest,
                                       const std::vector<NodeNumber>& newest_first, int64_t first) {
  forest_ = &forest;
  first_ = first;
  exact_ = true;
  matches_ = 0;
  used_ = 0;
  for (size_t end = newest_first.size(); end > 0;) {
    const EventHandle event = forest[newest_first[end - 1]].event;
    nodes_.clear();
    while (end > 0 && forest[newest_first[end - 1]].event == event)
      nodes_.push_back(newest_first[--end]);
    CountEvent(end == 0);
  }
  return {.matches = matches_, .exact = exact_ && matches_ < kMost};
}

void ForestCount::CountEvent(bool last) {
  made_.clear();
  for (size_t r = 0; r < used_; ++r) {
    const Row& row = rows_[r];
    FindTargets(row);
    // The later the events that are gone on from, the more nodes go on from them.
    States reached{};
    for (size_t t = 0; t < targets_.size(); ++t) {
      reached[targets_[t].state / 64] |= uint64_t{1} << (targets_[t].state % 64);
      const size_t to = t + 1 < targets_.size() ? targets_[t + 1].from : row.ways.size();
      AddWays(reached, row.ways.Sum(targets_[t].from, to));
    }
  }
  States starting{};
  bool starts = false;
  for (const NodeNumber number : nodes_) {
    const ForestNode& node = (*forest_)[number];
    if (!node.starts || node.time < first_) continue;
    starting[node.state / 64] |= uint64_t{1} << (node.state % 64);
    starts = true;
  }
  if (starts) AddWays(starting, 1);
  for (const Made& made : made_) {
    if (last) {
      matches_ = Sum(matches_, made.ways);
      continue;
    }
    Row& row = RowOf(made.states);
    if (!row.numbers.empty() && row.numbers.back() == nodes_.front()) {  // beyond kMostSets
      exact_ = false;
      continue;
    }
    row.numbers.push_back(nodes_.front());
    row.times.push_back((*forest_)[nodes_.front()].time);
    row.ways.Add(made.ways);
  }
}

// The nodes that go on from sets of the row, with the first set from which they do, ascending.
void ForestCount::FindTargets(const Row& row) {
  targets_.clear();
  for (const NodeNumber number : nodes_) {
    const ForestNode& node = (*forest_)[number];
    size_t from = row.numbers.size();
    for (const NodeSource& source : node.sources) {
      if ((row.states[source.state / 64] >> (source.state % 64) & 1) == 0) continue;
      const auto open = std::upper_bound(row.numbers.begin(), row.numbers.end(), source.closed);
      const auto early = std::lower_bound(row.times.begin(), row.times.end(), source.earliest);
      from = std::min(from, static_cast<size_t>(
                                std::max(open - row.numbers.begin(), early - row.times.begin())));
    }
    if (from < row.numbers.size()) targets_.push_back({.state = node.state, .from = from});
  }
  std::sort(targets_.begin(), targets_.end(),
            [](const Target& a, const Target& b) { return a.from < b.from; });
}

void ForestCount::AddWays(const States& states, uint64_t ways) {
  if (ways == 0) return;
  for (Made& made : made_) {
    if (made.states != states) continue;
    made.ways = Sum(made.ways, ways);
    return;
  }
  made_.push_back({.states = states, .ways = ways});
}

ForestCount::Row& ForestCount::RowOf(const States& states) {
  const auto row_of = [this](const States& wanted) -> Row* {
    for (size_t r = 0; r < used_; ++r) {
      if (rows_[r].states == wanted) return &rows_[r];
    }
    return nullptr;
  };
  if (Row* row = row_of(states)) return *row;
  States kept = states;
  if (used_ >= kMostSets) {
    exact_ = false;
    kept = {};
    const auto word = static_cast<size_t>(
        std::find_if(states.begin(), states.end(), [](uint64_t bits) { return bits != 0; }) -
        states.begin());
    kept[word] = states[word] & (~states[word] + 1);
    if (Row* row = row_of(kept)) return *row;
  }
  if (used_ == rows_.size()) rows_.emplace_back();
  Row& row = rows_[used_++];
  row.states = kept;
  row.numbers.clear();
  row.times.clear();
  row.ways.Clear();
  return row;
}

}  // namespace telltale::engine
