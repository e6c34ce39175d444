// The schema of the config against its reader: every config that the repository holds, every key
// with a value of the wrong kind, and many with a mistake somewhere.
#include "daemon/config/config_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_words.h"
#include "rules/load/yaml/node.h"
#include "tests/rules/schema_judge.h"

namespace telltale::config {
namespace {

using rules::Node;
using testing::HasSubstr;

// Between them they have every key.
constexpr std::array<const char*, 4> kSeeds = {
    R"yaml(
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
    fields: { amount: double, payer.id: string, tags: list(string), all: "map(string, int)" }
    logsource: { product: p, category: c, service: s, where: amount > 1.0, fields: { A: b.c } }
  devices: { time: { source: kafka }, start: 2026-03-01T00:00:00Z }
  plain:
tables:
  users: { file: users.csv, format: csv, key: id, delimiter: ';', fields: { limit: double } }
rules: [ rules/*.yml, more ]
alerts: { topic: fraud.alerts, delivery: eager, shadow_topic: fraud.shadow }
late: { topic: fraud.late }
dead_letters: { topic: fraud.dead }
co_partitioned: true
memory: { buffer: 64MiB }
http: { listen: "0.0.0.0:9000" }
grpc: { listen: "[::1]:0" }
log: { level: debug, format: json }
)yaml",
    "streams: { s: }",
    "streams: { s-1: { start: earliest, logsource: [ { service: x, fields: { '*': 'a.{field}' } }, "
    "{ product: 17 } ] } }\nrules: r.yml\nworkers: 256\n",
    "kafka: { metadata.broker.list: b }\ngroup: g\nrules: r.yml\nalerts: { topic: a }\n"
    "streams: { s: { start: 2026-03-01T00:00:00+01:00 } }\n"
    "tables: { a: { file: a.json }, b: { file: b, format: json }, c: { file: c.json, format: csv, "
    "key: k, delimiter: tab } }\n"};

// As `run` reads it where it says how to reach Kafka, else as replays do.
ConfigResult Read(const std::string& text) {
  const std::vector<Node> documents = rules::Parsed(text);
  const bool runs = !documents.empty() && documents.front().Find("kafka") != nullptr;
  return ParseConfig(rules::CaseFile(text), runs ? Use::kRun : Use::kReplay);
}

// Where the map of a key set stands in the first seed.
std::vector<std::string> PathOf(const rules::KeySet& keys) {
  if (&keys == &StreamKeys()) return {"streams", "logins"};
  if (&keys == &TimeKeys()) return {"streams", "logins", "time"};
  if (&keys == &LogsourceKeys()) return {"streams", "logins", "logsource"};
  if (&keys == &TableKeys()) return {"tables", "users"};
  for (const rules::Key& key : ConfigKeys().known) {
    if (!key.takes.empty() && key.takes[0].keys != nullptr && &key.takes[0].keys() == &keys)
      return {key.name};
  }
  return {};
}

std::vector<const rules::KeySet*> AllKeySets() {
  return {&ConfigKeys(),    &StreamKeys(), &TableKeys(), &TimeKeys(),
          &LogsourceKeys(), &AlertKeys(),  &LateKeys(),  &DeadLetterKeys(),
          &MemoryKeys(),    &HttpKeys(),   &GrpcKeys(),  &LogKeys()};
}

Node& At(Node& root, const std::vector<std::string>& path) {
  Node* node = &root;
  for (const std::string& name : path) {
    for (rules::Entry& entry : node->entries) {
      if (entry.key.text() == name) {
        node = &entry.value;
        break;
      }
    }
  }
  return *node;
}

TEST(ConfigSchema, TakesEveryConfigOfTheRepository) {
  rules::SchemaCases cases;
  for (const char* seed : kSeeds) {
    const ConfigResult result = Read(seed);
    EXPECT_TRUE(result.config.has_value()) << Render(result.diagnostics);
    cases.Add(rules::ToJson(rules::Parsed(seed).front()), true);
  }
  const std::string root = TELLTALE_SOURCE_DIR;
  for (const char* folder : {"/deploy", "/rules/packs", "/tests/golden", "/tests/integration"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(root + folder)) {
      if (file.path().filename() != "telltale.yml") continue;
      std::ostringstream text;
      text << std::ifstream(file.path()).rdbuf();
      EXPECT_TRUE(Read(text.str()).config.has_value()) << file.path();
      cases.Add(rules::ToJson(rules::Parsed(text.str()).front()), true);
    }
  }
  EXPECT_GE(cases.accepted(), kSeeds.size() + 6);
  cases.ExpectJudged(ConfigSchema());
}

TEST(ConfigSchema, RefusesAValueOfTheWrongKindOfEveryKey) {
  rules::SchemaCases cases;
  for (const rules::KeySet* keys : AllKeySets()) {
    for (const rules::Key& key : keys->known) {
      for (const char* wrong : {"[[]]", "[null]", "{ a: [] }", "''"}) {
        Node document = rules::Parsed(kSeeds[0]).front();
        Node& map = At(document, PathOf(*keys));
        if (map.Find(key.name) == nullptr)
          map.entries.push_back({rules::LocatedText(key.name), Node()});
        At(map, {key.name}) = rules::Parsed(wrong).front();
        const std::string json = rules::ToJson(document);
        EXPECT_FALSE(Read(json).config.has_value()) << keys->owner << ": " << key.name << wrong;
        cases.Add(json, false);
      }
    }
  }
  EXPECT_GT(cases.refused(), 150u);
  cases.ExpectJudged(ConfigSchema());
}

TEST(ConfigSchema, RefusesAnUnknownKeyAndOneThatIsMissing) {
  rules::SchemaCases cases;
  for (const rules::KeySet* keys : AllKeySets()) {
    Node document = rules::Parsed(kSeeds[0]).front();
    Node& map = At(document, PathOf(*keys));
    map.entries.push_back({rules::LocatedText("unknown"), Node()});
    cases.Add(rules::ToJson(document), false);
    EXPECT_FALSE(Read(rules::ToJson(document)).config.has_value()) << keys->owner;
  }
  for (const char* text : {
           "{}",
           "kafka: { a: b }\ngroup: g\nrules: r\nalerts: { topic: a }\nstreams: { s: }",
           "kafka: { bootstrap.servers: b }\nrules: r\nalerts: { topic: a }\nstreams: { s: }",
           "kafka: { bootstrap.servers: b }\ngroup: g\nrules: r\nalerts: {}\nstreams: { s: }",
           "streams: {}",
           "streams: { alerts: }",
           "streams: { 1a: }",
           "streams: { s: { topic: a/b } }",
           "streams: { s: { topic: .. } }",
           "streams: { s: { time: { field: a, source: kafka } } }",
           "streams: { s: { time: { unit: s } } }",
           "streams: { s: { time: { field: a, idle_timeout: 0s } } }",
           "streams: { s: { start: tomorrow } }",
           "streams: { s: { max_record: 17 } }",
           "streams: { s: { format: avro } }",
           "streams: { s: { fields: { a: text } } }",
           "streams: { s: { fields: { a: list( } } }",
           "streams: { s: { logsource: { fields: { a: b } } } }",
           "streams: { s: { logsource: { product: p, fields: { '*': a.b } } } }",
           "streams: { s: }\ntables: { in: { file: a.json } }",
           "streams: { s: }\ntables: { t: { file: a.csv } }",
           "streams: { s: }\ntables: { t: { file: a.json, format: csv } }",
           "streams: { s: }\ntables: { t: { key: k } }",
           "streams: { s: }\ntables: { t: { file: a.json, delimiter: tab } }",
           "streams: { s: }\nworkers: 257",
           "streams: { s: }\nworkers: 0",
           "streams: { s: }\nworkers: two",
           "streams: { s: }\nmemory: { buffer: 1 }",
           "streams: { s: }\nmemory: { buffer: lots }",
           "streams: { s: }\nhttp: { listen: 9000 }",
           "streams: { s: }\nhttp: { listen: ':9000' }",
           "streams: { s: }\nhttp: { listen: 'a:b' }",
           "streams: { s: }\nhttp: { listen: 'a:65536' }",
           "streams: { s: }\nhttp: { listen: '::1:80' }",
           "streams: { s: }\nlog: { level: loud }",
           "streams: { s: }\nalerts: { delivery: transactional }",
           "streams: { s: }\nlate: {}",
           "streams: { s: }\ngroup: a b",
           "streams: { s: }\nkafka: { bootstrap.servers: b, group.id: g }",
           "[]",
           "text",
       }) {
    EXPECT_FALSE(Read(text).config.has_value()) << text;
    cases.Add(rules::ToJson(rules::Parsed(text).front()), false);
  }
  cases.ExpectJudged(ConfigSchema());
}

TEST(ConfigSchema, SaysOfEveryKeyWhatItIsFor) {
  const std::string schema = ConfigSchema();
  for (const rules::KeySet* keys : AllKeySets()) {
    for (const rules::Key& key : keys->known) {
      EXPECT_THAT(schema, HasSubstr("\"" + key.name + "\": {")) << keys->owner;
      EXPECT_FALSE(key.takes.empty()) << keys->owner << ": " << key.name;
      EXPECT_FALSE(key.says.empty()) << keys->owner << ": " << key.name;
    }
  }
  EXPECT_THAT(schema, HasSubstr("\"$schema\": \"http://json-schema.org/draft-07/schema#\""));
  EXPECT_THAT(schema, HasSubstr("not to be set: the consumer group is 'group'"));
}

}  // namespace
}  // namespace telltale::config
