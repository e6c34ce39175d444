// SimulateMatches: the events one by one against an explicit set of partial matches.
#include <algorithm>
#include <set>
#include <tuple>

#include "tests/model/reference_matcher.h"
#include "tests/model/shape.h"

namespace telltale::model {
namespace {

using rules::MatchMode;
using rules::SkipKind;

// A chain that still waits for something: for the first event that fits one of the steps in `open`.
struct Partial {
  Chain chain;
  std::set<uint32_t> open;
  size_t first() const { return chain.first(); }
};

// A complete chain that waits for the deadline of a trailing `not`. It is no partial match (P6).
using Pending = Chain;

// T7 among partial matches: by the event that made them, then by their events from the first on,
// then by their steps.
bool MadeBefore(const Partial& a, const Partial& b) {
  const auto key = [](const Chain& chain) {
    return std::tuple(chain.last(), EventsOf(chain), chain.events);
  };
  return key(a.chain) < key(b.chain);
}

class Simulation {
 public:
  Simulation(const rules::Rule& rule, const History& history)
      : shape_(rule, history), rule_(rule), history_(history) {}

  std::vector<Match> Run(int64_t watermark) {
    for (size_t event = 0; event < history_.size() && history_.time(event) < watermark; ++event) {
      PassTime(history_.time(event));
      Apply(event);
    }
    PassTime(watermark);
    return std::move(emitted_);
  }

 private:
  // What happens between events, in the order of time: deadlines that are over (closed, so after
  // the events of their time), then the end of partial matches that can take nothing any more.
  void PassTime(int64_t now) {
    while (true) {
      int64_t next = now;
      for (const Pending& pending : pending_) next = std::min(next, shape_.Deadline(pending));
      for (const Partial& partial : partials_) next = std::min(next, Expiry(partial));
      if (next >= now) return;
      std::vector<Match> reached;
      std::erase_if(pending_, [&](const Pending& pending) {
        if (shape_.Deadline(pending) != next) return false;
        reached.push_back(shape_.ToMatch(pending));
        return true;
      });
      Finish(reached);
      std::erase_if(partials_, [&](const Partial& partial) { return Expiry(partial) == next; });
      Release();
    }
  }

  int64_t Expiry(const Partial& partial) const {
    int64_t latest = std::numeric_limits<int64_t>::min();
    for (const uint32_t step : partial.open)
      latest = std::max(latest, shape_.LatestFor(partial.chain, step));
    return latest;
  }

  void Apply(size_t event) {
    // All partial matches as they were before the event, later steps first: an event advances none
    // twice (P6).
    std::stable_sort(partials_.begin(), partials_.end(), [&](const Partial& a, const Partial& b) {
      return StateOf(a.chain) > StateOf(b.chain);
    });
    std::erase_if(pending_, [&](const Pending& pending) { return shape_.Breaks(event, pending); });
    std::vector<Chain> grown;
    for (Partial& partial : partials_) Advance(event, partial, grown);
    if (!shape_.StartBarred(event)) {
      const Taken nothing(rule_.steps.size());
      const std::vector<uint32_t> starts = shape_.Starts();
      for (auto step = starts.rbegin(); step != starts.rend(); ++step) {
        if (history_.Fits(rule_.steps[*step].selector, event, nothing))
          grown.push_back(shape_.Start(*step, event));
      }
    }
    std::erase_if(partials_, [](const Partial& partial) { return partial.open.empty(); });
    for (Chain& chain : grown) {
      const std::vector<uint32_t> next = shape_.Next(chain);
      if (!next.empty()) Place({chain, std::set<uint32_t>(next.begin(), next.end())});
    }
    LimitPartials(grown);
    Complete(std::move(grown));
    Release();
  }

  // Each step that the partial match waits for takes the event if it fits, and waits no longer (P2:
  // the first that fits). What is not taken may be what a `not` forbids: the way over it is closed
  // (P4).
  void Advance(size_t event, Partial& partial, std::vector<Chain>& grown) {
    const std::set<uint32_t> waiting = partial.open;
    for (auto step = waiting.rbegin(); step != waiting.rend(); ++step) {
      if (history_.time(event) > shape_.LatestFor(partial.chain, *step)) {
        partial.open.erase(*step);
      } else if (history_.Fits(rule_.steps[*step].selector, event, partial.chain.taken)) {
        grown.push_back(shape_.Extended(partial.chain, *step, event));
        partial.open.erase(*step);
      } else if (*step != partial.chain.step() && shape_.Bars(event, partial.chain, *step)) {
        partial.open.erase(*step);
      }
    }
  }

  // P6: a step and how many events it has taken, from `min` on one state.
  std::pair<uint32_t, uint32_t> StateOf(const Chain& chain) const {
    return {chain.step(), std::min(chain.count(), rule_.steps[chain.step()].min)};
  }

  void Place(Partial partial) {
    if (rule_.match != MatchMode::kAll) {
      const auto there = std::find_if(
          partials_.begin(), partials_.end(),
          [&](const Partial& other) { return StateOf(other.chain) == StateOf(partial.chain); });
      if (there != partials_.end()) {
        const bool stays = rule_.match == MatchMode::kFirst ? there->first() <= partial.first()
                                                            : there->first() > partial.first();
        if (!stays) *there = std::move(partial);
        return;
      }
    }
    partials_.push_back(std::move(partial));
  }

  void Complete(std::vector<Chain> grown) {
    std::erase_if(grown, [&](const Chain& chain) { return !shape_.Complete(chain); });
    MergeSameEvents(grown);
    Cut(grown, rule_.limits.matches_per_event,
        [](const Chain& a, const Chain& b) { return EventsOf(a) < EventsOf(b); });
    std::vector<Match> matches;
    for (const Chain& chain : grown) {
      if (shape_.HasTrailing()) {
        pending_.push_back(chain);
      } else {
        matches.push_back(shape_.ToMatch(chain));
      }
    }
    Finish(matches);
  }

  void Finish(const std::vector<Match>& matches) {
    finished_.insert(finished_.end(), matches.begin(), matches.end());
  }

  // P7: the finished matches that go out now, in order of their first events, then T7.
  void Release() {
    const bool skips = rule_.after_match.kind != SkipKind::kNoSkip;
    while (!finished_.empty()) {
      const auto next =
          std::min_element(finished_.begin(), finished_.end(), [](const Match& a, const Match& b) {
            return First(a) != First(b) ? First(a) < First(b) : Before(a, b);
          });
      if (MustWait(*next)) return;
      const Match match = *next;
      finished_.erase(next);
      emitted_.push_back(match);
      if (!skips) continue;
      std::erase_if(partials_,
                    [&](const Partial& partial) { return Skips(match, partial.first()); });
      std::erase_if(pending_,
                    [&](const Pending& pending) { return Skips(match, pending.first()); });
      std::erase_if(finished_, [&](const Match& other) { return Skips(match, First(other)); });
    }
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

  // P10: of too many, those stay that are last in order (evict_oldest), or first (reject_new).
  template <typename T, typename Less>
  void Cut(std::vector<T>& all, size_t cap, Less less) const {
    if (all.size() <= cap) return;
    std::sort(all.begin(), all.end(), less);
    if (rule_.limits.on_limit == rules::OnLimit::kRejectNew) {
      all.resize(cap);
    } else {
      all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(cap));
    }
  }

  // P10: caps on the partial matches and on what they hold. `grown` may complete and be held a
  // moment longer.
  void LimitPartials(const std::vector<Chain>& grown) {
    Cut(partials_, rule_.limits.partial_matches, MadeBefore);
    while (!partials_.empty() && Links(grown) > rule_.limits.events)
      Cut(partials_, partials_.size() - 1, MadeBefore);
  }

  // What is held is counted as the links of chains that share their common beginnings.
  size_t Links(const std::vector<Chain>& grown) const {
    std::set<std::vector<std::pair<uint32_t, size_t>>> links;
    const auto add = [&](const auto& events) {
      for (auto end = events.begin(); end != events.end(); ++end)
        links.emplace(events.begin(), end + 1);
    };
    for (const Partial& partial : partials_) add(partial.chain.events);
    for (const Pending& pending : pending_) add(pending.events);
    for (const Match& match : finished_) add(match.events);
    for (const Chain& chain : grown) {
      if (shape_.Complete(chain)) add(chain.events);
    }
    return links.size();
  }

  const Shape shape_;
  const rules::Rule& rule_;
  const History& history_;
  std::vector<Partial> partials_;
  std::vector<Pending> pending_;
  std::vector<Match> finished_;  // and not gone out: an older partial match is alive (P7)
  std::vector<Match> emitted_;
};

}  // namespace

std::vector<Match> SimulateMatches(const rules::Rule& rule, const History& history,
                                   int64_t watermark) {
  return Simulation(rule, history).Run(watermark);
}

}  // namespace telltale::model
