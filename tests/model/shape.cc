#include "tests/model/shape.h"

#include <algorithm>
#include <tuple>

namespace telltale::model {
namespace {

// Without overflow at the ends of time.
int64_t Plus(int64_t time, int64_t duration) {
  return time > kForever - duration ? kForever : time + duration;
}

// What of the chain had been taken before the event; `some` is room for it.
const Taken& TakenBefore(const Chain& chain, size_t event, Taken& some) {
  if (event > chain.last()) return chain.taken;
  Taken& taken = some = chain.taken;
  for (auto& events : taken) std::erase_if(events, [event](size_t one) { return one >= event; });
  return taken;
}

bool Holds(const Chain& chain, size_t event) {
  return std::any_of(chain.events.begin(), chain.events.end(),
                     [event](const auto& taken) { return taken.second == event; });
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

bool TakesBefore(const Chain& a, const Chain& b) {
  return std::tuple(EventsOf(a), a.events) < std::tuple(EventsOf(b), b.events);
}

Match ToTimeout(const Chain& chain, int64_t deadline) {
  return {.events = chain.events, .time = deadline, .deadline = true, .timeout = true};
}

Shape::Shape(const rules::Rule& rule, const History& history)
    : rule_(rule),
      history_(history),
      leading_(LeadingNots(rule.pattern)),
      trailing_(TrailingNots(rule.pattern)),
      begin_(WaysFrom(rule.pattern, Position())) {}

bool Shape::AnyNot(const std::vector<uint32_t>& nots, size_t event, const Taken& taken) const {
  return std::any_of(nots.begin(), nots.end(), [&](uint32_t number) {
    return history_.Fits(rule_.absences[number].selector, event, taken);
  });
}

bool Shape::Ends(const Way& way, size_t event, const Taken& taken) const {
  return std::any_of(way.ends_at.begin(), way.ends_at.end(), [&](const Ending& ending) {
    return event > ending.since && AnyUntil({ending.until}, event, taken);
  });
}

bool Shape::AnyUntil(const std::vector<uint32_t>& untils, size_t event, const Taken& taken) const {
  return std::any_of(untils.begin(), untils.end(), [&](uint32_t number) {
    return history_.Fits(rule_.untils[number].selector, event, taken);
  });
}

std::vector<Chain> Shape::Starts(size_t event) const {
  std::vector<Chain> starts;
  if (BarredAtStart(event)) return starts;
  Chain nothing;
  nothing.taken.resize(rule_.steps.size());
  for (const Way& way : begin_.ways) {
    if (TakesFirst(way, event)) starts.push_back(Extended(nothing, way, event));
  }
  return starts;
}

bool Shape::TakesFirst(const Way& way, size_t event) const {
  const Taken nothing(rule_.steps.size());
  return history_.Fits(rule_.steps[way.step].selector, event, nothing) &&
         !AnyUntil(way.not_untils, event, nothing) &&
         std::none_of(way.yields.begin(), way.yields.end(),
                      [&](const Way& greedy) { return TakesFirst(greedy, event); });
}

bool Shape::BarredAtStart(size_t event) const {
  const Taken nothing(rule_.steps.size());
  for (size_t earlier = 0; earlier < event; ++earlier) {
    for (const uint32_t number : leading_) {
      const int64_t within = rule_.absences[number].within.value_or(0);
      if (Plus(time(earlier), within) >= time(event) && AnyNot({number}, earlier, nothing))
        return true;
    }
  }
  return false;
}

Onward Shape::Next(const Chain& chain) const {
  Onward onward = WaysFrom(rule_.pattern, chain.position);
  for (std::vector<Way>* ways : {&onward.ways, &onward.yields}) {
    for (Way& way : *ways) CatchUp(chain, way, chain.last());
  }
  return onward;
}

// Lets the way, and those it yields to, meet what came after their anchors, up to `last`.
void Shape::CatchUp(const Chain& chain, Way& way, size_t last) const {
  for (Way& greedy : way.yields) CatchUp(chain, greedy, way.anchor);
  for (size_t event = way.anchor + 1; event <= last; ++event) Meets(chain, way, event);
}

bool Shape::Meets(const Chain& chain, Way& way, size_t event) const {
  if (way.over || event <= way.anchor) return false;
  if (const int64_t latest = Latest(chain, way); time(event) > latest) {
    way.over = Moment{.time = latest};
    return false;
  }
  bool yields = false;
  for (Way& greedy : way.yields) yields = Meets(chain, greedy, event) || yields;
  Taken some;
  const Taken& taken = TakenBefore(chain, event, some);
  // In an all_of another member may have it: no event for this way, but one that came (P2).
  const bool fits =
      !Holds(chain, event) && history_.Fits(rule_.steps[way.step].selector, event, taken);
  const bool next = event == way.anchor + 1;
  if (yields || Ends(way, event, taken) || (next && AnyNot(way.strict_nots, event, taken))) {
    way.over = moment(event);
    return false;
  }
  const bool takes = fits && !AnyUntil(way.not_untils, event, taken);
  const bool over = way.contiguity == rules::Contiguity::kStrict ||
                    (fits && way.contiguity == rules::Contiguity::kRelaxed) ||
                    AnyNot(way.nots, event, taken);
  if (over) way.over = moment(event);
  return takes;
}

Chain Shape::Extended(const Chain& chain, const Way& way, size_t event) const {
  Chain longer = chain;
  longer.taken[way.step].push_back(event);
  longer.events.emplace_back(way.step, event);
  longer.position = Settled(way.to, event);
  longer.path.push_back(longer.position);
  return longer;
}

int64_t Shape::Latest(const Chain& chain, const Way& way) const {
  return std::min(way.within == kForever ? kForever : Plus(time(way.anchor), way.within),
                  rule_.within ? Plus(time(chain.first()), *rule_.within) : kForever);
}

bool Shape::Drops(size_t event) const {
  return rule_.until && AnyUntil({*rule_.until}, event, Taken(rule_.steps.size()));
}

int64_t Shape::Deadline(const rules::Absence& absence, const Chain& chain) const {
  return std::min(absence.within ? Plus(time(chain.last()), *absence.within) : kForever,
                  rule_.within ? Plus(time(chain.first()), *rule_.within) : kForever);
}

int64_t Shape::Deadline(const Chain& chain) const {
  int64_t latest = std::numeric_limits<int64_t>::min();
  for (const uint32_t number : trailing_)
    latest = std::max(latest, Deadline(rule_.absences[number], chain));
  return latest;
}

bool Shape::Breaks(const Chain& chain, size_t begin, size_t end) const {
  for (size_t event = begin; event < end; ++event) {
    for (const uint32_t number : trailing_) {
      if (time(event) <= Deadline(rule_.absences[number], chain) &&
          AnyNot({number}, event, chain.taken))
        return true;
    }
  }
  return false;
}

bool Shape::ReachesTimeout(const Chain& chain) const {
  return rule_.timeout_from && chain.step() >= *rule_.timeout_from;
}

Match Shape::ToMatch(const Chain& chain) const {
  const bool deadline = HasTrailing();
  return {.events = chain.events,
          .time = deadline ? Deadline(chain) : time(chain.last()),
          .deadline = deadline};
}

}  // namespace telltale::model
