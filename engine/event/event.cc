#include "engine/event/event.h"

#include <cstring>
#include <tuple>

namespace telltale::engine {
namespace {

constexpr size_t Aligned(size_t bytes) { return (bytes + 7) & ~size_t{7}; }

}  // namespace

bool Before(const Event& a, const Event& b) {
  return std::tie(a.time, a.stream, a.partition, a.offset) <
         std::tie(b.time, b.stream, b.partition, b.offset);
}

uint32_t EventBuilder::Grow(size_t bytes) {
  const size_t start = used_;
  used_ += Aligned(bytes);
  if (used_ > bytes_.size()) bytes_.resize(used_ * 2);
  return static_cast<uint32_t>(start);
}

void EventBuilder::Begin(uint32_t stream, uint32_t slot_count) {
  used_ = 0;
  const size_t head = sizeof(Event) + slot_count * sizeof(StoredValue);
  Grow(head);
  std::memset(bytes_.data(), 0, head);  // ValueKind::kAbsent is 0
  auto* event = reinterpret_cast<Event*>(bytes_.data());
  event->stream = stream;
  event->slot_count = slot_count;
}

EventBuilder::Ref EventBuilder::slot(uint32_t index) const {
  return static_cast<Ref>(sizeof(Event) + index * sizeof(StoredValue));
}

void EventBuilder::SetAbsent(Ref ref) { At(ref) = {}; }
void EventBuilder::SetNull(Ref ref) { At(ref).Store(Value::Null()); }
void EventBuilder::SetBool(Ref ref, bool b) { At(ref).Store(Value::Bool(b)); }
void EventBuilder::SetInt(Ref ref, int64_t i) { At(ref).Store(Value::Int(i)); }
void EventBuilder::SetUint(Ref ref, uint64_t u) { At(ref).Store(Value::Uint(u)); }
void EventBuilder::SetDouble(Ref ref, double d) { At(ref).Store(Value::Double(d)); }
void EventBuilder::SetError(Ref ref, ErrorCode code) { At(ref).Store(Value::Error(code)); }

void EventBuilder::SetString(Ref ref, std::string_view s) {
  const uint32_t start = Grow(s.size());
  if (!s.empty()) std::memcpy(bytes_.data() + start, s.data(), s.size());
  StoredValue& stored = At(ref);
  stored.kind = ValueKind::kString;
  stored.size = static_cast<uint32_t>(s.size());
  stored.payload = static_cast<int64_t>(start) - static_cast<int64_t>(ref);
}

EventBuilder::Ref EventBuilder::SetList(Ref ref, uint32_t size) {
  const uint32_t start = Grow(size * sizeof(StoredValue));
  if (size != 0) std::memset(bytes_.data() + start, 0, size * sizeof(StoredValue));
  At(ref) = {ValueKind::kList, size, static_cast<int64_t>(start) - static_cast<int64_t>(ref)};
  return start;
}

EventBuilder::Ref EventBuilder::SetMap(Ref ref, uint32_t size) {
  const uint32_t start = Grow(size * sizeof(StoredEntry));
  if (size != 0) std::memset(bytes_.data() + start, 0, size * sizeof(StoredEntry));
  At(ref) = {ValueKind::kMap, size, static_cast<int64_t>(start) - static_cast<int64_t>(ref)};
  return start;
}

EventBuilder::Ref EventBuilder::SetOptional(Ref ref) {
  const uint32_t start = Grow(sizeof(StoredValue));
  At(start) = {};
  At(ref) = {ValueKind::kOptional, 1, static_cast<int64_t>(start) - static_cast<int64_t>(ref)};
  return start;
}

void EventBuilder::SetCopy(Ref ref, Value value) {
  switch (value.kind()) {
    case ValueKind::kString:
    case ValueKind::kBytes:
    case ValueKind::kIp:
    case ValueKind::kCidr:
      SetString(ref, value.as_string());
      At(ref).kind = value.kind();
      return;
    case ValueKind::kList: {
      const Ref list = SetList(ref, value.size());
      for (uint32_t i = 0; i < value.size(); ++i)
        SetCopy(Element(list, i), value.elements()[i].Load());
      return;
    }
    case ValueKind::kMap: {
      const Ref map = SetMap(ref, value.size());
      for (uint32_t i = 0; i < value.size(); ++i) {
        SetCopy(Key(map, i), value.entries()[i].key.Load());
        SetCopy(Item(map, i), value.entries()[i].value.Load());
      }
      return;
    }
    case ValueKind::kOptional:
      if (value.has_value()) {
        SetCopy(SetOptional(ref), value.optional_value());
      } else {
        At(ref) = {ValueKind::kOptional, 0, 0};
      }
      return;
    case ValueKind::kEvent:
    case ValueKind::kEventList:
      SetError(ref, ErrorCode::kNoSuchOverload);
      return;
    default:
      At(ref).Store(value);
  }
}

const Event* EventBuilder::Finish(int64_t time, uint32_t partition, int64_t offset) {
  auto* event = reinterpret_cast<Event*>(bytes_.data());
  event->time = time;
  event->partition = partition;
  event->offset = offset;
  event->byte_size = static_cast<uint32_t>(used_);
  return event;
}

}  // namespace telltale::engine
