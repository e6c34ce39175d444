// Finds, of many things that wait on one key, those that an event or a moment concerns.
//
// What waits has a number. It is entered under *what* it waits for (a role, and the hash of a value
// where the role is joined by one) and under its deadline. Nothing is taken out when it stops
// waiting: an entry that is no longer true is forgotten when it is met, and all of them when the
// owner renumbers, which is due when entries have doubled (crowded()). So entering costs amortised
// constant time, finding what is found, and a deadline the logarithm of what waits.
//
// Owner: the matcher, one for each key on which much waits. Thread: the shard's. No allocation once
// it has grown. Two different pairs of role and hash may share a list, so what is found has to be
// asked again.
#ifndef TELLTALE_ENGINE_PATTERN_WAIT_INDEX_H_
#define TELLTALE_ENGINE_PATTERN_WAIT_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/time/saturation.h"

namespace telltale::engine {

class WaitIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  void Clear();
  void Add(uint32_t role, uint64_t hash, uint32_t number);
  void AddDeadline(int64_t deadline, uint32_t number);
  bool crowded() const { return entries_.size() + deadlines_.size() > limit_; }

  // found(number) for all that waits(role, number) still says so of. Neither adds anything.
  template <typename Waits, typename Found>
  void Find(uint32_t role, uint64_t hash, const Waits& waits, const Found& found) {
    uint32_t* link = HeadOf(KeyOf(role, hash));
    if (link == nullptr) return;
    while (*link != kNone) {
      Entry& entry = entries_[*link];
      if (waits(entry.role, entry.number)) {
        found(entry.number);
        link = &entry.next;
      } else {
        entry.number = kNone;
        *link = entry.next;
      }
    }
  }

  // The least deadline that ends(deadline, number) still says so of; kForever: none.
  template <typename Ends>
  int64_t NextDeadline(const Ends& ends) {
    while (!deadlines_.empty() && !ends(deadlines_.front().time, deadlines_.front().number))
      PopDeadline();
    return deadlines_.empty() ? kForever : deadlines_.front().time;
  }
  // Takes out those up to `now`.
  template <typename Ends, typename Due>
  void TakeDue(int64_t now, const Ends& ends, const Due& due) {
    while (!deadlines_.empty() && deadlines_.front().time <= now) {
      const Deadline first = deadlines_.front();
      PopDeadline();
      if (ends(first.time, first.number)) due(first.number);
    }
  }

  // Keeps what is still true, under the numbers that renumbered(number) gives.
  template <typename Waits, typename Ends, typename Renumbered>
  void Renumber(const Waits& waits, const Ends& ends, const Renumbered& renumbered) {
    std::erase_if(entries_, [&](const Entry& entry) {
      return entry.number == kNone || !waits(entry.role, entry.number);
    });
    std::erase_if(deadlines_, [&](const Deadline& d) { return !ends(d.time, d.number); });
    for (Deadline& deadline : deadlines_) deadline.number = renumbered(deadline.number);
    std::make_heap(deadlines_.begin(), deadlines_.end(), Later);
    for (Entry& entry : entries_) entry.number = renumbered(entry.number);
    Relink();
  }

 private:
  struct Entry {
    uint64_t key = 0;
    uint32_t role = 0;
    uint32_t number = kNone;  // kNone: it is in no list any more
    uint32_t next = kNone;
  };
  struct Bucket {
    uint64_t key = 0;
    uint32_t head = kNone;
    bool used = false;
  };
  struct Deadline {
    int64_t time = 0;
    uint32_t number = 0;
  };
  static bool Later(const Deadline& a, const Deadline& b) { return a.time > b.time; }
  static uint64_t KeyOf(uint32_t role, uint64_t hash);

  void PopDeadline() {
    std::pop_heap(deadlines_.begin(), deadlines_.end(), Later);
    deadlines_.pop_back();
  }
  Bucket& BucketOf(uint64_t key);
  uint32_t* HeadOf(uint64_t key);  // null: no list
  void Grow();
  void Relink();

  std::vector<Entry> entries_;
  std::vector<Bucket> buckets_;      // open addressing; a power of two of them, or none
  size_t used_ = 0;                  // of the buckets
  std::vector<Deadline> deadlines_;  // a heap
  size_t limit_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_WAIT_INDEX_H_
