#include "daemon/testing/test_records.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/decode/json_decoder.h"
#include "engine/alert/alert.h"
#include "rules/model/alert_reads.h"

namespace telltale::testing {
namespace {

// `time` in a unit of 10^digits nanoseconds, exactly: 1500 microseconds are 1.5 milliseconds.
std::string InUnit(int64_t time, int digits) {
  std::string text =
      absl::StrCat(time < 0 ? 0 - static_cast<uint64_t>(time) : static_cast<uint64_t>(time));
  if (digits > 0) {
    const auto fraction = static_cast<size_t>(digits);
    if (text.size() <= fraction) text.insert(0, fraction + 1 - text.size(), '0');
    text.insert(text.size() - fraction, 1, '.');
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return time < 0 ? "-" + text : text;
}

// What a format cannot say is cut, as its producer cuts it.
rules::Json TimeValue(int64_t time, const config::StreamTime& stream) {
  if (stream.format != nullptr) return rules::Json::String(stream.format->Write(time));
  switch (stream.unit) {
    case config::TimeUnit::kSeconds:
      return rules::Json::Number(InUnit(time, 9));
    case config::TimeUnit::kMilliseconds:
      return rules::Json::Number(InUnit(time, 6));
    case config::TimeUnit::kMicroseconds:
      return rules::Json::Number(InUnit(time, 3));
    case config::TimeUnit::kNanoseconds:
      return rules::Json::Number(InUnit(time, 0));
    case config::TimeUnit::kRfc3339:
      break;
  }
  return rules::Json::String(engine::FormatTime(time));
}

// Objects on the way are made where they are not there; one that is no object stays, and the record
// has no time.
void SetPath(rules::Json& object, const rules::FieldPath& path, rules::Json value) {
  rules::Json* at = &object;
  for (const std::string& name : path) {
    if (at->kind != rules::JsonKind::kObject) return;
    rules::Json* member = at->Find(name);
    if (member == nullptr) {
      at->members.emplace_back(name, rules::Json());
      member = &at->members.back().value;
      member->kind = rules::JsonKind::kObject;
    }
    at = member;
  }
  *at = std::move(value);
}

rules::Json Object() {
  rules::Json object;
  object.kind = rules::JsonKind::kObject;
  return object;
}

rules::Json Bool(bool value) {
  rules::Json json;
  json.kind = rules::JsonKind::kBool;
  json.boolean = value;
  return json;
}

void Default(rules::Json& object, std::string_view name, rules::Json value) {
  if (object.kind == rules::JsonKind::kObject && object.Find(name) == nullptr)
    object.members.emplace_back(std::string(name), std::move(value));
}

// An alert that is given as an event: what is not said is as an alert of its rule would have it,
// where that is among those that are tested; else as of a rule that says nothing.
rules::Json AlertBody(rules::Json body, const rules::RuleSet& rules) {
  if (rules::Json* rule = body.Find("rule"); rule != nullptr && !rule->text.empty()) {
    rules::Json named = Object();
    named.members.emplace_back("id", std::move(*rule));
    *rule = std::move(named);
  }
  Default(body, "rule", Object());
  rules::Json& about = *body.Find("rule");
  const rules::Json* id = about.Find("id");
  const auto known =
      std::find_if(rules.rules.begin(), rules.rules.end(),
                   [&](const rules::Rule& rule) { return id != nullptr && rule.id == id->text; });
  const rules::Rule of_none;
  const rules::Rule& rule = known == rules.rules.end() ? of_none : *known;
  Default(about, "title", rules::Json::String(rule.title));
  Default(about, "on_alerts", Bool(rules::ReadsAlerts(rule, *rules.streams)));
  rules::Json tags;
  tags.kind = rules::JsonKind::kArray;
  rules::Json entities = tags;
  for (const std::string& tag : rule.tags) tags.items.push_back(rules::Json::String(tag));
  Default(body, "kind", rules::Json::String(rule.aggregate ? "window" : "match"));
  Default(body, "level", rules::Json::String(std::string(rules::LevelName(rule.level))));
  Default(body, "tags", std::move(tags));
  Default(body, "risk_score", rules::Json::Number(std::to_string(rule.alert.risk_score)));
  Default(body, "fields", Object());
  Default(body, "entities", std::move(entities));
  Default(body, "alert", Object());
  Default(*body.Find("alert"), "title", rules::Json::String(rule.title));
  Default(*body.Find("alert"), "suppressed", Bool(false));
  return body;
}

}  // namespace

TestRecord::TestRecord(const engine::Event& event) : block_(event.byte_size / sizeof(uint64_t)) {
  std::memcpy(block_.data(), &event, event.byte_size);
}

std::string RecordText(const rules::TestEvent& event, const config::StreamConfig& stream) {
  std::string text;
  if (!event.at || stream.time.source == config::TimeSource::kKafka) {
    rules::AppendJson(event.body, text);
    return text;
  }
  rules::Json body = event.body;
  SetPath(body, stream.time.field, TimeValue(*event.at, stream.time));
  rules::AppendJson(body, text);
  return text;
}

std::vector<TestRecord> DecodeEvents(const rules::RuleTest& test,
                                     const std::vector<config::StreamConfig>& streams,
                                     const engine::CompiledRules& rules) {
  std::vector<TestRecord> records(test.events.size());
  // Alerts are in no topic.
  config::StreamConfig alerts;
  alerts.time.source = config::TimeSource::kKafka;
  std::vector<std::unique_ptr<decode::JsonDecoder>> decoders(streams.size() + 1);
  for (size_t i = 0; i < test.events.size(); ++i) {
    const rules::TestEvent& event = test.events[i];
    if (event.advance_to) continue;
    const bool is_alert = event.stream >= streams.size();
    const config::StreamConfig& stream = is_alert ? alerts : streams[event.stream];
    std::unique_ptr<decode::JsonDecoder>& decoder = decoders[event.stream];
    if (decoder == nullptr) {
      decoder = std::make_unique<decode::JsonDecoder>(event.stream, rules.layouts[event.stream],
                                                      stream.time, stream.max_record_bytes);
    }
    std::string text;
    if (is_alert) {
      rules::AppendJson(AlertBody(event.body, *rules.rules), text);
    } else {
      text = RecordText(event, stream);
    }
    decode::RawRecord record;
    record.value = text;
    record.partition = is_alert ? 0 : event.partition;
    record.offset = static_cast<int64_t>(i);
    if (event.kafka_time) {
      record.timestamp = *event.kafka_time;
    } else if (event.at && stream.time.source == config::TimeSource::kKafka) {
      record.timestamp = *event.at;
    }
    const decode::Decoded decoded = decoder->Decode(record);
    records[i] = decoded.event == nullptr ? TestRecord(decoded.reason) : TestRecord(*decoded.event);
  }
  return records;
}

}  // namespace telltale::testing
