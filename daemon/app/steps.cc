#include "daemon/app/steps.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/telemetry/log.h"

namespace telltale::app {
namespace {

absl::Status Named(const std::string& name, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(name, ": ", status.message()));
}

}  // namespace

Steps::~Steps() { StopAll().IgnoreError(); }

absl::Status Steps::Start(const std::string& name, const Action& start, Action stop) {
  telemetry::LogDebug("starting", {{"step", name}});
  absl::Status status = Named(name, start());
  if (!status.ok()) {
    StopAll().IgnoreError();
    return status;
  }
  running_.push_back({name, std::move(stop)});
  return status;
}

absl::Status Steps::StopAll() {
  absl::Status first;
  while (!running_.empty()) {
    Step step = std::move(running_.back());
    running_.pop_back();
    telemetry::LogDebug("stopping", {{"step", step.name}});
    if (step.stop == nullptr) continue;
    absl::Status status = Named(step.name, step.stop());
    if (!status.ok())
      telemetry::LogError("a step did not stop well", {{"error", std::string(status.message())}});
    first.Update(status);
  }
  return first;
}

}  // namespace telltale::app
