// What leading `not`s of a rule have seen of one key: while such an event is at most their `within`
// ago, nothing starts (P4).
//
// Owner: a matcher, one a key. Thread: the shard's. Units: nanoseconds. Takes no room where a rule
// has no leading `not`, or none has been met.
#ifndef TELLTALE_ENGINE_PATTERN_BARS_H_
#define TELLTALE_ENGINE_PATTERN_BARS_H_

#include <cstdint>
#include <vector>

#include "engine/pattern/pattern.h"

namespace telltale::engine {

class Bars {
 public:
  // An event of the leading ones among `stops` has come.
  void Note(const Pattern& pattern, StopMask stops, int64_t time);
  // Whether an event of this time may not start a match.
  bool Bar(const Pattern& pattern, int64_t time) const;
  // The end of the one that ends first; kForever: there is none.
  int64_t NextEnd(const Pattern& pattern) const;
  // Those that end up to `now` are over.
  void Forget(const Pattern& pattern, int64_t now);
  bool any() const;

  // By absence; empty: none has come since the key began.
  const std::vector<int64_t>& seen() const { return seen_; }
  std::vector<int64_t>& seen() { return seen_; }

 private:
  std::vector<int64_t> seen_;  // by absence: the time of the last such event; kNever: none
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_BARS_H_
