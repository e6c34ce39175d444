#include "tests/model/reference_matcher.h"

#include <algorithm>
#include <set>
#include <utility>

#include "tests/model/shape.h"

namespace telltale::model {
namespace {

// What becomes of ways that are left alone.
struct Ending {
  Moment at;           // when the last of them is over; never: by no time that has passed
  bool taken = false;  // one of them takes an event before
};

// A chain whose steps are done (or never will be) from a moment on.
struct Done {
  Chain chain;
  Moment at;
};

struct Result {
  Moment known;
  Match match;
};

// Every assignment of events to steps that P1 to P5 and P8 allow, each by itself.
class Enumeration {
 public:
  Enumeration(const rules::Rule& rule, const History& history, size_t end, int64_t watermark)
      : shape_(rule, history),
        counts_(rule.match == rules::MatchMode::kCount),
        end_(end),
        watermark_(watermark) {}

  // Whether no cap can have acted, whatever was alive when (P10): all chains together stay below.
  bool StaysBelow(const rules::Limits& limits) const {
    return links_ <= std::min({limits.partial_matches, limits.events, limits.matches_per_event});
  }

  std::vector<Match> Run() {
    for (size_t event = 0; event < end_; ++event) {
      for (const Chain& start : shape_.Starts(event)) Extend(start);
    }
    AddMatches();
    AddTimeouts();
    std::sort(results_.begin(), results_.end(), [](const Result& a, const Result& b) {
      if (a.known != b.known) return a.known < b.known;
      if (a.match.timeout != b.match.timeout) return a.match.timeout;  // P9
      return Before(a.match, b.match);
    });
    std::vector<Match> matches;
    for (Result& result : results_) matches.push_back(std::move(result.match));
    return counts_ ? Counted(matches) : matches;
  }

 private:
  void Extend(const Chain& chain) {
    links_ += chain.events.size();
    const Onward next = shape_.Next(chain);
    Judge(chain, next);
    const size_t end = DroppedAt(chain);
    for (Way way : next.ways) {
      for (size_t event = chain.last() + 1; event < end && !way.over; ++event) {
        if (shape_.Meets(chain, way, event)) Extend(shape_.Extended(chain, way, event));
      }
    }
  }

  // Is the chain a match as it is, or a timeout?
  void Judge(const Chain& chain, const Onward& next) {
    bool completes = false;
    if (next.may_end) {
      const Ending greedy = EndOf(chain, next.yields);
      completes = !greedy.taken && HasPassed(chain, greedy.at);
      if (completes) complete_.push_back({chain, greedy.at});
    }
    if (completes || !shape_.ReachesTimeout(chain)) return;
    const Ending end = EndOf(chain, next.ways);
    if (!end.taken && end.at.by_time() && HasPassed(chain, end.at))
      unfinished_.push_back({chain, end.at});
  }

  Ending EndOf(const Chain& chain, std::vector<Way> ways) const {
    Ending ending{.at = shape_.moment(chain.last())};
    for (Way& way : ways) {
      for (size_t event = chain.last() + 1; event < end_ && !way.over; ++event)
        ending.taken = shape_.Meets(chain, way, event) || ending.taken;
      ending.at = std::max(ending.at, way.over.value_or(Moment{.time = shape_.Latest(chain, way)}));
    }
    return ending;
  }

  // The event at which the rule's `until` drops what is still partial.
  size_t DroppedAt(const Chain& chain) const {
    size_t event = chain.last() + 1;
    while (event < end_ && !shape_.Drops(event)) ++event;
    return event;
  }

  // Whether the chain lives to see the moment, and the watermark is beyond it.
  bool HasPassed(const Chain& chain, const Moment& moment) const {
    const size_t dropped = DroppedAt(chain);
    if (dropped < end_ && !(moment < shape_.moment(dropped))) return false;
    return !moment.by_time() || moment.time < watermark_;
  }

  // P6: of those over the same events the one that is complete first, and then the one whose
  // earlier steps take first; of these the ones that no trailing `not` bars.
  void AddMatches() {
    std::sort(complete_.begin(), complete_.end(), [](const Done& a, const Done& b) {
      return a.at != b.at ? a.at < b.at : TakesBefore(a.chain, b.chain);
    });
    std::set<std::vector<size_t>> seen;
    for (const Done& done : complete_) {
      if (!seen.insert(EventsOf(done.chain)).second) continue;
      Result result{.known = done.at, .match = shape_.ToMatch(done.chain)};
      if (shape_.HasTrailing()) {
        const Moment deadline{.time = result.match.time};
        if (deadline.time >= watermark_) continue;  // not known yet
        if (shape_.Breaks(done.chain, done.chain.last() + 1, end_)) continue;
        result.known = std::max(result.known, deadline);
      }
      results_.push_back(std::move(result));
    }
  }

  // P9.
  void AddTimeouts() {
    std::sort(unfinished_.begin(), unfinished_.end(), [](const Done& a, const Done& b) {
      return a.at != b.at ? a.at < b.at : TakesBefore(a.chain, b.chain);
    });
    std::set<std::pair<Moment, std::vector<size_t>>> seen;
    for (const Done& done : unfinished_) {
      const auto completed_before = [&](const Done& other) {
        return other.chain.first() == done.chain.first() && other.at <= done.at;
      };
      if (std::any_of(complete_.begin(), complete_.end(), completed_before)) continue;
      if (!seen.emplace(done.at, EventsOf(done.chain)).second) continue;
      results_.push_back({.known = done.at, .match = ToTimeout(done.chain, done.at.time)});
    }
  }

  const Shape shape_;
  const bool counts_;
  const size_t end_;
  const int64_t watermark_;
  size_t links_ = 0;  // events of all chains
  std::vector<Done> complete_;
  std::vector<Done> unfinished_;
  std::vector<Result> results_;
};

}  // namespace

namespace {

// T5: only what is settled.
size_t SettledEnd(const History& history, int64_t watermark) {
  size_t end = 0;
  while (end < history.size() && history.time(end) < watermark) ++end;
  return end;
}

}  // namespace

std::vector<Match> Counted(const std::vector<Match>& matches) {
  std::vector<Match> counted;
  for (const Match& match : matches) {
    const bool another =
        counted.empty() || counted.back().events.back().second != match.events.back().second;
    const uint64_t before = another ? 0 : counted.back().count;
    if (!another) counted.pop_back();
    counted.push_back(match);
    counted.back().count = before + 1;
  }
  return counted;
}

std::vector<Match> EnumerateMatches(const rules::Rule& rule, const History& history,
                                    int64_t watermark) {
  return Enumeration(rule, history, SettledEnd(history, watermark), watermark).Run();
}

std::vector<Match> FindMatches(const rules::Rule& rule, const History& history, int64_t watermark,
                               std::vector<size_t>* limited) {
  constexpr size_t kSmall = 8;  // events, of which all assignments can be tried
  const bool plain =
      rules::KeepsAll(rule.match) && rule.after_match.kind == rules::SkipKind::kNoSkip;
  if (!plain || history.size() > kSmall) return SimulateMatches(rule, history, watermark, limited);
  Enumeration enumeration(rule, history, SettledEnd(history, watermark), watermark);
  std::vector<Match> enumerated = enumeration.Run();
  if (enumeration.StaysBelow(rule.limits)) return enumerated;
  std::vector<size_t> acted;
  std::vector<Match> simulated = SimulateMatches(rule, history, watermark, &acted);
  if (acted.empty()) return enumerated;
  if (limited != nullptr) *limited = std::move(acted);
  return simulated;
}

}  // namespace telltale::model
