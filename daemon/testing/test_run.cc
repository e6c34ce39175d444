#include "daemon/testing/test_run.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace telltale::testing {
namespace {

class Alerts final : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    // What is told before it is settled is not what a rule finds.
    for (engine::Alert& alert : alerts) {
      if (alert.status == engine::AlertStatus::kFinal) alerts_.push_back(std::move(alert));
    }
  }
  std::vector<engine::Alert> Take() && {
    std::stable_sort(
        alerts_.begin(), alerts_.end(),
        [](const engine::Alert& a, const engine::Alert& b) { return engine::Before(a, b); });
    return std::move(alerts_);
  }

 private:
  std::vector<engine::Alert> alerts_;
};

// Partition 0 of every stream that the rules name, and those of the events.
std::set<engine::PartitionKey> Partitions(const rules::RuleTest& test,
                                          const engine::CompiledRules& rules) {
  std::set<engine::PartitionKey> partitions;
  for (const rules::Rule& rule : rules.rules->rules) {
    for (const rules::StreamIndex stream : rule.Streams()) partitions.insert({stream, 0});
  }
  for (const rules::TestEvent& event : test.events) {
    if (event.advance_to) continue;
    const bool is_alert = event.stream == rules.rules->streams->alerts();
    partitions.insert({event.stream, is_alert ? 0 : event.partition});
  }
  return partitions;
}

}  // namespace

std::vector<const engine::Event*> OnTimeEvents(const TestRun& run) {
  std::vector<const engine::Event*> events;
  for (uint32_t i = 0; i < run.records.size(); ++i) {
    const engine::Event* event = run.records[i].event();
    const bool late = std::binary_search(run.late.begin(), run.late.end(), i);
    if (event != nullptr && !late) events.push_back(event);
  }
  std::sort(events.begin(), events.end(),
            [](const engine::Event* a, const engine::Event* b) { return engine::Before(*a, *b); });
  return events;
}

TestRun Run(const rules::RuleTest& test, const config::Config& config, CompiledPtr rules) {
  TestRun run;
  run.records = DecodeEvents(test, config.streams, *rules);
  run.rules = std::move(rules);
  Alerts alerts;
  engine::EngineOptions options;
  options.threads = false;
  for (const config::StreamConfig& stream : config.streams)
    options.max_out_of_orderness.push_back(stream.time.max_out_of_orderness);
  options.key_group_is_partition = config.co_partitioned;
  const std::unique_ptr<engine::Engine> engine =
      engine::MakeEngine(run.rules, std::move(options), alerts);
  for (const engine::PartitionKey& partition : Partitions(test, *run.rules))
    engine->AddPartition(partition, {});
  for (uint32_t i = 0; i < test.events.size(); ++i) {
    if (test.events[i].advance_to) {
      // A watermark is what is still to come; the time itself shall have passed.
      engine->AdvanceTo(*test.events[i].advance_to + 1);
      engine->Flush();
    } else if (const engine::Event* event = run.records[i].event()) {
      if (engine->Offer(*event).late) run.late.push_back(i);
    } else {
      run.dead_letters.push_back(i);
    }
  }
  if (test.drain) {
    engine->Flush();
    engine->Wait();
  } else {
    engine->Finish();
  }
  run.stats = engine->Stats();
  run.alerts = std::move(alerts).Take();
  return run;
}

}  // namespace telltale::testing
