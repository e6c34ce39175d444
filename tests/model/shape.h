// The definitions that both readings of the reference matcher share: what an event is to a way that
// is open, when the steps of a match are done, what the windows allow and what an absence bars.
//
// Owner: the caller; borrows the rule and the history. Thread: any. Units: nanoseconds of event
// time.
#ifndef TELLTALE_TESTS_MODEL_SHAPE_H_
#define TELLTALE_TESTS_MODEL_SHAPE_H_

#include <optional>
#include <utility>
#include <vector>

#include "tests/model/reference_matcher.h"
#include "tests/model/ways.h"

namespace telltale::model {

// Events taken so far, at least one.
struct Chain {
  Taken taken;
  std::vector<std::pair<uint32_t, size_t>> events;  // (step, event), ascending
  Position position;
  std::vector<Position> path;  // the position after each event
  size_t first() const { return events.front().second; }
  size_t last() const { return events.back().second; }
  uint32_t step() const { return events.back().first; }
};

std::vector<size_t> EventsOf(const Chain& chain);
// In order of their events, those of the same events by their steps: earlier ones first (P6).
bool TakesBefore(const Chain& a, const Chain& b);

Match ToTimeout(const Chain& chain, int64_t deadline);  // P9

class Shape {
 public:
  Shape(const rules::Rule& rule, const History& history);

  // The matches that the event begins (P2, P4).
  std::vector<Chain> Starts(size_t event) const;
  // What may come next. Ways of an all_of that were opened before the last event know what has
  // become of them since.
  Onward Next(const Chain& chain) const;

  // Whether `way`, open until now, takes the event; `way.over` is set where it is over with it.
  // REQUIRES: all events between its anchor and this one were met.
  bool Meets(const Chain& chain, Way& way, size_t event) const;
  Chain Extended(const Chain& chain, const Way& way, size_t event) const;
  // P3: the last moment at which the way can take an event.
  int64_t Latest(const Chain& chain, const Way& way) const;

  // Does the rule's `until` drop what began before the event (P5)?
  bool Drops(size_t event) const;

  bool HasTrailing() const { return !trailing_.empty(); }
  // P4, trailing: the match's time.
  int64_t Deadline(const Chain& chain) const;
  // Does one of the events from after the chain's last up to `end` break a trailing `not`?
  bool Breaks(const Chain& chain, size_t begin, size_t end) const;

  // P9: does a chain that ends for want of time give a result?
  bool ReachesTimeout(const Chain& chain) const;

  Match ToMatch(const Chain& chain) const;
  int64_t time(size_t event) const { return history_.time(event); }
  Moment moment(size_t event) const { return {history_.time(event), event}; }

 private:
  void CatchUp(const Chain& chain, Way& way, size_t last) const;
  bool BarredAtStart(size_t event) const;
  bool TakesFirst(const Way& way, size_t event) const;
  bool AnyNot(const std::vector<uint32_t>& nots, size_t event, const Taken& taken) const;
  bool AnyUntil(const std::vector<uint32_t>& untils, size_t event, const Taken& taken) const;
  bool Ends(const Way& way, size_t event, const Taken& taken) const;
  int64_t Deadline(const rules::Absence& absence, const Chain& chain) const;

  const rules::Rule& rule_;
  const History& history_;
  const std::vector<uint32_t> leading_;
  const std::vector<uint32_t> trailing_;
  const Onward begin_;  // what a match may begin with
};

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_SHAPE_H_
