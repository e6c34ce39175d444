#include "tests/model/shape.h"

#include <algorithm>
#include <tuple>

namespace telltale::model {
namespace {

// Without overflow at the ends of time.
int64_t Plus(int64_t time, int64_t duration) {
  return time > kForever - duration ? kForever : time + duration;
}

}  // namespace

bool Before(const Match& a, const Match& b) {
  const auto key = [](const Match& match) {
    std::vector<size_t> events;
    for (const auto& [step, event] : match.events) events.push_back(event);
    return std::tuple(match.time, match.deadline, events.back(), events);
  };
  return key(a) < key(b);
}

std::vector<size_t> EventsOf(const Chain& chain) {
  std::vector<size_t> events;
  for (const auto& [step, event] : chain.events) events.push_back(event);
  return events;
}

void MergeSameEvents(std::vector<Chain>& chains) {
  std::sort(chains.begin(), chains.end(), [](const Chain& a, const Chain& b) {
    return std::tuple(EventsOf(a), a.events) < std::tuple(EventsOf(b), b.events);
  });
  const auto same = [](const Chain& a, const Chain& b) { return EventsOf(a) == EventsOf(b); };
  chains.erase(std::unique(chains.begin(), chains.end(), same), chains.end());
}

std::vector<uint32_t> Shape::Onward(uint32_t step) const {
  std::vector<uint32_t> steps;
  for (size_t place = step; place < rule_.steps.size(); place = rule_.PlaceAfter(place)) {
    for (size_t s = place; s < rule_.PlaceAfter(place); ++s)
      steps.push_back(static_cast<uint32_t>(s));
    if (!rule_.steps[place].optional) break;
  }
  return steps;
}

std::vector<uint32_t> Shape::Next(const Chain& chain) const {
  const rules::Step& step = rule_.steps[chain.step()];
  std::vector<uint32_t> next;
  if (step.max == rules::kUnbounded || chain.count() < step.max) next.push_back(chain.step());
  if (chain.count() < step.min) return next;
  for (const uint32_t onward : Onward(static_cast<uint32_t>(rule_.PlaceAfter(chain.step()))))
    next.push_back(onward);
  return next;
}

bool Shape::Complete(const Chain& chain) const {
  if (chain.count() < rule_.steps[chain.step()].min) return false;
  const size_t rest = rule_.PlaceAfter(chain.step());
  return std::all_of(rule_.steps.begin() + static_cast<ptrdiff_t>(rest), rule_.steps.end(),
                     [](const rules::Step& step) { return step.optional || step.alternative; });
}

Chain Shape::Start(uint32_t step, size_t event) const {
  return Extended({.taken = Taken(rule_.steps.size()), .events = {}}, step, event);
}

Chain Shape::Extended(const Chain& chain, uint32_t step, size_t event) const {
  Chain longer = chain;
  longer.taken[step].push_back(event);
  longer.events.emplace_back(step, event);
  return longer;
}

bool Shape::StartBarred(size_t event) const {
  const Taken nothing(rule_.steps.size());
  for (const rules::Absence& absence : rule_.absences) {
    if (absence.before != 0) continue;
    for (size_t earlier = 0; earlier < event; ++earlier) {
      const bool near = Plus(time(earlier), absence.within.value_or(0)) >= time(event);
      if (near && history_.Fits(absence.selector, earlier, nothing)) return true;
    }
  }
  return false;
}

bool Shape::Bars(size_t event, const Chain& chain, uint32_t step) const {
  return std::any_of(rule_.absences.begin(), rule_.absences.end(),
                     [&](const rules::Absence& absence) {
                       return chain.step() < absence.before && absence.before <= step &&
                              history_.Fits(absence.selector, event, chain.taken);
                     });
}

int64_t Shape::LatestFor(const Chain& chain, uint32_t step) const {
  const auto whole = rule_.within;
  const auto gap = rule_.steps[step].within;
  return std::min(whole ? Plus(time(chain.first()), *whole) : kForever,
                  gap ? Plus(time(chain.last()), *gap) : kForever);
}

bool Shape::HasTrailing() const {
  return std::any_of(
      rule_.absences.begin(), rule_.absences.end(),
      [&](const rules::Absence& absence) { return absence.before == rule_.steps.size(); });
}

int64_t Shape::Deadline(const rules::Absence& absence, const Chain& chain) const {
  return std::min(absence.within ? Plus(time(chain.last()), *absence.within) : kForever,
                  rule_.within ? Plus(time(chain.first()), *rule_.within) : kForever);
}

int64_t Shape::Deadline(const Chain& chain) const {
  int64_t latest = std::numeric_limits<int64_t>::min();
  for (const rules::Absence& absence : rule_.absences) {
    if (absence.before == rule_.steps.size()) latest = std::max(latest, Deadline(absence, chain));
  }
  return latest;
}

bool Shape::Breaks(size_t event, const Chain& chain) const {
  return std::any_of(
      rule_.absences.begin(), rule_.absences.end(), [&](const rules::Absence& absence) {
        return absence.before == rule_.steps.size() && time(event) <= Deadline(absence, chain) &&
               history_.Fits(absence.selector, event, chain.taken);
      });
}

Match Shape::ToMatch(const Chain& chain) const {
  const bool deadline = HasTrailing();
  return {.events = chain.events,
          .time = deadline ? Deadline(chain) : time(chain.last()),
          .deadline = deadline};
}

}  // namespace telltale::model
