#include "daemon/kafka/client.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace telltale::kafka {

Properties Merge(const Properties& defaults, const Properties& user, const Properties& owned) {
  Properties merged = defaults;
  merged.insert(merged.end(), user.begin(), user.end());
  merged.insert(merged.end(), owned.begin(), owned.end());
  return merged;
}

absl::StatusOr<Client> MakeClient(rd_kafka_type_t type, const Properties& properties,
                                  const ClientCallbacks& callbacks) {
  std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_t, rd_kafka_conf_destroy>> conf(
      rd_kafka_conf_new());
  std::array<char, 512> error{};
  for (const auto& [name, value] : properties) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      return absl::InvalidArgumentError(absl::StrCat("kafka: ", error.data()));
    }
  }
  // What matters of its log comes as errors; the rest ("property X is a producer's") would only
  // puzzle.
  rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_conf_set_opaque(conf.get(), callbacks.context);
  if (callbacks.delivered != nullptr) rd_kafka_conf_set_dr_msg_cb(conf.get(), callbacks.delivered);
  if (callbacks.rebalanced != nullptr) {
    rd_kafka_conf_set_rebalance_cb(conf.get(), callbacks.rebalanced);
  }
  if (callbacks.committed != nullptr) {
    rd_kafka_conf_set_offset_commit_cb(conf.get(), callbacks.committed);
  }
  if (callbacks.failed != nullptr) rd_kafka_conf_set_error_cb(conf.get(), callbacks.failed);
  Client client(rd_kafka_new(type, conf.get(), error.data(), error.size()));
  if (client == nullptr) return absl::InvalidArgumentError(absl::StrCat("kafka: ", error.data()));
  (void)conf.release();  // the client owns it now
  return client;
}

}  // namespace telltale::kafka
