#include "daemon/config/config.h"

#include <absl/strings/numbers.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <tuple>
#include <utility>

#include "daemon/config/config_codes.h"
#include "daemon/config/config_words.h"
#include "daemon/config/file_text.h"
#include "daemon/config/stream_reader.h"
#include "daemon/config/table_reader.h"
#include "rules/load/yaml/keyed_map.h"
#include "rules/load/yaml/reader.h"
#include "rules/load/yaml/values.h"
#include "rules/model/topic_name.h"

namespace telltale::config {

using rules::Diagnostics;
using rules::Entry;
using rules::KeyedMap;
using rules::Node;
using rules::NodeKind;
using rules::Span;

namespace {

uint32_t DefaultWorkers() {
  const unsigned cores = std::thread::hardware_concurrency();
  return cores > 2 ? cores - 1 : 1;
}

class ConfigReader {
 public:
  ConfigReader(const Node& node, Use use, Diagnostics& diagnostics)
      : node_(node),
        use_(use),
        diagnostics_(diagnostics),
        values_(kConfigCodes, diagnostics),
        whole_(node, ConfigKeys(), values_) {}

  Config Read() {
    config_.workers = DefaultWorkers();
    if (!KeyedMap::Open(node_, ConfigKeys(), values_)) return std::move(config_);
    Kafka();
    Group();
    config_.workers = static_cast<uint32_t>(whole_.Int("workers").value_or(config_.workers));
    if (const Node* streams = whole_.Required("streams", Start())) {
      const size_t before = diagnostics_.errors();
      config_.streams = ReadStreams(*streams, values_);
      streams_are_good_ = diagnostics_.errors() == before;
    }
    config_.co_partitioned = whole_.Bool("co_partitioned").value_or(false);
    const size_t before_catalog = diagnostics_.errors();
    config_.catalog = std::make_shared<const rules::StreamCatalog>(
        MakeCatalog(config_.streams, config_.co_partitioned, diagnostics_));
    streams_are_good_ = streams_are_good_ && diagnostics_.errors() == before_catalog;
    if (const Node* tables = whole_.Find("tables")) config_.tables = ReadTables(*tables, values_);
    Rules();
    Topics();
    Memory();
    ReadListen("http", HttpKeys(), config_.http);
    ReadListen("grpc", GrpcKeys(), config_.grpc);
    Log();
    return std::move(config_);
  }

  bool streams_are_good() const { return streams_are_good_; }

 private:
  Span Start() const {
    return node_.entries.empty() ? node_.span : node_.entries.front().key.Whole();
  }

  // The map of a key, if it is there and one.
  std::optional<KeyedMap> Open(const char* key, const rules::KeySet& keys) {
    const Node* node = whole_.Find(key);
    if (node == nullptr) return std::nullopt;
    return KeyedMap::Open(*node, keys, values_);
  }

  const Node* RequiredForRun(std::string_view key) {
    return use_ == Use::kRun ? whole_.Required(key, Start()) : whole_.Find(key);
  }

  void Kafka() {
    const Node* kafka = RequiredForRun("kafka");
    if (kafka == nullptr) return;
    if (kafka->kind != NodeKind::kMap) {
      diagnostics_.Error(
          kWrongKind, kafka->span,
          std::string("'kafka' must be a map of librdkafka's properties, and this is ") +
              KindName(kafka->kind));
      return;
    }
    bool servers = false;
    for (const Entry& entry : kafka->entries) {
      const std::string& property = entry.key.text();
      servers = servers || property == "bootstrap.servers" || property == "metadata.broker.list";
      const std::string_view reason = WhyOwned(property);
      if (!reason.empty()) {
        diagnostics_.Error(kOwnedProperty, entry.key.Whole(),
                           "'" + property + "' is not to be set: " + std::string(reason));
        continue;
      }
      const auto text = values_.Text(entry.value, "'" + property + "'");
      if (!text) continue;
      config_.kafka.emplace_back(property, text->text());
      config_.kafka_spans.emplace_back(entry.key.Whole(), entry.value.span);
    }
    if (!servers && use_ == Use::kRun) {
      diagnostics_.Error(kMissingKey, kafka->span, "'kafka' needs 'bootstrap.servers'");
    }
  }

  void Group() {
    const Node* group = RequiredForRun("group");
    if (group == nullptr) return;
    const auto text = values_.Text(*group, "'group'");
    if (!text) return;
    config_.group = text->text();
    // Topics are named after it.
    if (!rules::IsTopicName(config_.group) || config_.group.size() > 200) {
      diagnostics_.Error(kBadName, group->span,
                         "'group' is letters, digits, '.', '_' and '-', at most 200");
    }
  }

  void Rules() {
    if (RequiredForRun("rules") == nullptr) return;
    if (auto patterns = whole_.Texts("rules")) config_.rules = *std::move(patterns);
  }

  // A topic's name; `span` is where it stands.
  void Topic(const KeyedMap& map, const char* key, std::string& topic, Span& span) {
    const auto text = map.Text(key);
    if (!text) return;
    topic = text->text();
    span = map.Find(key)->span;
    if (!rules::IsTopicName(topic)) {
      diagnostics_.Error(
          kBadName, span,
          "'" + topic + "' cannot name a topic: letters, digits, '.', '_' and '-', at most 249");
    }
  }

  void Topics() {
    struct Role {
      std::string name;
      std::string* topic;
      Span span;
    };
    Role alerts{"alerts", &config_.alert_topic, {}};
    Role shadow{"shadow alerts", &config_.shadow_topic, {}};
    Role late{"late events", &config_.late_topic, {}};
    Role dead{"dead letters", &config_.dead_letter_topic, {}};
    if (!config_.group.empty()) {
      config_.shadow_topic = config_.group + ".shadow-alerts";
      config_.dead_letter_topic = config_.group + ".dead-letters";
    }
    RequiredForRun("alerts");
    if (const auto map = Open("alerts", AlertKeys())) {
      if (use_ == Use::kRun) map->Required("topic", map->node().span);
      Topic(*map, "topic", config_.alert_topic, alerts.span);
      Topic(*map, "shadow_topic", config_.shadow_topic, shadow.span);
      map->Word<int>("delivery", {{"eager", 0}}, LaterDeliveries());
    }
    for (auto [key, keys, role] : {std::tuple{"late", &LateKeys(), &late},
                                   std::tuple{"dead_letters", &DeadLetterKeys(), &dead}}) {
      const auto map = Open(key, *keys);
      if (!map) continue;
      map->Required("topic", map->node().span);
      Topic(*map, "topic", *role->topic, role->span);
    }
    // One topic, one role: alerts that come back as events would never end.
    std::vector<Role> taken;
    const auto take = [&](Role role) {
      if (role.topic->empty()) return;
      const auto other = std::find_if(taken.begin(), taken.end(),
                                      [&](const Role& t) { return *t.topic == *role.topic; });
      if (other != taken.end()) {
        // A topic that is named after the group stands nowhere: the other one is what can be
        // changed.
        diagnostics_.Error(
            kTopicTwice, role.span.file == nullptr ? other->span : role.span,
            "the topic '" + *role.topic + "' of " + role.name + " is that of " + other->name);
      }
      taken.push_back(std::move(role));
    };
    const Node* streams = node_.Find("streams");
    for (StreamConfig& stream : config_.streams) {
      const Node* body = streams->Find(stream.name);
      const Node* topic = body == nullptr ? nullptr : body->Find("topic");
      take({"stream '" + stream.name + "'", &stream.topic,
            topic == nullptr ? streams->span : topic->span});
    }
    for (const Role& role : {alerts, shadow, late, dead}) take(role);
  }

  void Memory() {
    if (const auto memory = Open("memory", MemoryKeys()))
      config_.buffer_bytes = memory->Bytes("buffer").value_or(config_.buffer_bytes);
  }

  void ReadListen(const char* key, const rules::KeySet& keys, Listen& listen) {
    const auto map = Open(key, keys);
    const auto text = map ? map->Text("listen") : std::nullopt;
    if (!text) return;
    const std::string& address = text->text();
    const size_t colon = address.rfind(':');
    uint32_t port = 0;
    const bool good = colon != std::string::npos && colon > 0 &&
                      absl::SimpleAtoi(address.substr(colon + 1), &port) && port <= 65535;
    std::string host = address.substr(0, std::min(colon, address.size()));
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (!good || (host.find(':') != std::string::npos && !bracketed)) {
      diagnostics_.Error(
          kBadListen, map->Find("listen")->span,
          "'" + address +
              "' is not an address to listen on; write for example 0.0.0.0:9464 or [::]:9464");
      return;
    }
    listen = {bracketed ? host.substr(1, host.size() - 2) : host, static_cast<uint16_t>(port)};
  }

  void Log() {
    const auto log = Open("log", LogKeys());
    if (!log) return;
    config_.log_level = log->Word("level", LogLevelWords()).value_or(LogLevel::kInfo);
    config_.log_format = log->Word("format", LogFormatWords()).value_or(LogFormat::kAuto);
  }

  const Node& node_;
  Use use_;
  Diagnostics& diagnostics_;
  rules::ValueReader values_;
  const KeyedMap whole_;
  Config config_;
  bool streams_are_good_ = false;
};

}  // namespace

std::string Listen::ToString() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

ConfigResult ParseConfig(const rules::SourcePtr& file, Use use) {
  ConfigResult result;
  const std::vector<Node> documents = rules::ReadYaml(file, result.diagnostics);
  if (documents.size() == 1) {
    const bool whole = !result.diagnostics.has_errors();
    ConfigReader reader(documents[0], use, result.diagnostics);
    Config config = reader.Read();
    config.path = file->path();
    config.folder = std::filesystem::path(file->path()).parent_path().string();
    if (config.folder.empty()) config.folder = ".";
    if (!result.diagnostics.has_errors()) {
      result.config = std::move(config);
    } else if (whole && reader.streams_are_good()) {
      result.draft = std::move(config);
    }
  } else if (!result.diagnostics.has_errors()) {
    const Span span = documents.empty() ? Span{file, 0, 0} : documents[1].span;
    result.diagnostics.Error(kNotOneDocument, span,
                             documents.empty() ? "the config is empty"
                                               : "the config is one document, and this is another");
  }
  result.diagnostics.Sort();
  return result;
}

ConfigResult LoadConfig(const std::string& path, Use use) {
  FileText text = ReadFileText(path);
  if (text.file != nullptr) return ParseConfig(text.file, use);
  ConfigResult result;
  result.diagnostics.Error(kUnreadable, {}, "cannot read the config " + path + ": " + text.error);
  return result;
}

rules::Diagnostics CheckReplay(const Config& config,
                               const std::vector<rules::StreamIndex>& streams) {
  rules::Diagnostics diagnostics;
  for (const rules::StreamIndex index : streams) {
    const StreamConfig& stream = config.streams[index];
    if (stream.time.source != TimeSource::kKafka) continue;
    rules::Diagnostic& error = diagnostics.Error(
        kNoTimeInFiles, stream.time_span,
        "stream '" + stream.name +
            "' is timed by Kafka's own timestamps, which the lines of a file do not have");
    error.notes.push_back(
        "in a copy of the config for the replay, name the field that holds the "
        "time: time: { field: NAME }");
  }
  diagnostics.Sort();
  return diagnostics;
}

}  // namespace telltale::config
