// The chains of one key as bytes, each link once, so that what chains share in memory they share
// when written: the events (held_events.h), the number of links, then of each its step, the number
// of its event, and 0 or 1 + the number of the link before it, which is smaller.
//
// Whoever holds chains names them by the numbers of their newest links. Owner: the caller. Thread:
// the shard's. Errors: what hostile bytes could break is checked: numbers, that steps are the
// rule's and take events of their streams, and that a chain does not run backwards in time.
#ifndef TELLTALE_ENGINE_PATTERN_CHAIN_CODEC_H_
#define TELLTALE_ENGINE_PATTERN_CHAIN_CODEC_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/event/bytes.h"
#include "engine/pattern/chain.h"
#include "engine/pattern/event_codec.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/held_events.h"
#include "engine/pattern/layout_book.h"
#include "rules/model/rule.h"

namespace telltale::engine {

class ChainEncoder {
 public:
  ChainEncoder(const ChainPool& chains, const EventStore& events)
      : chains_(chains), held_(events) {}

  // Numbers what is new of the chain. All chains first, then Write.
  void Add(Chain chain);
  void Write(const LayoutBook& layouts, ByteWriter& out) const;
  // REQUIRES: added.
  uint32_t NumberOf(Chain chain) const { return numbers_.at(chain); }

 private:
  const ChainPool& chains_;
  HeldEventsEncoder held_;
  absl::flat_hash_map<Chain, uint32_t> numbers_;
  std::vector<Chain> links_;  // by number
};

class ChainDecoder {
 public:
  struct Restored {
    Chain chain = kNoChain;
    EventHandle first = 0;
    int64_t first_time = 0;
    int64_t last_time = 0;
  };

  ChainDecoder(ChainPool& chains, EventStore& events)
      : chains_(chains), events_(events), held_(events) {}
  // Gives back the references that it has: whoever goes on holding chains takes their own before.
  ~ChainDecoder();
  ChainDecoder(const ChainDecoder&) = delete;
  ChainDecoder& operator=(const ChainDecoder&) = delete;

  void Read(const rules::Rule& rule, EventDecoder& decoder, ByteReader& in);
  // The chain that stands next in `in`; where that fails any.
  Restored Next(ByteReader& in);
  uint32_t links() const { return static_cast<uint32_t>(links_.size()); }
  // Whether each link is part of some chain that Next has given.
  bool AllUsed() const;

 private:
  struct Link {
    Restored restored;
    uint32_t before = 0;  // 1 + its number; 0: none
    bool used = false;
  };
  void ReadLink(const rules::Rule& rule, ByteReader& in);

  ChainPool& chains_;
  const EventStore& events_;
  HeldEvents held_;
  std::vector<Link> links_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_CHAIN_CODEC_H_
