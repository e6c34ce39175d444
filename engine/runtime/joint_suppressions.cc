#include "engine/runtime/joint_suppressions.h"

#include <algorithm>
#include <utility>

#include "engine/runtime/routing.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

// Their rules have no key group but this one: elsewhere they are refused.
constexpr uint32_t kGroup = 0;

}  // namespace

void JointSuppressions::Begin(const std::shared_ptr<const CompiledRules>& rules,
                              uint64_t generation) {
  for (One& one : suppressions_) one.ended = true;
  const std::vector<Lane>& lanes = rules->routing->lanes;
  for (uint32_t lane = 0; lane < lanes.size(); ++lane) {
    for (const uint32_t rule : lanes[lane].rules) {
      if (rules->routing->plans[rule].suppresses_jointly()) Serve(rules, generation, lane, rule);
    }
  }
}

void JointSuppressions::Serve(const std::shared_ptr<const CompiledRules>& rules,
                              uint64_t generation, uint32_t lane, uint32_t rule) {
  const rules::Rule& its_rule = rules->rules->rules[rule];
  for (One& one : suppressions_) {
    // Only of the set just before: what has been gone for a while begins anew.
    if (one.sets.back().generation + 1 != generation || !one.suppression->GoesOnAs(its_rule))
      continue;
    one.suppression->GoOn(rules, rule);
    one.sets.push_back({.generation = generation, .lane = lane});
    one.sources = rules->routing->lanes[lane].sources;
    one.ended = false;
    return;
  }
  One& one = suppressions_.emplace_back();
  one.suppression = std::make_unique<JointSuppression>(rules, rule);
  one.sets.push_back({.generation = generation, .lane = lane});
  one.sources = rules->routing->lanes[lane].sources;
  const std::lock_guard<std::mutex> lock(published_mutex_);
  published_.push_back({.rule = its_rule.id, .counters = one.suppression->counters()});
}

void JointSuppressions::Take(FedAlerts::OneUndecided& undecided) {
  for (One& one : suppressions_) {
    if (one.suppression->id() != undecided.undecided.alert.rule->id) continue;
    for (const Serving& set : one.sets) {
      if (set.generation == undecided.generation)
        return one.suppression->Add(std::move(undecided.undecided));
    }
  }
}

int64_t JointSuppressions::SettledOf(const One& one, const std::deque<ActiveRules>& sets) {
  for (const Serving& serving : one.sets) {
    const auto set = std::find_if(sets.begin(), sets.end(), [&](const ActiveRules& rules) {
      return rules.generation() == serving.generation;
    });
    if (set == sets.end()) continue;  // it is over
    const int64_t settled = set->AppliedOf(kGroup, serving.lane);
    if (settled <= set->until()) return settled;
  }
  return kForever;
}

void JointSuppressions::Decide(const std::deque<ActiveRules>& sets, std::vector<Alert>& alerts) {
  for (One& one : suppressions_) one.suppression->DecideBefore(SettledOf(one, sets), alerts);
  std::erase_if(suppressions_,
                [](const One& one) { return one.ended && one.suppression->decided() == kForever; });
}

void JointSuppressions::LowerTo(int64_t* settled) const {
  for (const One& one : suppressions_) {
    for (const uint32_t stream : one.sources)
      settled[stream] = std::min(settled[stream], one.suppression->decided());
  }
}

void JointSuppressions::Clear() {
  for (One& one : suppressions_) one.suppression->Clear();
}

absl::Status JointSuppressions::Recode(size_t& bytes) {
  absl::Status status;
  for (One& one : suppressions_) {
    std::string state;
    one.suppression->Encode(state);
    bytes += state.size();
    one.suppression->ForgetState();
    status.Update(one.suppression->Decode(state));
  }
  return status;
}

std::map<std::string, JointSuppressions::Counts> JointSuppressions::counts() const {
  std::map<std::string, Counts> counts;
  const std::lock_guard<std::mutex> lock(published_mutex_);
  for (const Published& one : published_) {
    Counts& of_rule = counts[one.rule];
    of_rule.alerts += one.counters->alerts.Get();
    of_rule.suppressed += one.counters->suppressed.Get();
  }
  return counts;
}

}  // namespace telltale::engine
