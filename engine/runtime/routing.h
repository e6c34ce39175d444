// Which rules an event can concern, by which keys, and in which lane: compiled from a rule set
// once, followed by a Router for each event.
//
// A *lane* holds the rules that name the same streams and find their keys in the same way: they
// share a watermark (T3), a reorder buffer and a key. Where one of the streams is that of alerts
// (A5), the lanes of the rules that are read are the same, too. Rules over single events have lanes
// of their own, which hold nothing and wait for nothing: any shard may have such an event (K2).
//
// A *role* is a step or a stop (a `not` or an `until`) of one rule. One that demands `field ==
// constant`, or whose detection of Sigma demands the like, is found by hash, and equal conditions
// of different rules are one predicate, evaluated once. What grows with the number of rules is
// roles without any such demand: each of their first conjuncts is one predicate to evaluate, shared
// between equal ones. Where the field of an equality is not there to be looked up, the roles that
// err by it are counted through the ErrorTree.
//
// Owner: CompiledRules. Thread: immutable, any. Errors: CompileRouting fails only for our own
// reasons (see CompileRules).
#ifndef TELLTALE_ENGINE_RUNTIME_ROUTING_H_
#define TELLTALE_ENGINE_RUNTIME_ROUTING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/alert/alert_plan.h"
#include "engine/condition/condition.h"
#include "engine/condition/key_finder.h"
#include "engine/pattern/pattern.h"
#include "engine/runtime/detection_index.h"
#include "engine/runtime/equality_index.h"
#include "engine/runtime/error_tree.h"
#include "engine/window/new_terms_matcher.h"
#include "engine/window/window_plan.h"
#include "rules/model/rule.h"

namespace telltale::engine {

// A lane whose alerts come to another (A5).
struct Producer {
  uint32_t lane = 0;
  int64_t wait = 0;  // how far their times may lie behind its watermark (Rule::LongestWait)
  auto operator<=>(const Producer&) const = default;
};

struct Lane {
  std::vector<uint32_t> streams;
  std::vector<uint32_t>
      rules;  // their indexes in the rule set; a rule's number in the lane is its place here
  bool at_once = false;             // K2: single events, which alert when they come
  bool deduplicates = false;        // V8: it is sent all events of keys on streams with `dedup`
  bool early = false;               // T5: some rule tells what is not settled
  std::vector<Producer> producers;  // ascending; they stand before it
  bool feeds = false;               // other lanes read alerts of its rules
  // The streams of the config whose events it hangs on, by way of its producers, too; ascending.
  std::vector<uint32_t> sources;
};

// The `dedup` of a stream that some rule reads.
struct DedupPlan {
  uint32_t slot = 0;  // of the field
  int64_t within = 0;
  std::string name;  // of the stream and the field
};

// A step or a stop of one rule; or a witness, which is neither: where "next" is meant (P2, strict)
// a rule sees all events of a key on its streams.
struct Role {
  uint32_t lane = 0;
  uint32_t rule = 0;       // number in the lane
  uint32_t extractor = 0;  // of the stream
  StepMask steps = 0;      // one bit in one of the two; none: a witness
  StopMask stops = 0;
  std::vector<uint32_t> predicates;  // of the stream; all must hold, beside what an index asks
  bool witness() const { return steps == 0 && stops == 0; }
};

struct StreamRouting {
  std::vector<ProgramPtr> predicates;
  std::vector<Role> roles;                                    // ascending by lane and rule
  std::vector<EqualityIndex<std::vector<uint32_t>>> indexes;  // to roles
  std::vector<DetectionIndex> detections;                     // to roles
  std::vector<uint32_t> unindexed;                            // roles that no index finds
  ErrorTree errors;
  std::vector<KeyFinder> extractors;
};

struct Routing {
  std::vector<Lane> lanes;
  std::vector<StreamRouting> streams;
  std::vector<std::optional<DedupPlan>> dedups;  // by stream
  std::vector<Pattern> patterns;  // by index in the rule set; of a rule that is off without steps
  std::vector<std::unique_ptr<const WindowPlan>> windows;      // likewise; null: it has none
  std::vector<std::unique_ptr<const NewTermsPlan>> new_terms;  // likewise
  std::vector<std::vector<WindowPlan>> step_windows;           // that conditions read (W3), by rule
  std::vector<AlertPlan> plans;
};

// One rule's share in a delivery.
struct Fit {
  uint32_t rule = 0;  // number in the lane
  StepMask steps = 0;
  StopMask stops = 0;
};

absl::StatusOr<Routing> CompileRouting(const rules::RuleSet& rules,
                                       const std::vector<EventLayout>& layouts,
                                       const Inputs& inputs);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ROUTING_H_
