#include "daemon/demo/verdict.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

namespace telltale::demo {

std::vector<AlertIdentity> Expected(const Generator& generator) {
  std::vector<AlertIdentity> expected;
  for (const Planted& planted : generator.planted()) {
    AlertIdentity alert{planted.rule, planted.user, planted.alert_time_ms, {}};
    for (size_t index : planted.evidence) {
      const GeneratedEvent& event = generator.events()[index];
      alert.evidence.push_back({event.stream, event.partition, event.offset});
    }
    expected.push_back(std::move(alert));
  }
  return expected;
}

Verdict Judge(std::vector<AlertIdentity> expected, std::vector<AlertIdentity> seen) {
  Verdict verdict;
  verdict.planted = expected.size();
  verdict.alerts = seen.size();
  std::sort(expected.begin(), expected.end());
  std::sort(seen.begin(), seen.end());
  std::set_difference(expected.begin(), expected.end(), seen.begin(), seen.end(),
                      std::back_inserter(verdict.missing));
  std::set_difference(seen.begin(), seen.end(), expected.begin(), expected.end(),
                      std::back_inserter(verdict.spurious));
  return verdict;
}

std::string Describe(const AlertIdentity& alert) {
  std::string evidence =
      absl::StrJoin(alert.evidence, ", ", [](std::string* out, const Coordinates& at) {
        std::string topic = at.stream < kDemoStreams ? kDemoTopics[at.stream] : "?";
        absl::StrAppend(out, topic, "/", at.partition, "/", at.offset);
      });
  return absl::StrCat(alert.rule, " of ", alert.key, " at ",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(alert.time_ms),
                                       absl::UTCTimeZone()),
                      " (", evidence, ")");
}

}  // namespace telltale::demo
