#include "rules/model/progress.h"

#include <algorithm>
#include <utility>

namespace telltale::rules {
namespace {

std::optional<int64_t> Earlier(const std::optional<int64_t>& a, const std::optional<int64_t>& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

uint32_t LeastTimes(const Place& place) {
  return Sequence::BodyNullable(place) ? 1 : place.repeat.min;
}

// Counts from here on make no difference to what may come.
uint32_t MostTimes(const Place& place) {
  return place.repeat.max == kUnbounded ? LeastTimes(place) : place.repeat.max;
}

void Append(std::vector<size_t>& list, const std::vector<size_t>& more, size_t shift = 0) {
  for (const size_t index : more) list.push_back(index + shift);
}

// Adds ways to a list, to which their `yields` then refer. Returns where they begin.
size_t Append(std::vector<Way>& list, std::vector<Way> more) {
  const size_t shift = list.size();
  for (Way& way : more) {
    for (size_t& index : way.yields) index += shift;
    list.push_back(std::move(way));
  }
  return shift;
}

// The ways of a part, as ways of the whole: `progress` with the part's in the place of `part`.
std::vector<Way> Within(std::vector<Way> ways, const Progress& progress, size_t part) {
  for (Way& way : ways) {
    Progress whole = progress;
    whole.parts[part] = std::move(way.to);
    way.to = std::move(whole);
  }
  return ways;
}

void Keep(std::vector<Way>& ways, const std::set<uint32_t>& strands) {
  for (Way& way : ways) way.keeps.insert(strands.begin(), strands.end());
}

// From `begin` on they yield to what is left behind.
void Yield(Next& next, size_t begin) {
  for (size_t way = begin; way < next.ways.size(); ++way) {
    if (!next.ways[way].asleep) Append(next.ways[way].yields, next.leave_yields);
  }
}

// What comes later yields to the greedy ones from `begin` on.
void AddGreedy(Next& next, size_t begin) {
  for (size_t way = begin; way < next.ways.size(); ++way) {
    if (next.ways[way].greedy && !next.ways[way].asleep) next.leave_yields.push_back(way);
  }
}

// Copies of the ways that are not asleep, asleep.
std::vector<Way> Asleep(const std::vector<Way>& ways, uint32_t strand) {
  std::vector<Way> asleep;
  std::vector<size_t> copies(ways.size(), 0);
  for (size_t i = 0; i < ways.size(); ++i) {
    if (ways[i].asleep) continue;
    copies[i] = asleep.size();
    Way& way = asleep.emplace_back(ways[i]);
    way.asleep = true;
    way.strand = strand;
    for (size_t& greedy : way.yields) greedy = copies[greedy];
  }
  return asleep;
}

std::set<uint32_t> StrandsOf(const std::vector<Way>& ways) {
  std::set<uint32_t> strands;
  for (const Way& way : ways) strands.insert(way.strand);
  return strands;
}

}  // namespace

void Nots::Add(const Place& place) {
  (place.contiguity == Contiguity::kStrict ? strict : relaxed).push_back(place.index);
}

void Nots::Add(const Nots& others) {
  relaxed.insert(relaxed.end(), others.relaxed.begin(), others.relaxed.end());
  strict.insert(strict.end(), others.strict.begin(), others.strict.end());
}

Sequence::Sequence(const Place& pattern) : pattern_(pattern) {
  CountMembers(pattern);
  NumberStrands(pattern, 0);
}

void Sequence::CountMembers(const Place& place) {
  if (place.kind == Place::Kind::kAllOf) members_ += static_cast<uint32_t>(place.places.size());
  for (const Place& part : place.places) CountMembers(part);
}

void Sequence::NumberStrands(const Place& place, uint32_t strand) {
  strand_[&place] = strand;
  for (const Place& part : place.places) {
    if (place.kind != Place::Kind::kAllOf) {
      NumberStrands(part, strand);
      continue;
    }
    const auto member = static_cast<uint32_t>(entry_strand_.size());
    entry_strand_[&part] = 1 + members_ + member;
    all_ofs_.push_back(&place);
    NumberStrands(part, 1 + member);
  }
}

bool Sequence::Nullable(const Place& place) { return place.optional || BodyNullable(place); }

bool Sequence::BodyNullable(const Place& place) {
  const auto nullable = [](const Place& part) { return part.IsNot() || Nullable(part); };
  switch (place.kind) {
    case Place::Kind::kStep:
    case Place::Kind::kNot:
      return false;
    case Place::Kind::kGroup:
    case Place::Kind::kAllOf:
      return std::all_of(place.places.begin(), place.places.end(), nullable);
    case Place::Kind::kAnyOf:
      return std::any_of(place.places.begin(), place.places.end(), nullable);
  }
  return false;
}

Next Sequence::Begin() const {
  Next next;
  EnterFrom(pattern_, 0, next);
  for (Way& way : next.ways) {
    way.nots = {};  // there is no event before
    way.keeps.clear();
    way.wakes.clear();
  }
  return next;
}

// --- The first event of a place ---

std::vector<Way> Sequence::Enter(const Place& place) const {
  std::vector<Way> ways = EnterBody(place);
  for (Way& way : ways) {
    if (way.asleep) continue;
    // The members of an all_of have their own.
    if (way.leads && place.kind != Place::Kind::kAllOf) way.contiguity = place.contiguity;
    way.within = Earlier(way.within, place.within);
    way.greedy = way.greedy || place.repeat.greedy;
    if (place.repeat.until) way.not_untils.push_back(*place.repeat.until);
  }
  return ways;
}

// Of the first time or of another: without what stands between it and what is before.
std::vector<Way> Sequence::EnterBody(const Place& place) const {
  switch (place.kind) {
    case Place::Kind::kNot:
      return {};
    case Place::Kind::kStep:
      return {{.step = place.index, .to = {.times = 1}, .strand = strand_.at(&place)}};
    case Place::Kind::kGroup: {
      Next next;
      EnterFrom(place, 0, next);
      return std::move(next.ways);
    }
    case Place::Kind::kAnyOf: {
      std::vector<Way> ways;
      for (uint32_t i = 0; i < place.places.size(); ++i) {
        const Progress whole{.times = 1, .current = i, .parts = {{}}};
        Append(ways, Within(Enter(place.places[i]), whole, 0));
      }
      return ways;
    }
    case Place::Kind::kAllOf:
      return EnterAllOf(place);
  }
  return {};
}

// Each member may enter it. The others then wait, from the event before the all_of on.
std::vector<Way> Sequence::EnterAllOf(const Place& all_of) const {
  std::vector<Way> ways;
  const Progress whole{.times = 1, .parts = std::vector<Progress>(all_of.places.size())};
  for (size_t i = 0; i < all_of.places.size(); ++i) {
    const uint32_t waits = entry_strand_.at(&all_of.places[i]);
    std::vector<Way> first = Within(EnterMember(all_of, i), whole, i);
    std::vector<Way> asleep = Asleep(first, waits + members_);
    for (Way& way : first) {
      if (!way.asleep) way.strand = strand_.at(&all_of);
    }
    for (size_t other = 0; other < all_of.places.size(); ++other) {
      if (other == i) continue;
      std::set<uint32_t> strands = StrandsOf(EnterMember(all_of, other));
      const uint32_t woken = entry_strand_.at(&all_of.places[other]);
      strands.erase(woken);
      Keep(first, strands);
      for (Way& way : first) way.wakes.insert(woken + members_);
    }
    Append(ways, std::move(first));
    Append(ways, std::move(asleep));
  }
  return ways;
}

// As it waits: nothing of it has been taken.
std::vector<Way> Sequence::EnterMember(const Place& all_of, size_t member) const {
  const Place& place = all_of.places[member];
  std::vector<Way> ways = Enter(place);
  for (Way& way : ways) {
    if (way.strand == strand_.at(&place)) way.strand = entry_strand_.at(&place);
  }
  return ways;
}

// Adds to `next`, which is what may come before them, the first events of the group's places from
// `first` on, and says whether the group may be left without any.
void Sequence::EnterFrom(const Place& group, size_t first, Next& next) const {
  bool leads = first == 0;
  next.may_leave = true;
  for (size_t i = first; i < group.places.size() && next.may_leave; ++i) {
    const Place& place = group.places[i];
    if (place.IsNot()) {
      next.leave_nots.Add(place);
      continue;
    }
    const Progress whole{.times = 1, .current = static_cast<uint32_t>(i), .parts = {{}}};
    std::vector<Way> ways = Within(Enter(place), whole, 0);
    for (Way& way : ways) {
      if (way.asleep) continue;
      way.leads = way.leads && leads;
      way.nots.Add(next.leave_nots);
    }
    const size_t shift = Append(next.ways, std::move(ways));
    Yield(next, shift);
    AddGreedy(next, shift);
    leads = false;
    next.may_leave = Nullable(place);
  }
}

// --- What follows an event within a place ---

Next Sequence::Continue(const Place& place, const Progress& progress) const {
  Next next = ContinueBody(place, progress);
  if (next.may_leave) AddLoop(place, progress, next);
  if (place.repeat.until) {
    for (Way& way : next.ways) way.ends_at.push_back(*place.repeat.until);
  }
  return next;
}

// In the time that is under way.
Next Sequence::ContinueBody(const Place& place, const Progress& progress) const {
  switch (place.kind) {
    case Place::Kind::kNot:
    case Place::Kind::kStep:
      return {.may_leave = true};
    case Place::Kind::kAllOf:
      return ContinueMembers(place, progress);
    case Place::Kind::kGroup:
    case Place::Kind::kAnyOf:
      break;
  }
  Next next = Continue(place.places[progress.current], progress.parts.front());
  next.ways = Within(std::move(next.ways), progress, 0);
  if (place.kind == Place::Kind::kAnyOf || !next.may_leave) return next;
  const size_t behind = next.ways.size();
  EnterFrom(place, progress.current + 1, next);
  for (size_t way = behind; way < next.ways.size(); ++way) {
    next.ways[way].to.times = progress.times;
    next.ways[way].asleep_since = strand_.at(&place);
  }
  return next;
}

Next Sequence::ContinueMembers(const Place& all_of, const Progress& progress) const {
  std::vector<Next> members;
  std::vector<std::set<uint32_t>> strands;
  for (size_t i = 0; i < all_of.places.size(); ++i) {
    const Place& place = all_of.places[i];
    if (progress.parts[i].times != 0) {
      members.push_back(Continue(place, progress.parts[i]));
    } else {
      Next next{.ways = EnterMember(all_of, i), .may_leave = Nullable(place)};
      for (Way& way : next.ways) way.asleep_since = strand_.at(&place);
      AddGreedy(next, 0);
      members.push_back(std::move(next));
    }
    strands.push_back(StrandsOf(members.back().ways));
  }
  Next next{.may_leave = true};
  for (size_t i = 0; i < members.size(); ++i) {
    std::vector<Way> ways = Within(std::move(members[i].ways), progress, i);
    for (size_t other = 0; other < members.size(); ++other) {
      if (other != i) Keep(ways, strands[other]);
    }
    const size_t shift = Append(next.ways, std::move(ways));
    Append(next.leave_yields, members[i].leave_yields, shift);
    next.leave_nots.Add(members[i].leave_nots);
    next.may_leave = next.may_leave && members[i].may_leave;
  }
  return next;
}

// REQUIRES: the time that is under way is done (`next` says what may come behind it). Afterwards
// `next` is of the place with its repeat.
void Sequence::AddLoop(const Place& place, const Progress& progress, Next& next) const {
  const Repeat& repeat = place.repeat;
  const size_t loop = next.ways.size();
  if (repeat.max == kUnbounded || progress.times < repeat.max) {
    std::vector<Way> again = EnterBody(place);
    for (Way& way : again) {
      way.asleep_since = strand_.at(&place);
      if (way.asleep) continue;
      if (way.leads) way.contiguity = repeat.inside;
      way.leads = false;
      way.within = Earlier(way.within, repeat.within);
      way.nots.Add(next.leave_nots);
      way.to.times = std::min(progress.times + 1, MostTimes(place));
      if (repeat.greedy && repeat.max == kUnbounded && !repeat.until && !way.within &&
          way.contiguity != Contiguity::kStrict) {
        way.endless = &place;
      }
    }
    Append(next.ways, std::move(again));
    Yield(next, loop);
  }
  next.may_leave = progress.times >= LeastTimes(place);
  if (!repeat.greedy) return;
  // Whatever it could still take, in this time or another.
  next.leave_yields.clear();
  for (size_t way = 0; way < next.ways.size(); ++way) {
    if (!next.ways[way].asleep) next.leave_yields.push_back(way);
  }
}

Progress Sequence::Clamped(const Place& place, Progress progress) const {
  progress.times = std::min(progress.times, LeastTimes(place));
  if (progress.times == 0) return progress;
  for (size_t i = 0; i < progress.parts.size(); ++i) {
    const size_t part = place.kind == Place::Kind::kAllOf ? i : progress.current;
    progress.parts[i] = Clamped(place.places[part], std::move(progress.parts[i]));
  }
  return progress;
}

}  // namespace telltale::rules
