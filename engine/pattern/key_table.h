// The keys of which something is kept, by their hash.
//
// A key has a seat, named by 32 bits for as long as something is kept of it. Seats are found by
// linear hashing (Litwin, VLDB 1980; in memory: Larson, CACM 31(4), 1988): with every key that
// comes the table grows by the few buckets that keep it a third full, each taken out of one that is
// there. So there is never a moment at which all is hashed anew, whatever the number of keys.
// Memory does not go back when keys go; it waits for others.
//
// Cost: a third of a wrong seat on the way to one that is there. Owner: a matcher. Thread: the
// shard's.
#ifndef TELLTALE_ENGINE_PATTERN_KEY_TABLE_H_
#define TELLTALE_ENGINE_PATTERN_KEY_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "engine/event/hash.h"
#include "engine/event/stable_vector.h"

namespace telltale::engine {

class KeyTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Seat {
    Hash128 key{};
    int64_t armed = 0;      // the owner's
    uint32_t place = 0;     // the owner's: below kNone while the key has the seat
    uint32_t next = kNone;  // the table's
  };

  // kNone: the key has none.
  uint32_t Find(const Hash128& key) const {
    if (buckets_.empty()) return kNone;
    uint32_t seat = buckets_[BucketOf(key)];
    while (seat != kNone) {
      const Seat& there = seats_[seat];
      if (there.key[0] == key[0] && there.key[1] == key[1]) break;
      seat = there.next;
    }
    return seat;
  }
  // Whether it is the key's seat, of any number that once was one, in this table or another.
  bool IsOf(uint32_t seat, const Hash128& key) const {
    if (seat >= seats_.size()) return false;
    const Seat& there = seats_[seat];
    return there.place != kNone && there.key[0] == key[0] && there.key[1] == key[1];
  }
  // Whether it is worth while to fetch a part of it ahead.
  bool is_large() const { return size_ >= kLarge; }
  // Bring what Find looks at into the cache: the bucket, and when that is there, its seat.
  // REQUIRES: is_large(). (gcc 12 takes a call that only prefetches for one that does nothing,
  // unless it is inlined early.)
  [[gnu::always_inline]] void PrefetchBucket(const Hash128& key) const {
    __builtin_prefetch(&buckets_[BucketOf(key)]);
  }
  [[gnu::always_inline]] void PrefetchSeat(const Hash128& key) const {
    PrefetchFirst(BucketOf(key));
  }
  // REQUIRES: it has none. Its place is 0.
  uint32_t Add(const Hash128& key);
  void Remove(uint32_t seat);

  Seat& operator[](uint32_t seat) { return seats_[seat]; }
  const Seat& operator[](uint32_t seat) const { return seats_[seat]; }
  size_t size() const { return size_; }

  // visit(seat) for each, which may remove it.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (uint32_t seat = 0; seat < seats_.size(); ++seat) {
      if (seats_[seat].place != kNone) visit(seat);
    }
  }

 private:
  static constexpr size_t kLarge = 4096;

  [[gnu::always_inline]] void PrefetchFirst(size_t bucket) const {
    const uint32_t seat = buckets_[bucket];
    if (seat != kNone) __builtin_prefetch(&seats_[seat]);
  }
  // The buckets below split_ have been split in this round: one bit more says where a key is.
  size_t BucketOf(const Hash128& key) const {
    const size_t bucket = key[0] & (round_ - 1);
    return bucket < split_ ? key[0] & (2 * round_ - 1) : bucket;
  }
  void Split();

  StableVector<Seat> seats_;
  StableVector<uint32_t> buckets_;  // the first seat of each; round_ + split_ of them, or none yet
  size_t round_ = 1;                // a power of two
  size_t split_ = 0;
  size_t size_ = 0;
  uint32_t free_ = kNone;  // seats, by `next`
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_KEY_TABLE_H_
