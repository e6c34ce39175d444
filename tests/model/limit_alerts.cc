#include "tests/model/limit_alerts.h"

#include <set>

namespace telltale::model {

void AddLimits(const rules::Rule& rule, const rules::KeyParts& key,
               const std::vector<int64_t>& hits, std::vector<Outcome>& outcomes) {
  constexpr int64_t kHour = 3600 * kSecond;
  std::set<int64_t> hours;
  for (const int64_t time : hits) {
    const int64_t hour = time / kHour - (time % kHour < 0 ? 1 : 0);
    if (!hours.insert(hour).second) continue;
    outcomes.push_back(
        {.rule = rule.id, .key = key, .time = time, .truncated = true, .limit = true});
  }
}

}  // namespace telltale::model
