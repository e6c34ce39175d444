// A Kafka broker inside the process, for the demo: librdkafka's mock cluster.
//
// It speaks Kafka's protocol over TCP on this machine; whoever has bootstrap() can connect. It
// keeps no more than 5 MB of a partition and trims the rest in silence: feed it only as fast as it
// is read (Feeder). It is no proof of anything that needs transactions.
//
// Owner: the demo; clients end before it does. Thread: any. Errors: librdkafka's words.
#ifndef TELLTALE_DAEMON_DEMO_MOCK_CLUSTER_H_
#define TELLTALE_DAEMON_DEMO_MOCK_CLUSTER_H_

#include <librdkafka/rdkafka.h>
// rdkafka.h must come before it.
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/kafka/client.h"

namespace telltale::demo {

class MockCluster {
 public:
  // Topics with their numbers of partitions.
  static absl::StatusOr<std::unique_ptr<MockCluster>> Start(
      const std::vector<std::pair<std::string, int>>& topics);
  ~MockCluster();
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  std::string bootstrap() const;

 private:
  MockCluster() = default;

  kafka::Client host_;  // the cluster runs on its threads
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_MOCK_CLUSTER_H_
