#include "daemon/decode/json_decoder.h"

#include "daemon/decode/event_time.h"
#include "daemon/decode/json_scalar.h"

namespace telltale::decode {
namespace {

using engine::ErrorCode;

// 10^digits nanoseconds are the unit.
int UnitDigits(config::TimeUnit unit) {
  switch (unit) {
    case config::TimeUnit::kSeconds:
      return 9;
    case config::TimeUnit::kMilliseconds:
      return 6;
    case config::TimeUnit::kMicroseconds:
      return 3;
    default:
      return 0;
  }
}

int64_t UnitNanoseconds(config::TimeUnit unit) {
  int64_t value = 1;
  for (int i = 0; i < UnitDigits(unit); ++i) value *= 10;
  return value;
}

}  // namespace

JsonDecoder::JsonDecoder(uint32_t stream, const engine::EventLayout& layout,
                         const config::StreamTime& time, size_t max_record_bytes,
                         size_t max_event_bytes)
    : stream_(stream),
      layout_(layout),
      time_(time),
      max_record_bytes_(max_record_bytes),
      max_event_bytes_(max_event_bytes),
      trie_(layout_, time_.source == config::TimeSource::kField ? &time_.field : nullptr),
      values_(index_, builder_),
      seen_(trie_.size(), 0) {}

Decoded JsonDecoder::Decode(const RawRecord& record) {
  if (record.tombstone) return {.event = nullptr, .reason = DeadLetterReason::kTombstone};
  if (record.value.size() > max_record_bytes_) {
    return {.event = nullptr, .reason = DeadLetterReason::kTooLarge};
  }
  DeadLetterReason reason = ReadText(record.value);
  if (reason == DeadLetterReason::kNone) reason = EventTime(record.timestamp);
  if (reason != DeadLetterReason::kNone) return {.event = nullptr, .reason = reason};
  return {.event = builder_.Finish(event_time_, record.partition, record.offset),
          .reason = DeadLetterReason::kNone};
}

DeadLetterReason JsonDecoder::ReadText(std::string_view text) {
  const DeadLetterReason fault = index_.Read(text);
  if (fault != DeadLetterReason::kNone) return fault;
  if (index_.Byte(0) != '{') {
    values_.Begin();
    return IsOtherJson() ? DeadLetterReason::kNotObject : DeadLetterReason::kNotJson;
  }
  ++record_;
  builder_.Begin(stream_, layout_.slot_count());
  values_.Begin();
  time_state_ = DeadLetterReason::kNoTime;
  uint32_t i = 1;
  if (!Walk(trie_.root(), i)) {
    const DeadLetterReason balance = index_.Fault(0);
    return balance == DeadLetterReason::kNone ? DeadLetterReason::kNotJson : balance;
  }
  if (i != index_.size()) return DeadLetterReason::kTrailingData;
  if (trie_.root().slot != FieldTrie::kNone) {
    TakeField(static_cast<uint32_t>(trie_.root().slot), 0);
  }
  return DeadLetterReason::kNone;
}

// Whether the text that is no object is some other value.
bool JsonDecoder::IsOtherJson() {
  uint32_t end = 0;
  if (!index_.Skip(end) || end != index_.size()) return false;
  return index_.Byte(0) == '[' || values_.IsScalar(0);
}

DeadLetterReason JsonDecoder::EventTime(int64_t timestamp) {
  if (time_.source == config::TimeSource::kKafka) {
    if (timestamp == kNoTimestamp) return DeadLetterReason::kNoTime;
    event_time_ = timestamp;
    return TimeInRange(timestamp) ? DeadLetterReason::kNone : DeadLetterReason::kBadTime;
  }
  if (time_state_ != DeadLetterReason::kNone) return time_state_;
  if (timestamp != kNoTimestamp && event_time_ > timestamp &&
      static_cast<uint64_t>(event_time_) - static_cast<uint64_t>(timestamp) >
          static_cast<uint64_t>(time_.max_ahead)) {
    return DeadLetterReason::kTimeAhead;
  }
  return DeadLetterReason::kNone;
}

bool JsonDecoder::Walk(const Node& node, uint32_t& i) {
  const uint32_t size = index_.size();
  if (i < size && index_.Byte(i) == '}') {
    ++i;
    return true;
  }
  while (i + 3 <= size) {
    if (index_.Byte(i) != '"' || index_.Byte(i + 1) != ':') return false;
    const uint32_t child = FindMember(node, i);
    i += 2;
    if (!(child == 0 ? index_.Skip(i) : Take(child, i)) || i >= size) return false;
    const char after = index_.Byte(i++);
    if (after == '}') return true;
    if (after != ',') return false;
  }
  return false;
}

uint32_t JsonDecoder::FindMember(const Node& node, uint32_t i) {
  std::string_view name = index_.String(i);
  const char* end = index_.text().data() + index_.text().size();
  if (values_.has_escapes()) {
    // A name with an unknown escape is none that anybody reads.
    const std::optional<std::string_view> resolved = values_.Text(i);
    if (!resolved) return 0;
    if (resolved->data() != name.data()) end = resolved->data() + resolved->size();
    name = *resolved;
  }
  return trie_.Find(node, name, end);
}

bool JsonDecoder::Take(uint32_t node_index, uint32_t& i) {
  const Node& node = trie_[node_index];
  const uint32_t begin = i;
  if (!index_.Skip(i)) return false;
  if (!node.children.empty() && !TakeMembers(node_index, begin, i)) Break(node);
  if (node.slot != FieldTrie::kNone) {
    TakeField(static_cast<uint32_t>(node.slot), begin);
  }
  if (node.is_time) TakeTime(begin);
  return true;
}

void JsonDecoder::TakeField(uint32_t slot, uint32_t i) {
  if (builder_.size() > max_event_bytes_) {
    return builder_.SetError(builder_.slot(slot), ErrorCode::kBudget);
  }
  const engine::Field& field = layout_.fields()[slot];
  values_.Read(i, builder_.slot(slot), field.type, field.as_double);
}

// The fields below a node, from the value that ends before `end`. False: it cannot be read.
bool JsonDecoder::TakeMembers(uint32_t node_index, uint32_t i, uint32_t end) {
  const Node& node = trie_[node_index];
  if (seen_[node_index] == record_) Clear(node);
  seen_[node_index] = record_;
  if (index_.Byte(i) == '{') {
    ++i;
    return Walk(node, i) && i == end;
  }
  return index_.Byte(i) == '[' || values_.IsScalar(i);
}

void JsonDecoder::Clear(const Node& node) {
  for (uint32_t slot = node.first_slot; slot < node.end_slot; ++slot) {
    builder_.SetAbsent(builder_.slot(slot));
  }
  if (node.time_below) time_state_ = DeadLetterReason::kNoTime;
}

void JsonDecoder::Break(const Node& node) {
  for (uint32_t slot = node.first_slot; slot < node.end_slot; ++slot) {
    builder_.SetError(builder_.slot(slot), ErrorCode::kBadFieldValue);
  }
  if (node.time_below) time_state_ = DeadLetterReason::kBadTime;
}

void JsonDecoder::TakeTime(uint32_t i) {
  time_state_ = DeadLetterReason::kBadTime;
  std::optional<int64_t> time;
  if (time_.format != nullptr || time_.unit == config::TimeUnit::kRfc3339) {
    if (index_.Byte(i) != '"') return;
    const std::optional<std::string_view> text = values_.Text(i);
    if (text) time = time_.format != nullptr ? time_.format->Read(*text) : ParseRfc3339(*text);
    if (time && !TimeInRange(*time)) return;
  } else {
    const Number number = ReadNumber(index_.text(), index_.At(i));
    int64_t product = 0;
    if (number.kind == NumberKind::kInt) {
      if (!__builtin_mul_overflow(number.i, UnitNanoseconds(time_.unit), &product) &&
          TimeInRange(product)) {
        time = product;
      }
    } else if (number.kind != NumberKind::kBad) {
      time = ParseDecimalTime(number.text, UnitDigits(time_.unit));
    }
  }
  if (!time) return;
  event_time_ = *time;
  time_state_ = DeadLetterReason::kNone;
}

}  // namespace telltale::decode
