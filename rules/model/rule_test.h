// A test that stands beside a rule: events on a virtual clock, and the alerts that must come of
// them, those and no others.
//
// Tests are read and checked with the rules, and are no part of them: no fingerprint and no daemon
// knows of them. `telltale test` runs them. rules/README.md, "Tests of rules", is the reference.
//
// Owner: LoadResult. Thread: immutable once loaded, any. Units: int64 nanoseconds since the epoch.
#ifndef TELLTALE_RULES_MODEL_RULE_TEST_H_
#define TELLTALE_RULES_MODEL_RULE_TEST_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/model/json.h"
#include "rules/model/key_parts.h"
#include "rules/model/named_list.h"
#include "rules/model/rule.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"

namespace telltale::rules {

// What 0s is where a test has no `base`: Monday, 2024-01-01T00:00:00Z.
inline constexpr int64_t kTestBase = 1'704'067'200'000'000'000;

// An item of `events`. They arrive in the order of the list, whatever their times.
struct TestEvent {
  // No event: the watermarks of all partitions pass this time.
  std::optional<int64_t> advance_to;

  StreamIndex stream = 0;
  // None: the event names its time itself, in the field where its stream has it.
  std::optional<int64_t> at;
  std::optional<int64_t> kafka_time;  // of its record; where the stream is timed by it, `at`
  uint32_t partition = 0;
  Json body;  // an object
  Span span;
};

// An alert that must come. What is not said is not compared.
struct ExpectedAlert {
  std::optional<std::string> rule;
  std::optional<std::string> kind;     // as alerts spell it: match, timeout, window, limit
  std::optional<std::string> reached;  // the step that a timeout got to
  std::optional<KeyParts> key;
  std::optional<int64_t> at;
  // Indexes into `events`, ascending: of all the evidence, or by step.
  std::optional<std::vector<uint32_t>> evidence;
  std::vector<std::pair<std::string, std::vector<uint32_t>>> evidence_by_step;
  std::optional<std::string> title;
  std::optional<int64_t> risk_score;
  std::optional<Level> level;
  std::optional<int64_t> suppressed;
  std::optional<bool> truncated;
  std::vector<std::pair<std::string, Json>> fields;
  Span span;
};

// What a table holds while a test runs: rows by their keys.
struct TestTable {
  std::string name;
  std::vector<std::pair<std::string, Json>> rows;  // objects
};

struct RuleTest {
  std::string name;
  std::vector<std::string> rules;  // ids: those that run, together; the first gives the test's path
  bool in_rule = false;            // it stands in the rule, not in a file of tests
  int64_t base = kTestBase;
  WarmUp warm_up = WarmUp::kAssumeEmpty;  // C5, in the place of what the rules say
  bool drain = false;  // T6: the end of the events does not move the watermarks to infinity
  std::vector<TestEvent> events;
  std::vector<ExpectedAlert> alerts;
  // What lists and tables hold, of those that the test names.
  std::map<std::string, std::shared_ptr<const NamedList>> lists;
  std::vector<TestTable> tables;
  std::vector<uint32_t> late;          // events that must come too late (T4), ascending
  std::vector<uint32_t> dead_letters;  // events whose records must be refused (V7, T1), ascending
  Span span;                           // of its name

  // "rule/name": what filters and reports call it.
  std::string Path() const { return (rules.empty() ? "" : rules.front()) + "/" + name; }
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_RULE_TEST_H_
