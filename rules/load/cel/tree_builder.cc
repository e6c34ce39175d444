#include "rules/load/cel/tree_builder.h"

#include <algorithm>
#include <memory>

#include "rules/load/cel/cel.h"
#include "rules/load/cel/concat.h"
#include "rules/model/codes.h"

namespace telltale::rules {

ExprPtr TreeBuilder::New(ExprKind kind, uint32_t begin, uint32_t end) {
  if (++nodes_ == kMaxNodes) {
    in_.Error(kCelTooLarge, begin, end,
              Concat("this expression has more than ", std::to_string(kMaxNodes), " parts"));
    in_.Stop();
  }
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->begin = begin;
  expr->end = end;
  expr->name_begin = begin;
  return expr;
}

Subtree TreeBuilder::Leaf(ExprPtr expr) {
  const uint32_t begin = expr->begin;
  const uint32_t end = expr->end;
  return {std::move(expr), 1, begin, end};
}

Subtree TreeBuilder::Placeholder(uint32_t begin, uint32_t end) {
  return Leaf(New(ExprKind::kConstant, begin, end));
}

Subtree TreeBuilder::Parent(ExprKind kind, std::string name, uint32_t name_begin, uint32_t begin,
                            uint32_t end, std::vector<Subtree> args) {
  Subtree node{New(kind, begin, end), 1, begin, end};
  node.expr->name = std::move(name);
  node.expr->name_begin = name_begin;
  for (Subtree& arg : args) {
    node.height = std::max(node.height, arg.height + 1);
    node.expr->args.push_back(std::move(arg.expr));
  }
  if (node.height > kMaxDepth) in_.TooDeep(begin, end);
  return node;
}

Subtree TreeBuilder::Binary(std::string_view name, uint32_t name_begin, Subtree left,
                            Subtree right) {
  const uint32_t begin = left.begin;
  const uint32_t end = right.end;
  return Parent(ExprKind::kCall, std::string(name), name_begin, begin, end,
                Subtrees(std::move(left), std::move(right)));
}

}  // namespace telltale::rules
