// An alert as an event of the stream of alerts (A5): what rules on rules read.
//
// Its order among the events of one time is that of its id: partition and offset are the id's first
// 95 bits, so that neither the rules beside its own nor their order show in it. Slots are filled by
// a plan: one for each rule whose alerts are read and each layout of alerts.
//
// Owner: the plan is immutable, made with the compiled rule set. Thread: any; the builder is the
// caller's. Errors: none: what an alert does not have is absent.
#ifndef TELLTALE_ENGINE_ALERT_ALERT_EVENT_H_
#define TELLTALE_ENGINE_ALERT_ALERT_EVENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "engine/alert/alert.h"
#include "engine/event/event.h"
#include "engine/event/layout.h"
#include "rules/model/rule.h"

namespace telltale::engine {

class AlertEventPlan {
 public:
  AlertEventPlan() = default;
  // `alerts`: the layout of that stream in the set that is to read the events.
  AlertEventPlan(const rules::Rule& rule, const rules::StreamCatalog& streams,
                 const EventLayout& alerts);

  // `field`: the value of the rule's result field of this number. The event is valid until the
  // builder's next one.
  const Event* Make(const Alert& alert, bool suppressed, absl::FunctionRef<Value(uint32_t)> field,
                    EventBuilder& builder) const;

 private:
  enum class Source : uint8_t {
    kAbsent,
    kMap,  // of `parts`
    kId,
    kRuleId,
    kRuleTitle,
    kOnAlerts,
    kKind,
    kLevel,
    kTags,
    kTitle,
    kRisk,
    kSuppressed,
    kEntities,
    kField,  // `index` in the rule's result fields
    kKey,    // `index` in its key
  };
  struct Leaf {
    rules::FieldPath path;
    Source source = Source::kAbsent;
    uint32_t index = 0;
  };
  struct Node {
    Source source = Source::kAbsent;
    uint32_t index = 0;
    rules::FieldPath rest;  // the way into the value
    std::vector<Node> parts;
    std::string name;  // in the map that it is a part of
  };
  struct Filling;

  static std::vector<Leaf> LeavesOf(const rules::Rule& rule);
  static Node NodeOf(const rules::FieldPath& path, const std::vector<Leaf>& leaves);
  static void Put(const Node& node, EventBuilder::Ref ref, const Filling& filling);

  uint32_t stream_ = 0;
  bool on_alerts_ = false;
  std::vector<Node> slots_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_ALERT_ALERT_EVENT_H_
