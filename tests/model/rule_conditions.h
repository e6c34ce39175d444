// What the conditions, keys, fields and exceptions of a rule say, evaluated by engine/condition,
// which has tests of its own: the part of a rule's meaning that the reference takes over.
//
// Owner: the reference run of one rule. Thread: one. Errors: what ends in an error is not true.
#ifndef TELLTALE_TESTS_MODEL_RULE_CONDITIONS_H_
#define TELLTALE_TESTS_MODEL_RULE_CONDITIONS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "engine/runtime/compiled_rules.h"
#include "rules/model/key_parts.h"
#include "tests/model/window_values.h"

namespace telltale::model {

// A match, or a result of a window, as the expressions of its alert see it.
struct Found {
  rules::KeyParts key;
  const engine::Event* event = nullptr;
  std::vector<std::vector<const engine::Event*>> steps;
  Tuple values = {};   // of the window, by call
  uint64_t count = 1;  // of matches (P6)
};

class RuleConditions {
 public:
  RuleConditions(const rules::Rule& rule, const engine::CompiledRules& rules)
      : rule_(rule), layouts_(rules.layouts), inputs_(*rules.inputs) {}

  // K1: every combination of the parts that there are, up to the bound.
  std::set<rules::KeyParts> KeysOf(const rules::Selector& selector, const engine::Event& event);
  // K2: each that a step, absence or until of its stream gives, once.
  std::set<rules::KeyParts> KeysOf(const engine::Event& event);

  bool Test(const rules::Expression& where, const engine::Event& event,
            const std::vector<std::vector<const engine::Event*>>& steps,
            const Tuple& windows = {});  // what they say of the event (W3)
  // Whether the condition is true of what is found.
  bool Test(const rules::Expression& condition, const Found& found);
  // Whether the event has the selector's stream, key and condition, which sees no steps.
  bool Fits(const rules::Selector& selector, const engine::Event& event,
            const rules::KeyParts& key);
  Datum ValueOf(const rules::Expression& expression, const engine::Event& event);
  Datum ValueOf(const rules::Expression& expression, const Found& found);

  // The values of `suppress.by`, as text.
  rules::KeyParts SuppressionKey(const Found& found);
  // Whether an exception that has not expired is true of it (A3).
  bool IsExcepted(const Found& found, int64_t time);
  // "name: JSON" of each of the alert's fields that is no error.
  std::vector<std::string> Fields(const Found& found);

  const rules::Rule& rule() const { return rule_; }

 private:
  // What an expression over something found sees, for the time of the call.
  class View;
  std::set<rules::KeyPart> PartsOf(const rules::Expression& by, bool each,
                                   const engine::Event& event);
  const engine::Program& Program(const rules::Expression& expression);

  const rules::Rule& rule_;
  const std::vector<engine::EventLayout>& layouts_;
  const engine::Inputs& inputs_;
  std::map<const rules::Expression*, std::shared_ptr<const engine::Program>> programs_;
  engine::Scratch scratch_;
};

// Exceptions and suppression (A3) of one key's results, in the order in which they go out. Where
// other keys may meet them, they all pass, with the key by which they are to be suppressed.
class AlertGate {
 public:
  explicit AlertGate(RuleConditions& conditions) : conditions_(conditions) {}
  // How many were kept back since the last one that went out; none: this one is kept back.
  std::optional<uint64_t> Pass(const Found& found, int64_t time);
  // Of the last one that has passed.
  const std::optional<rules::KeyParts>& joint_key() const { return joint_key_; }

 private:
  struct Episode {
    int64_t start = 0;
    uint64_t kept_back = 0;
  };
  RuleConditions& conditions_;
  std::map<rules::KeyParts, Episode> episodes_;
  std::optional<rules::KeyParts> joint_key_;
};

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_RULE_CONDITIONS_H_
