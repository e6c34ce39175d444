// Sends each event where it goes: to those lanes and keys where it fits the local conditions of
// some step or absence, with the list of those. So work grows with the conditions that an event
// meets.
//
// Owner: ActiveRules, and whoever reads its counts. Thread: the ingest thread, except counts().
#ifndef TELLTALE_ENGINE_RUNTIME_ROUTER_H_
#define TELLTALE_ENGINE_RUNTIME_ROUTER_H_

#include <cstdint>
#include <span>
#include <string>
#include <tuple>
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

  // Of one rule: how often a local condition of a step or an absence ended in an error (V1), and a
  // key was missing, or beyond what one event may have (K1).
  struct Counts {
    uint64_t condition_errors = 0;
    uint64_t missing_keys = 0;
  };
  // By lane and number. May be called by any thread.
  std::vector<std::vector<Counts>> counts() const;

 private:
  struct Counters {
    Counter condition_errors;  // of roles that were tried
    Counter missing_keys;
  };
  struct Memo {
    uint64_t stamp = 0;
    Verdict verdict = Verdict::kFalse;
  };
  struct Keys {
    uint64_t stamp = 0;
    uint64_t missed = 0;
    std::vector<Hash128> hashes;
  };
  // A role that the event fits for one of its keys.
  struct Hit {
    Hash128 key{};
    uint32_t role = 0;
    bool operator<(const Hit& other) const {
      return std::tie(key, role) < std::tie(other.key, other.role);
    }
  };

  void Try(uint32_t role, const Event& event, const StreamRouting& stream);
  // Of the roles that an index could not be asked for: from this node of the ErrorTree on.
  void CountErrors(uint32_t node, const Event& event, const StreamRouting& stream);
  Verdict Predicate(uint32_t predicate, const Event& event, const StreamRouting& stream);
  const Keys& KeysOf(uint32_t extractor, const Event& event, const StreamRouting& stream);
  // The destinations in the lane of these roles, which are all that the event fits there.
  void RouteInLane(std::span<const uint32_t> roles, const Event& event,
                   const StreamRouting& stream);
  void AddDestination(const Role& role, const Hash128& key, const StreamRouting& stream);

  const Routing& routing_;
  Scratch scratch_;
  uint64_t stamp_ = 0;
  std::vector<std::vector<Memo>> memos_;  // by stream and predicate
  std::vector<std::vector<Keys>> keys_;   // by stream and extractor
  std::vector<uint32_t> found_;           // roles, by the indexes of detections
  std::string folded_;
  std::vector<uint32_t> fitting_;  // roles
  std::vector<Hit> hits_;          // of one lane
  std::vector<Destination> destinations_;
  std::vector<Fit> fits_;
  KeyMemory key_memory_;
  std::vector<std::vector<Counters>> counters_;  // by lane and number
  std::vector<std::vector<Counter>> tallies_;    // by stream and tally of its ErrorTree
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ROUTER_H_
