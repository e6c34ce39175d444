#include "engine/pattern/chain.h"

#include <algorithm>
#include <utility>

namespace telltale::engine {

Chain ChainPool::Extend(Chain before, uint32_t step, EventHandle event) {
  Chain chain = free_;
  if (chain == kNoChain) {
    chain = static_cast<Chain>(links_.size());
    links_.Add();
  } else {
    free_ = links_[chain].before;
  }
  if (before != kNoChain) ++links_[before].references;
  events_.Ref(event);
  Link& link = links_[chain];
  link.before = before;
  link.event = event;
  link.step = step & 63;
  link.depth = (before == kNoChain ? 1 : links_[before].depth + 1) & 0x3ffffff;
  link.references = 1;
  link.jump = JumpOf(before, chain);
  link.before_run =
      before != kNoChain && links_[before].step == link.step ? links_[before].before_run : before;
  return chain;
}

// Two jumps of one length are followed by one over both.
Chain ChainPool::JumpOf(Chain before, Chain itself) const {
  if (before == kNoChain) return itself;
  const Link& link = links_[before];
  const Link& jump = links_[link.jump];
  const Link& far = links_[jump.jump];
  return link.depth - jump.depth == jump.depth - far.depth ? jump.jump : before;
}

Chain ChainPool::AtDepth(Chain chain, uint32_t depth) const {
  while (links_[chain].depth > depth) {
    const Link& link = links_[chain];
    chain = links_[link.jump].depth >= depth ? link.jump : link.before;
  }
  return chain;
}

int ChainPool::Compare(Chain a, Chain b) const {
  const uint32_t depth = std::min(links_[a].depth, links_[b].depth);
  const int by_length = links_[a].depth == links_[b].depth ? 0 : links_[a].depth > depth ? 1 : -1;
  Chain x = AtDepth(a, depth);
  Chain y = AtDepth(b, depth);
  if (x == y) return by_length;
  while (links_[x].before != links_[y].before) {
    const bool far = links_[x].jump != links_[y].jump;
    x = far ? links_[x].jump : links_[x].before;
    y = far ? links_[y].jump : links_[y].before;
  }
  // The first in which they differ; by its step alone, perhaps.
  if (links_[x].event == links_[y].event) return CompareWhole(a, b);
  return Before(events_[links_[x].event], events_[links_[y].event]) ? -1 : 1;
}

int ChainPool::CompareWhole(Chain a, Chain b) const {
  int by_length = 0;
  while (a != b && links_[a].depth > links_[b].depth) {
    a = links_[a].before;
    by_length = 1;
  }
  while (a != b && links_[b].depth > links_[a].depth) {
    b = links_[b].before;
    by_length = -1;
  }
  // What differs first is found last.
  const Link* event_a = nullptr;
  const Link* event_b = nullptr;
  int by_steps = 0;
  for (; a != b; a = links_[a].before, b = links_[b].before) {
    const Link& x = links_[a];
    const Link& y = links_[b];
    if (x.event != y.event) {
      event_a = &x;
      event_b = &y;
    }
    if (x.step != y.step) by_steps = x.step < y.step ? -1 : 1;
  }
  if (event_a != nullptr) return Before(events_[event_a->event], events_[event_b->event]) ? -1 : 1;
  return by_length != 0 ? by_length : by_steps;
}

uint32_t ChainPool::Unref(Chain chain) {
  uint32_t gone = 0;
  while (chain != kNoChain && --links_[chain].references == 0) {
    Link& link = links_[chain];
    events_.Unref(link.event);
    ++gone;
    chain = std::exchange(link.before, std::exchange(free_, chain));
  }
  return gone;
}

}  // namespace telltale::engine
