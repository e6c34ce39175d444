// Sends each event where it goes: to those lanes and keys where it fits the local conditions of
// some step or absence, with the list of those. So work grows with the conditions that an event
// meets.
//
// Owner: ActiveRules, and whoever reads its counters. Thread: the ingest thread, except counters().
#ifndef TELLTALE_ENGINE_RUNTIME_ROUTER_H_
#define TELLTALE_ENGINE_RUNTIME_ROUTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "engine/event/event.h"
#include "engine/event/hash.h"
#include "engine/runtime/counters.h"
#include "engine/runtime/routing.h"

namespace telltale::engine {

// An event for one key of one lane.
struct Destination {
  uint32_t lane = 0;
  Hash128 key{};
  bool keyless = false;    // the rule has no `by`
  uint32_t first_fit = 0;  // in Router::fits()
  uint32_t fit_count = 0;
};

class Router {
 public:
  explicit Router(const Routing& routing);

  // The destinations of the event; valid until the next call.
  const std::vector<Destination>& Route(const Event& event);
  const std::vector<Fit>& fits() const { return fits_; }

  // By lane and number: how often a local condition ended in an error, a key was missing. May be
  // read by any thread.
  struct Counters {
    Counter condition_errors;
    Counter missing_keys;
  };
  const std::vector<std::vector<Counters>>& counters() const { return counters_; }

 private:
  struct Memo {
    uint64_t stamp = 0;
    Verdict verdict = Verdict::kFalse;
  };
  struct Key {
    uint64_t stamp = 0;
    bool missing = false;
    Hash128 hash{};
  };

  void Try(uint32_t role, const Event& event, StreamRouting const& stream);
  Verdict Predicate(uint32_t predicate, const Event& event, const StreamRouting& stream);
  const Key& KeyOf(uint32_t extractor, const Event& event, const StreamRouting& stream);

  const Routing& routing_;
  Scratch scratch_;
  uint64_t stamp_ = 0;
  std::vector<std::vector<Memo>> memos_;  // by stream and predicate
  std::vector<std::vector<Key>> keys_;    // by stream and extractor
  std::vector<uint32_t> hits_;            // roles
  std::vector<Destination> destinations_;
  std::vector<Fit> fits_;
  std::string key_text_;
  PartHasher hasher_;
  std::vector<std::vector<Counters>> counters_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ROUTER_H_
