#include "engine/pattern/chain_codec.h"

#include <algorithm>

namespace telltale::engine {

void ChainEncoder::Add(Chain chain) {
  const size_t known = links_.size();
  for (Chain link = chain; link != kNoChain && !numbers_.contains(link);
       link = chains_[link].before) {
    numbers_.emplace(link, 0);
    links_.push_back(link);
  }
  std::reverse(links_.begin() + static_cast<ptrdiff_t>(known), links_.end());
  for (size_t i = known; i < links_.size(); ++i) {
    numbers_[links_[i]] = static_cast<uint32_t>(i);
    held_.Add(chains_[links_[i]].event);
  }
}

void ChainEncoder::Write(const LayoutBook& layouts, ByteWriter& out) const {
  held_.Write(layouts, out);
  out.Varint(links_.size());
  for (const Chain chain : links_) {
    const ChainPool::Link& link = chains_[chain];
    out.Varint(link.step);
    out.Varint(held_.NumberOf(link.event));
    out.Varint(link.before == kNoChain ? 0 : numbers_.at(link.before) + 1);
  }
}

ChainDecoder::~ChainDecoder() {
  for (const Link& link : links_) chains_.Unref(link.restored.chain);
}

void ChainDecoder::Read(const rules::Rule& rule, EventDecoder& decoder, ByteReader& in) {
  held_.Read(decoder, in);
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) ReadLink(rule, in);
}

void ChainDecoder::ReadLink(const rules::Rule& rule, ByteReader& in) {
  Link link;
  const uint32_t step = in.Below(rule.steps.size(), "step");
  const EventHandle handle = held_.Next(rule, step, in);
  link.before = in.Below(links_.size() + 1, "link");
  if (!in.ok()) return;
  const Event& event = events_[handle];
  link.restored = {
      .chain = kNoChain, .first = handle, .first_time = event.time, .last_time = event.time};
  Chain before = kNoChain;
  if (link.before != 0) {
    const Restored& earlier = links_[link.before - 1].restored;
    before = earlier.chain;
    if (event.time < earlier.last_time) return in.Fail("a chain that runs backwards in time");
    link.restored.first = earlier.first;
    link.restored.first_time = earlier.first_time;
  }
  link.restored.chain = chains_.Extend(before, step, handle);
  links_.push_back(link);
}

ChainDecoder::Restored ChainDecoder::Next(ByteReader& in) {
  const uint32_t number = in.Below(links_.size(), "chain");
  if (!in.ok()) return {};
  for (uint32_t link = number + 1; link != 0 && !links_[link - 1].used;
       link = links_[link - 1].before)
    links_[link - 1].used = true;
  return links_[number].restored;
}

bool ChainDecoder::AllUsed() const {
  return std::all_of(links_.begin(), links_.end(), [](const Link& link) { return link.used; });
}

}  // namespace telltale::engine
