#include "tests/model/reference_matcher.h"

#include <algorithm>

#include "tests/model/shape.h"

namespace telltale::model {
namespace {

// Every assignment of events to steps that P1 to P4 allow under relaxed contiguity.
class Enumeration {
 public:
  Enumeration(const rules::Rule& rule, const History& history, size_t end, int64_t watermark)
      : shape_(rule, history), rule_(rule), history_(history), end_(end), watermark_(watermark) {}

  std::vector<Match> Run() {
    const Taken nothing(rule_.steps.size());
    for (size_t event = 0; event < end_; ++event) {
      if (shape_.StartBarred(event)) continue;
      for (const uint32_t step : shape_.Starts()) {
        if (history_.Fits(rule_.steps[step].selector, event, nothing))
          Extend(shape_.Start(step, event));
      }
    }
    MergeSameEvents(complete_);
    std::vector<Match> matches;
    for (const Chain& chain : complete_) {
      if (Stands(chain)) matches.push_back(shape_.ToMatch(chain));
    }
    std::sort(matches.begin(), matches.end(),
              [](const Match& a, const Match& b) { return Before(a, b); });
    return matches;
  }

 private:
  void Extend(const Chain& chain) {
    if (shape_.Complete(chain)) complete_.push_back(chain);
    for (const uint32_t step : shape_.Next(chain)) {
      const std::optional<size_t> event = FirstFit(chain, step);
      if (event) Extend(shape_.Extended(chain, step, *event));
    }
  }

  // P2: the first event after the last one taken that fits; nothing that a `not` forbids may come
  // before it (P4), and it has to be in time (P3).
  std::optional<size_t> FirstFit(const Chain& chain, uint32_t step) {
    for (size_t event = chain.last() + 1; event < end_; ++event) {
      if (history_.Fits(rule_.steps[step].selector, event, chain.taken)) {
        if (shape_.time(event) > shape_.LatestFor(chain, step)) return std::nullopt;
        return event;
      }
      if (step != chain.step() && shape_.Bars(event, chain, step)) return std::nullopt;
    }
    return std::nullopt;
  }

  // P4, trailing.
  bool Stands(const Chain& chain) const {
    if (!shape_.HasTrailing()) return true;
    if (shape_.Deadline(chain) >= watermark_) return false;  // not known yet
    for (size_t event = chain.last() + 1; event < end_; ++event) {
      if (shape_.Breaks(event, chain)) return false;
    }
    return true;
  }

  const Shape shape_;
  const rules::Rule& rule_;
  const History& history_;
  const size_t end_;
  const int64_t watermark_;
  std::vector<Chain> complete_;
};

}  // namespace

std::vector<Match> EnumerateMatches(const rules::Rule& rule, const History& history,
                                    int64_t watermark) {
  size_t end = 0;  // T5: only what is settled
  while (end < history.size() && history.time(end) < watermark) ++end;
  return Enumeration(rule, history, end, watermark).Run();
}

std::vector<Match> FindMatches(const rules::Rule& rule, const History& history, int64_t watermark) {
  constexpr size_t kSmall = 12;  // no limit worth the name can act on so few events
  const bool plain =
      rule.match == rules::MatchMode::kAll && rule.after_match.kind == rules::SkipKind::kNoSkip;
  const rules::Limits defaults;
  const bool unlimited = rule.limits.partial_matches >= defaults.partial_matches &&
                         rule.limits.events >= defaults.events &&
                         rule.limits.matches_per_event >= defaults.matches_per_event;
  return plain && unlimited && history.size() <= kSmall ? EnumerateMatches(rule, history, watermark)
                                                        : SimulateMatches(rule, history, watermark);
}

}  // namespace telltale::model
