#include "rules/load/checks/key_check.h"

#include <algorithm>
#include <string>

namespace telltale::rules {
namespace {

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
         std::all_of(rule.absences.begin(), rule.absences.end(), same) &&
         std::all_of(rule.untils.begin(), rule.untils.end(), same);
}

}  // namespace

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

void WarnOfKey(const Rule& rule, Diagnostics& diagnostics) {
  if (!HasOneKey(rule) || !rule.HoldsState()) return;
  diagnostics.Warning(
      kSingleKey, rule.span,
      std::string(rule.key_names.empty() ? "without 'by'" : "with a 'by' of constants") +
          " all events have one key, and the rule runs on one shard");
}

}  // namespace telltale::rules
