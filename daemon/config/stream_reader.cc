#include "daemon/config/stream_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/config/config_codes.h"
#include "daemon/config/config_words.h"
#include "daemon/config/field_types.h"
#include "rules/load/yaml/keyed_map.h"
#include "rules/model/scalar_text.h"
#include "rules/model/time_text.h"
#include "rules/model/topic_name.h"

namespace telltale::config {

using rules::Diagnostics;
using rules::Entry;
using rules::KeyedMap;
using rules::LocatedText;
using rules::Node;
using rules::NodeKind;
using rules::ValueReader;

namespace {

bool IsStreamName(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto other = [](char c) { return (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || other(c); });
}

rules::FieldPath ReadPath(const LocatedText& text, Diagnostics& diagnostics) {
  if (auto path = rules::ParsePath(text.text())) return *std::move(path);
  diagnostics.Error(kBadPath, text.Whole(),
                    "'" + text.text() + "' is not a path; write for example payer.id");
  return {};
}

void ReadTimeSource(const KeyedMap& map, ValueReader& values, StreamTime& time) {
  const Node* field = map.Find("field");
  if (const Node* source = map.Find("source")) {
    map.Word("source", TimeSourceWords());
    if (field != nullptr) {
      values.diagnostics().Error(kConflictingKeys, source->span,
                                 "'time' has a 'field' or a 'source', not both");
    }
  }
  if (field != nullptr) {
    time.source = TimeSource::kField;
    if (const auto text = map.Text("field")) time.field = ReadPath(*text, values.diagnostics());
  }
  const Node* unit = map.Find("unit");
  if (unit == nullptr) return;
  time.unit = map.Word("unit", TimeUnitWords()).value_or(TimeUnit::kMilliseconds);
  if (field == nullptr) {
    values.diagnostics().Error(kConflictingKeys, unit->span,
                               "'unit' is of a 'field'; Kafka's own timestamps are in ms");
  }
}

// The zone that stands beside a format; empty: none, or none that there is.
std::string ReadZone(const KeyedMap& map, Diagnostics& diagnostics) {
  const auto zone = map.Text("zone");
  if (!zone) return "";
  if (map.Find("format") == nullptr) {
    diagnostics.Error(kConflictingKeys, zone->Whole(), "'zone' is of a 'format'");
    return "";
  }
  const std::string_view mistake = rules::ZoneMistake(zone->text());
  if (mistake.empty()) return zone->text();
  diagnostics.Error(kBadZone, zone->Whole(), "'" + zone->text() + "': " + std::string(mistake));
  return "";
}

void ReadTimeFormat(const KeyedMap& map, Diagnostics& diagnostics, StreamTime& time) {
  const size_t before = diagnostics.errors();
  const std::string zone = ReadZone(map, diagnostics);
  const bool bad_zone = diagnostics.errors() > before;
  const auto format = map.Text("format");
  if (!format) return;
  for (const char* other : {"unit", "source"}) {
    if (map.Find(other) == nullptr) continue;
    diagnostics.Error(kConflictingKeys, map.Find("format")->span,
                      std::string("'time' has a 'format' or a '") + other + "', not both");
  }
  if (map.Find("field") == nullptr && map.Find("source") == nullptr) {
    diagnostics.Error(kConflictingKeys, map.Find("format")->span,
                      "'format' is of a 'field'; Kafka's own timestamps have none");
  }
  std::vector<TimeFormat::Mistake> mistakes;
  auto compiled = TimeFormat::Compile(format->text(), bad_zone ? "UTC" : zone, mistakes);
  for (const TimeFormat::Mistake& mistake : mistakes) {
    auto& error =
        diagnostics.Error(kBadTimeFormat, format->Locate(mistake.begin, mistake.end), mistake.says);
    error.suggestion = mistake.suggestion;
  }
  if (compiled) time.format = std::make_shared<const TimeFormat>(*std::move(compiled));
}

StreamTime ReadTime(const Node& node, ValueReader& values) {
  StreamTime time;
  const auto map = KeyedMap::Open(node, TimeKeys(), values);
  if (!map) return time;
  ReadTimeSource(*map, values, time);
  ReadTimeFormat(*map, values.diagnostics(), time);
  time.max_out_of_orderness =
      map->Duration("max_out_of_orderness").value_or(time.max_out_of_orderness);
  time.max_drift = map->Duration("max_drift").value_or(time.max_drift);
  time.idle_timeout = map->Duration("idle_timeout").value_or(time.idle_timeout);
  time.max_ahead = map->Duration("max_ahead").value_or(time.max_ahead);
  return time;
}

Start ReadStart(const Node& node, ValueReader& values) {
  const auto text = values.Text(node, "'start'");
  if (!text || text->text() == "earliest") return {};
  if (text->text() == "latest") return {StartKind::kLatest, 0};
  // Kafka's timestamps begin with 1970.
  const std::optional<int64_t> time = rules::ReadNanoTime(text->text());
  if (time && *time >= 0) return {StartKind::kTime, *time};
  values.diagnostics().Error(kBadTime, node.span,
                             "'start' is earliest, latest or a time such as 2026-03-01T00:00:00Z");
  return {};
}

// The declared path that contradicts `path`: one above it that is no map, or the other way round.
bool Contradicts(const std::map<rules::FieldPath, rules::Type>& fields,
                 const rules::FieldPath& path, const rules::Type& type) {
  const auto holds = [](const rules::Type& t) {
    return t.kind == rules::TypeKind::kMap || t.kind == rules::TypeKind::kDyn;
  };
  return std::any_of(fields.begin(), fields.end(), [&](const auto& other) {
    const auto& [there, declared] = other;
    const bool above = there.size() < path.size();
    const auto& shorter = above ? there : path;
    const auto& longer = above ? path : there;
    if (!std::equal(shorter.begin(), shorter.end(), longer.begin())) return false;
    return there.size() != path.size() && !holds(above ? declared : type);
  });
}

}  // namespace

std::optional<rules::Type> ReadType(const Node& node, const LocatedText& text,
                                    ValueReader& values) {
  std::optional<rules::Type> type = ParseType(text.text());
  if (type) return type;
  auto& error =
      values.diagnostics().Error(kBadType, node.span, "'" + text.text() + "' is not a type");
  error.suggestion = rules::Nearest(text.text(), TypeWords());
  error.notes.push_back(
      "types are bool, int, uint, double, string, list(TYPE), map(string, TYPE) and dyn");
  // `{ m: map(string, int) }` is cut at the comma.
  const std::string& word = text.text();
  if (std::count(word.begin(), word.end(), '(') > std::count(word.begin(), word.end(), ')')) {
    error.notes.push_back("quote a type that holds a comma: \"map(string, int)\"");
  }
  return std::nullopt;
}

namespace {

void ReadFields(const Node& node, ValueReader& values, StreamConfig& stream) {
  if (node.kind != NodeKind::kMap) {
    values.diagnostics().Error(
        kWrongKind, node.span,
        std::string("'fields' must be a map of paths and types, and this is ") +
            KindName(node.kind));
    return;
  }
  for (const Entry& entry : node.entries) {
    const rules::FieldPath path = ReadPath(entry.key, values.diagnostics());
    const auto text = values.Text(entry.value, "the type of '" + entry.key.text() + "'");
    if (path.empty() || !text) continue;
    const std::optional<rules::Type> type = ReadType(entry.value, *text, values);
    if (!type) continue;
    if (Contradicts(stream.fields, path, *type)) {
      values.diagnostics().Error(
          kConflictingKeys, entry.key.Whole(),
          "'" + entry.key.text() + "' contradicts another declared field: only a map has fields");
      continue;
    }
    stream.fields[path] = *type;
  }
}

// A value of another type is none that can be compared (V8).
void CheckDedupType(const LocatedText& field, const StreamConfig& stream, ValueReader& values) {
  const auto type = stream.fields.find(stream.dedup->field);
  if (type == stream.fields.end()) return;
  using rules::TypeKind;
  for (const TypeKind kind :
       {TypeKind::kString, TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble, TypeKind::kDyn}) {
    if (type->second.kind == kind) return;
  }
  values.diagnostics().Error(kBadType, field.Whole(),
                             "'" + field.text() + "' is a " + type->second.ToString() +
                                 ": duplicates are known by a string or an integer");
}

void ReadDedup(const Node& node, ValueReader& values, StreamConfig& stream) {
  const auto map = KeyedMap::Open(node, DedupKeys(), values);
  if (!map) return;
  const bool has_field = map->Required("field", node.span) != nullptr;
  const bool has_within = map->Required("within", node.span) != nullptr;
  if (!has_field || !has_within) return;
  const auto field = map->Text("field");
  const auto within = map->Duration("within");
  if (!field || !within) return;
  rules::Dedup dedup{ReadPath(*field, values.diagnostics()), *within};
  if (dedup.field.empty()) return;
  stream.dedup = std::move(dedup);
  CheckDedupType(*field, stream, values);
}

StreamConfig ReadStream(const Entry& entry, ValueReader& values) {
  const Diagnostics::Scope scope(values.diagnostics(), "stream '" + entry.key.text() + "'");
  StreamConfig stream;
  stream.name = entry.key.text();
  stream.topic = stream.name;
  stream.time_span = entry.key.Whole();
  if (!IsStreamName(stream.name)) {
    values.diagnostics().Error(
        kBadName, entry.key.Whole(),
        "'" + stream.name +
            "' cannot name a stream: letters, digits, '_' and '-', not a digit first");
  } else if (stream.name == "alerts") {
    values.diagnostics().Error(kBadName, entry.key.Whole(),
                               "'alerts' is what rules call the alerts of other rules");
  }
  const Node& node = entry.value;
  if (node.kind == NodeKind::kNull) return stream;  // all defaults
  const auto map = KeyedMap::Open(node, StreamKeys(), values);
  if (!map) return stream;
  if (const auto topic = map->Text("topic")) {
    stream.topic = topic->text();
    if (!rules::IsTopicName(stream.topic)) {
      values.diagnostics().Error(
          kBadName, map->Find("topic")->span,
          "'" + stream.topic +
              "' cannot name a topic: letters, digits, '.', '_' and '-', at most 249");
    }
  }
  map->Word<int>("format", {{"json", 0}}, LaterFormats());
  if (const auto bytes = map->Bytes("max_record"))
    stream.max_record_bytes = static_cast<size_t>(*bytes);
  for (const Entry& part : node.entries) {
    if (part.key.text() != "time") continue;
    stream.time = ReadTime(part.value, values);
    stream.time_span = part.key.Whole();
  }
  if (const Node* start = map->Find("start")) stream.start = ReadStart(*start, values);
  if (const Node* fields = map->Find("fields")) ReadFields(*fields, values, stream);
  if (const Node* dedup = map->Find("dedup")) ReadDedup(*dedup, values, stream);
  if (const Node* logsource = map->Find("logsource"))
    stream.logsources = ReadLogsources(*logsource, values);
  return stream;
}

int64_t Nanoseconds(const StreamTime& time) {
  if (time.source == TimeSource::kKafka) return 1'000'000;
  if (time.format != nullptr) return time.format->has_fraction() ? 1'000'000 : 1'000'000'000;
  switch (time.unit) {
    case TimeUnit::kSeconds:
      return 1'000'000'000;
    case TimeUnit::kMilliseconds:
      return 1'000'000;
    case TimeUnit::kMicroseconds:
      return 1'000;
    case TimeUnit::kNanoseconds:
      return 1;
    case TimeUnit::kRfc3339:
      return 1'000'000;  // as many digits as the producer writes, mostly three
  }
  return 1'000'000;
}

}  // namespace

std::vector<StreamConfig> ReadStreams(const Node& node, ValueReader& values) {
  std::vector<StreamConfig> streams;
  if (node.kind != NodeKind::kMap) {
    values.diagnostics().Error(
        kWrongKind, node.span,
        std::string("'streams' must be a map of names and streams, and this is ") +
            KindName(node.kind));
    return streams;
  }
  if (node.entries.empty())
    values.diagnostics().Error(kEmptyValue, node.span, "'streams' is empty");
  for (const Entry& entry : node.entries) streams.push_back(ReadStream(entry, values));
  return streams;
}

rules::StreamCatalog MakeCatalog(const std::vector<StreamConfig>& streams, bool co_partitioned,
                                 Diagnostics& diagnostics) {
  std::vector<rules::Stream> list;
  for (const StreamConfig& stream : streams) {
    const bool in_field = stream.time.source == TimeSource::kField;
    list.push_back({stream.name, stream.topic, stream.fields, Nanoseconds(stream.time),
                    in_field ? stream.time.field : rules::FieldPath()});
    list.back().dedup = stream.dedup;
  }
  const rules::StreamCatalog typed(list);
  for (rules::StreamIndex i = 0; i < streams.size(); ++i)
    list[i].logsources = CompileLogsources(streams[i].logsources, i, typed, diagnostics);
  return rules::StreamCatalog(std::move(list), co_partitioned);
}

}  // namespace telltale::config
