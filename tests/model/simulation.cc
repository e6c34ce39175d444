// SimulateMatches: the events one by one against an explicit set of partial matches.
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "tests/model/reference_matcher.h"
#include "tests/model/shape.h"

namespace telltale::model {
namespace {

using rules::MatchMode;
using rules::SkipKind;

bool IsOpen(const Way& way) { return !way.over; }
bool AnyOpen(const std::vector<Way>& ways) { return std::any_of(ways.begin(), ways.end(), IsOpen); }

// A chain that still waits for something.
struct Partial {
  Chain chain;
  std::vector<Way> ways;
  bool taken = false;  // one of the ways has taken an event
  // Its steps are done, but greedy ways are open: a match if they end untaken (P8).
  bool candidate = false;
  std::vector<Way> greedy = {};
  size_t first() const { return chain.first(); }
  bool Completes() const { return candidate && !AnyOpen(greedy); }
};

// A complete chain that waits for the deadline of a trailing `not`. It is no partial match (P6).
struct Pending {
  Chain chain;
  size_t first() const { return chain.first(); }
};

// A match that has not gone out: an older partial match is alive (P7).
struct Finished {
  Chain chain;
  Match match;
  size_t first() const { return chain.first(); }
};

// P10: what stands for all partial matches of one state whose last event is the same. What they do
// they do by themselves; the node counts.
struct Node {
  size_t event = 0;
  Position state;
  int64_t latest_first = 0;  // of those that came to it: when the latest began
  int64_t end = 0;           // when the last of them can take nothing more
};

using Events = std::vector<std::pair<uint32_t, size_t>>;

// P10: by the event that made them, then by their events from the first on, then by their steps.
bool MadeBefore(const Partial& a, const Partial& b) {
  const auto key = [](const Chain& chain) {
    return std::tuple(chain.last(), EventsOf(chain), chain.events);
  };
  return key(a.chain) < key(b.chain);
}

bool HasPlace(const rules::Place& place, const std::function<bool(const rules::Place&)>& is) {
  return is(place) || std::any_of(place.places.begin(), place.places.end(),
                                  [&](const rules::Place& inner) { return HasPlace(inner, is); });
}

// P10: nothing tells partial matches of one state and event apart.
bool SharesNodes(const rules::Rule& rule) {
  const auto any = [](const rules::Place& place) {
    return place.contiguity == rules::Contiguity::kAny ||
           place.repeat.inside == rules::Contiguity::kAny;
  };
  const auto tells_apart = [](const rules::Place& place) {
    return place.kind == rules::Place::Kind::kAllOf || place.repeat.greedy ||
           (place.IsNot() && place.contiguity == rules::Contiguity::kStrict);
  };
  const auto looks_back = [](const auto& of) {
    return of.selector.where && !of.selector.where->steps.empty();
  };
  return rules::KeepsAll(rule.match) && rule.after_match.kind == SkipKind::kNoSkip &&
         !rule.timeout_from && TrailingNots(rule.pattern).empty() &&
         (rule.match == MatchMode::kCount || HasPlace(rule.pattern, any)) &&
         !HasPlace(rule.pattern, tells_apart) &&
         std::none_of(rule.steps.begin(), rule.steps.end(), looks_back) &&
         std::none_of(rule.absences.begin(), rule.absences.end(), looks_back) &&
         std::none_of(rule.untils.begin(), rule.untils.end(), looks_back);
}

class Simulation {
 public:
  Simulation(const rules::Rule& rule, const History& history)
      : shape_(rule, history), rule_(rule), history_(history), shares_(SharesNodes(rule)) {}

  std::vector<Match> Run(int64_t watermark) {
    for (size_t event = 0; event < history_.size() && history_.time(event) < watermark; ++event) {
      PassTime(history_.time(event));
      Apply(event);
    }
    PassTime(watermark);
    return std::move(emitted_);
  }
  const std::vector<size_t>& limited() const { return limited_; }

 private:
  // What happens between events, in the order of time: windows and deadlines that are over (closed,
  // so after the events of their time).
  void PassTime(int64_t now) {
    while (true) {
      int64_t next = now;
      for (const Pending& pending : pending_) next = std::min(next, shape_.Deadline(pending.chain));
      for (const Partial& partial : partials_) {
        for (const Way& way : partial.ways) {
          if (IsOpen(way)) next = std::min(next, shape_.Latest(partial.chain, way));
        }
      }
      if (!nodes_.empty()) next = std::min(next, nodes_end_);
      if (next >= now) return;
      EndAt(next);
    }
  }

  void EndAt(int64_t time) {
    if (nodes_end_ <= time) nodes_.clear();
    std::vector<Chain> complete;
    std::vector<Chain> unfinished;
    for (Partial& partial : partials_) {
      for (std::vector<Way>* ways : {&partial.ways, &partial.greedy}) {
        for (Way& way : *ways) {
          if (IsOpen(way) && shape_.Latest(partial.chain, way) <= time)
            way.over = Moment{.time = time};
        }
      }
      if (partial.Completes()) {
        complete.push_back(partial.chain);
        partial.candidate = false;
      } else if (!AnyOpen(partial.ways) && !partial.taken && shape_.ReachesTimeout(partial.chain)) {
        unfinished.push_back(partial.chain);
      }
    }
    for (const Chain& chain : complete) completed_firsts_.insert(chain.first());
    MergeSameEvents(complete);
    Complete(complete, time);
    std::erase_if(pending_, [&](const Pending& pending) {
      if (shape_.Deadline(pending.chain) > time) return false;
      finished_.push_back({pending.chain, shape_.ToMatch(pending.chain)});
      return true;
    });
    DropDone();
    Release(Timeouts(std::move(unfinished), time));
  }

  void Apply(size_t event) {
    // The rule's `until` comes before the steps (P5).
    ForgetNodes(history_.time(event));
    if (shape_.Drops(event)) {
      partials_.clear();
      nodes_.clear();
      nodes_end_ = std::numeric_limits<int64_t>::min();
    }
    std::erase_if(pending_, [&](const Pending& pending) {
      return shape_.Breaks(pending.chain, event, event + 1);
    });
    applied_ = event + 1;
    // All partial matches as they were before the event, in P6's order: it advances none twice.
    std::stable_sort(partials_.begin(), partials_.end(), [](const Partial& a, const Partial& b) {
      const auto key = [](const Chain& chain) {
        return std::tuple(chain.step(), chain.events.size());
      };
      return key(a.chain) > key(b.chain);  // then those that came first
    });
    std::vector<Chain> grown;
    std::vector<Chain> complete;
    for (Partial& partial : partials_) Advance(event, partial, grown, complete);
    std::vector<Chain> starts = shape_.Starts(event);
    LaterStepsFirst(starts);
    grown.insert(grown.end(), starts.begin(), starts.end());
    DropDone();
    std::vector<Node> nodes;
    for (const Chain& chain : grown) {
      Onward next = shape_.Next(chain);
      if (next.may_end && !AnyOpen(next.yields)) complete.push_back(chain);
      if (AnyOpen(next.ways)) {
        AddTo(nodes, chain, next.ways);
        const bool candidate = next.may_end && AnyOpen(next.yields);
        Place({.chain = chain,
               .ways = std::move(next.ways),
               .candidate = candidate,
               .greedy = std::move(next.yields)});
      }
    }
    for (const Chain& chain : complete) completed_firsts_.insert(chain.first());
    MergeSameEvents(complete);
    if (shares_) {
      LimitNodes(std::move(nodes));
    } else {
      LimitPartials(complete);
    }
    if (rule_.match != MatchMode::kCount) CutMatches(complete);
    Complete(complete, history_.time(event) - 1);
    Release({});
  }

  // What the event makes of a partial match: chains that it lengthens, and those that are complete
  // because the event ended all that could have lengthened them.
  void Advance(size_t event, Partial& partial, std::vector<Chain>& grown,
               std::vector<Chain>& complete) {
    std::vector<Chain> longer;
    for (Way& way : partial.ways) {
      if (!shape_.Meets(partial.chain, way, event)) continue;
      longer.push_back(shape_.Extended(partial.chain, way, event));
      partial.taken = true;
    }
    for (Way& way : partial.greedy) {
      if (shape_.Meets(partial.chain, way, event)) partial.candidate = false;
    }
    LaterStepsFirst(longer);
    grown.insert(grown.end(), longer.begin(), longer.end());
    if (!partial.Completes()) return;
    complete.push_back(partial.chain);
    partial.candidate = false;
  }

  static void LaterStepsFirst(std::vector<Chain>& chains) {
    std::stable_sort(chains.begin(), chains.end(),
                     [](const Chain& a, const Chain& b) { return a.step() > b.step(); });
  }

  // What has no way left is no partial match.
  void DropDone() {
    std::erase_if(partials_, [](const Partial& partial) { return !AnyOpen(partial.ways); });
  }

  void Place(Partial partial) {
    const auto same = [&](const Partial& other) { return AreOne(other, partial); };
    if (std::any_of(partials_.begin(), partials_.end(), same)) return;
    if (!rules::KeepsAll(rule_.match)) {
      const Position state = StateOf(rule_.pattern, partial.chain.position);
      const auto there =
          std::find_if(partials_.begin(), partials_.end(), [&](const Partial& other) {
            return StateOf(rule_.pattern, other.chain.position) == state;
          });
      if (there != partials_.end()) {
        const bool stays = rule_.match == MatchMode::kFirst ? there->first() <= partial.first()
                                                            : there->first() > partial.first();
        if (stays) return;
        partials_.erase(there);
      }
    }
    partials_.push_back(std::move(partial));
  }

  // P6: the same events, steps and state, and what waits in an all_of does so from the same time on
  // and is as open.
  bool AreOne(const Partial& a, const Partial& b) const {
    if (a.chain.events != b.chain.events || !(Bare(a.chain.position) == Bare(b.chain.position)))
      return false;
    return std::equal(a.ways.begin(), a.ways.end(), b.ways.begin(), b.ways.end(),
                      [](const Way& x, const Way& y) { return IsOpen(x) == IsOpen(y); });
  }

  // With times for events.
  Position Bare(Position position) const {
    const bool waits = std::any_of(position.inner.begin(), position.inner.end(),
                                   [](const Position& inner) { return inner.times == 0; });
    position.last = kNoEvent;
    position.before = waits ? static_cast<size_t>(history_.time(position.before)) : kNoEvent;
    for (Position& inner : position.inner) inner = Bare(std::move(inner));
    return position;
  }

  // P10: caps what one event completes.
  void CutMatches(std::vector<Chain>& complete) {
    Cut(complete, rule_.limits.matches_per_event, [&](const Chain& a, const Chain& b) {
      return Before(shape_.ToMatch(a), shape_.ToMatch(b));
    });
  }

  // P6: those over the same events are one match, the one whose earlier steps take first.
  void MergeSameEvents(std::vector<Chain>& complete) {
    std::sort(complete.begin(), complete.end(), TakesBefore);
    std::erase_if(complete,
                  [&](const Chain& chain) { return !completed_.insert(EventsOf(chain)).second; });
  }

  // `passed`: the time that is over. A chain that greedy ways have kept waiting may have met what a
  // trailing `not` speaks of, or its deadline.
  void Complete(const std::vector<Chain>& complete, int64_t passed) {
    for (const Chain& chain : complete) {
      if (!shape_.HasTrailing()) {
        finished_.push_back({chain, shape_.ToMatch(chain)});
      } else if (!shape_.Breaks(chain, chain.last() + 1, applied_)) {
        if (shape_.Deadline(chain) <= passed) {
          finished_.push_back({chain, shape_.ToMatch(chain)});
        } else {
          pending_.push_back({chain});
        }
      }
    }
  }

  // P9: what ended for want of time, but for matches that began with an event that has completed
  // one.
  std::vector<Match> Timeouts(std::vector<Chain> unfinished, int64_t time) const {
    std::erase_if(unfinished,
                  [&](const Chain& chain) { return completed_firsts_.contains(chain.first()); });
    std::sort(unfinished.begin(), unfinished.end(), TakesBefore);
    const auto same = [](const Chain& a, const Chain& b) { return EventsOf(a) == EventsOf(b); };
    unfinished.erase(std::unique(unfinished.begin(), unfinished.end(), same), unfinished.end());
    std::vector<Match> timeouts;
    for (const Chain& chain : unfinished) timeouts.push_back(ToTimeout(chain, time));
    return timeouts;
  }

  // P7: the finished matches that go out now, in order of their first events, then T7; without
  // skipping all of them, in T7's order. Timeouts go out before them, skip nothing and do not wait.
  void Release(std::vector<Match> timeouts) {
    std::vector<Match> now;
    const bool skips = rule_.after_match.kind != SkipKind::kNoSkip;
    while (!finished_.empty()) {
      const auto next = std::min_element(
          finished_.begin(), finished_.end(), [](const Finished& a, const Finished& b) {
            return a.first() != b.first() ? a.first() < b.first() : Before(a.match, b.match);
          });
      if (MustWait(next->match)) break;
      const Match match = next->match;
      finished_.erase(next);
      now.push_back(match);
      if (!skips) continue;
      std::erase_if(partials_,
                    [&](const Partial& partial) { return Skips(match, partial.first()); });
      std::erase_if(pending_,
                    [&](const Pending& pending) { return Skips(match, pending.first()); });
      std::erase_if(finished_, [&](const Finished& other) { return Skips(match, other.first()); });
    }
    if (!skips)
      std::sort(now.begin(), now.end(),
                [](const Match& a, const Match& b) { return Before(a, b); });
    std::sort(timeouts.begin(), timeouts.end(),
              [](const Match& a, const Match& b) { return Before(a, b); });
    now.insert(now.begin(), timeouts.begin(), timeouts.end());
    if (rule_.match == MatchMode::kCount) now = Counted(now);
    for (Match& match : now) {
      match.truncated = truncated_;
      emitted_.push_back(std::move(match));
    }
    if (partials_.empty() && pending_.empty() && finished_.empty() && nodes_.empty())
      truncated_ = false;
  }

  static size_t First(const Match& match) { return match.events.front().second; }

  bool MustWait(const Match& match) const {
    if (rule_.after_match.kind == SkipKind::kNoSkip || !rule_.within) return false;
    const auto older = [&](const auto& other) { return other.first() < First(match); };
    return std::any_of(partials_.begin(), partials_.end(), older) ||
           std::any_of(pending_.begin(), pending_.end(), older);
  }

  // Does the match, going out, drop what began with this event?
  bool Skips(const Match& match, size_t first) const {
    if (first < First(match)) return false;  // older ones are not its to drop
    switch (rule_.after_match.kind) {
      case SkipKind::kNoSkip:
        return false;
      case SkipKind::kSkipToNext:
        return first == First(match);
      case SkipKind::kSkipPastLast:
        return first <= match.events.back().second;
      case SkipKind::kSkipToFirst:
      case SkipKind::kSkipToLast: {
        const std::vector<size_t> taken = TakenBy(rule_.after_match.step, match);
        if (taken.empty()) return false;
        return first <
               (rule_.after_match.kind == SkipKind::kSkipToFirst ? taken.front() : taken.back());
      }
    }
    return false;
  }

  static std::vector<size_t> TakenBy(uint32_t step, const Match& match) {
    std::vector<size_t> taken;
    for (const auto& [by, event] : match.events) {
      if (by == step) taken.push_back(event);
    }
    return taken;
  }

  void NoteLimit() {
    truncated_ = true;
    const size_t event = applied_ - 1;
    if (limited_.empty() || limited_.back() != event) limited_.push_back(event);
  }

  // P10: of too many, those stay that are last in order (evict_oldest), or first (reject_new). They
  // stay in the order in which they came (P6).
  template <typename T, typename Less>
  void Cut(std::vector<T>& all, size_t cap, Less less) {
    if (all.size() <= cap) return;
    NoteLimit();
    std::vector<size_t> order(all.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return less(all[a], all[b]); });
    const auto over = static_cast<std::ptrdiff_t>(all.size() - cap);
    const bool reject = rule_.limits.on_limit == rules::OnLimit::kRejectNew;
    const std::set<size_t> dropped(reject ? order.end() - over : order.begin(),
                                   reject ? order.end() : order.begin() + over);
    std::vector<T> kept;
    for (size_t i = 0; i < all.size(); ++i) {
      if (!dropped.contains(i)) kept.push_back(std::move(all[i]));
    }
    all = std::move(kept);
  }

  // P10: caps on the partial matches and on what they hold. What is complete may be held a moment
  // longer.
  void LimitPartials(const std::vector<Chain>& complete) {
    Cut(partials_, rule_.limits.partial_matches, MadeBefore);
    while (!partials_.empty() && Links(complete) > rule_.limits.events)
      Cut(partials_, partials_.size() - 1, MadeBefore);
  }

  // --- Nodes (P10) ---

  void AddTo(std::vector<Node>& nodes, const Chain& chain, const std::vector<Way>& ways) const {
    const Position state = Bare(chain.position);
    auto node = std::find_if(nodes.begin(), nodes.end(),
                             [&](const Node& other) { return other.state == state; });
    if (node == nodes.end())
      node = nodes.insert(nodes.end(), {.event = chain.last(), .state = state});
    node->latest_first = std::max(node->latest_first, history_.time(chain.first()));
    for (const Way& way : ways) node->end = std::max(node->end, shape_.Latest(chain, way));
  }

  // From the oldest event on they go when the rule's window is over for all that came to them.
  void ForgetNodes(int64_t now) {
    while (rule_.within && !nodes_.empty()) {
      const auto end = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) {
        return node.event != nodes_.front().event;
      });
      if (std::any_of(nodes_.begin(), end,
                      [&](const Node& node) { return now - node.latest_first <= *rule_.within; }))
        break;
      nodes_.erase(nodes_.begin(), end);
    }
    if (nodes_.empty()) nodes_end_ = std::numeric_limits<int64_t>::min();
    if (shares_ && nodes_.empty()) truncated_ = false;
  }

  // With the oldest or the newest event all its nodes go, and all partial matches that hold it.
  void LimitNodes(std::vector<Node> made) {
    nodes_.insert(nodes_.end(), made.begin(), made.end());
    const size_t cap = std::min(rule_.limits.partial_matches, rule_.limits.events);
    while (nodes_.size() > cap) {
      NoteLimit();
      const bool newest = rule_.limits.on_limit == rules::OnLimit::kRejectNew;
      const size_t event = newest ? nodes_.back().event : nodes_.front().event;
      std::erase_if(nodes_, [event](const Node& node) { return node.event == event; });
      std::erase_if(partials_, [event](const Partial& partial) {
        const std::vector<size_t> held = EventsOf(partial.chain);
        return std::find(held.begin(), held.end(), event) != held.end();
      });
    }
    for (const Node& node : nodes_) nodes_end_ = std::max(nodes_end_, node.end);
  }

  // What is held is counted in links: one for each event of a chain, which chains share as long as
  // they came the same way.
  size_t Links(const std::vector<Chain>& complete) const {
    std::map<Events, std::set<std::vector<Position>>> links;
    size_t count = 0;
    const auto add = [&](const Chain& chain) {
      for (size_t size = 1; size <= chain.events.size(); ++size) {
        const auto end = static_cast<std::ptrdiff_t>(size);
        count += links[Events(chain.events.begin(), chain.events.begin() + end)]
                     .emplace(chain.path.begin(), chain.path.begin() + end)
                     .second;
      }
    };
    for (const Partial& partial : partials_) add(partial.chain);
    for (const Pending& pending : pending_) add(pending.chain);
    for (const Finished& finished : finished_) add(finished.chain);
    for (const Chain& chain : complete) add(chain);
    return count;
  }

  const Shape shape_;
  const rules::Rule& rule_;
  const History& history_;
  std::vector<Partial> partials_;
  std::vector<Pending> pending_;
  std::vector<Finished> finished_;
  std::vector<Match> emitted_;
  size_t applied_ = 0;                       // events
  std::set<std::vector<size_t>> completed_;  // by their events (P6)
  std::set<size_t> completed_firsts_;        // of what was complete once (P9)
  std::vector<size_t> limited_;              // the events on which a cap has acted
  const bool shares_;
  std::vector<Node> nodes_;                                  // in order of their events
  int64_t nodes_end_ = std::numeric_limits<int64_t>::min();  // all go then
  bool truncated_ = false;  // a cap has acted since something is held
};

}  // namespace

std::vector<Match> SimulateMatches(const rules::Rule& rule, const History& history,
                                   int64_t watermark, std::vector<size_t>* limited) {
  Simulation simulation(rule, history);
  std::vector<Match> matches = simulation.Run(watermark);
  if (limited != nullptr) *limited = simulation.limited();
  return matches;
}

}  // namespace telltale::model
