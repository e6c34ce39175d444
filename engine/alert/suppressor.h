// Keeps back the alerts of one rule that repeat what an earlier one has said (A3).
//
// The first alert of a suppression key opens an episode; others with a time up to `period` later
// (closed) are counted. Alerts come in T7's order within a key. The count goes out with the next
// alert of the key, so an episode that kept something back is remembered until then; one that did
// not is forgotten once it is over. Owner: a shard's lane. Thread: the shard's. Units: nanoseconds
// of event time.
#ifndef TELLTALE_ENGINE_ALERT_SUPPRESSOR_H_
#define TELLTALE_ENGINE_ALERT_SUPPRESSOR_H_

#include <cstdint>

#include "engine/event/hash.h"

namespace telltale::engine {

class Suppressor {
 public:
  // `longest_wait`: how far behind the watermark the time of an alert can be (a match that had to
  // wait, P7).
  Suppressor(int64_t period, int64_t longest_wait) : period_(period), longest_wait_(longest_wait) {}
  // One that goes on from where `settled` is and leaves that as it is: of a key that it has not met
  // it knows what `settled` knows, which outlives it.
  static Suppressor Ahead(const Suppressor& settled) {
    Suppressor ahead(settled.period_, settled.longest_wait_);
    ahead.settled_ = &settled;
    return ahead;
  }

  struct Decision {
    bool deliver = false;
    int64_t episode = 0;      // the time of its first alert
    uint64_t suppressed = 0;  // kept back since the last one that went out
  };
  Decision Decide(const Hash128& key, int64_t time);

  // What it remembers, to be written down: visit(key, the episode's begin, how many it kept back).
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const auto& [key, episode] : episodes_) visit(key, episode.start, episode.suppressed);
  }
  // And read again, into one that is new.
  void Restore(const Hash128& key, int64_t start, uint64_t suppressed) {
    episodes_[key] = {.start = start, .suppressed = suppressed};
  }

  // Forgets the episodes that kept nothing back and that no alert can meet once the watermark is
  // `watermark`. Amortised: does work once a period.
  void ForgetBefore(int64_t watermark);

 private:
  struct Episode {
    int64_t start = 0;
    uint64_t suppressed = 0;
  };
  bool Over(const Episode& episode, int64_t time) const;

  int64_t period_;
  int64_t longest_wait_;
  int64_t swept_ = 0;
  const Suppressor* settled_ = nullptr;
  HashMap<Episode> episodes_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_ALERT_SUPPRESSOR_H_
