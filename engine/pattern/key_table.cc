#include "engine/pattern/key_table.h"

#include <utility>

namespace telltale::engine {
namespace {

// Each is 4 bytes; with fewer of them a key is found behind another more often.
constexpr size_t kBucketsForKey = 3;

}  // namespace

uint32_t KeyTable::Add(const Hash128& key) {
  if (buckets_.empty()) buckets_.Add(kNone);
  ++size_;
  while (buckets_.size() < kBucketsForKey * size_) Split();
  uint32_t seat = free_;
  if (seat == kNone) {
    seat = static_cast<uint32_t>(seats_.size());
    seats_.Add();
  } else {
    free_ = seats_[seat].next;
  }
  uint32_t& bucket = buckets_[BucketOf(key)];
  seats_[seat] = {.key = key, .armed = 0, .place = 0, .next = std::exchange(bucket, seat)};
  return seat;
}

void KeyTable::Remove(uint32_t seat) {
  Seat& gone = seats_[seat];
  uint32_t* link = &buckets_[BucketOf(gone.key)];
  while (*link != seat) link = &seats_[*link].next;
  *link = gone.next;
  gone.place = kNone;
  gone.next = std::exchange(free_, seat);
  --size_;
}

// The next bucket gives those to a new one whose next bit is set.
void KeyTable::Split() {
  constexpr size_t kAhead = 8;
  uint32_t& fresh = buckets_.Add(kNone);
  if (round_ >= kLarge) PrefetchFirst(split_ + kAhead);  // there is one: round_ come from split_ on
  uint32_t* link = &buckets_[split_];
  while (*link != kNone) {
    const uint32_t seat = *link;
    uint32_t& next = seats_[seat].next;
    if ((seats_[seat].key[0] & round_) == 0) {
      link = &next;
    } else {
      *link = std::exchange(next, std::exchange(fresh, seat));
    }
  }
  if (++split_ == round_) {
    round_ *= 2;
    split_ = 0;
  }
}

}  // namespace telltale::engine
