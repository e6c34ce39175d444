// What the readers of one rule's parts share while it is read.
//
// Owner: ReadRule; the parts borrow it. Thread: one.
#ifndef TELLTALE_RULES_LOAD_RULE_RULE_CONTEXT_H_
#define TELLTALE_RULES_LOAD_RULE_RULE_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/load/cel/cel.h"
#include "rules/load/cel/definitions.h"
#include "rules/load/yaml/node.h"
#include "rules/load/yaml/values.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// What all rules of a load are read against.
struct ReadInputs {
  const StreamCatalog& streams;
  const Definitions& definitions;
  Uses& uses;
  std::optional<int64_t> now;  // the wall clock, for the warning about what has expired
};

// A part of a key as it is written.
struct KeyPartText {
  LocatedText text;
  LocatedText name;  // what the part is called elsewhere: `text`, or LIST of each(LIST)
  bool each = false;
};

struct RuleContext {
  const Node& node;
  const StreamCatalog& streams;
  const ReadInputs& inputs;
  Diagnostics& diagnostics;
  ValueReader& values;
  Rule& rule;
  std::vector<KeyPartText> key;  // the parts of the rule's `by`
  bool key_parses = true;        // false: told already, do not compile it for each step
  // False where a step has no usable name or stream: expressions that could refer to it are checked
  // for syntax only, so that one mistake is told once.
  bool steps_known = true;
  std::vector<StepName> step_names;
  // Of a rule with an 'aggregate': takes what its expressions call.
  std::optional<WindowScope> window = {};
  Span timeout = {};  // of the step's name in `on_timeout`, where there is one
};

// Compiles where the names are known, else only parses.
std::optional<Expression> CompileIn(RuleContext& context, const LocatedText& text,
                                    const Scope& scope, const Type& wanted);

// An expression whose value becomes text of a key: what can never be text is refused.
std::optional<Expression> CompileKeyPart(RuleContext& context, const LocatedText& text,
                                         const Scope& scope);

// Whether a value of this type can become text of a key.
bool CanBeKey(const Type& type);

// LIST of each(LIST): a list whose elements become text of a key. REQUIRES: `text` IsEach.
std::optional<Expression> CompileEach(RuleContext& context, const LocatedText& text,
                                      const Scope& scope);

// A scope without any name but those of definitions.
Scope BareScope(const RuleContext& context);

// The scope of `alert` and `suppress`: the key's names, all the steps, and the window's values.
Scope AlertScope(RuleContext& context);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_RULE_CONTEXT_H_
