#include "rules/load/structure_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/condition_check.h"
#include "rules/load/effect_check.h"

namespace telltale::rules {
namespace {

constexpr size_t kManyOptionalSteps = 4;

std::string Quoted(const Step& step) { return "'" + step.name + "'"; }

bool AllOptional(const std::vector<Step>& steps, size_t begin, size_t end) {
  return std::all_of(steps.begin() + static_cast<std::ptrdiff_t>(begin),
                     steps.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Step& step) { return step.optional || step.alternative; });
}

void CheckAbsence(const Rule& rule, const Absence& absence, Diagnostics& diagnostics) {
  const size_t steps = rule.steps.size();
  if (absence.before == 0) {
    if (!absence.within) {
      diagnostics.Error(kLeadingNotWithoutWithin, absence.span,
                        "a 'not' before the first step needs a 'within': how far back to look");
    }
    return;
  }
  if (absence.before == steps) {
    if (!absence.within && !rule.within) {
      diagnostics.Error(
          kTrailingNotWithoutDeadline, absence.span,
          "a 'not' after the last step needs a 'within', here or on the rule: how long to wait");
    }
    return;
  }
  if (absence.within) {
    diagnostics.Error(
        kAbsenceWithinBetween, absence.span,
        "a 'not' between two steps holds from the one to the other; 'within' has no meaning there");
  }
  if (AllOptional(rule.steps, 0, absence.before)) {
    diagnostics.Error(
        kAbsenceBesideOptional, absence.span,
        "only optional steps stand before this 'not': without them it has nothing to begin at");
  } else if (AllOptional(rule.steps, absence.before, steps)) {
    diagnostics.Error(
        kAbsenceBesideOptional, absence.span,
        "only optional steps follow this 'not': without them it has nothing to end at");
  }
}

bool IsConstant(const Selector& selector) {
  return std::all_of(selector.by.begin(), selector.by.end(),
                     [](const Expression& part) { return part.root->kind == ExprKind::kConstant; });
}

// There is no `by`, or one that no event has a part in.
bool HasOneKey(const Rule& rule) {
  const size_t parts = rule.key_names.size();
  const auto same = [&](const auto& placed) {
    return placed.selector.by.size() == parts && IsConstant(placed.selector);
  };
  return std::all_of(rule.steps.begin(), rule.steps.end(), same) &&
         std::all_of(rule.absences.begin(), rule.absences.end(), same);
}

// Where instances share the topics partition by partition, one key for all would be one for each
// partition.
void CheckKey(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  if (!streams.co_partitioned() || !rule.HoldsState()) return;
  const auto refuse = [&](const std::string& why) {
    diagnostics.Error(kKeylessCoPartitioned, rule.span, why)
        .notes.push_back("the config says 'co_partitioned: true'; give the rule the topics' key");
  };
  if (HasOneKey(rule)) {
    refuse(std::string(rule.key_names.empty() ? "a rule without 'by'" : "a 'by' of constants") +
           " has one key for all events, and no instance sees them all");
  } else if (rule.group_missing_key) {
    refuse(
        "'missing_key: group' makes one key of events without one, and no instance sees them all");
  }
  const auto has_each = [](const auto& placed) { return placed.selector.each != 0; };
  if (std::any_of(rule.steps.begin(), rule.steps.end(), has_each) ||
      std::any_of(rule.absences.begin(), rule.absences.end(), has_each) ||
      std::any_of(rule.untils.begin(), rule.untils.end(), has_each)) {
    refuse("with each() an event has several keys, and lies in the partition of one at most");
  }
}

void WarnOfState(const Rule& rule, Diagnostics& diagnostics) {
  if (HasOneKey(rule) && rule.HoldsState()) {
    diagnostics.Warning(
        kSingleKey, rule.span,
        std::string(rule.key_names.empty() ? "without 'by'" : "with a 'by' of constants") +
            " all events have one key, and the rule runs on one shard");
  }
  if (rule.within) return;
  for (size_t i = 0; i < rule.steps.size(); ++i) {
    const Step& step = rule.steps[i];
    if (step.within || (i == 0 && !step.repeats())) continue;
    diagnostics.Warning(kStateForEver, step.span,
                        "nothing bounds how long a partial match waits for " + Quoted(step) +
                            ": give the rule or the step a 'within'");
    return;
  }
}

// Conditions that nothing fits are condition_check's.
void WarnOfNever(const Rule& rule, Diagnostics& diagnostics) {
  uint64_t needed = 0;
  for (const Step& step : rule.steps) needed += step.optional || step.alternative ? 0 : step.min;
  if (needed <= rule.limits.events) return;
  diagnostics.Warning(kNeverMatches, rule.span,
                      "a match needs " + std::to_string(needed) +
                          " events, and 'limits.events' is " + std::to_string(rule.limits.events) +
                          ": the rule can never match");
}

void WarnOfOptional(const Rule& rule, Diagnostics& diagnostics) {
  const auto optional = static_cast<size_t>(std::count_if(
      rule.steps.begin(), rule.steps.end(), [](const Step& step) { return step.optional; }));
  if (rule.match != MatchMode::kAll || optional < kManyOptionalSteps) return;
  diagnostics.Warning(kManyOptional, rule.span,
                      std::to_string(optional) + " optional steps can give 2^" +
                          std::to_string(optional) +
                          " matches of the same events; 'match: latest' keeps one");
}

// Two streams of which the rule asks whose event came first, one of them with times so coarse that
// both can well have the same. Then their ranks decide (T2).
struct Order {
  StreamIndex first = 0;
  StreamIndex second = 0;
  Span span;
  std::string lost;  // what the rule misses where the ranks are the other way round
};

class Orders {
 public:
  Orders(const Rule& rule, const StreamCatalog& streams) : rule_(rule), streams_(streams) {
    for (size_t i = 0; i < rule_.steps.size(); ++i) Steps(i);
    for (const Absence& absence : rule_.absences) Neighbours(absence);
  }

  void Warn(Diagnostics& diagnostics) const {
    for (const Order& order : orders_) {
      if (order.first < order.second) continue;
      const std::string& first = streams_[order.first].name;
      const std::string& second = streams_[order.second].name;
      diagnostics.Warning(kTieDecides, order.span,
                          "of events with the same time those of '" + second +
                              "' come before those of '" + first + "', and so " + order.lost +
                              " within one second: " +
                              (Wanted(order.second, order.first)
                                   ? "no order of the streams in the config suits the whole rule"
                                   : "list '" + first + "' first in the config"));
    }
  }

 private:
  // Each step that can be the next one after steps[i].
  void Steps(size_t i) {
    const Step& step = rule_.steps[i];
    for (size_t j = i + 1; j < rule_.steps.size(); ++j) {
      const Step& next = rule_.steps[j];
      Add(step.selector, next.selector, next.span, Quoted(next) + " cannot follow " + Quoted(step));
      if (!next.optional) return;
    }
  }

  // It acts between the steps that are taken on either side (P4).
  void Neighbours(const Absence& absence) {
    for (size_t i = absence.before; i-- > 0;) {
      const Step& step = rule_.steps[i];
      Add(step.selector, absence.selector, absence.span,
          "this 'not' misses what follows " + Quoted(step));
      if (!step.optional) break;
    }
    for (size_t i = absence.before; i < rule_.steps.size(); ++i) {
      const Step& step = rule_.steps[i];
      Add(absence.selector, step.selector, absence.span,
          "this 'not' misses what precedes " + Quoted(step));
      if (!step.optional) break;
    }
  }

  void Add(const Selector& first, const Selector& second, const Span& span, std::string lost) {
    constexpr int64_t kCoarse = 1'000'000'000;
    if (first.stream == second.stream || std::max(streams_[first.stream].time_unit_ns,
                                                  streams_[second.stream].time_unit_ns) < kCoarse) {
      return;
    }
    orders_.push_back({first.stream, second.stream, span, std::move(lost)});
    after_[first.stream].insert(second.stream);
  }

  // Whether the rule wants `first` before `second` as well, be it by way of others.
  bool Wanted(StreamIndex first, StreamIndex second) const {
    std::set<StreamIndex> seen = {first};
    std::vector<StreamIndex> open = {first};
    while (!open.empty()) {
      const auto next = after_.find(open.back());
      open.pop_back();
      if (next == after_.end()) continue;
      for (const StreamIndex stream : next->second) {
        if (seen.insert(stream).second) open.push_back(stream);
      }
    }
    return seen.contains(second);
  }

  const Rule& rule_;
  const StreamCatalog& streams_;
  std::vector<Order> orders_;
  std::map<StreamIndex, std::set<StreamIndex>> after_;
};

// Whether the stream declares the path, or something above or below it.
bool Declares(const Stream& stream, const FieldPath& path) {
  return std::any_of(stream.fields.begin(), stream.fields.end(), [&](const auto& field) {
    const size_t common = std::min(field.first.size(), path.size());
    return std::equal(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(common),
                      field.first.begin());
  });
}

// A 'not' whose condition ends in an error did not happen (P4): a misspelt field would let
// everything pass.
void WarnOfUndeclared(const Absence& absence, const StreamCatalog& streams,
                      Diagnostics& diagnostics) {
  const Stream& stream = streams[absence.selector.stream];
  if (!absence.selector.where || stream.fields.empty()) return;
  for (const FieldRead& read : absence.selector.where->reads) {
    if (read.stream != absence.selector.stream || read.path.empty() || Declares(stream, read.path))
      continue;
    diagnostics.Warning(kUndeclaredFieldInNot, absence.selector.where->text.Whole(),
                        "stream '" + stream.name + "' declares no field '" + PathText(read.path) +
                            "': where it is absent, this 'not' bars nothing");
  }
}

}  // namespace

void CheckStructure(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  if (rule.steps.empty()) {
    diagnostics.Error(kNoRequiredStep,
                      rule.absences.empty() ? rule.span : rule.absences.front().span,
                      "a sequence needs a step: absence alone has no time");
    return;
  }
  CheckKey(rule, streams, diagnostics);
  if (AllOptional(rule.steps, 0, rule.steps.size())) {
    diagnostics.Error(kNoRequiredStep, rule.steps.front().span,
                      "every step is optional: a match needs at least one event");
  }
  for (const Absence& absence : rule.absences) CheckAbsence(rule, absence, diagnostics);
}

void WarnOfStructure(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  WarnOfState(rule, diagnostics);
  WarnOfNoEffect(rule, streams, diagnostics);
  WarnOfNever(rule, diagnostics);
  WarnOfConditions(rule, diagnostics);
  WarnOfOptional(rule, diagnostics);
  Orders(rule, streams).Warn(diagnostics);
  for (const Absence& absence : rule.absences) WarnOfUndeclared(absence, streams, diagnostics);
}

}  // namespace telltale::rules
