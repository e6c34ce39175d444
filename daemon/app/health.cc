#include "daemon/app/health.h"

namespace telltale::app {

void HealthBoard::NotReady(const std::string& name, const std::string& reason) {
  std::lock_guard lock(mutex_);
  reasons_[name] = reason;
}

void HealthBoard::Ready(const std::string& name) {
  std::lock_guard lock(mutex_);
  reasons_.erase(name);
}

void HealthBoard::Dead(const std::string& reason) {
  std::lock_guard lock(mutex_);
  if (dead_.empty()) dead_ = reason;
}

telemetry::Health HealthBoard::Get() const {
  std::lock_guard lock(mutex_);
  telemetry::Health health;
  health.live = dead_.empty();
  health.ready = health.live && reasons_.empty();
  if (!health.live) health.reasons.push_back(dead_);
  for (const auto& [name, reason] : reasons_) health.reasons.push_back(reason);
  return health;
}

bool HealthBoard::live() const {
  std::lock_guard lock(mutex_);
  return dead_.empty();
}

}  // namespace telltale::app
