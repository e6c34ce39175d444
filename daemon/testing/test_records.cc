#include "daemon/testing/test_records.h"

#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/decode/json_decoder.h"
#include "engine/alert/alert.h"

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
  std::vector<std::unique_ptr<decode::JsonDecoder>> decoders(streams.size());
  for (size_t i = 0; i < test.events.size(); ++i) {
    const rules::TestEvent& event = test.events[i];
    if (event.advance_to) continue;
    const config::StreamConfig& stream = streams[event.stream];
    std::unique_ptr<decode::JsonDecoder>& decoder = decoders[event.stream];
    if (decoder == nullptr) {
      decoder = std::make_unique<decode::JsonDecoder>(event.stream, rules.layouts[event.stream],
                                                      stream.time, stream.max_record_bytes);
    }
    const std::string text = RecordText(event, stream);
    decode::RawRecord record;
    record.value = text;
    record.partition = event.partition;
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
