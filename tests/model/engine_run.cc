#include "tests/model/engine_run.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <random>

#include "engine/runtime/engine.h"

namespace telltale::model {
namespace {

class Collector : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (engine::Alert& alert : alerts) alerts_.push_back(std::move(alert));
  }
  std::vector<engine::Alert> Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::move(alerts_);
  }

 private:
  std::mutex mutex_;
  std::vector<engine::Alert> alerts_;
};

}  // namespace

Outcome OutcomeOf(const engine::Alert& alert) {
  Outcome outcome{.rule = alert.rule->id,
                  .key = alert.key,
                  .time = alert.time,
                  .suppressed = alert.suppressed,
                  .timeout = alert.kind == engine::AlertKind::kTimeout,
                  .truncated = alert.truncated,
                  .limit = alert.kind == engine::AlertKind::kLimit,
                  .count = alert.match_count};
  for (const engine::Evidence& evidence : alert.evidence) {
    outcome.evidence.push_back(
        {evidence.step, evidence.stream, evidence.partition, evidence.offset});
  }
  if (alert.window) {
    outcome.window = {alert.window->start, alert.window->end, alert.window->by_event, {}};
    for (const auto& [name, json] : alert.fields)
      outcome.window->fields.push_back(name + ": " + json);
  }
  return outcome;
}

std::vector<Outcome> EngineResult::Outcomes() const {
  std::vector<Outcome> outcomes;
  for (const engine::Alert& alert : alerts) outcomes.push_back(OutcomeOf(alert));
  std::sort(outcomes.begin(), outcomes.end());
  return outcomes;
}

std::vector<std::string> EngineResult::Bodies() const {
  std::vector<std::string> bodies;
  for (const engine::Alert& alert : alerts) bodies.push_back(AlertJson(alert));
  std::sort(bodies.begin(), bodies.end());
  return bodies;
}

EngineResult RunEngine(const Scenario& scenario, std::shared_ptr<const engine::CompiledRules> rules,
                       const EngineSetting& setting) {
  return RunEngine(FeedOf(scenario, *rules), rules, setting);
}

EngineResult RunEngine(const Feed& feed, std::shared_ptr<const engine::CompiledRules> rules,
                       const EngineSetting& setting) {
  Collector collector;
  engine::EngineOptions options;
  options.workers = setting.workers;
  options.threads = setting.threads;
  options.batch_events = setting.batch_events;
  options.index_from = setting.index_from;
  options.warm_keys = setting.warm_keys;
  for (const ScenarioStream& stream : feed.streams)
    options.max_out_of_orderness.push_back(stream.max_out_of_orderness);
  const std::unique_ptr<engine::Engine> engine = engine::MakeEngine(rules, options, collector);
  for (uint32_t stream = 0; stream < feed.streams.size(); ++stream) {
    for (uint32_t partition = 0; partition < feed.streams[stream].partitions; ++partition) {
      engine->AddPartition({stream, partition}, {});
    }
  }
  EngineResult result;
  std::mt19937_64 random(setting.recode_seed);
  const auto recode = [&] {
    if (random() % 100 >= setting.recode_percent) return;
    const absl::StatusOr<size_t> bytes = engine->RecodeState();
    if (bytes.ok()) {
      result.recoded_bytes += *bytes;
    } else {
      result.recode_error = bytes.status().ToString();
    }
  };
  for (size_t i = 0; i < feed.size; ++i) {
    result.late.push_back(engine->Offer(feed.at(i)).late);
    if (result.late.size() % setting.flush_every != 0) continue;
    engine->Flush();
    recode();
  }
  if (setting.ends_at) {
    engine->AdvanceTo(*setting.ends_at + 1);
    engine->Flush();
    engine->Wait();
  } else {
    engine->Finish();
  }
  for (const engine::RuleStats& rule : engine->Stats().rules)
    result.condition_errors += rule.condition_errors;
  result.delivered = collector.Take();
  std::copy_if(
      result.delivered.begin(), result.delivered.end(), std::back_inserter(result.alerts),
      [](const engine::Alert& alert) { return alert.status == engine::AlertStatus::kFinal; });
  std::stable_sort(result.alerts.begin(), result.alerts.end(),
                   [](const engine::Alert& a, const engine::Alert& b) { return Before(a, b); });
  return result;
}

}  // namespace telltale::model
