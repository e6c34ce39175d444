// Which keys of a shard were met last: what is kept of them stays as it is worked with, what is
// kept of others is packed.
//
// A ring of as many turns as states may be warm. A state enters when it is made or woken. When its
// turn comes it goes to rest, or, where its key was met since, has another turn (the clock of page
// replacement). Owner: the shard. Thread: the shard's. Cost of entering: a few turns.
#ifndef TELLTALE_ENGINE_PATTERN_WARM_KEYS_H_
#define TELLTALE_ENGINE_PATTERN_WARM_KEYS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace telltale::engine {

// A few hundred bytes each, so that they stay within the reach of a cache.
inline constexpr uint32_t kWarmKeys = 16'384;

class WarmKeys {
 public:
  class Owner {
   public:
    // The turn of the state in this place has come. True: it has another one; never where it must
    // not. What it answers with false enters again when it is to have a turn.
    virtual bool Turn(uint32_t place, bool must_rest) = 0;

   protected:
    ~Owner() = default;
  };

  void set_limit(uint32_t limit) { limit_ = std::max(limit, 1u); }

  void Enter(Owner& owner, uint32_t place) {
    if (turns_.size() < limit_) {
      turns_.push_back({.owner = &owner, .place = place});
      return;
    }
    constexpr int kMostTurns = 4;
    Entry entry{.owner = &owner, .place = place};
    for (int turn = 1; turn <= kMostTurns && entry.owner != nullptr; ++turn) {
      std::swap(entry, turns_[next_]);
      next_ = next_ + 1 == turns_.size() ? 0 : next_ + 1;
      if (entry.owner != nullptr && !entry.owner->Turn(entry.place, turn == kMostTurns)) return;
    }
  }
  // The owner goes.
  void Forget(const Owner& owner) {
    for (Entry& entry : turns_) {
      if (entry.owner == &owner) entry.owner = nullptr;
    }
  }

 private:
  struct Entry {
    Owner* owner = nullptr;
    uint32_t place = 0;
  };
  std::vector<Entry> turns_;
  size_t next_ = 0;
  uint32_t limit_ = kWarmKeys;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_WARM_KEYS_H_
