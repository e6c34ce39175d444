#include "tests/model/asked_windows.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "tests/model/ways.h"

namespace telltale::model {
namespace {

bool Reads(const rules::Expr& expr, const rules::StepWindow& window) {
  if (expr.kind == rules::ExprKind::kAggregate && expr.index >= window.first_call &&
      expr.index < window.first_call + window.aggregate.calls.size())
    return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const auto& arg) { return Reads(*arg, window); });
}

}  // namespace

AskedWindows::AskedWindows(RuleConditions& conditions, const rules::KeyParts& key,
                           const std::vector<const engine::Event*>& events)
    : rule_(conditions.rule()), events_(events) {
  for (const rules::StepWindow& window : rule_.windows) {
    std::vector<Member>& members = members_.emplace_back();
    for (size_t event = 0; event < events.size(); ++event) {
      for (uint32_t source = 0; source < window.sources; ++source) {
        const rules::Selector& selector = rule_.steps[window.first_source + source].selector;
        if (!conditions.Fits(selector, *events[event], key)) continue;
        Member& member = members.emplace_back();
        member.event = event;
        member.said.time = events[event]->time;
        for (const rules::AggregateCall& call : window.aggregate.calls) {
          Tuple& said = member.said.said.emplace_back();
          if (call.arguments.empty()) continue;
          for (const rules::Expression& argument : call.arguments[source])
            said.push_back(conditions.ValueOf(argument, *events[event]));
        }
        break;  // it is in the window once, by the first that it fits
      }
    }
  }
}

AskedWindow AskedWindows::Ask(size_t window, size_t events, int64_t time) const {
  std::vector<WindowEvent> said;
  for (const Member& member : members_[window]) {
    if (member.event < events) said.push_back(member.said);
  }
  return AskWindow(rule_.windows[window].aggregate, rule_.limits.events, said, time);
}

const Tuple& AskedWindows::ValuesAt(size_t event) {
  const auto [it, fresh] = values_.try_emplace(event);
  for (size_t window = 0; fresh && window < members_.size(); ++window) {
    const AskedWindow asked = Ask(window, event + 1, events_[event]->time);
    it->second.insert(it->second.end(), asked.values.begin(), asked.values.end());
  }
  return it->second;
}

bool AskedWindows::Truncates(const Match& match) const {
  const bool by_time = match.deadline;
  size_t events = by_time ? 0 : match.events.back().second + 1;
  if (by_time) {
    while (events < events_.size() && events_[events]->time <= match.time) ++events;
  }
  for (size_t window = 0; window < members_.size(); ++window) {
    // What happens by time alone comes behind what leaves at that moment.
    if (Ask(window, events, by_time ? match.time + 1 : match.time).truncated) return true;
  }
  return false;
}

std::vector<int64_t> AskedWindows::Hits(int64_t watermark) const {
  std::vector<int64_t> hits;
  for (size_t window = 0; window < members_.size(); ++window) {
    const AskedWindow asked = Ask(window, events_.size(), std::numeric_limits<int64_t>::max() / 2);
    for (const size_t member : asked.limited) {
      const int64_t time = members_[window][member].said.time;
      if (time < watermark) hits.push_back(time);
    }
  }
  return hits;
}

int64_t AskedWindows::ReachOf(const rules::Selector& selector) const {
  int64_t reach = 0;
  for (const rules::StepWindow& window : rule_.windows) {
    if (selector.where && Reads(*selector.where->root, window))
      reach = std::max(reach, window.aggregate.window.size);
  }
  return reach;
}

int64_t AskedWindows::LooksBackTo(const Match& match) const {
  int64_t earliest = std::numeric_limits<int64_t>::max();
  for (const auto& [step, event] : match.events) {
    const int64_t reach = ReachOf(rule_.steps[step].selector);
    if (reach != 0) earliest = std::min(earliest, events_[event]->time - reach);
  }
  const int64_t first = events_[match.events.front().second]->time;
  int64_t reach = 0;
  for (const rules::Absence& absence : rule_.absences)
    reach = std::max(reach, ReachOf(absence.selector));
  for (const rules::Until& until : rule_.untils) reach = std::max(reach, ReachOf(until.selector));
  if (reach == 0) return earliest;
  int64_t within = 0;
  for (const uint32_t leading : LeadingNots(rule_.pattern))
    within = std::max(within, *rule_.absences[leading].within);
  return std::min(earliest, first - within - reach);
}

}  // namespace telltale::model
