// What a rule matches, by the definitions of rules/SEMANTICS.md and by nothing else: no automaton,
// no index, no sharing, and no care for speed. The engine is tested against this.
//
// There are two readings of the same text. EnumerateMatches tries every assignment of events to
// steps and looks at each on its own: it is the definition of `match: all` without skipping (P1-P5,
// P8, P9). SimulateMatches walks over the events with an explicit set of partial matches: `first`,
// `latest`, skipping and limits speak of what is alive at a moment, and so need it (P6, P7, P10).
// `match: count` lists all matches, too, and counts those that an event completes (P6).
// Where both apply they must agree, which reference_matcher_test checks. What a place asks of the
// next event is read off the tree by ways.h for both.
//
// Owner: plain data. Thread: any. Units: nanoseconds of event time. Errors: none; a condition that
// fails does not fit.
#ifndef TELLTALE_TESTS_MODEL_REFERENCE_MATCHER_H_
#define TELLTALE_TESTS_MODEL_REFERENCE_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "rules/model/rule.h"
#include "tests/model/ways.h"

namespace telltale::model {

// By step: the events that it has taken, as indexes into the history.
using Taken = std::vector<std::vector<size_t>>;

// The on-time events of one key, in total order (T2), of which the matcher sees the times and what
// fits.
class History {
 public:
  virtual ~History() = default;
  virtual size_t size() const = 0;
  virtual int64_t time(size_t event) const = 0;
  // Stream, key (K2) and condition, given what was taken so far (P2). An error is false (V1).
  // REQUIRES: the selector is the rule's own: its address is what it is known by.
  virtual bool Fits(const rules::Selector& selector, size_t event, const Taken& taken) const = 0;
};

struct Match {
  std::vector<std::pair<uint32_t, size_t>> events;  // (step, event), in total order
  int64_t time = 0;  // of the last event, or the deadline of a trailing `not` or a timeout
  bool deadline = false;
  bool timeout = false;    // P9: not a whole match
  bool truncated = false;  // P10: a cap had acted on the key
  uint64_t count = 1;      // P6: `match: count`, of so many
  bool operator==(const Match&) const = default;
};

// P6, `match: count`: of those with the same last event the last in T7's order, with their number.
// REQUIRES: they are in that order.
std::vector<Match> Counted(const std::vector<Match>& matches);

// T7 among the matches of one rule and key.
bool Before(const Match& a, const Match& b);

// The matches that are settled when the watermark is `watermark` (T5), in the order in which they
// go out: T7's, and where skipping makes some wait (P7) the order of its end. REQUIRES of
// EnumerateMatches: match: all or count, no_skip; it knows no limits.
std::vector<Match> EnumerateMatches(const rules::Rule& rule, const History& history,
                                    int64_t watermark = kForever);
std::vector<Match> SimulateMatches(const rules::Rule& rule, const History& history,
                                   int64_t watermark = kForever,
                                   std::vector<size_t>* limited = nullptr);
// The one that defines the rule. `limited`, where given: the events on which a cap has acted (P10).
std::vector<Match> FindMatches(const rules::Rule& rule, const History& history,
                               int64_t watermark = kForever,
                               std::vector<size_t>* limited = nullptr);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_REFERENCE_MATCHER_H_
