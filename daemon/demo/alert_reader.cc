#include "daemon/demo/alert_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

namespace telltale::demo {
namespace {

using simdjson::dom::element;

std::string Text(const element& parent, std::string_view name) {
  std::string_view text;
  if (parent[name].get_string().get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

bool ReadCoordinates(const element& item, const std::vector<std::string>& streams,
                     Coordinates& out) {
  auto stream = std::find(streams.begin(), streams.end(), Text(item, "stream"));
  uint64_t partition = 0;
  if (stream == streams.end() || item["partition"].get_uint64().get(partition) ||
      item["offset"].get_int64().get(out.offset)) {
    return false;
  }
  out.stream = static_cast<uint32_t>(stream - streams.begin());
  out.partition = static_cast<uint32_t>(partition);
  return true;
}

// The values of the key's parts, joined; the demo's rules have one part.
bool ReadKey(const element& alert, std::string& out) {
  simdjson::dom::object key;
  if (alert["key"].get_object().get(key)) return false;
  for (auto [name, value] : key) {
    std::string_view text;
    if (value.get_string().get(text)) return false;
    out += (out.empty() ? "" : ",");
    out += text;
  }
  return !out.empty();
}

}  // namespace

std::optional<SeenAlert> ParseAlert(std::string_view json,
                                    const std::vector<std::string>& streams) {
  simdjson::dom::parser parser;
  element alert;
  element rule;
  simdjson::dom::array evidence;
  if (parser.parse(json.data(), json.size()).get(alert) || alert["rule"].get(rule) ||
      alert["evidence"].get_array().get(evidence)) {
    return std::nullopt;
  }
  SeenAlert seen;
  seen.level = Text(rule, "level");
  seen.title = Text(alert, "title");
  seen.identity.rule = Text(rule, "id");
  absl::Time time;
  std::string error;
  if (seen.identity.rule.empty() || !ReadKey(alert, seen.identity.key) ||
      !absl::ParseTime(absl::RFC3339_full, Text(alert, "time"), &time, &error)) {
    return std::nullopt;
  }
  seen.identity.time_ms = absl::ToUnixMillis(time);
  for (const element& item : evidence) {
    Coordinates at;
    if (!ReadCoordinates(item, streams, at)) return std::nullopt;
    seen.identity.evidence.push_back(at);
  }
  return seen;
}

absl::StatusOr<std::unique_ptr<AlertReader>> AlertReader::Start(
    const std::string& bootstrap, const std::string& topic, std::vector<std::string> streams,
    std::function<void(SeenAlert)> on_alert) {
  std::unique_ptr<AlertReader> reader(new AlertReader);
  reader->streams_ = std::move(streams);
  reader->on_alert_ = std::move(on_alert);
  auto consumer = kafka::MakeClient(RD_KAFKA_CONSUMER,
                                    {{"bootstrap.servers", bootstrap},
                                     {"group.id", "demo-alerts"},
                                     {"client.id", "demo-alerts"},
                                     {"enable.auto.commit", "false"},
                                     {"auto.offset.reset", "earliest"},
                                     {"fetch.wait.max.ms", "10"}},
                                    {});
  if (!consumer.ok()) return consumer.status();
  reader->consumer_ = *std::move(consumer);
  rd_kafka_poll_set_consumer(reader->consumer_.get());
  kafka::Partitions assignment(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(assignment.get(), topic.c_str(), 0)->offset =
      RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_resp_err_t error = rd_kafka_assign(reader->consumer_.get(), assignment.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::InternalError(rd_kafka_err2str(error));
  }
  reader->thread_ = std::thread(&AlertReader::Run, reader.get());
  return reader;
}

AlertReader::~AlertReader() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void AlertReader::Run() {
  while (!stopping_.load()) {
    kafka::Message message(rd_kafka_consumer_poll(consumer_.get(), 20));
    if (message == nullptr || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    std::optional<SeenAlert> seen =
        ParseAlert({static_cast<const char*>(message->payload), message->len}, streams_);
    if (seen) {
      on_alert_(*std::move(seen));
    } else {
      ++malformed_;
    }
    ++read_;
  }
  rd_kafka_consumer_close(consumer_.get());
}

}  // namespace telltale::demo
