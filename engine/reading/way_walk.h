// All the ways that a rule's steps find through the events of one key, one after the other, with
// everything that is met on them: what fitted, what did not, what came too late, what a `not`
// forbade.
//
// This is `match: all` without skipping (P1 to P4): what `first`, `latest`, `after_match` and
// limits then leave of it is not looked at. So a way that goes through is one that the rule might
// alert by, and one that ends is one that it cannot.
//
// Owner: the caller; borrows reading and events. Thread: one. Units: nanoseconds of event time.
// Cost: exponential in the worst case, so a walk ends after kMostTests conditions (exhausted()).
// Errors: a condition that ends in one does not fit (V1).
#ifndef TELLTALE_ENGINE_READING_WAY_WALK_H_
#define TELLTALE_ENGINE_READING_WAY_WALK_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/reading/rule_reading.h"

namespace telltale::engine {

// What has been taken so far, at least one event.
struct Way {
  Taken taken;
  std::vector<std::pair<uint32_t, size_t>> events;  // step and index of the event, ascending
  uint32_t step() const { return events.back().first; }
  size_t first() const { return events.front().second; }
  size_t last() const { return events.back().second; }
  uint32_t count() const { return static_cast<uint32_t>(taken[step()].size()); }
};

// Events are told by their index.
class WayObserver {
 public:
  virtual ~WayObserver() = default;
  // A role was asked whether the event fits it, given what the way has taken.
  virtual void OnTest(uint32_t /*role*/, size_t /*event*/, const Taken&, Fit) {}
  // P4, leading: the step may not begin with the event, because of an earlier one.
  virtual void OnStartBarred(uint32_t /*absence*/, size_t /*event*/, size_t /*earlier*/) {}
  // It has taken one more event.
  virtual void OnWay(const Way&) {}
  // P3: the event fits the step and is later than `latest`.
  virtual void OnTooLate(const Way&, uint32_t /*step*/, size_t /*event*/, int64_t /*latest*/) {}
  // P4, between: the event ends the way to the step.
  virtual void OnBarred(const Way&, uint32_t /*step*/, uint32_t /*absence*/, size_t /*event*/) {}
  // All steps are done. What follows is about trailing absences.
  virtual void OnComplete(const Way&) {}
  virtual void OnBroken(const Way&, uint32_t /*absence*/, size_t /*event*/) {}
};

class WayWalk {
 public:
  static constexpr int64_t kMostTests = 200'000;

  // `events`: of all keys, in total order.
  WayWalk(const RuleReading& reading, const std::vector<const Event*>& events, const Key& key,
          Scratch& scratch)
      : reading_(reading), rule_(reading.rule()), events_(events), key_(key), scratch_(scratch) {}

  // Every way, from every beginning.
  void All(WayObserver& observer);
  // What is met behind one way, without going on from there.
  void Behind(const Way& way, WayObserver& observer);
  // What is met where ways begin, without going on from there.
  void Beginnings(WayObserver& observer);

  bool exhausted() const { return tests_ > kMostTests; }

  // The steps that may take the event after the way's last; of no way yet: the first (P1, P8).
  std::vector<uint32_t> Next(const Way& way) const;
  std::vector<uint32_t> Starts() const { return Onward(0); }
  bool Complete(const Way& way) const;
  // P3: the last moment at which the step may take the next event.
  int64_t LatestFor(const Way& way, uint32_t step) const;
  // P4, trailing: up to when (inclusive) it must not happen.
  int64_t Deadline(const Way& way, uint32_t absence) const;

 private:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  std::vector<uint32_t> Onward(size_t place) const;
  Fit Test(uint32_t role, size_t event, const Taken& taken, WayObserver& observer);
  bool StartBarred(size_t event, WayObserver& observer);
  Way Extended(const Way& way, uint32_t step, size_t event) const;
  // The first event that fits the step behind the way, in time and not forbidden; kNone: there is
  // none.
  size_t FirstFit(const Way& way, uint32_t step, WayObserver& observer);
  void Trailing(const Way& way, WayObserver& observer);
  void Extend(const Way& way, WayObserver& observer);
  int64_t time(size_t event) const { return events_[event]->time; }

  const RuleReading& reading_;
  const rules::Rule& rule_;
  const std::vector<const Event*>& events_;
  const Key& key_;
  Scratch& scratch_;
  int64_t tests_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_WAY_WALK_H_
