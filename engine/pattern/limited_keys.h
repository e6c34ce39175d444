// Of which keys a cap has acted in the hour of event time that is under way: one limit alert a key
// and hour goes out (P10).
//
// Owner: a matcher. Thread: the shard's. Units: nanoseconds; event time only rises, unless the keys
// are apart: then each has a time of its own, and is remembered until it is forgotten.
#ifndef TELLTALE_ENGINE_PATTERN_LIMITED_KEYS_H_
#define TELLTALE_ENGINE_PATTERN_LIMITED_KEYS_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "engine/event/hash.h"

namespace telltale::engine {

class LimitedKeys {
 public:
  explicit LimitedKeys(bool apart = false) : apart_(apart) {}

  static constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
  static int64_t HourOf(int64_t time) { return time - ((time % kHour) + kHour) % kHour; }

  // Whether it is the first time in its hour.
  bool Note(const Hash128& key, int64_t hour) {
    if (hour != hour_ && !apart_) keys_.clear();
    hour_ = hour;
    const auto [of_key, is_new] = keys_.emplace(key, hour);
    return is_new || std::exchange(of_key->second, hour) != hour;
  }
  void Forget(const Hash128& key) { keys_.erase(key); }

  bool contains(const Hash128& key) const { return keys_.contains(key); }
  // The hour in which it acted last; none: it has not.
  std::optional<int64_t> HourOfKey(const Hash128& key) const {
    const auto of_key = keys_.find(key);
    return of_key == keys_.end() ? std::nullopt : std::optional(of_key->second);
  }
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const auto& [key, hour] : keys_) visit(key);
  }
  // What was written down. Of several hours the latest counts.
  void Restore(const Hash128& key, int64_t hour) {
    if (apart_ || keys_.empty() || hour >= hour_) Note(key, hour);
  }

 private:
  HashMap<int64_t> keys_;  // with their hours
  int64_t hour_ = 0;       // the last one
  bool apart_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_LIMITED_KEYS_H_
