// How often each of many hashes is there.
//
// The hash is its own place: a table of slots with open addressing and linear probing, in which
// what comes behind a gap moves up, so that taking out leaves no marks and what is looked for is
// mostly in one line of the cache. Owner: the holder. Thread: plain data. No allocation once it has
// grown.
#ifndef TELLTALE_ENGINE_WINDOW_HASH_COUNTS_H_
#define TELLTALE_ENGINE_WINDOW_HASH_COUNTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace telltale::engine {

class HashCounts {
 public:
  size_t size() const { return size_; }

  // REQUIRES: it is there less than 2^32 - 1 times.
  void Add(uint64_t hash) { ++SlotFor(hash).count; }
  // So many times. False: it was there.
  bool AddNew(uint64_t hash, uint32_t count) {
    Slot& slot = SlotFor(hash);
    if (slot.count != 0) return false;
    slot.count = count;
    return true;
  }
  // Makes it be there.
  void Insert(uint64_t hash) {
    Slot& slot = SlotFor(hash);
    if (slot.count == 0) slot.count = 1;
  }
  // One less, if it is there.
  void Remove(uint64_t hash) {
    if (size_ == 0) return;
    size_t at = HomeOf(hash);
    for (; slots_[at].count != 0; at = Next(at)) {
      if (slots_[at].hash() != hash) continue;
      if (--slots_[at].count == 0) Close(at);
      return;
    }
  }
  // visit(hash, count), in no order.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count != 0) visit(slot.hash(), slot.count);
    }
  }
  // Memory beyond that for `keep` hashes is given back.
  void Clear(size_t keep = 1024) {
    size_ = 0;
    if (slots_.size() > keep * 2) {
      std::vector<Slot>().swap(slots_);
    } else {
      std::fill(slots_.begin(), slots_.end(), Slot{});
    }
  }

  [[gnu::always_inline]] void Prefetch(uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[HomeOf(hash)]);
  }

 private:
  // The hash in halves: so it takes no more than it needs, and a line holds five.
  struct Slot {
    uint32_t low = 0;
    uint32_t high = 0;
    uint32_t count = 0;  // 0: it is empty

    uint64_t hash() const { return uint64_t{high} << 32 | low; }
  };

  size_t HomeOf(uint64_t hash) const { return hash & (slots_.size() - 1); }
  size_t Next(size_t at) const { return (at + 1) & (slots_.size() - 1); }

  // Its own, or an empty one that is its from now on; the caller counts.
  Slot& SlotFor(uint64_t hash) {
    if ((size_ + 1) * 4 > slots_.size() * 3) Grow();
    size_t at = HomeOf(hash);
    for (; slots_[at].count != 0; at = Next(at)) {
      if (slots_[at].hash() == hash) return slots_[at];
    }
    ++size_;
    slots_[at].low = static_cast<uint32_t>(hash);
    slots_[at].high = static_cast<uint32_t>(hash >> 32);
    return slots_[at];
  }

  void Close(size_t hole) {
    --size_;
    for (size_t at = Next(hole); slots_[at].count != 0; at = Next(at)) {
      const size_t mask = slots_.size() - 1;
      const size_t from_home = (at - HomeOf(slots_[at].hash())) & mask;
      if (from_home < ((at - hole) & mask)) continue;
      slots_[hole] = std::exchange(slots_[at], Slot{});
      hole = at;
    }
  }

  void Grow() {
    std::vector<Slot> before(std::max<size_t>(8, slots_.size() * 2));
    before.swap(slots_);
    for (const Slot& slot : before) {
      if (slot.count == 0) continue;
      size_t at = HomeOf(slot.hash());
      while (slots_[at].count != 0) at = Next(at);
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;  // none, or a power of two
  size_t size_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_HASH_COUNTS_H_
