#include "daemon/app/reload.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "daemon/app/rule_log.h"
#include "daemon/telemetry/log.h"

namespace telltale::app {
namespace {

std::map<std::string, const rules::Rule*> ById(const rules::RuleSet& set) {
  std::map<std::string, const rules::Rule*> rules;
  for (const rules::Rule& rule : set.rules) rules[rule.id] = &rule;
  return rules;
}

}  // namespace

ReloadCoordinator::ReloadCoordinator(std::shared_ptr<const rules::RuleSet> current, Hooks hooks)
    : hooks_(std::move(hooks)), current_(std::move(current)) {}

ReloadOutcome ReloadCoordinator::Reload(bool dry_run) {
  std::lock_guard reloading(reloading_);
  rules::LoadResult loaded = hooks_.load();
  ReloadOutcome outcome = Compare(loaded, dry_run);
  if (outcome.accepted && !dry_run) {
    auto compiled = hooks_.compile(loaded.rules);
    auto switched = compiled.ok() ? hooks_.apply(*std::move(compiled))
                                  : absl::StatusOr<Switched>(compiled.status());
    if (switched.ok()) {
      outcome.switch_time = switched->time;
      outcome.generation = switched->generation;
      std::lock_guard lock(mutex_);
      current_ = loaded.rules;
    } else {
      outcome.accepted = false;
      outcome.failure = switched.status();
    }
  }
  if (!dry_run) {
    Count(outcome);
    LogReload(outcome, telemetry::ProcessLog());
  }
  return outcome;
}

ReloadOutcome ReloadCoordinator::Validate(const std::vector<rules::SourcePtr>& files) {
  return Compare(hooks_.check(files), true);
}

std::shared_ptr<const rules::RuleSet> ReloadCoordinator::current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

telemetry::ReloadFigures ReloadCoordinator::figures() const {
  std::lock_guard lock(mutex_);
  return figures_;
}

ReloadOutcome ReloadCoordinator::Compare(const rules::LoadResult& loaded, bool dry_run) const {
  ReloadOutcome outcome;
  outcome.dry_run = dry_run;
  outcome.diagnostics = loaded.diagnostics;
  engine::EngineStats stats = hooks_.stats();
  outcome.generation = stats.generation;
  if (loaded.rules == nullptr) return outcome;

  outcome.accepted = true;
  std::shared_ptr<const rules::RuleSet> running = current();
  auto before = ById(*running);
  auto after = ById(*loaded.rules);
  for (const auto& [id, rule] : after) {
    auto old = before.find(id);
    if (old == before.end()) {
      outcome.added.push_back(id);
    } else if (old->second->fingerprint != rule->fingerprint) {
      outcome.changed.push_back(id);
    } else {
      outcome.unchanged.push_back(id);
    }
  }
  for (const auto& [id, rule] : before) {
    if (!after.contains(id)) outcome.removed.push_back(id);
  }
  for (const engine::RuleStats& rule : stats.rules) {
    if (std::binary_search(outcome.changed.begin(), outcome.changed.end(), rule.id) ||
        std::binary_search(outcome.removed.begin(), outcome.removed.end(), rule.id)) {
      outcome.dropped_partial_matches += rule.partial_matches;
    }
  }
  return outcome;
}

void ReloadCoordinator::Count(const ReloadOutcome& outcome) {
  std::lock_guard lock(mutex_);
  if (!outcome.accepted) {
    ++figures_.refused;
  } else if (outcome.added.empty() && outcome.changed.empty() && outcome.removed.empty()) {
    ++figures_.unchanged;
  } else {
    ++figures_.applied;
  }
  figures_.last_succeeded = outcome.accepted;
  figures_.last_time = absl::GetCurrentTimeNanos();
}

}  // namespace telltale::app
