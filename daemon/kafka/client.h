// librdkafka's handles with owners, and clients made from properties.
//
// Owner: whoever holds the pointer; a consumer is closed by its source before. Thread: as
// librdkafka says (any, but polls from one). Errors: INVALID_ARGUMENT with librdkafka's words for a
// property that it does not take.
#ifndef TELLTALE_DAEMON_KAFKA_CLIENT_H_
#define TELLTALE_DAEMON_KAFKA_CLIENT_H_

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/kafka/reports.h"

namespace telltale::kafka {

template <typename T, void (*Destroy)(T*)>
struct Destroyer {
  void operator()(T* pointer) const { Destroy(pointer); }
};

using Client = std::unique_ptr<rd_kafka_t, Destroyer<rd_kafka_t, rd_kafka_destroy>>;
using Partitions = std::unique_ptr<
    rd_kafka_topic_partition_list_t,
    Destroyer<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>>;
using Message =
    std::unique_ptr<rd_kafka_message_t, Destroyer<rd_kafka_message_t, rd_kafka_message_destroy>>;
using Topic =
    std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_t, rd_kafka_topic_destroy>>;
using KafkaError =
    std::unique_ptr<rd_kafka_error_t, Destroyer<rd_kafka_error_t, rd_kafka_error_destroy>>;

using Properties = std::vector<std::pair<std::string, std::string>>;

// Later properties win. Callbacks find `context`.
struct ClientCallbacks {
  void* context = nullptr;
  void (*delivered)(rd_kafka_t*, const rd_kafka_message_t*, void* context) = nullptr;
  void (*rebalanced)(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*,
                     void* context) = nullptr;
  void (*committed)(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*,
                    void* context) = nullptr;
  void (*failed)(rd_kafka_t*, int error, const char* reason, void* context) = nullptr;
};

absl::StatusOr<Client> MakeClient(rd_kafka_type_t type, const Properties& properties,
                                  const ClientCallbacks& callbacks);

// `user` over `defaults`, `owned` over both.
Properties Merge(const Properties& defaults, const Properties& user, const Properties& owned);

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_CLIENT_H_
