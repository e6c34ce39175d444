// How a rule's matches become alerts: its title, fields, suppression key and evidence, compiled.
//
// Alerts are rare beside events; making one allocates. Owner: CompiledRules. Thread: immutable;
// Scratch is the caller's. Errors: of compiling, a status; an expression that ends in one is `?` in
// the title and left out of the fields.
#ifndef TELLTALE_ENGINE_ALERT_ALERT_PLAN_H_
#define TELLTALE_ENGINE_ALERT_ALERT_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/alert/alert.h"
#include "engine/alert/alert_event.h"
#include "engine/condition/condition.h"
#include "engine/condition/key_finder.h"
#include "engine/event/layout.h"
#include "engine/pattern/rule_matcher.h"
#include "rules/model/rule.h"

namespace telltale::engine {

class AlertPlan {
 public:
  static absl::StatusOr<AlertPlan> Compile(const rules::Rule& rule,
                                           const rules::StreamCatalog& streams,
                                           const std::vector<EventLayout>& layouts,
                                           const Inputs* inputs);

  bool has_exceptions() const { return !exceptions_.empty(); }
  // Which exceptions of the rule keep the match back. A condition that ends in an error keeps back
  // nothing.
  struct Exempt {
    std::optional<uint32_t> exception;  // the first in the rule's order; none: it goes out
    uint32_t errors = 0;                // of those before it
  };
  Exempt Except(const Match& match, Scratch& scratch) const;

  // Everything but `rules`, the dedup key and the count of suppressed ones. `errors` is raised by
  // the conditions of risk modifiers that ended in one.
  Alert Make(const Match& match, Scratch& scratch, uint32_t& errors) const;
  bool counts_errors() const { return !risk_.empty(); }
  Alert MakeLimit(const LimitHit& hit, Scratch& scratch) const;

  bool suppresses() const { return rule_->suppress.has_value(); }
  // Together with the alerts of other keys: not here.
  bool suppresses_jointly() const { return suppresses_jointly_; }
  // The values of `suppress.by` as one key. REQUIRES: suppresses().
  Hash128 SuppressionKey(const Match& match, Scratch& scratch) const;
  // Whether other rules read the alerts of this one (A5), and those that suppression keeps back.
  bool feeds() const { return rule_->feeds; }
  bool feeds_suppressed() const { return rule_->feeds_suppressed; }
  // The alert that Make made of the match as an event, by `plan` or, where it is null, for readers
  // of the same set. REQUIRES: feeds().
  const Event* MakeEvent(const Match& match, const Alert& alert, bool suppressed,
                         const AlertEventPlan* plan, Scratch& scratch, EventBuilder& builder) const;

  // A3; `episode`: the start of the episode, or none without suppression.
  Hash128 DedupKey(const Alert& alert, const Hash128* suppression_key, int64_t episode) const;

 private:
  // A field of a stream that the rule reads, or what it reads of a map: a member of the evidence.
  struct Member {
    std::string name;              // as JSON, with its colon
    std::optional<uint32_t> slot;  // none: `members` are in it
    std::vector<Member> members;
  };
  static void AddMember(const rules::FieldPath& path, uint32_t slot, Member& whole);
  static bool AppendMembers(const std::vector<Member>& members, const Event& event,
                            std::string& out);
  rules::KeyParts KeyOf(const Match& match, Scratch& scratch) const;
  rules::KeyParts KeyOf(const LimitHit& hit, Scratch& scratch) const;
  std::string EvidenceJson(const Event& event) const;
  // Of an alert that was read; else "".
  std::string TextIn(const Event& event, std::optional<uint32_t> slot) const;
  int64_t RiskOf(const Frame& frame, Scratch& scratch, uint32_t& errors) const;
  void AddEntities(const Frame& frame, Scratch& scratch, Alert& alert) const;

  const rules::Rule* rule_ = nullptr;
  bool suppresses_jointly_ = false;
  const rules::StreamCatalog* streams_ = nullptr;
  struct Source {
    rules::StreamIndex stream;
    KeyFinder keys;
  };
  std::vector<Source> sources_;  // the steps, then what else of the rule takes events
  std::vector<ProgramPtr> title_;
  std::vector<ProgramPtr> fields_;
  std::vector<ProgramPtr> record_key_;  // of the rule's `output`, where it says one
  std::vector<ProgramPtr> suppress_by_;
  std::vector<ProgramPtr> exceptions_;
  std::vector<ProgramPtr> risk_;      // the conditions of the modifiers
  std::vector<ProgramPtr> entities_;  // their ids
  std::vector<Member> evidence_;      // by stream: the whole event
  // Where an alert that it has read has its id, and that of its rule.
  std::optional<uint32_t> alert_id_;
  std::optional<uint32_t> alert_rule_;
  AlertEventPlan event_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_ALERT_ALERT_PLAN_H_
