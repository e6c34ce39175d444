#include "engine/runtime/error_tree.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <variant>

namespace telltale::engine {

ErrorTreeBuilder::ErrorTreeBuilder(const std::vector<std::vector<uint32_t>>& conditions,
                                   const std::vector<std::optional<Equality>>& equalities)
    : conditions_(conditions),
      equalities_(equalities),
      rank_of_(equalities.size()),
      by_rank_(equalities.size()) {
  std::vector<uint32_t> roles(equalities.size());
  for (const std::vector<uint32_t>& condition : conditions) {
    for (const uint32_t predicate : condition) ++roles[predicate];
  }
  std::iota(by_rank_.begin(), by_rank_.end(), 0);
  std::stable_sort(by_rank_.begin(), by_rank_.end(),
                   [&](uint32_t a, uint32_t b) { return roles[a] > roles[b]; });
  for (uint32_t rank = 0; rank < by_rank_.size(); ++rank) rank_of_[by_rank_[rank]] = rank;
}

uint32_t ErrorTreeBuilder::NewNode() {
  tree_.nodes.emplace_back();
  return static_cast<uint32_t>(tree_.nodes.size() - 1);
}

uint32_t ErrorTreeBuilder::AddIndexes(const std::vector<uint32_t>& roles, size_t failed) {
  struct Waiting {
    std::vector<uint32_t> all;
    std::map<std::variant<std::string, int64_t>, std::vector<uint32_t>> by_constant;
  };
  std::map<uint32_t, Waiting> by_slot;
  std::vector<uint32_t> without;
  for (const uint32_t role : roles) {
    const std::vector<uint32_t>& condition = conditions_[role];
    if (failed == condition.size() || !equalities_[condition[failed]]) {
      without.push_back(role);
      continue;
    }
    const Equality& next = *equalities_[condition[failed]];
    Waiting& waiting = by_slot[next.slot];
    waiting.all.push_back(role);
    waiting.by_constant[next.constant].push_back(role);
  }
  if (by_slot.empty()) return AddTests(without, failed);
  std::vector<EqualityIndex<uint32_t>> indexes;
  for (const auto& [slot, waiting] : by_slot) {
    EqualityIndex<uint32_t>& index = indexes.emplace_back();
    index.slot = slot;
    // Found, a role has no more than its other conditions to go through, like one that an index
    // finds where all is well; to index those again would double it with each equality.
    for (const auto& [constant, found] : waiting.by_constant)
      index.At(constant) = AddTests(found, failed + 1);
    index.on_error = AddIndexes(waiting.all, failed + 1);
  }
  const uint32_t node = NewNode();
  tree_.nodes[node].indexes = std::move(indexes);
  if (!without.empty()) {
    const uint32_t part = AddTests(without, failed);
    tree_.nodes[node].parts.push_back(part);
  }
  return node;
}

uint32_t ErrorTreeBuilder::AddTests(const std::vector<uint32_t>& roles, size_t decided) {
  std::vector<Rest> rests;
  for (const uint32_t role : roles) {
    Rest& rest = rests.emplace_back();
    rest.role = role;
    for (size_t i = decided; i < conditions_[role].size(); ++i)
      rest.ranks.push_back(rank_of_[conditions_[role][i]]);
    std::sort(rest.ranks.begin(), rest.ranks.end());
  }
  std::stable_sort(rests.begin(), rests.end(),
                   [](const Rest& a, const Rest& b) { return a.ranks < b.ranks; });
  return AddTests(rests, 0);
}

uint32_t ErrorTreeBuilder::AddTests(std::span<const Rest> rests, size_t depth) {
  const uint32_t node = NewNode();
  // They are in order, so what the first and the last share all share.
  const std::vector<uint32_t>& first = rests.front().ranks;
  const std::vector<uint32_t>& last = rests.back().ranks;
  for (; depth < first.size() && depth < last.size() && first[depth] == last[depth]; ++depth)
    tree_.nodes[node].tests.push_back(by_rank_[first[depth]]);
  size_t begin = 0;
  while (begin < rests.size() && rests[begin].ranks.size() == depth) ++begin;
  if (begin > 0) {
    tree_.nodes[node].tally = static_cast<uint32_t>(tree_.tallies.size());
    std::vector<uint32_t>& tally = tree_.tallies.emplace_back();
    for (const Rest& rest : rests.first(begin)) tally.push_back(rest.role);
  }
  while (begin < rests.size()) {
    size_t end = begin + 1;
    while (end < rests.size() && rests[end].ranks[depth] == rests[begin].ranks[depth]) ++end;
    const uint32_t part = AddTests(rests.subspan(begin, end - begin), depth);
    tree_.nodes[node].parts.push_back(part);
    begin = end;
  }
  return node;
}

}  // namespace telltale::engine
