#include "daemon/kafka/property_check.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config_codes.h"
#include "daemon/kafka/client.h"

namespace telltale::kafka {
namespace {

using Conf = std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_t, rd_kafka_conf_destroy>>;
using TopicConf = std::unique_ptr<rd_kafka_topic_conf_t,
                                  Destroyer<rd_kafka_topic_conf_t, rd_kafka_topic_conf_destroy>>;

// Names and values in turn, as librdkafka dumps them.
void AppendNames(const char** dump, size_t count, std::vector<std::string>& names) {
  for (size_t i = 0; i + 1 < count; i += 2) names.emplace_back(dump[i]);
  rd_kafka_conf_dump_free(dump, count);
}

// Those that have a value from the start, which all have that one would think of.
std::vector<std::string> KnownNames() {
  std::vector<std::string> names;
  size_t count = 0;
  const Conf conf(rd_kafka_conf_new());
  const char** dump = rd_kafka_conf_dump(conf.get(), &count);
  AppendNames(dump, count, names);
  const TopicConf topic(rd_kafka_topic_conf_new());
  dump = rd_kafka_topic_conf_dump(topic.get(), &count);
  AppendNames(dump, count, names);
  for (const char* name : {"bootstrap.servers", "ssl.ca.location", "ssl.certificate.location",
                           "ssl.key.location", "ssl.key.password", "sasl.username", "sasl.password",
                           "sasl.mechanisms", "sasl.mechanism"}) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

rules::Diagnostics CheckProperties(const config::Config& config) {
  rules::Diagnostics diagnostics;
  const Conf conf(rd_kafka_conf_new());
  for (size_t i = 0; i < config.kafka.size(); ++i) {
    const auto& [name, value] = config.kafka[i];
    const auto& [name_span, value_span] = config.kafka_spans[i];
    std::array<char, 512> reason{};
    switch (
        rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size())) {
      case RD_KAFKA_CONF_OK:
        break;
      case RD_KAFKA_CONF_UNKNOWN:
        diagnostics
            .Error(config::kBadProperty, name_span, "librdkafka has no property '" + name + "'")
            .suggestion = rules::Nearest(name, KnownNames());
        break;
      case RD_KAFKA_CONF_INVALID:
        diagnostics.Error(config::kBadProperty, value_span,
                          "'" + name + "' cannot be '" + value + "': " + reason.data());
        break;
    }
  }
  diagnostics.Sort();
  return diagnostics;
}

}  // namespace telltale::kafka
