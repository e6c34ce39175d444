// Of which keys a cap has acted in the hour of event time that is under way: one limit alert a key
// and hour goes out (P10).
//
// Owner: a matcher. Thread: the shard's. Units: nanoseconds; event time only rises.
#ifndef TELLTALE_ENGINE_PATTERN_LIMITED_KEYS_H_
#define TELLTALE_ENGINE_PATTERN_LIMITED_KEYS_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "engine/event/hash.h"

namespace telltale::engine {

class LimitedKeys {
 public:
  static int64_t HourOf(int64_t time) {
    constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
    return time - ((time % kHour) + kHour) % kHour;
  }

  // Whether it is the first time in its hour.
  bool Note(const Hash128& key, int64_t hour) {
    if (hour != hour_) {
      keys_.clear();
      hour_ = hour;
    }
    return keys_.insert(key).second;
  }

  // Those of the hour, to be written down and read again.
  const absl::flat_hash_set<Hash128, HashOfHash>& keys() const { return keys_; }
  int64_t hour() const { return hour_; }
  // Of several hours the latest counts.
  void Restore(const Hash128& key, int64_t hour) {
    if (keys_.empty() || hour >= hour_) Note(key, hour);
  }

 private:
  absl::flat_hash_set<Hash128, HashOfHash> keys_;  // of hour_
  int64_t hour_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_LIMITED_KEYS_H_
