// Alerts that come back from the shards: to rules that read them (A5), and to be suppressed over
// keys (A3).
#include <algorithm>
#include <utility>
#include <vector>

#include "engine/runtime/engine_impl.h"

namespace telltale::engine {

bool EngineImpl::Chained() const {
  return joint_.active() || std::any_of(sets_.begin(), sets_.end(),
                                        [](const ActiveRules& rules) { return rules.chained(); });
}

// What is processed is asked for first: what comes up until the queues are taken does no harm.
bool EngineImpl::TakeFed() {
  const uint64_t processed = Processed();
  bool news = false;
  for (auto& worker : workers_) {
    worker->fed.TakeAll([&](FedAlerts& fed) {
      DeliverFed(fed);
      TakeUndecided(fed);
      news = true;
    });
  }
  for (; !epochs_.empty() && epochs_.front().epoch <= processed; epochs_.pop_front()) {
    const EpochTimes& times = epochs_.front();
    for (const EpochTimes::OfSet& of_set : times.sets) {
      for (ActiveRules& rules : sets_) {
        if (rules.generation() != of_set.generation) continue;
        for (uint32_t group = 0; group < times.incarnations.size(); ++group) {
          if (groups_[group].live() && groups_[group].incarnation == times.incarnations[group])
            news = rules.Apply(group, of_set.applied) || news;
        }
      }
    }
  }
  DecideJointly();
  return news;
}

// A3: those of what keys held that has been dropped meanwhile are for nobody.
void EngineImpl::TakeUndecided(FedAlerts& fed) {
  for (FedAlerts::OneUndecided& one : fed.undecided) {
    const KeyGroup& group = groups_[one.key_group];
    if (group.live() && group.incarnation == one.incarnation) joint_.Take(one);
  }
}

// With the epoch that is closed next: what it says is settled is decided, and sent.
void EngineImpl::DecideJointly() {
  if (!joint_.active()) return;
  std::vector<Alert> alerts;
  joint_.Decide(sets_, alerts);
  if (!alerts.empty()) sink_.Deliver(0, epoch_ + 1, std::move(alerts));
}

void EngineImpl::DeliverFed(const FedAlerts& fed) {
  for (const FedAlerts::One& one : fed.alerts) {
    const KeyGroup& group = groups_[one.key_group];
    const Event& event = fed.EventOf(one);
    if (!group.live() || group.incarnation != one.incarnation || event.time <= group.passed)
      continue;
    for (ActiveRules& rules : sets_) {
      if (rules.generation() != one.generation) continue;
      alerts_read_.fetch_add(1, std::memory_order_relaxed);
      DeliverTo(rules, one.key_group, event);
    }
  }
}

void EngineImpl::SettleReaders() {
  if (!Chained()) return;
  for (WaitForShards(); TakeFed(); WaitForShards()) CloseEpoch();
}

}  // namespace telltale::engine
