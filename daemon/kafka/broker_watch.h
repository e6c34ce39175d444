// Asks the broker every second whether it is there and how many partitions the input topics have,
// so that the daemon can say why it is not ready while nothing comes; and makes the topics that
// Telltale writes where they are missing.
//
// Owner: the source. Thread: one of its own; the getters from any. Errors: told as health, names
// "broker" and "topics".
#ifndef TELLTALE_DAEMON_KAFKA_BROKER_WATCH_H_
#define TELLTALE_DAEMON_KAFKA_BROKER_WATCH_H_

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/kafka/client.h"
#include "daemon/kafka/reports.h"
#include "rules/model/rule.h"

namespace telltale::kafka {

class BrokerWatch {
 public:
  // `client` and `config` outlive it.
  BrokerWatch(rd_kafka_t* client, const config::Config& config, Reports reports);
  ~BrokerWatch();
  BrokerWatch(const BrokerWatch&) = delete;
  BrokerWatch& operator=(const BrokerWatch&) = delete;

  // The topics that these rules write beside alerts are made, too, with the next look. Any thread.
  void MakeTopicsOf(const rules::RuleSet& rules);

  bool reachable() const { return reachable_.load(std::memory_order_relaxed); }

 private:
  void Run();
  void Look();
  void EnsureOutputs();
  void Ensure(const std::string& topic, const Properties& properties);

  rd_kafka_t* const client_;
  const config::Config& config_;
  const Reports reports_;
  bool outputs_ensured_ = false;
  std::atomic<bool> reachable_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::set<std::string> wanted_;  // of rules
  std::set<std::string> made_;    // by the thread alone: those of them that were looked after
  std::thread thread_;
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_BROKER_WATCH_H_
