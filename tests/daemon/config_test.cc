// Accepted configs: every key once, and the defaults. Refused ones are golden files (tests/golden).
#include "daemon/config/config.h"

#include <gtest/gtest.h>

#include "daemon/config/field_types.h"
#include "daemon/config/stream_reader.h"

namespace telltale::config {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

ConfigResult Parse(std::string text, Use use = Use::kRun,
                   std::string path = "/etc/telltale/telltale.yml") {
  return ParseConfig(std::make_shared<const rules::SourceFile>(std::move(path), std::move(text)),
                     use);
}

Config Good(std::string text, Use use = Use::kRun) {
  ConfigResult result = Parse(std::move(text), use);
  EXPECT_TRUE(result.config.has_value()) << Render(result.diagnostics);
  return result.config.value_or(Config{});
}

constexpr char kEverything[] = R"(
kafka: { bootstrap.servers: "localhost:9092", socket.nagle.disable: true, fetch.wait.max.ms: 10 }
group: fraud
workers: 4
streams:
  logins:
    topic: auth.logins
    format: json
    max_record: 16MiB
    time: { field: meta.ts, unit: s, max_out_of_orderness: 5s, idle_timeout: 10s, max_ahead: 2h }
    start: latest
    fields: { amount: double, payer.id: string, tags: list(string), attributes: map }
  devices: { time: { source: kafka }, start: 2026-03-01T00:00:00Z }
  plain:
rules: [ rules/*.yml, more ]
alerts: { topic: fraud.alerts, delivery: eager, shadow_topic: fraud.shadow }
late: { topic: fraud.late }
dead_letters: { topic: fraud.dead }
co_partitioned: true
memory: { buffer: 64MiB }
http: { listen: "0.0.0.0:9000" }
grpc: { listen: "[::1]:0" }
log: { level: debug, format: json }
)";

TEST(Config, EveryKeyReachesTheStruct) {
  const Config config = Good(kEverything);
  EXPECT_EQ(config.path, "/etc/telltale/telltale.yml");
  EXPECT_EQ(config.folder, "/etc/telltale");
  const std::vector<std::pair<std::string, std::string>> kafka = {
      {"bootstrap.servers", "localhost:9092"},
      {"socket.nagle.disable", "true"},
      {"fetch.wait.max.ms", "10"}};
  EXPECT_EQ(config.kafka, kafka);
  EXPECT_EQ(config.group, "fraud");
  EXPECT_EQ(config.workers, 4u);
  ASSERT_EQ(config.streams.size(), 3u);
  const StreamConfig& logins = config.streams[0];
  EXPECT_EQ(logins.topic, "auth.logins");
  EXPECT_EQ(logins.time.source, TimeSource::kField);
  EXPECT_EQ(logins.time.field, (rules::FieldPath{"meta", "ts"}));
  EXPECT_EQ(logins.time.unit, TimeUnit::kSeconds);
  EXPECT_EQ(logins.time.max_out_of_orderness, 5 * kSecond);
  EXPECT_EQ(logins.time.idle_timeout, 10 * kSecond);
  EXPECT_EQ(logins.time.max_ahead, 7200 * kSecond);
  EXPECT_EQ(logins.max_record_bytes, 16u << 20);
  EXPECT_EQ(logins.start.kind, StartKind::kLatest);
  EXPECT_EQ(logins.fields.at({"payer", "id"}).ToString(), "string");
  EXPECT_EQ(logins.fields.at({"tags"}).ToString(), "list(string)");
  EXPECT_EQ(config.streams[1].start.kind, StartKind::kTime);
  EXPECT_EQ(config.streams[1].start.time, 1772323200 * kSecond);
  EXPECT_EQ(config.rules.at(1).text(), "more");
  EXPECT_EQ(config.alert_topic, "fraud.alerts");
  EXPECT_EQ(config.shadow_topic, "fraud.shadow");
  EXPECT_EQ(config.late_topic, "fraud.late");
  EXPECT_EQ(config.dead_letter_topic, "fraud.dead");
  EXPECT_TRUE(config.co_partitioned);
  EXPECT_EQ(config.buffer_bytes, 64 << 20);
  EXPECT_EQ(config.http.ToString(), "0.0.0.0:9000");
  EXPECT_EQ(config.grpc.ToString(), "[::1]:0");
  EXPECT_EQ(config.log_level, LogLevel::kDebug);
  EXPECT_EQ(config.log_format, LogFormat::kJson);
}

TEST(Config, CatalogHasTheStreamsInTheirRank) {
  const Config config = Good(kEverything);
  ASSERT_NE(config.catalog, nullptr);
  EXPECT_EQ(config.catalog->Find("logins"), 0u);
  EXPECT_EQ(config.catalog->Find("plain"), 2u);
  EXPECT_EQ((*config.catalog)[0].topic, "auth.logins");
  EXPECT_EQ((*config.catalog)[0].time_unit_ns, kSecond);
  EXPECT_EQ((*config.catalog)[2].time_unit_ns, 1'000'000);
  EXPECT_EQ((*config.catalog)[0].fields.size(), 4u);
}

TEST(Config, Defaults) {
  const Config config = Good(
      "kafka: { bootstrap.servers: b }\ngroup: g\nrules: r.yml\nalerts: { topic: a }\nstreams: { "
      "s: }\n");
  EXPECT_GE(config.workers, 1u);
  EXPECT_EQ(config.streams[0].topic, "s");
  EXPECT_EQ(config.streams[0].time.source, TimeSource::kKafka);
  EXPECT_EQ(config.streams[0].time.max_out_of_orderness, 0);
  EXPECT_EQ(config.streams[0].time.idle_timeout, 30 * kSecond);
  EXPECT_EQ(config.streams[0].time.max_ahead, 3600 * kSecond);
  EXPECT_EQ(config.streams[0].time.max_drift, INT64_MAX);
  EXPECT_EQ(config.streams[0].max_record_bytes, 4u << 20);
  EXPECT_EQ(config.streams[0].start.kind, StartKind::kEarliest);
  EXPECT_EQ(config.dead_letter_topic, "g.dead-letters");
  EXPECT_EQ(config.shadow_topic, "g.shadow-alerts");
  EXPECT_EQ(config.late_topic, "");
  EXPECT_FALSE(config.co_partitioned);
  EXPECT_EQ(config.buffer_bytes, 256 << 20);
  EXPECT_EQ(config.http.ToString(), "127.0.0.1:9464");
  EXPECT_EQ(config.grpc.ToString(), "127.0.0.1:9465");
  EXPECT_EQ(config.log_level, LogLevel::kInfo);
  EXPECT_EQ(config.log_format, LogFormat::kAuto);
}

TEST(Config, StreamsMayHaveADedup) {
  const std::optional<Config> config =
      Parse("streams: { s: { dedup: { field: meta.id, within: 10m } }, t: }\n", Use::kReplay)
          .config;
  ASSERT_TRUE(config.has_value());
  ASSERT_TRUE((*config->catalog)[0].dedup.has_value());
  EXPECT_EQ((*config->catalog)[0].dedup->field, (rules::FieldPath{"meta", "id"}));
  EXPECT_EQ((*config->catalog)[0].dedup->within, 600 * kSecond);
  EXPECT_FALSE((*config->catalog)[1].dedup.has_value());
  for (const char* dedup : {"{}", "{ field: id }", "{ within: 1s }", "{ field: id, within: 0s }",
                            "{ field: 'a..b', within: 1s }", "x", "{ field: tags, within: 1s }",
                            "{ field: id, within: 1s, keep: 3 }"}) {
    EXPECT_FALSE(Parse("streams: { s: { fields: { tags: list(string) }, dedup: " +
                           std::string(dedup) + " } }\n",
                       Use::kReplay)
                     .config.has_value())
        << dedup;
  }
}

TEST(Config, TimesMayBeWritten) {
  const Config config =
      *Parse(
           "streams:\n"
           "  a: { time: { field: ts, format: \"%d/%b/%Y:%H:%M:%S %z\", max_drift: 1h } }\n"
           "  b: { time: { field: ts, format: \"%F %H:%M:%E*S\", zone: Europe/Berlin } }\n",
           Use::kReplay)
           .config;
  const StreamTime& a = config.streams[0].time;
  ASSERT_NE(a.format, nullptr);
  EXPECT_EQ(a.max_drift, 3600 * kSecond);
  EXPECT_EQ(a.format->Read("01/Jan/1970:00:00:01 +0000"), kSecond);
  EXPECT_EQ(config.streams[1].time.format->Read("1970-01-01 01:00:01.5"), kSecond * 3 / 2);
  EXPECT_EQ((*config.catalog)[0].time_unit_ns, kSecond);
  EXPECT_EQ((*config.catalog)[1].time_unit_ns, 1'000'000);
}

TEST(Config, TheLargestRecordHasLimits) {
  const auto parse = [](const std::string& size) {
    return Parse("streams: { s: { max_record: " + size + " } }\n", Use::kReplay);
  };
  EXPECT_EQ(parse("1KiB").config->streams[0].max_record_bytes, 1024u);
  EXPECT_EQ(parse("64MiB").config->streams[0].max_record_bytes, 64u << 20);
  for (const char* size : {"1023B", "65MiB", "4", "much"}) {
    EXPECT_FALSE(parse(size).config.has_value()) << size;
  }
}

TEST(Config, AReplayNeedsNoKafka) {
  EXPECT_EQ(Good("streams: { s: }\n", Use::kReplay).streams.size(), 1u);
  EXPECT_FALSE(Parse("streams: { s: }\n").config.has_value());
  EXPECT_EQ(Parse("streams: { s: }\n", Use::kReplay, "telltale.yml").config->folder, ".");
}

TEST(Config, RootThatIsNoMap) {
  EXPECT_FALSE(Parse("- a\n").config.has_value());
  EXPECT_FALSE(Parse("").config.has_value());
  EXPECT_FALSE(Parse("streams: [\n").config.has_value());
}

TEST(LoadConfig, SaysWhyAFileCannotBeRead) {
  const ConfigResult result = LoadConfig("/nowhere/telltale.yml");
  EXPECT_FALSE(result.config.has_value());
  EXPECT_EQ(
      Render(result.diagnostics),
      "error[C0117]: cannot read the config /nowhere/telltale.yml: No such file or directory\n");
}

TEST(ParseType, EveryForm) {
  for (const char* text : {"bool", "int", "uint", "double", "string", "dyn", "list(int)",
                           "map(string, list(double))"}) {
    ASSERT_TRUE(ParseType(text).has_value()) << text;
    EXPECT_EQ(ParseType(text)->ToString(), text);
  }
  EXPECT_EQ(ParseType("list")->ToString(), "list(dyn)");
  EXPECT_EQ(ParseType("map")->ToString(), "map(string, dyn)");
  EXPECT_EQ(ParseType(" map( string ,int ) ")->ToString(), "map(string, int)");
  for (const char* text : {"", "text", "list(", "list()", "list(int", "map(int, int)",
                           "map(string)", "int x", "bytes"}) {
    EXPECT_FALSE(ParseType(text).has_value()) << text;
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "list(";
  EXPECT_FALSE(ParseType(deep).has_value());
}

// One topic of Sysmon serves several logsources, told apart by EventID.
TEST(Config, LogsourcesOfAStream) {
  const Config config = Good(R"(
streams:
  sysmon:
    time: { field: Event.System.TimeCreated.#attributes.SystemTime, unit: rfc3339 }
    fields: { Event.System.EventID: int }
    logsource:
      - product: windows
        category: process_creation
        where: event.Event.System.EventID == 1
        fields: { "*": "Event.EventData.{field}", "New Value": Event.EventData.NewValue }
      - { product: windows, service: sysmon }
      - { product: zeek, fields: { "*": 'log."{field}"', id: "log.uid" } }
  web: { logsource: { category: webserver } }
)",
                             Use::kReplay);
  EXPECT_EQ(config.streams[0].time.field,
            (rules::FieldPath{"Event", "System", "TimeCreated", "#attributes", "SystemTime"}));
  const std::vector<rules::Logsource>& sysmon = (*config.catalog)[0].logsources;
  ASSERT_EQ(sysmon.size(), 3u);
  EXPECT_EQ(sysmon[0].name.ToString(), "product: windows, category: process_creation");
  ASSERT_TRUE(sysmon[0].where.has_value());
  EXPECT_EQ(rules::ToString(*sysmon[0].where->root), "(event.Event.System.EventID == 1)");
  EXPECT_EQ(sysmon[0].fields.PathOf("Image"), (rules::FieldPath{"Event", "EventData", "Image"}));
  EXPECT_EQ(sysmon[0].fields.PathOf("New Value"),
            (rules::FieldPath{"Event", "EventData", "NewValue"}));
  EXPECT_FALSE(sysmon[1].where.has_value());
  EXPECT_EQ(sysmon[1].fields.PathOf("a.b"), (rules::FieldPath{"a", "b"}));
  EXPECT_EQ(sysmon[2].fields.PathOf("a.b"), (rules::FieldPath{"log", "a.b"}));
  EXPECT_EQ(sysmon[2].fields.PathOf("id"), (rules::FieldPath{"log", "uid"}));
  ASSERT_EQ((*config.catalog)[1].logsources.size(), 1u);
  EXPECT_EQ((*config.catalog)[1].logsources[0].name.category, "webserver");
}

TEST(Config, MistakesInLogsources) {
  const std::string shown = Render(Parse(R"(
streams:
  a:
    logsource:
      - { where: "x == 1" }
      - { product: p, categry: c }
      - { product: p, where: "x ==" }
      - { product: p, fields: { "*": Event.EventData } }
      - { product: p, fields: { Image: a..b } }
  b: { logsource: [] }
)",
                                         Use::kReplay)
                                       .diagnostics);
  for (const char* expected :
       {"5:9: error[C0102]: a logsource needs a 'product', a 'category' or a 'service'",
        "6:23: error[C0101]: unknown key 'categry' in a logsource (did you mean 'category'?)",
        "7:33: error[R0301]", "8:38: error[C0119]: the path of all other fields needs a '{field}'",
        "9:40: error[C0119]: 'a..b' is not a path", "10:19: error[C0107]"})
    EXPECT_NE(shown.find(expected), std::string::npos) << expected << "\n" << shown;
}

}  // namespace
}  // namespace telltale::config
