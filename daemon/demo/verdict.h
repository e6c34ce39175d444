// Alerts that came against alerts that had to come.
//
// An alert is the one that was planted when rule, key, time and the coordinates of its evidence are
// the same. Each planted one has to come once: what came besides, or twice, is spurious.
//
// Owner: value types. Thread: any. Units: milliseconds of event time. Errors: none.
#ifndef TELLTALE_DAEMON_DEMO_VERDICT_H_
#define TELLTALE_DAEMON_DEMO_VERDICT_H_

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/demo/generator.h"

namespace telltale::demo {

struct Coordinates {
  uint32_t stream = 0;
  uint32_t partition = 0;
  int64_t offset = 0;
  auto operator<=>(const Coordinates&) const = default;
};

// What makes an alert the one that it is.
struct AlertIdentity {
  std::string rule;
  std::string key;
  int64_t time_ms = 0;
  std::vector<Coordinates> evidence;  // in total order
  auto operator<=>(const AlertIdentity&) const = default;
};

// What has to come, by the generator's plan.
std::vector<AlertIdentity> Expected(const Generator& generator);

struct Verdict {
  uint64_t planted = 0;
  uint64_t alerts = 0;
  std::vector<AlertIdentity> missing;
  std::vector<AlertIdentity> spurious;
  bool exact() const { return missing.empty() && spurious.empty(); }
};

Verdict Judge(std::vector<AlertIdentity> expected, std::vector<AlertIdentity> seen);

// "new-device-transfer of u-000042 at 2026-03-01T09:12:00.000Z (logins/0/17, devices/1/2)".
std::string Describe(const AlertIdentity& alert);

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_VERDICT_H_
