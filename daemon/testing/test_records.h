// The events of a test as the engine gets them: each becomes the JSON of a record, with its time
// where its stream has it, and goes through the daemon's own decoder, so that numbers, types and
// what is not well-formed are as in production (V5, V7).
//
// The offset of a record is its index in the test, which is how alerts name their evidence.
// Owner: values. Thread: any. Units: nanoseconds. Errors: a dead letter's reason for each event.
#ifndef TELLTALE_DAEMON_TESTING_TEST_RECORDS_H_
#define TELLTALE_DAEMON_TESTING_TEST_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/decode/dead_letter.h"
#include "engine/event/event.h"
#include "engine/runtime/compiled_rules.h"
#include "rules/model/rule_test.h"

namespace telltale::testing {

// An event in memory of its own.
class TestRecord {
 public:
  TestRecord() = default;
  explicit TestRecord(decode::DeadLetterReason reason) : reason_(reason) {}
  explicit TestRecord(const engine::Event& event);

  // Null: a dead letter, or no event but an `advance_to`.
  const engine::Event* event() const {
    return block_.empty() ? nullptr : reinterpret_cast<const engine::Event*>(block_.data());
  }
  decode::DeadLetterReason reason() const { return reason_; }

 private:
  std::vector<uint64_t> block_;
  decode::DeadLetterReason reason_ = decode::DeadLetterReason::kNone;
};

// By index in the test.
std::vector<TestRecord> DecodeEvents(const rules::RuleTest& test,
                                     const std::vector<config::StreamConfig>& streams,
                                     const engine::CompiledRules& rules);

// The record's text.
std::string RecordText(const rules::TestEvent& event, const config::StreamConfig& stream);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_TEST_RECORDS_H_
