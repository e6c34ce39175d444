// Conditions and other expressions of rules: CEL text to a checked syntax tree.
//
// Parse reads the whole grammar of CEL and knows no names. Compile parses, resolves every name
// against the Scope, infers types and records which fields of which streams the expression reads.
// Mistakes are a list of diagnostics with their places in the file (codes R03xx: syntax, R04xx:
// names and types, R05xx: words of later versions, R09xx: warnings); all that can sensibly be told
// at once is told at once. There is no other failure: any bytes may be given.
//
// Source: the CEL specification (grammar, macros, standard overloads), and our own names and
// functions: rules/SEMANTICS.md V1, V2, V4, V5. Owner: the result is the caller's. Thread: no
// shared state, any. Bounds: kMaxExpressionBytes, kMaxDepth and kMaxNodes keep time, memory and
// stack within limits whatever the text.
#ifndef TELLTALE_RULES_LOAD_CEL_CEL_H_
#define TELLTALE_RULES_LOAD_CEL_CEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/aggregate.h"
#include "rules/model/diagnostic.h"
#include "rules/model/expression.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"
#include "rules/model/type.h"

namespace telltale::rules {

inline constexpr size_t kMaxExpressionBytes = size_t{64} * 1024;
inline constexpr int kMaxDepth = 250;  // of nested parentheses, calls, literals, unary operators
inline constexpr size_t kMaxNodes = 20'000;

// A step whose events an expression may refer to by name.
struct StepName {
  std::string name;
  StreamIndex stream = 0;
  uint32_t index = 0;    // in Rule::steps
  bool is_list = false;  // the step repeats: the name is a list of events
};

// A step that an expression inside a step cannot refer to.
struct UnseenStep {
  enum class Why : uint8_t {
    kToCome,       // it has taken nothing yet
    kOwn,          // nor has the step that the expression stands in
    kAlternative,  // it takes nothing where the step that the expression stands in does
    kNone,         // the expression sees no steps: the rule's `until`
    kWindow,       // nor do conditions of windows
  };
  std::string name;
  Span span;
  Why why = Why::kToCome;
};

struct Definitions;
struct Uses;

// What an expression over a window sees besides (W1): calls of aggregates, whose arguments are
// about an event of each source, `window.start` and `window.end`, and the values of a baseline.
struct WindowScope {
  enum class Baseline : uint8_t {
    kNone,
    kThere,
    kOwn,  // the expression is what the baseline is made of
  };
  std::vector<StreamIndex> sources;
  std::vector<AggregateCall> calls;   // takes those that are found, equal ones once
  std::optional<Window> window = {};  // none: it could not be read
  Baseline baseline = Baseline::kNone;
  bool names_baseline = false;  // takes whether an expression does, rightly or not
};

// The names that an expression sees (V2).
struct Scope {
  const StreamCatalog* streams = nullptr;  // never null; outlives the call
  std::optional<StreamIndex>
      event;  // inside a step: the stream of the event tested; none: alert, suppress
  std::vector<StepName> steps;     // the earlier ones inside a step; all of them elsewhere
  std::vector<UnseenStep> unseen;  // the others, inside a step
  std::vector<std::string>
      key_names;  // the texts of the rule's `by`; seen only where `event` is none
  const Definitions* definitions = nullptr;  // null: none
  Uses* uses = nullptr;                      // takes what is named of them; null: nothing does
  WindowScope* window = nullptr;             // null: none
  const std::vector<StepWindow>* windows = nullptr;  // of the rule (W3); null: none
  bool reads_windows = false;  // their values are seen: the condition tries an event
  bool counted = false;        // `match_count()` is seen: the rule counts its matches (P6)
  // CEL without its checker, as a part of its conformance suite runs: a call that there is not, or
  // that does not take what it is given, is an error of the evaluation. Rules are always checked.
  bool unchecked = false;
  bool key_part = false;   // it is to be a part of the key: `type` alone means a field
  bool each = false;       // it is each(LIST), and LIST is meant (K1)
  bool null_keys = false;  // parts of the key may be null (`missing_key: group`)
};

// The syntax tree, with byte offsets in the text and macros recognised; null when there were
// errors.
ExprPtr Parse(const LocatedText& text, Diagnostics& diagnostics);

// Whether parsed text is each(LIST), by which a key has a part for every element of a list.
bool IsEach(const Expr& parsed);

// The checked expression; none when there were errors. `wanted` dyn accepts any type; an expression
// of type dyn is accepted whatever is wanted, and then fails, where it does, at evaluation.
std::optional<Expression> Compile(LocatedText text, const Scope& scope, const Type& wanted,
                                  Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_CEL_H_
