// Where events go: which rules an event can concern, by which keys, and in which lane.
//
// A *lane* holds the rules that name the same streams and find their keys in the same way: they
// share a watermark (T3), a reorder buffer and a key. Rules over single events have lanes of their
// own, which hold nothing and wait for nothing: any shard may have such an event (K2). An event
// goes to a lane only if it fits the local conditions of some step or absence there, so that work
// grows with the conditions that it meets: a role (a step or an absence of one rule) that demands
// `field == constant` is found by hash, and equal conditions of different rules are one predicate,
// evaluated once. What grows with the number of rules is roles without any such equality: each of
// their first conjuncts is one predicate to evaluate, shared between equal ones.
//
// Owner: CompiledRules (Routing, immutable, any thread); a Router belongs to the ingest thread.
#ifndef TELLTALE_ENGINE_RUNTIME_ROUTING_H_
#define TELLTALE_ENGINE_RUNTIME_ROUTING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "engine/alert/alert_plan.h"
#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "engine/event/hash.h"
#include "engine/pattern/pattern.h"
#include "engine/runtime/counters.h"
#include "rules/model/rule.h"

namespace telltale::engine {

struct Lane {
  std::vector<uint32_t> streams;
  std::vector<uint32_t>
      rules;  // their indexes in the rule set; a rule's number in the lane is its place here
  bool at_once = false;  // K2: single events, which alert when they come
};

// A step or an absence of one rule.
struct Role {
  uint32_t lane = 0;
  uint32_t rule = 0;       // number in the lane
  uint32_t extractor = 0;  // of the stream
  StepMask steps = 0;      // one bit in one of the two
  AbsenceMask absences = 0;
  std::vector<uint32_t> predicates;  // of the stream; all must hold
};

struct EqualityIndex {
  uint32_t slot = 0;
  absl::flat_hash_map<std::string, std::vector<uint32_t>> by_text;
  absl::flat_hash_map<int64_t, std::vector<uint32_t>> by_integer;
};

struct StreamRouting {
  std::vector<ProgramPtr> predicates;
  std::vector<Role> roles;  // ascending by lane and rule
  std::vector<EqualityIndex> indexes;
  std::vector<uint32_t> unindexed;  // roles that no equality finds
  std::vector<std::vector<ProgramPtr>> extractors;
};

struct Routing {
  std::vector<Lane> lanes;
  std::vector<StreamRouting> streams;
  std::vector<Pattern> patterns;  // by index in the rule set; of a rule that is off without steps
  std::vector<AlertPlan> plans;
};

absl::StatusOr<Routing> CompileRouting(const rules::RuleSet& rules,
                                       const std::vector<EventLayout>& layouts);

// One rule's share in a delivery.
struct Fit {
  uint32_t rule = 0;  // number in the lane
  StepMask steps = 0;
  AbsenceMask absences = 0;
};

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

#endif  // TELLTALE_ENGINE_RUNTIME_ROUTING_H_
