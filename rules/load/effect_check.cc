#include "rules/load/effect_check.h"

#include <algorithm>
#include <string>

#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

std::string Quoted(const Step& step) { return "'" + step.name + "'"; }

void WarnOfWithins(const Rule& rule, Diagnostics& diagnostics) {
  const Step& first = rule.steps.front();
  if (first.within && !first.repeats()) {
    diagnostics.Warning(
        kWithinWithoutEffect, first.span,
        "no event is taken before " + Quoted(first) + ": its 'within' has no effect");
  }
  if (!rule.within) return;
  if (!rule.HoldsState()) {
    diagnostics.Warning(kWithinWithoutEffect, rule.span,
                        "a rule over single events spans no time: its 'within' has no effect");
  }
  for (const Step& step : rule.steps) {
    if (!step.within || *step.within <= *rule.within) continue;
    diagnostics.Warning(kWithinWithoutEffect, step.span,
                        "the 'within' of " + Quoted(step) + ", " + FormatDuration(*step.within) +
                            ", has no effect: the rule's is " + FormatDuration(*rule.within));
  }
  for (const Absence& absence : rule.absences) {
    if (absence.before != rule.steps.size() || !absence.within || *absence.within < *rule.within)
      continue;
    // The earlier of two deadlines counts, and the rule's begins no later (P4).
    diagnostics.Warning(kWithinWithoutEffect, absence.span,
                        "the 'within' of this 'not', " + FormatDuration(*absence.within) +
                            ", has no effect: the rule's, " + FormatDuration(*rule.within) +
                            ", ends no later and begins at the first event");
  }
}

// The finest times among the streams of the rule: what is shorter is no time at all.
int64_t Resolution(const Rule& rule, const StreamCatalog& streams) {
  int64_t finest = INT64_MAX;
  for (const StreamIndex stream : rule.Streams())
    finest = std::min(finest, streams[stream].time_unit_ns);
  return finest;
}

void WarnOfResolution(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  if (rule.steps.empty()) return;
  const int64_t finest = Resolution(rule, streams);
  const auto check = [&](std::optional<int64_t> duration, const Span& span,
                         const std::string& whose) {
    if (!duration || *duration >= finest) return;
    diagnostics.Warning(kBelowResolution, span,
                        "the times of its streams are multiples of " + FormatDuration(finest) +
                            ": " + whose + ", " + FormatDuration(*duration) +
                            ", holds only for events with the same time");
  };
  if (rule.HoldsState()) check(rule.within, rule.span, "the rule's 'within'");
  for (const Step& step : rule.steps)
    check(step.within, step.span, "the 'within' of " + Quoted(step));
  for (const Absence& absence : rule.absences)
    check(absence.within, absence.span, "the 'within' of this 'not'");
  if (rule.suppress) check(rule.suppress->period, rule.span, "its 'suppress.for'");
}

bool SameSelector(const Selector& a, const Selector& b) {
  const auto same = [](const Expression& x, const Expression& y) {
    return ToString(*x.root) == ToString(*y.root);
  };
  if (a.stream != b.stream || a.where.has_value() != b.where.has_value()) return false;
  if (a.where && !same(*a.where, *b.where)) return false;
  return std::equal(a.by.begin(), a.by.end(), b.by.begin(), b.by.end(), same);
}

// A step takes the first event that fits it (P2). A 'not' that stands directly before it and bars
// the same, or less, so never sees one.
void WarnOfIdleAbsences(const Rule& rule, Diagnostics& diagnostics) {
  for (const Absence& absence : rule.absences) {
    if (absence.before == 0 || absence.before == rule.steps.size()) continue;
    const Step& next = rule.steps[absence.before];
    const bool all_of_stream =
        absence.selector.stream == next.selector.stream && !next.selector.where;
    Selector without_where = absence.selector;
    without_where.where.reset();
    if (next.optional || !(SameSelector(absence.selector, next.selector) ||
                           (all_of_stream && SameSelector(without_where, next.selector))))
      continue;
    diagnostics
        .Warning(kIdleAbsence, absence.span,
                 "this 'not' bars nothing: " + Quoted(next) +
                     " takes the first event that fits, and so any that it speaks of")
        .labels.push_back({next.span, "this step"});
  }
}

}  // namespace

void WarnOfNoEffect(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  WarnOfWithins(rule, diagnostics);
  WarnOfResolution(rule, streams, diagnostics);
  WarnOfIdleAbsences(rule, diagnostics);
}

}  // namespace telltale::rules
