#include "daemon/replay/settled_alerts.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace telltale::replay {
namespace {

void Sort(std::vector<engine::Alert>& alerts) {
  std::sort(alerts.begin(), alerts.end(),
            [](const engine::Alert& a, const engine::Alert& b) { return engine::Before(a, b); });
}

}  // namespace

void SettledAlerts::Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) {
  const std::lock_guard lock(mutex_);
  std::move(alerts.begin(), alerts.end(), std::back_inserter(waiting_));
}

std::vector<engine::Alert> SettledAlerts::Take(int64_t bound) {
  std::vector<engine::Alert> taken;
  {
    const std::lock_guard lock(mutex_);
    const auto rest =
        std::partition(waiting_.begin(), waiting_.end(),
                       [bound](const engine::Alert& alert) { return alert.time >= bound; });
    std::move(rest, waiting_.end(), std::back_inserter(taken));
    waiting_.erase(rest, waiting_.end());
  }
  Sort(taken);
  return taken;
}

std::vector<engine::Alert> SettledAlerts::TakeAll() {
  std::vector<engine::Alert> taken;
  {
    const std::lock_guard lock(mutex_);
    taken = std::exchange(waiting_, {});
  }
  Sort(taken);
  return taken;
}

}  // namespace telltale::replay
