// How often each of many hashes is there.
//
// The hash is its own place: a table of slots with open addressing and linear probing, in which
// what comes behind a gap moves up, so that taking out leaves no marks and what is looked for is
// mostly in one line of the cache. A slot is a word: the hash without its lowest eight bits, in
// which the count stands; what is there more often than that can say has the rest beside the table.
// Hashes of 56 bits: of 10,000 values two have the same in one of 10^9 sets.
//
// Owner: the holder. Thread: plain data. No allocation once it has grown.
#ifndef TELLTALE_ENGINE_WINDOW_HASH_COUNTS_H_
#define TELLTALE_ENGINE_WINDOW_HASH_COUNTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace telltale::engine {

class HashCounts {
 public:
  // What of a hash counts.
  static constexpr uint64_t Part(uint64_t hash) { return hash & ~kCount; }

  size_t size() const { return size_; }

  // REQUIRES: it is there less than 2^32 - 1 times.
  void Add(uint64_t hash) {
    uint64_t& slot = SlotFor(hash);
    if ((slot & kCount) < kCount) {
      ++slot;
    } else {
      ++Rest()[Part(hash)];
    }
  }
  // So many times. False: it was there.
  bool AddNew(uint64_t hash, uint32_t count) {
    uint64_t& slot = SlotFor(hash);
    if ((slot & kCount) != 0) return false;
    slot |= std::min<uint64_t>(count, kCount);
    if (count > kCount) Rest()[Part(hash)] = count - static_cast<uint32_t>(kCount);
    return true;
  }
  // Makes it be there.
  void Insert(uint64_t hash) {
    uint64_t& slot = SlotFor(hash);
    if ((slot & kCount) == 0) ++slot;
  }
  // One less, if it is there.
  void Remove(uint64_t hash) {
    if (size_ == 0) return;
    size_t at = HomeOf(hash);
    for (; slots_[at] != 0; at = Next(at)) {
      if (Part(slots_[at]) != Part(hash)) continue;
      if ((slots_[at] & kCount) == kCount && TakeFromRest(hash)) return;
      if ((--slots_[at] & kCount) == 0) Close(at);
      return;
    }
  }
  // visit(hash, count), in no order.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const uint64_t slot : slots_) {
      if (slot == 0) continue;
      uint64_t count = slot & kCount;
      if (count == kCount && rest_ != nullptr) {
        if (const auto it = rest_->find(Part(slot)); it != rest_->end()) count += it->second;
      }
      visit(Part(slot), count);
    }
  }
  // Memory beyond that for `keep` hashes is given back.
  void Clear(size_t keep = 1024) {
    size_ = 0;
    rest_ = nullptr;
    if (slots_.size() > keep * 2) {
      std::vector<uint64_t>().swap(slots_);
    } else {
      std::fill(slots_.begin(), slots_.end(), 0);
    }
  }

  [[gnu::always_inline]] void Prefetch(uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[HomeOf(hash)]);
  }

 private:
  static constexpr int kCountBits = 8;
  static constexpr uint64_t kCount = (uint64_t{1} << kCountBits) - 1;  // its greatest value, too

  size_t HomeOf(uint64_t hash) const { return (hash >> kCountBits) & (slots_.size() - 1); }
  size_t Next(size_t at) const { return (at + 1) & (slots_.size() - 1); }

  // Its own, or one with count 0 that is its from now on; the caller counts.
  uint64_t& SlotFor(uint64_t hash) {
    if ((size_ + 1) * 4 > slots_.size() * 3) Grow();
    size_t at = HomeOf(hash);
    for (; slots_[at] != 0; at = Next(at)) {
      if (Part(slots_[at]) == Part(hash)) return slots_[at];
    }
    ++size_;
    return slots_[at] = Part(hash);
  }

  void Close(size_t hole) {
    --size_;
    const size_t mask = slots_.size() - 1;
    for (size_t at = Next(hole); slots_[at] != 0; at = Next(at)) {
      if (((at - HomeOf(slots_[at])) & mask) < ((at - hole) & mask)) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = 0;
  }

  void Grow() {
    std::vector<uint64_t> before(std::max<size_t>(8, slots_.size() * 2));
    before.swap(slots_);
    for (const uint64_t slot : before) {
      if (slot == 0) continue;
      size_t at = HomeOf(slot);
      while (slots_[at] != 0) at = Next(at);
      slots_[at] = slot;
    }
  }

  absl::flat_hash_map<uint64_t, uint32_t>& Rest() {
    if (rest_ == nullptr) rest_ = std::make_unique<absl::flat_hash_map<uint64_t, uint32_t>>();
    return *rest_;
  }
  bool TakeFromRest(uint64_t hash) {
    if (rest_ == nullptr) return false;
    const auto it = rest_->find(Part(hash));
    if (it == rest_->end()) return false;
    if (--it->second == 0) rest_->erase(it);
    return true;
  }

  std::vector<uint64_t> slots_;  // none, or a power of two
  size_t size_ = 0;
  // Of those whose count is full: how many more there are.
  std::unique_ptr<absl::flat_hash_map<uint64_t, uint32_t>> rest_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_HASH_COUNTS_H_
