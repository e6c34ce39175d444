// Which events a step, a `not` or an `until` speaks of: `on`, `by`, `where` and `detection`.
//
// Streams are read first, of all of them, so that conditions can then be compiled with every step's
// name and stream known. A condition sees the steps before it in the text, but not those of another
// alternative of an any_of that it stands in: where its own step takes an event, they take none.
//
// Owner: PlaceReader; drafts borrow the nodes. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_SEQUENCE_SELECTOR_READER_H_
#define TELLTALE_RULES_LOAD_SEQUENCE_SELECTOR_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// A selector of which the stream is read and the expressions are not.
struct SelectorDraft {
  enum class Owner : uint8_t { kStep, kAbsence, kUntil };

  Owner owner = Owner::kStep;
  uint32_t index = 0;        // in Rule::steps, absences or untils
  std::string shown;         // "step 'login'": for messages; empty: the rule itself
  const Node* by = nullptr;  // null: the rule's
  const Node* where = nullptr;
  const Node* detection = nullptr;
  const Node* include = nullptr;
  std::optional<StreamIndex> stream;  // none: told already
  std::vector<uint32_t> visible;      // the steps that its condition sees
  uint32_t before = 0;                // steps that stand before it in the text
  bool sees_steps = true;             // false: the rule's `until`
  bool of_window = false;             // it sees neither steps nor windows (W3)

  // `by`, `where`, `detection` and `include` of the map.
  void FindExpressions(const Node& body);
};

// The stream that `on` names.
std::optional<StreamIndex> ReadStream(RuleContext& context, const Node& on);

// Compiles keys and conditions into the rule's steps, absences and untils. REQUIRES: the names of
// all steps are in the context.
void CompileSelectors(RuleContext& context, const std::vector<SelectorDraft>& drafts);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_SEQUENCE_SELECTOR_READER_H_
