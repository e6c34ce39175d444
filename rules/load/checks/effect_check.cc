#include "rules/load/checks/effect_check.h"

#include <algorithm>
#include <string>
#include <vector>

#include "rules/load/checks/selector_cover.h"
#include "rules/load/yaml/quantity.h"
#include "rules/model/progress.h"

namespace telltale::rules {
namespace {

std::string Quoted(const Step& step) { return "'" + step.name + "'"; }

// "'login'", "this group": whose quantity is spoken of.
std::string Named(const Rule& rule, const Place& place) {
  switch (place.kind) {
    case Place::Kind::kStep:
      return Quoted(rule.steps[place.index]);
    case Place::Kind::kNot:
      return "this 'not'";
    case Place::Kind::kGroup:
      return "this group";
    case Place::Kind::kAnyOf:
      return "this any_of";
    case Place::Kind::kAllOf:
      return "this all_of";
  }
  return "";
}

void WarnOfFirstWithin(const Rule& rule, Diagnostics& diagnostics) {
  const std::vector<Place>& places = rule.pattern.places;
  const auto first =
      std::find_if_not(places.begin(), places.end(), [](const Place& p) { return p.IsNot(); });
  if (first == places.end() || !first->within) return;
  Diagnostic& warning = diagnostics.Warning(
      kWithinWithoutEffect, first->span,
      "no event is taken before " + Named(rule, *first) + ": its 'within' has no effect");
  if (first->repeat.repeats())
    warning.notes.push_back("from one time of a repeat to the next it stands in 'repeat'");
}

// Windows of places that are no shorter than the rule's, which begins no later.
void WarnOfLongWithins(const Rule& rule, const Place& place, Diagnostics& diagnostics) {
  const auto check = [&](const std::optional<int64_t>& within, const std::string& whose) {
    if (!within || *within <= *rule.within) return;
    diagnostics.Warning(kWithinWithoutEffect, place.span,
                        "the 'within' of " + whose + ", " + FormatDuration(*within) +
                            ", has no effect: the rule's is " + FormatDuration(*rule.within));
  };
  check(place.within, Named(rule, place));
  check(place.repeat.within, "the repeat of " + Named(rule, place));
  for (const Place& inner : place.places) WarnOfLongWithins(rule, inner, diagnostics);
}

void WarnOfTrailingWithins(const Rule& rule, Diagnostics& diagnostics) {
  const std::vector<Place>& places = rule.pattern.places;
  for (auto at = places.rbegin(); at != places.rend() && at->IsNot(); ++at) {
    const Absence& absence = rule.absences[at->index];
    if (!absence.within || *absence.within < *rule.within) continue;
    // The earlier of two deadlines counts, and the rule's begins no later (P4).
    diagnostics.Warning(kWithinWithoutEffect, absence.span,
                        "the 'within' of this 'not', " + FormatDuration(*absence.within) +
                            ", has no effect: the rule's, " + FormatDuration(*rule.within) +
                            ", ends no later and begins at the first event");
  }
}

void WarnOfIdleEarly(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  if (!rule.early) return;
  // Whether an event counts is known when those before it are there (V8).
  for (const StreamIndex stream : rule.Streams()) {
    if (streams[stream].dedup) return;
  }
  if (rule.HoldsState() || rule.suppress) return;
  diagnostics.Warning(
      kIdleEarly, rule.span,
      "a rule over single events alerts when they come: 'emit: early' has no effect");
}

void WarnOfWithins(const Rule& rule, Diagnostics& diagnostics) {
  WarnOfFirstWithin(rule, diagnostics);
  if (!rule.within) return;
  if (!rule.HoldsState()) {
    diagnostics.Warning(kWithinWithoutEffect, rule.span,
                        "a rule over single events spans no time: its 'within' has no effect");
  }
  WarnOfLongWithins(rule, rule.pattern, diagnostics);
  WarnOfTrailingWithins(rule, diagnostics);
}

// The finest times among the streams of the rule: what is shorter is no time at all.
int64_t Resolution(const Rule& rule, const StreamCatalog& streams) {
  int64_t finest = INT64_MAX;
  for (const StreamIndex stream : rule.Streams())
    finest = std::min(finest, streams[stream].time_unit_ns);
  return finest;
}

class ResolutionWarner {
 public:
  ResolutionWarner(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics)
      : rule_(rule), diagnostics_(diagnostics), finest_(Resolution(rule, streams)) {}

  void Warn() {
    if (rule_.HoldsState()) Check(rule_.within, rule_.span, "the rule's 'within'");
    Places(rule_.pattern);
    for (const Absence& absence : rule_.absences)
      Check(absence.within, absence.span, "the 'within' of this 'not'");
    if (rule_.suppress) Check(rule_.suppress->period, rule_.span, "its 'suppress.for'");
  }

 private:
  void Places(const Place& place) {
    Check(place.within, place.span, "the 'within' of " + Named(rule_, place));
    Check(place.repeat.within, place.span, "the 'within' of the repeat of " + Named(rule_, place));
    for (const Place& inner : place.places) Places(inner);
  }

  void Check(std::optional<int64_t> duration, const Span& span, const std::string& whose) {
    if (!duration || *duration >= finest_) return;
    diagnostics_.Warning(kBelowResolution, span,
                         "the times of its streams are multiples of " + FormatDuration(finest_) +
                             ": " + whose + ", " + FormatDuration(*duration) +
                             ", holds only for events with the same time");
  }

  const Rule& rule_;
  Diagnostics& diagnostics_;
  const int64_t finest_;
};

// The moves over which an absence acts, and those of them on which it cannot bar anything: the very
// next event is taken, or the step takes the first event that fits, and so any that the absence
// speaks of.
struct Use {
  size_t moves = 0;
  size_t strict = 0;
  size_t taken = 0;
  const Step* step = nullptr;
};

void WarnOfIdleAbsences(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics) {
  std::vector<Use> uses(rule.absences.size());
  for (const Move& move : automaton.moves) {
    const Step& step = rule.steps[move.step];
    for (const uint32_t a : move.absences) {
      Use& use = uses[a];
      ++use.moves;
      use.step = &step;
      if (move.contiguity == Contiguity::kStrict)
        ++use.strict;
      else if (move.contiguity == Contiguity::kRelaxed &&
               Covers(step.selector, rule.absences[a].selector))
        ++use.taken;
    }
  }
  for (size_t a = 0; a < uses.size(); ++a) {
    const Use& use = uses[a];
    if (use.moves == 0 || use.strict + use.taken < use.moves) continue;
    diagnostics
        .Warning(
            kIdleAbsence, rule.absences[a].span,
            "this 'not' bars nothing: " + Quoted(*use.step) +
                (use.taken == 0 ? " takes the very next event, and nothing stands between"
                                : " takes the first event that fits, and so any that it speaks of"))
        .labels.push_back({use.step->span, "this step"});
  }
}

// A `not` between two events says nothing where all on one side of it is left out (P4).
void WarnOfUnanchoredAbsences(const Rule& rule, Diagnostics& diagnostics) {
  const std::vector<Place>& places = rule.pattern.places;
  const auto skipped = [](const Place& place) {
    return place.IsNot() || Sequence::Nullable(place);
  };
  const auto first = std::find_if_not(places.begin(), places.end(),
                                      [](const Place& place) { return place.IsNot(); });
  const auto behind = std::find_if_not(places.rbegin(), places.rend(), [](const Place& place) {
                        return place.IsNot();
                      }).base();
  for (auto at = first; at < behind; ++at) {
    if (!at->IsNot()) continue;
    const bool before = std::all_of(places.begin(), at, skipped);
    if (!before && !std::all_of(at, places.end(), skipped)) continue;
    diagnostics.Warning(kUnanchoredAbsence, at->span,
                        std::string("only optional steps ") + (before ? "stand before" : "follow") +
                            " this 'not': where they are left out, it says nothing");
  }
}

}  // namespace

void WarnOfNoEffect(const Rule& rule, const Automaton& automaton, const StreamCatalog& streams,
                    Diagnostics& diagnostics) {
  WarnOfWithins(rule, diagnostics);
  WarnOfIdleEarly(rule, streams, diagnostics);
  ResolutionWarner(rule, streams, diagnostics).Warn();
  WarnOfIdleAbsences(rule, automaton, diagnostics);
  WarnOfUnanchoredAbsences(rule, diagnostics);
}

}  // namespace telltale::rules
