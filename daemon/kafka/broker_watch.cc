#include "daemon/kafka/broker_watch.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/kafka/group_lookup.h"

namespace telltale::kafka {

BrokerWatch::BrokerWatch(rd_kafka_t* client, const config::Config& config, Reports reports)
    : client_(client), config_(config), reports_(std::move(reports)) {
  reports_.health("broker", "the Kafka broker was not reached yet");
  thread_ = std::thread([this] { Run(); });
}

BrokerWatch::~BrokerWatch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  thread_.join();
}

void BrokerWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Look();
    lock.lock();
    wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
  }
}

void BrokerWatch::Look() {
  std::vector<std::string> problems;
  std::vector<std::string> counts;
  bool differ = false;
  int32_t first = -1;
  for (const config::StreamConfig& stream : config_.streams) {
    absl::StatusOr<int32_t> count = PartitionCount(client_, stream.topic);
    if (absl::IsUnavailable(count.status())) {
      if (reachable_.exchange(false)) reports_.log(Severity::kWarning, "lost the Kafka broker");
      reports_.health("broker", std::string(count.status().message()));
      return;
    }
    if (!count.ok()) {
      problems.emplace_back(count.status().message());
      continue;
    }
    differ = differ || (first >= 0 && *count != first);
    first = *count;
    counts.push_back(absl::StrCat(stream.topic, " has ", *count));
  }
  if (!reachable_.exchange(true)) reports_.log(Severity::kInfo, "reached the Kafka broker");
  reports_.health("broker", "");
  if (differ && config_.co_partitioned) {
    problems.push_back(
        absl::StrCat("the topics are not co-partitioned: numbers of partitions differ: ",
                     absl::StrJoin(counts, ", ")));
  }
  reports_.health("topics", absl::StrJoin(problems, "; "));
  EnsureOutputs();
}

void BrokerWatch::MakeTopicsOf(const rules::RuleSet& rules) {
  std::lock_guard lock(mutex_);
  for (const rules::Rule& rule : rules.rules) {
    if (rule.output && !rule.output->metric && rule.Runs()) wanted_.insert(rule.output->topic);
  }
}

void BrokerWatch::EnsureOutputs() {
  if (!std::exchange(outputs_ensured_, true)) {
    // A dead letter is as large as its record was.
    const Properties letters = {{"max.message.bytes", "104857600"}};
    Ensure(config_.alert_topic, {});
    Ensure(config_.shadow_topic, {});
    Ensure(config_.dead_letter_topic, letters);
    Ensure(config_.late_topic, letters);
  }
  std::set<std::string> wanted;
  {
    std::lock_guard lock(mutex_);
    wanted = wanted_;
  }
  for (const std::string& topic : wanted) {
    if (made_.insert(topic).second) Ensure(topic, {});
  }
}

void BrokerWatch::Ensure(const std::string& topic, const Properties& properties) {
  if (topic.empty()) return;
  const absl::Status made = EnsureTopic(client_, topic, properties);
  if (made.ok()) return;
  reports_.log(Severity::kWarning,
               absl::StrCat("cannot make topic '", topic, "': ", made.message()));
}

}  // namespace telltale::kafka
