// Which roles end in an error (V1) by an event for which an index of equalities cannot be asked,
// because the field is absent or cannot be read.
//
// All roles of that index then err, except those that another conjunct makes false. They are not
// tried one by one: roles that ask the same beside the equalities that failed are one *tally*,
// which an event raises by one. The way there is from node to node. It begins at the index; where
// roles have another equality, the next node is found by hash, or is the one for the case that that
// field is unreadable, too; where they have none, they are told apart by what they ask, shared
// conditions first, of which a false one ends the way. So an event costs a look-up for each
// equality that rules chain, an evaluation for each different condition that it meets, and nothing
// for rules that differ in constants alone. A role is kept once for each of its equalities.
//
// Owner: Routing. Thread: immutable once built.
#ifndef TELLTALE_ENGINE_RUNTIME_ERROR_TREE_H_
#define TELLTALE_ENGINE_RUNTIME_ERROR_TREE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/runtime/equality_index.h"

namespace telltale::engine {

struct ErrorNode {
  std::vector<uint32_t> tests;    // predicates that all roles here share: one is false, none errs
  std::optional<uint32_t> tally;  // of the roles that ask no more
  std::vector<uint32_t> parts;    // nodes: those that do, all to be asked
  std::vector<EqualityIndex<uint32_t>> indexes;  // to nodes: those that have an equality yet
};

struct ErrorTree {
  std::vector<ErrorNode> nodes;
  std::vector<std::vector<uint32_t>> tallies;  // the roles of each
};

// Of one stream. `conditions`: by role its different predicates, those that are equalities first,
// in an order that is the same for all roles. `equalities`: by predicate. Both are borrowed.
class ErrorTreeBuilder {
 public:
  ErrorTreeBuilder(const std::vector<std::vector<uint32_t>>& conditions,
                   const std::vector<std::optional<Equality>>& equalities);

  // The node for these roles where the first condition of each, an equality, ends in an error.
  uint32_t Add(const std::vector<uint32_t>& roles) { return AddIndexes(roles, 1); }
  ErrorTree Take() && { return std::move(tree_); }

 private:
  // What a role asks yet: ranks, ascending.
  struct Rest {
    uint32_t role = 0;
    std::vector<uint32_t> ranks;
  };

  uint32_t NewNode();
  // The first `failed` conditions of each role are equalities that ended in errors.
  uint32_t AddIndexes(const std::vector<uint32_t>& roles, size_t failed);
  // The first `decided` conditions of each role are decided; no index from here on.
  uint32_t AddTests(const std::vector<uint32_t>& roles, size_t decided);
  // `rests`: in order, alike in the first `depth` ranks.
  uint32_t AddTests(std::span<const Rest> rests, size_t depth);

  const std::vector<std::vector<uint32_t>>& conditions_;
  const std::vector<std::optional<Equality>>& equalities_;
  std::vector<uint32_t> rank_of_;  // by predicate: 0 is the one that most roles share
  std::vector<uint32_t> by_rank_;
  ErrorTree tree_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ERROR_TREE_H_
