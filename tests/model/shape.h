// The definitions that both readings of the reference matcher share: which step may take the next
// event, when a match is complete, what the windows allow and what an absence bars.
//
// Owner: the caller; borrows the rule and the history. Thread: any. Units: nanoseconds of event
// time.
#ifndef TELLTALE_TESTS_MODEL_SHAPE_H_
#define TELLTALE_TESTS_MODEL_SHAPE_H_

#include <optional>
#include <vector>

#include "tests/model/reference_matcher.h"

namespace telltale::model {

// Events taken so far, at least one.
struct Chain {
  Taken taken;
  std::vector<std::pair<uint32_t, size_t>> events;  // (step, event), ascending
  size_t first() const { return events.front().second; }
  size_t last() const { return events.back().second; }
  uint32_t step() const { return events.back().first; }
  uint32_t count() const {
    return static_cast<uint32_t>(taken[step()].size());
  }  // by its last step
};

class Shape {
 public:
  Shape(const rules::Rule& rule, const History& history) : rule_(rule), history_(history) {}

  // The steps that may take the first event of a match: optional ones may be skipped (P1).
  std::vector<uint32_t> Starts() const { return Onward(0); }
  // The steps that may take the event after the chain's last: the same one up to its `max`; from
  // `min` on those after it (P8, reluctant: both are open).
  std::vector<uint32_t> Next(const Chain& chain) const;
  bool Complete(const Chain& chain) const;

  Chain Start(uint32_t step, size_t event) const;
  Chain Extended(const Chain& chain, uint32_t step, size_t event) const;

  // P4, leading: no such event before the first, within its `within`.
  bool StartBarred(size_t event) const;
  // P4, between: does the event stand against going on from the chain's last step to `step`?
  bool Bars(size_t event, const Chain& chain, uint32_t step) const;
  // P3: the last moment at which `step` may take the event after the chain's last.
  int64_t LatestFor(const Chain& chain, uint32_t step) const;

  bool HasTrailing() const;
  // P4, trailing: the moment up to which (inclusive) this one must not happen.
  int64_t Deadline(const rules::Absence& absence, const Chain& chain) const;
  // The latest of them: the match's time.
  int64_t Deadline(const Chain& chain) const;
  // Does the event, which is after the chain's last, break a trailing `not`?
  bool Breaks(size_t event, const Chain& chain) const;

  Match ToMatch(const Chain& chain) const;
  int64_t time(size_t event) const { return history_.time(event); }

 private:
  std::vector<uint32_t> Onward(uint32_t step) const;

  const rules::Rule& rule_;
  const History& history_;
};

// P6: of complete chains over the same events the one whose earlier steps take first; in order of
// their events.
void MergeSameEvents(std::vector<Chain>& chains);
std::vector<size_t> EventsOf(const Chain& chain);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_SHAPE_H_
