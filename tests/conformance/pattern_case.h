// Conformance cases of patterns as files hold them, and the cases in which Telltale differs on
// purpose.
//
// A file is an array of {name, pattern, after_match, events, matches}; README.md says what is in
// them. The list of deviations is an array of {case, matches, reason}: `matches` is what Telltale
// gives instead, so that a deviation is pinned and not a hole.
//
// Owner: value types. Thread: plain data. Units: times are whole numbers without a unit. Errors: a
// status that names the file and what is wrong with it.
#ifndef TELLTALE_TESTS_CONFORMANCE_PATTERN_CASE_H_
#define TELLTALE_TESTS_CONFORMANCE_PATTERN_CASE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/model/scenario.h"

namespace telltale::conformance {

// The indexes of a match's events, ascending.
using MatchSet = std::set<std::vector<int64_t>>;

struct PatternRepeat {
  int64_t min = 1;
  std::optional<int64_t> max;     // none: no upper bound
  std::optional<int64_t> within;  // exclusive
};

struct PatternStep {
  std::string name;  // empty: a group's
  std::string where;
  std::vector<PatternStep> group;
  std::string contiguity;  // strict, relaxed, any, not_next, not_followed_by; empty: relaxed
  std::string inside;
  std::string until;
  std::optional<PatternRepeat> repeat;
  bool optional = false;
  bool greedy = false;
  std::optional<int64_t> first_to_last;        // of the whole pattern, exclusive
  std::optional<int64_t> previous_to_current;  // likewise
  bool IsNot() const { return contiguity.starts_with("not_"); }
};

struct PatternEvent {
  int64_t ts = 0;
  std::map<std::string, model::FieldValue> fields;  // `ts` too
};

struct PatternCase {
  std::string name;
  std::vector<PatternStep> pattern;
  std::string after_match;  // no_skip, skip_to_next, skip_past_last, skip_to_first, skip_to_last
  std::string skip_to;      // the step of the last two
  std::vector<PatternEvent> events;
  MatchSet matches;
};

struct PatternDeviation {
  std::string name;
  MatchSet matches;
  std::string reason;
};

absl::StatusOr<std::vector<PatternCase>> ReadPatternCases(const std::string& path);
absl::StatusOr<std::vector<PatternDeviation>> ReadPatternDeviations(const std::string& path);

// As {[0, 1], [2]}.
std::string Text(const MatchSet& matches);

}  // namespace telltale::conformance

#endif  // TELLTALE_TESTS_CONFORMANCE_PATTERN_CASE_H_
