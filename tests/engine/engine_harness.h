// Runs rule text over events given by hand, without threads or files: for tests of the engine as a
// whole.
//
// Owner: the test. Thread: one. Errors: a rule that does not load fails the test with its
// diagnostics.
#ifndef TELLTALE_TESTS_ENGINE_ENGINE_HARNESS_H_
#define TELLTALE_TESTS_ENGINE_ENGINE_HARNESS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "engine/alert/alert.h"
#include "engine/event/event.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/engine.h"
#include "rules/model/stream.h"

namespace telltale::engine {

// An event of the test: its fields are found by their dotted path ("payer.id"). An ErrorCode is a
// field that is there and cannot be read.
struct TestEvent {
  uint32_t stream = 0;
  int64_t time_ms = 0;
  // A list is of texts.
  std::map<std::string, std::variant<int64_t, double, std::string, bool, std::nullptr_t, ErrorCode,
                                     std::vector<std::string>>>
      fields;
  uint32_t partition = 0;
};

// Collects alerts from any number of shard threads.
class CollectingSink final : public AlertSink {
 public:
  void Deliver(uint32_t shard, uint64_t epoch, std::vector<Alert> alerts) override;
  // In T7's order.
  std::vector<Alert> Take();
  // What has come since the last call of either, as it came.
  std::vector<Alert> Delivered();

 private:
  std::mutex mutex_;
  std::vector<Alert> alerts_;
};

// Streams a, b, c ... with topics of the same names.
std::shared_ptr<const rules::StreamCatalog> TestStreams(const std::vector<std::string>& names);
// Rules may name the tables of `tables`.
std::shared_ptr<const CompiledRules> CompileText(
    const std::string& yaml, std::shared_ptr<const rules::StreamCatalog> streams,
    const Tables& tables = {});
// The event in the layout of `rules`, valid until the builder's next use.
const Event* Build(EventBuilder& builder, const CompiledRules& rules, const TestEvent& event,
                   int64_t offset);

// The alerts of the events in this order of arrival, to the end of the input; offsets count per
// stream and partition.
std::vector<Alert> RunRules(const std::string& yaml, const std::vector<std::string>& streams,
                            const std::vector<TestEvent>& events,
                            EngineOptions options = {.threads = false}, const Tables& tables = {});

// "time_ms: stream@time_ms stream@time_ms ..." of each alert, for comparison by eye.
std::vector<std::string> Summaries(const std::vector<Alert>& alerts);

}  // namespace telltale::engine

#endif  // TELLTALE_TESTS_ENGINE_ENGINE_HARNESS_H_
