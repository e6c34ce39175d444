#include "tests/model/ways.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace telltale::model {
namespace {

using rules::Place;
using Kind = rules::Place::Kind;

template <typename T>
void Append(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

// What may be left at its end asks this of what comes after: of a Way, or of a whole Onward.
template <typename After>
void PassOn(const Onward& left, After& after) {
  Append(after.yields, left.yields);
  Append(after.nots, left.nots);
  Append(after.strict_nots, left.strict_nots);
}

// Whether one time of the place could take nothing: all of its places may be skipped.
bool TakesNothing(const Place& place) {
  const auto skippable = [](const Place& inner) {
    return inner.IsNot() || inner.optional || TakesNothing(inner);
  };
  switch (place.kind) {
    case Kind::kStep:
    case Kind::kNot:
      return false;
    case Kind::kAnyOf:
      return std::any_of(place.places.begin(), place.places.end(), skippable);
    case Kind::kGroup:
    case Kind::kAllOf:
      return std::all_of(place.places.begin(), place.places.end(), skippable);
  }
  return false;
}

// P1: fewer times than `min` will do where a time may take nothing.
uint32_t FewestTimes(const Place& place) {
  return TakesNothing(place) ? 1 : std::max(place.repeat.min, 1u);
}

// One more time. Where nothing bounds a repeat, times beyond the fewest are all the same.
uint32_t OneMore(const Place& place, uint32_t times) {
  const bool unbounded = place.repeat.max == rules::kUnbounded;
  return unbounded ? std::min(times + 1, FewestTimes(place)) : times + 1;
}

// How a position of a part is one of the whole: of the place at `at` of a group or any_of.
auto In(const Position& position, size_t at) {
  return [position, at](Position inner) {
    return Position{
        .times = position.times, .at = at, .inner = {std::move(inner)}, .first = position.first};
  };
}

// Adds what a part gives, but for whether it may end.
template <typename Whole>
void Join(Onward& onward, const Onward& in, const Whole& whole) {
  for (std::vector<Way> Onward::*part : {&Onward::ways, &Onward::yields}) {
    for (Way way : in.*part) {
      way.to = whole(std::move(way.to));
      way.to.last = kNextEvent;
      (onward.*part).push_back(std::move(way));
    }
  }
  Append(onward.nots, in.nots);
  Append(onward.strict_nots, in.strict_nots);
}

// The ways within one place. `from` is what holds for all of them before their own demands.
class Walk {
 public:
  // The place as a whole, from the event before it. `from.contiguity` is that of what it begins.
  static Onward Begin(const Place& place, Way from) {
    if (place.within) from.within = std::min(from.within, *place.within);
    if (place.repeat.until) from.not_untils.push_back(*place.repeat.until);
    const Onward begun = BeginTime(place, from, Position{.times = 1, .first = kNextEvent});
    Onward onward{.ways = begun.ways, .may_end = place.optional || begun.may_end};
    for (Way& way : onward.ways) {
      way.greedy = way.greedy || place.repeat.greedy;
      // P8: so, too, where an optional one has taken nothing yet.
      if (onward.may_end && way.greedy) onward.yields.push_back(way);
    }
    return onward;
  }

  // The place from what it has taken so far.
  static Onward Continue(const Place& place, const Position& position, Way from) {
    if (place.repeat.until) from.ends_at.push_back({*place.repeat.until, position.first});
    Onward onward = ContinueTime(place, position, from);
    if (!onward.may_end) return onward;  // first this time to its end
    const uint32_t max = place.repeat.max;
    if (max == rules::kUnbounded || position.times < max) {
      Way again = from;
      again.anchor = position.last;
      again.contiguity = place.repeat.inside;
      again.within = place.repeat.within.value_or(kForever);
      PassOn(onward, again);
      const Position one_more{.times = OneMore(place, position.times), .first = position.first};
      Append(onward.ways, BeginTime(place, again, one_more).ways);
    }
    onward.may_end = position.times >= FewestTimes(place);
    if (place.repeat.greedy) onward.yields = onward.ways;
    return onward;
  }

 private:
  // One time of the place from its begin. `position` is that of the place, without what is in it.
  static Onward BeginTime(const Place& place, const Way& from, const Position& position) {
    Onward onward;
    switch (place.kind) {
      case Kind::kStep: {
        Way way = from;
        way.step = place.index;
        way.contiguity = from.contiguity.value_or(place.contiguity);
        way.to = position;
        way.to.last = kNextEvent;
        onward.ways.push_back(std::move(way));
        return onward;
      }
      case Kind::kNot:
        return onward;
      case Kind::kGroup:
        return Along(place, 0, from, position);
      case Kind::kAnyOf:
        for (size_t i = 0; i < place.places.size(); ++i) {
          Way one = from;
          one.contiguity = from.contiguity.value_or(place.contiguity);
          const Onward in = Begin(place.places[i], one);
          Join(onward, in, In(position, i));
          onward.may_end = onward.may_end || in.may_end;
        }
        return onward;
      case Kind::kAllOf: {
        Position fresh = position;
        fresh.inner.resize(place.places.size());
        fresh.before = from.anchor == kNoEvent ? kNextEvent : from.anchor;
        return Members(place, fresh, from);
      }
    }
    return onward;
  }

  // What the time under way may still take.
  static Onward ContinueTime(const Place& place, const Position& position, const Way& from) {
    Onward onward;
    switch (place.kind) {
      case Kind::kStep:
      case Kind::kNot:
        onward.may_end = true;
        return onward;
      case Kind::kAnyOf: {
        const Onward in = Continue(place.places[position.at], position.inner[0], from);
        Join(onward, in, In(position, position.at));
        onward.may_end = in.may_end;
        return onward;
      }
      case Kind::kGroup: {
        const Onward in = Continue(place.places[position.at], position.inner[0], from);
        Join(onward, in, In(position, position.at));
        if (!in.may_end) return onward;
        Way next = from;
        next.anchor = position.last;
        PassOn(in, next);
        const Onward rest = Along(place, position.at + 1, next, position);
        Append(onward.ways, rest.ways);
        PassOn(rest, onward);
        onward.may_end = rest.may_end;
        return onward;
      }
      case Kind::kAllOf:
        return Members(place, position, from);
    }
    return onward;
  }

  // The places of a group from `begin` on: the next one that takes an event, over those that may be
  // skipped. Nothing of them has been taken.
  static Onward Along(const Place& group, size_t begin, Way from, const Position& position) {
    Onward onward;
    for (size_t i = begin; i < group.places.size(); ++i) {
      const Place& place = group.places[i];
      if (place.IsNot()) {
        const bool strict = place.contiguity == rules::Contiguity::kStrict;
        (strict ? from.strict_nots : from.nots).push_back(place.index);
        (strict ? onward.strict_nots : onward.nots).push_back(place.index);
        continue;
      }
      // P2: the group's contiguity (or that of its repeat) is meant for its first place.
      Way one = from;
      one.contiguity.reset();
      if (i == 0) one.contiguity = from.contiguity.value_or(group.contiguity);
      const Onward in = Begin(place, one);
      Join(onward, in, In(position, i));
      if (!in.may_end) return onward;
      PassOn(in, from);
    }
    onward.may_end = true;
    return onward;
  }

  // Of an all_of: what each member may take, from where it is itself.
  static Onward Members(const Place& all_of, const Position& position, const Way& from) {
    Onward onward;
    onward.may_end = true;
    const bool begun = position.last != kNoEvent;
    for (size_t i = 0; i < all_of.places.size(); ++i) {
      const Place& member = all_of.places[i];
      Way one = from;
      if (begun) one.anchor = position.before;  // where it has taken nothing
      const Onward in = position.inner[i].times == 0 ? Begin(member, one)
                                                     : Continue(member, position.inner[i], one);
      const auto in_member = [&position, i](Position inner) {
        Position to = position;
        to.inner[i] = std::move(inner);
        return to;
      };
      Join(onward, in, in_member);
      onward.may_end = onward.may_end && in.may_end;
    }
    return onward;
  }
};

}  // namespace

bool Position::operator==(const Position& other) const {
  return !(*this < other) && !(other < *this);
}

bool Position::operator<(const Position& other) const {
  const auto key = [](const Position& p) { return std::tuple(p.times, p.at, p.last, p.before); };
  if (key(*this) != key(other)) return key(*this) < key(other);
  return std::lexicographical_compare(inner.begin(), inner.end(), other.inner.begin(),
                                      other.inner.end());
}

Onward WaysFrom(const Place& sequence, const Position& position) {
  return position.times == 0 ? Walk::Begin(sequence, Way())
                             : Walk::Continue(sequence, position, Way());
}

Position Settled(Position position, size_t event) {
  if (position.first == kNextEvent) position.first = event;
  if (position.last == kNextEvent) position.last = event;
  if (position.before == kNextEvent) position.before = event;
  for (Position& inner : position.inner) inner = Settled(std::move(inner), event);
  return position;
}

Position StateOf(const Place& place, Position position) {
  position.last = position.before = kNoEvent;
  position.times = std::min(position.times, FewestTimes(place));
  for (size_t i = 0; i < position.inner.size(); ++i) {
    const size_t of = place.kind == Kind::kAllOf ? i : position.at;
    position.inner[i] = StateOf(place.places[of], std::move(position.inner[i]));
  }
  return position;
}

std::vector<uint32_t> LeadingNots(const Place& sequence) {
  std::vector<uint32_t> nots;
  for (auto place = sequence.places.begin(); place != sequence.places.end() && place->IsNot();
       ++place) {
    nots.push_back(place->index);
  }
  return nots;
}

std::vector<uint32_t> TrailingNots(const Place& sequence) {
  std::vector<uint32_t> nots;
  for (auto place = sequence.places.rbegin(); place != sequence.places.rend() && place->IsNot();
       ++place) {
    nots.push_back(place->index);
  }
  return nots;
}

}  // namespace telltale::model
