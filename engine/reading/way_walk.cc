#include "engine/reading/way_walk.h"

#include <algorithm>

#include "engine/time/saturation.h"

namespace telltale::engine {

// All the alternatives of each place, up to the first place that cannot be skipped.
std::vector<uint32_t> WayWalk::Onward(size_t place) const {
  std::vector<uint32_t> steps;
  for (; place < rule_.steps.size(); place = rule_.PlaceAfter(place)) {
    for (size_t step = place; step < rule_.PlaceAfter(place); ++step)
      steps.push_back(static_cast<uint32_t>(step));
    if (!rule_.steps[place].optional) break;
  }
  return steps;
}

std::vector<uint32_t> WayWalk::Next(const Way& way) const {
  const rules::Step& step = rule_.steps[way.step()];
  std::vector<uint32_t> next;
  if (step.max == rules::kUnbounded || way.count() < step.max) next.push_back(way.step());
  if (way.count() < step.min) return next;
  for (const uint32_t onward : Onward(rule_.PlaceAfter(way.step()))) next.push_back(onward);
  return next;
}

bool WayWalk::Complete(const Way& way) const {
  return way.count() >= rule_.steps[way.step()].min &&
         std::all_of(rule_.steps.begin() + static_cast<ptrdiff_t>(rule_.PlaceAfter(way.step())),
                     rule_.steps.end(),
                     [](const rules::Step& step) { return step.optional || step.alternative; });
}

int64_t WayWalk::LatestFor(const Way& way, uint32_t step) const {
  return std::min(Plus(time(way.first()), rule_.within),
                  Plus(time(way.last()), rule_.steps[step].within));
}

int64_t WayWalk::Deadline(const Way& way, uint32_t absence) const {
  return std::min(Plus(time(way.last()), rule_.absences[absence].within),
                  Plus(time(way.first()), rule_.within));
}

Fit WayWalk::Test(uint32_t role, size_t event, const Taken& taken, WayObserver& observer) {
  ++tests_;
  const Fit fit = reading_.Test(role, *events_[event], key_, taken, scratch_);
  observer.OnTest(role, event, taken, fit);
  return fit;
}

bool WayWalk::StartBarred(size_t event, WayObserver& observer) {
  const Taken nothing(rule_.steps.size());
  for (uint32_t a = 0; a < rule_.absences.size(); ++a) {
    const rules::Absence& absence = rule_.absences[a];
    if (absence.before != 0) continue;
    for (size_t earlier = 0; earlier < event && !exhausted(); ++earlier) {
      if (Plus(time(earlier), absence.within.value_or(0)) < time(event)) continue;
      if (Test(reading_.RoleOfAbsence(a), earlier, nothing, observer) != Fit::kFits) continue;
      observer.OnStartBarred(a, event, earlier);
      return true;
    }
  }
  return false;
}

Way WayWalk::Extended(const Way& way, uint32_t step, size_t event) const {
  Way longer = way;
  longer.taken.resize(rule_.steps.size());
  longer.taken[step].push_back(events_[event]);
  longer.events.emplace_back(step, event);
  return longer;
}

size_t WayWalk::FirstFit(const Way& way, uint32_t step, WayObserver& observer) {
  for (size_t event = way.last() + 1; event < events_.size() && !exhausted(); ++event) {
    if (Test(step, event, way.taken, observer) == Fit::kFits) {
      const int64_t latest = LatestFor(way, step);
      if (time(event) <= latest) return event;
      observer.OnTooLate(way, step, event, latest);
      return kNone;
    }
    if (step == way.step()) continue;
    for (uint32_t a = 0; a < rule_.absences.size(); ++a) {
      const uint32_t before = rule_.absences[a].before;
      if (way.step() >= before || before > step) continue;
      if (Test(reading_.RoleOfAbsence(a), event, way.taken, observer) != Fit::kFits) continue;
      observer.OnBarred(way, step, a, event);
      return kNone;
    }
  }
  return kNone;
}

void WayWalk::Trailing(const Way& way, WayObserver& observer) {
  for (uint32_t a = 0; a < rule_.absences.size(); ++a) {
    if (rule_.absences[a].before != rule_.steps.size()) continue;
    const int64_t deadline = Deadline(way, a);
    for (size_t event = way.last() + 1; event < events_.size() && time(event) <= deadline;
         ++event) {
      if (Test(reading_.RoleOfAbsence(a), event, way.taken, observer) == Fit::kFits)
        return observer.OnBroken(way, a, event);
    }
  }
}

void WayWalk::Extend(const Way& way, WayObserver& observer) {
  observer.OnWay(way);
  if (Complete(way)) {
    observer.OnComplete(way);
    Trailing(way, observer);
  }
  for (const uint32_t step : Next(way)) {
    const size_t event = FirstFit(way, step, observer);
    if (event != kNone) Extend(Extended(way, step, event), observer);
  }
}

void WayWalk::All(WayObserver& observer) {
  const Taken nothing(rule_.steps.size());
  for (size_t event = 0; event < events_.size() && !exhausted(); ++event) {
    for (const uint32_t step : Starts()) {
      if (Test(step, event, nothing, observer) != Fit::kFits) continue;
      // An exhausted look at what might bar it has found nothing.
      if (!StartBarred(event, observer) && !exhausted())
        Extend(Extended({}, step, event), observer);
    }
  }
}

void WayWalk::Behind(const Way& way, WayObserver& observer) {
  if (Complete(way)) {
    observer.OnComplete(way);
    Trailing(way, observer);
  }
  for (const uint32_t step : Next(way)) FirstFit(way, step, observer);
}

void WayWalk::Beginnings(WayObserver& observer) {
  const Taken nothing(rule_.steps.size());
  for (size_t event = 0; event < events_.size() && !exhausted(); ++event) {
    for (const uint32_t step : Starts()) {
      if (Test(step, event, nothing, observer) == Fit::kFits) StartBarred(event, observer);
    }
  }
}

}  // namespace telltale::engine
