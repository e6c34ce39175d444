// What a reload from one rule set to another does, by meaning.
//
// Rules are compared by their fingerprints: where these are equal the state goes over (C3), and
// what else was edited shows in alerts only; where they differ, the parts of the canonical form
// (rules/model/canonical.h) say which part of the rule differs. Layout, comments and names of files
// are no difference at all.
//
// Owner: value types; texts are copies. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_EXPLAIN_DIFFERENCE_H_
#define TELLTALE_DAEMON_EXPLAIN_DIFFERENCE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/rule.h"

namespace telltale::explain {

enum class ChangeKind {
  kAdded,
  kRemoved,
  kRenamed,  // removed under one id and added under another, with the same meaning
  kChanged,  // another meaning under the same id
  kOutput,   // the same meaning; alerts look or go otherwise
};

// What becomes of the state that the rule holds.
enum class StateEffect { kBegins, kDropped, kReset, kKept };

struct PartChange {
  std::string place;   // "step 'login'"; empty: the rule
  std::string part;    // "where"; empty: the place as a whole came or went
  std::string before;  // empty: it was not there
  std::string after;   // empty: it is not there any more
};

struct RuleChange {
  ChangeKind kind = ChangeKind::kChanged;
  StateEffect state = StateEffect::kKept;
  std::string id;
  std::string old_id;  // of kRenamed
  std::string title;
  std::vector<PartChange> meaning;
  std::vector<PartChange> output;
};

struct Difference {
  std::vector<RuleChange> changes;  // by id
  size_t unchanged = 0;
};

Difference Compare(const rules::RuleSet& before, const rules::RuleSet& after);

std::string_view ChangeWord(ChangeKind kind);
std::string_view StateWord(StateEffect state);

// For a terminal, and as one JSON object; both end with a newline.
std::string ToText(const Difference& difference);
std::string ToJson(const Difference& difference);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_DIFFERENCE_H_
