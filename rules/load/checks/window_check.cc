#include "rules/load/checks/window_check.h"

#include <algorithm>
#include <set>
#include <string>

#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

void CollectCalls(const Expr& expr, std::set<uint32_t>& calls) {
  if (expr.kind == ExprKind::kAggregate) calls.insert(expr.index);
  for (const ExprPtr& arg : expr.args) CollectCalls(*arg, calls);
}

// Which calls of the rule's windows its conditions read.
std::set<uint32_t> CallsRead(const Rule& rule) {
  std::set<uint32_t> calls;
  const auto add = [&](const Selector& selector) {
    if (selector.where) CollectCalls(*selector.where->root, calls);
  };
  for (const Step& step : rule.steps) add(step.selector);
  for (const Absence& absence : rule.absences) add(absence.selector);
  for (const Until& until : rule.untils) add(until.selector);
  return calls;
}

}  // namespace

void WarnOfWindows(const Rule& rule, Diagnostics& diagnostics) {
  if (rule.windows.empty()) return;
  const std::set<uint32_t> read = CallsRead(rule);
  for (const StepWindow& window : rule.windows) {
    const auto is_read = [&](const auto& value) {
      std::set<uint32_t> calls;
      CollectCalls(*value.second.root, calls);
      return std::any_of(calls.begin(), calls.end(),
                         [&](uint32_t call) { return read.contains(window.first_call + call); });
    };
    if (std::none_of(window.values.begin(), window.values.end(), is_read)) {
      diagnostics
          .Warning(kUnreadWindow, window.span,
                   "no condition reads the window '" + window.name + "', and each event costs it")
          .notes.push_back("a step's 'where' reads it by its values: " + window.name + "." +
                           window.values.front().first);
      continue;
    }
    for (const auto& value : window.values) {
      if (is_read(value)) continue;
      diagnostics.Warning(kUnreadWindow, value.second.text.Whole(),
                          "no condition reads " + window.name + "." + value.first);
    }
  }
}

}  // namespace telltale::rules
