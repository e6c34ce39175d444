// Makes the nodes of an expression's tree, and sees to it that it stays within kMaxNodes and
// kMaxDepth.
//
// Owner: the parser. Thread: one. Offsets are bytes in the expression's text. Errors: go to the
// token reader, which ends reading where the tree is too large.
#ifndef TELLTALE_RULES_LOAD_CEL_TREE_BUILDER_H_
#define TELLTALE_RULES_LOAD_CEL_TREE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/cel/token_reader.h"
#include "rules/model/expression.h"

namespace telltale::rules {

// A node with what its parents need to know of it. The range includes the parentheses around it.
struct Subtree {
  ExprPtr expr;
  int height = 1;
  uint32_t begin = 0;
  uint32_t end = 0;
};

template <typename... Tree>
std::vector<Subtree> Subtrees(Tree... trees) {
  std::vector<Subtree> out;
  (out.push_back(std::move(trees)), ...);
  return out;
}

class TreeBuilder {
 public:
  // The reader outlives it.
  explicit TreeBuilder(TokenReader& in) : in_(in) {}

  ExprPtr New(ExprKind kind, uint32_t begin, uint32_t end);
  Subtree Leaf(ExprPtr expr);
  // In the place of what could not be read.
  Subtree Placeholder(uint32_t begin, uint32_t end);
  // A node over `args`, which takes its height from them.
  Subtree Parent(ExprKind kind, std::string name, uint32_t name_begin, uint32_t begin, uint32_t end,
                 std::vector<Subtree> args);
  Subtree Binary(std::string_view name, uint32_t name_begin, Subtree left, Subtree right);

 private:
  TokenReader& in_;
  size_t nodes_ = 0;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_TREE_BUILDER_H_
