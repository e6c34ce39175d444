#include "daemon/testing/why_not.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/testing/verdict.h"
#include "engine/reading/near_miss.h"
#include "engine/reading/window_story.h"

namespace telltale::testing {
namespace {

// The rule that the alert should be of: where the test does not say, the first.
const rules::Rule* RuleOf(const rules::ExpectedAlert& expected, const rules::RuleTest& test,
                          const TestRun& run) {
  const std::string& id = expected.rule ? *expected.rule : test.rules.front();
  for (const rules::Rule& rule : run.rules->rules->rules) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

// The key that is named, or that of the first event of the evidence, or the only one there is.
std::optional<engine::Key> KeyOf(const rules::ExpectedAlert& expected, const TestRun& run,
                                 const engine::RuleReading& reading,
                                 const std::vector<const engine::Event*>& events,
                                 engine::Scratch& scratch) {
  if (expected.key) return expected.key;
  std::vector<uint32_t> evidence = expected.evidence.value_or(std::vector<uint32_t>());
  for (const auto& step : expected.evidence_by_step)
    evidence.insert(evidence.end(), step.second.begin(), step.second.end());
  for (const uint32_t index : evidence) {
    const engine::Event* event = run.records[index].event();
    if (event == nullptr) continue;
    const std::vector<engine::Key> keys = reading.KeysOf({event}, scratch);
    if (!keys.empty()) return keys.front();
  }
  const std::vector<engine::Key> keys = reading.KeysOf(events, scratch);
  return keys.size() == 1 ? std::optional(keys.front()) : std::nullopt;
}

// What became of the key's events. Where none came into a window it is told as of single events:
// why none of them fitted.
std::string Story(const engine::RuleReading& reading,
                  const std::vector<const engine::Event*>& events, const engine::Key& key,
                  const engine::Names& names, engine::Scratch& scratch) {
  const rules::Rule& rule = reading.rule();
  if (rule.aggregate || rule.new_terms) {
    const auto story = engine::TellWindow(reading, events, key, scratch);
    if (story.ok() && !story->events.empty()) return engine::Describe(*story, rule, events, names);
  }
  return engine::Describe(engine::FindNearMiss(reading, events, key, scratch), rule, events, names);
}

std::string KeptBack(const rules::Rule& rule, const TestRun& run) {
  std::string text;
  for (const engine::RuleStats& stats : run.stats.rules) {
    if (stats.id != rule.id) continue;
    const auto add = [&](uint64_t count, const char* what) {
      if (count > 0) absl::StrAppend(&text, what, ": ", count, "\n");
    };
    add(stats.suppressed, "alerts that 'suppress' kept back");
    add(stats.excepted, "alerts that 'exceptions' kept back");
    add(stats.warm_up_quiet, "alerts that 'warm_up' kept quiet");
    add(stats.limit_hits, "times that 'limits' acted");
    add(stats.condition_errors, "conditions that ended in an error");
    add(stats.missing_keys, "events without a key");
  }
  return text;
}

}  // namespace

std::string WhyNot(const rules::ExpectedAlert& expected, const rules::RuleTest& test,
                   const TestRun& run) {
  const rules::Rule* rule = RuleOf(expected, test, run);
  if (rule == nullptr) return "";
  const auto reading = engine::RuleReading::Make(*rule, run.rules->layouts, *run.rules->inputs);
  if (!reading.ok()) return "";
  const std::vector<const engine::Event*> events = OnTimeEvents(run);
  engine::Scratch scratch;
  const auto key = KeyOf(expected, run, *reading, events, scratch);
  if (!key) return KeptBack(*rule, run);
  const rules::StreamCatalog& streams = *run.rules->rules->streams;
  const engine::Names names{.event =
                                [&](const engine::Event& event) {
                                  return EventText(static_cast<uint32_t>(event.offset), test,
                                                   streams);
                                },
                            .time = [&](int64_t time) { return TimeText(time, test); }};
  const std::string why = Story(*reading, events, *key, names, scratch) + KeptBack(*rule, run);
  std::string text = absl::StrCat("why there is none for key ", KeyText(*key), "\n");
  for (const absl::string_view line : absl::StrSplit(why, '\n', absl::SkipEmpty()))
    absl::StrAppend(&text, "  ", line, "\n");
  return text;
}

}  // namespace telltale::testing
