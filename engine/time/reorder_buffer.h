// Puts what arrives within bounded disorder into total order, for as long as the watermark is
// behind it (T2, T5).
//
// A calendar of buckets by event time. An entry is appended to its bucket in O(1); a bucket is
// sorted only when the watermark reaches it, and what arrives in a bucket that is being drained is
// merged into its sorted rest. Input that is nearly in order, the normal case, is never moved.
// Buckets are recycled: no allocation in steady state.
//
// Entry has a member `int64_t time` and Less is the total order, of which time is the first part;
// equal entries come out in any order. REQUIRES: no entry is pushed whose time is below the last
// DrainBefore. Owner: a shard's lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_TIME_REORDER_BUFFER_H_
#define TELLTALE_ENGINE_TIME_REORDER_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace telltale::engine {

template <typename Entry, typename Less>
class ReorderBuffer {
 public:
  // `bucket_ns`: how much event time a bucket spans; a fraction of the disorder that is expected.
  explicit ReorderBuffer(int64_t bucket_ns) : bucket_ns_(std::max<int64_t>(bucket_ns, 1)) {}

  size_t size() const { return size_; }

  void Push(const Entry& entry) {
    const int64_t number = FloorDivide(entry.time);
    if (hot_ == nullptr || number != hot_number_) {
      hot_ = &BucketOf(number);
      hot_number_ = number;
    }
    hot_->entries.push_back(entry);
    ++size_;
  }

  // The entries from the one on that is being applied, so that what they need can be fetched ahead.
  class Upcoming {
   public:
    // The n-th from it on; null: it is not known, or does not come within two buckets. Those of the
    // second may be in any order yet.
    const Entry* operator[](size_t n) const {
      const auto here = static_cast<size_t>(end_ - first_);
      if (n < here) return first_ + n;
      return n - here < after_.size() ? &after_[n - here] : nullptr;
    }

   private:
    friend class ReorderBuffer;
    const Entry* first_ = nullptr;
    const Entry* end_ = nullptr;    // of its bucket
    std::span<const Entry> after_;  // the next bucket
  };

  // Calls apply(entry) or apply(entry, upcoming) for every entry with time < bound, in total order.
  // What is pushed meanwhile ends `upcoming`.
  template <typename Apply>
  void DrainBefore(int64_t bound, Apply apply) {
    while (!buckets_.empty()) {
      const auto it = buckets_.begin();
      if (it->first > FloorDivide(bound)) return;
      Bucket& bucket = it->second;
      Sort(bucket);
      Upcoming upcoming = UpcomingIn(it);
      size_t& next = bucket.next;
      while (next < bucket.entries.size() && bucket.entries[next].time < bound) {
        --size_;
        const Entry& entry = bucket.entries[next++];
        if constexpr (std::is_invocable_v<Apply, const Entry&, const Upcoming&>) {
          upcoming.first_ = &entry;
          apply(entry, upcoming);
        } else {
          apply(entry);
        }
      }
      if (next < bucket.entries.size()) return;
      Recycle(it);
    }
  }

  // Removes the entries for which drop(entry) says so.
  template <typename Drop>
  void RemoveIf(Drop drop) {
    for (auto it = buckets_.begin(); it != buckets_.end();) {
      Bucket& bucket = it->second;
      Sort(bucket);
      const auto begin = bucket.entries.begin() + static_cast<ptrdiff_t>(bucket.next);
      const auto end = std::remove_if(begin, bucket.entries.end(), drop);
      size_ -= static_cast<size_t>(bucket.entries.end() - end);
      bucket.entries.erase(end, bucket.entries.end());
      bucket.sorted = bucket.entries.size();
      if (bucket.next == bucket.entries.size()) {
        it = Recycle(it);
      } else {
        ++it;
      }
    }
  }

 private:
  struct Bucket {
    std::vector<Entry> entries;
    size_t next = 0;    // the first that has not been drained
    size_t sorted = 0;  // [next, sorted) is in order
  };
  using Buckets = std::map<int64_t, Bucket>;

  Upcoming UpcomingIn(typename Buckets::const_iterator it) const {
    Upcoming upcoming;
    upcoming.end_ = it->second.entries.data() + it->second.entries.size();
    if (++it != buckets_.end())
      upcoming.after_ = std::span(it->second.entries).subspan(it->second.next);
    return upcoming;
  }

  int64_t FloorDivide(int64_t time) const {
    const int64_t quotient = time / bucket_ns_;
    return quotient - (time % bucket_ns_ < 0 ? 1 : 0);
  }

  Bucket& BucketOf(int64_t number) {
    const auto it = buckets_.find(number);
    if (it != buckets_.end()) return it->second;
    if (spare_.empty()) return buckets_[number];
    auto node = std::move(spare_.back());
    spare_.pop_back();
    node.key() = number;
    return buckets_.insert(std::move(node)).position->second;
  }

  // Neither stable_sort nor inplace_merge, which take memory: entries that are equal are of one
  // event for several keys, and keys do not see one another.
  static void Sort(Bucket& bucket) {
    auto& entries = bucket.entries;
    if (bucket.sorted == entries.size()) return;
    const Less less;
    bucket.sorted = std::max(bucket.sorted, bucket.next);
    const auto first = entries.begin() + static_cast<ptrdiff_t>(bucket.next);
    const auto middle = entries.begin() + static_cast<ptrdiff_t>(bucket.sorted);
    if (!std::is_sorted(middle, entries.end(), less)) std::sort(middle, entries.end(), less);
    if (middle != first && less(*middle, *(middle - 1))) {
      std::sort(std::upper_bound(first, middle, *middle, less), entries.end(), less);
    }
    bucket.sorted = entries.size();
  }

  typename Buckets::iterator Recycle(typename Buckets::iterator it) {
    constexpr size_t kSpare = 64;
    if (hot_ == &it->second) hot_ = nullptr;
    if (spare_.size() == kSpare) return buckets_.erase(it);
    const auto next = std::next(it);
    it->second.entries.clear();
    it->second.next = it->second.sorted = 0;
    spare_.push_back(buckets_.extract(it));
    return next;
  }

  int64_t bucket_ns_;
  Buckets buckets_;
  Bucket* hot_ = nullptr;  // where the last entry went
  int64_t hot_number_ = 0;
  std::vector<typename Buckets::node_type> spare_;
  size_t size_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_TIME_REORDER_BUFFER_H_
