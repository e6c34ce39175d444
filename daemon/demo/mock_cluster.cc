#include "daemon/demo/mock_cluster.h"

#include "absl/strings/str_cat.h"

namespace telltale::demo {

absl::StatusOr<std::unique_ptr<MockCluster>> MockCluster::Start(
    const std::vector<std::pair<std::string, int>>& topics) {
  std::unique_ptr<MockCluster> cluster(new MockCluster);
  auto host = kafka::MakeClient(RD_KAFKA_PRODUCER, {{"client.id", "demo-broker"}}, {});
  if (!host.ok()) return host.status();
  cluster->host_ = *std::move(host);
  cluster->cluster_ = rd_kafka_mock_cluster_new(cluster->host_.get(), 1);
  if (cluster->cluster_ == nullptr) return absl::InternalError("cannot start the mock cluster");
  for (const auto& [topic, partitions] : topics) {
    rd_kafka_resp_err_t error =
        rd_kafka_mock_topic_create(cluster->cluster_, topic.c_str(), partitions, 1);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return absl::InternalError(
          absl::StrCat("cannot make topic ", topic, ": ", rd_kafka_err2str(error)));
    }
  }
  return cluster;
}

MockCluster::~MockCluster() {
  if (cluster_ != nullptr) rd_kafka_mock_cluster_destroy(cluster_);
}

std::string MockCluster::bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }

}  // namespace telltale::demo
