#include "engine/pattern/chain.h"

namespace telltale::engine {

Chain ChainPool::Extend(Chain before, uint32_t step, EventHandle event) {
  Chain chain;
  if (free_.empty()) {
    chain = static_cast<Chain>(links_.size());
    links_.emplace_back();
  } else {
    chain = free_.back();
    free_.pop_back();
  }
  if (before != kNoChain) ++links_[before].references;
  events_.Ref(event);
  links_[chain] = {.before = before, .event = event, .step = step, .references = 1};
  return chain;
}

uint32_t ChainPool::Unref(Chain chain) {
  uint32_t gone = 0;
  while (chain != kNoChain && --links_[chain].references == 0) {
    const Chain before = links_[chain].before;
    events_.Unref(links_[chain].event);
    free_.push_back(chain);
    ++gone;
    chain = before;
  }
  return gone;
}

}  // namespace telltale::engine
