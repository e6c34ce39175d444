#include "daemon/replay/settled_alerts.h"

#include <algorithm>
#include <utility>

namespace telltale::replay {
namespace {

using Waiting = std::multimap<int64_t, engine::Alert>;

std::vector<engine::Alert> InOrder(Waiting::iterator begin, Waiting::iterator end) {
  std::vector<engine::Alert> alerts;
  for (auto it = begin; it != end; ++it) alerts.push_back(std::move(it->second));
  std::sort(alerts.begin(), alerts.end(),
            [](const engine::Alert& a, const engine::Alert& b) { return engine::Before(a, b); });
  return alerts;
}

}  // namespace

void SettledAlerts::Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) {
  const std::lock_guard lock(mutex_);
  for (engine::Alert& alert : alerts) {
    if (alert.status != engine::AlertStatus::kFinal) continue;
    const int64_t time = alert.time;
    waiting_.emplace(time, std::move(alert));
  }
}

std::vector<engine::Alert> SettledAlerts::Take(int64_t bound) {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.lower_bound(bound);
  std::vector<engine::Alert> taken = InOrder(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return taken;
}

std::vector<engine::Alert> SettledAlerts::TakeAll() {
  const std::lock_guard lock(mutex_);
  std::vector<engine::Alert> taken = InOrder(waiting_.begin(), waiting_.end());
  waiting_.clear();
  return taken;
}

}  // namespace telltale::replay
