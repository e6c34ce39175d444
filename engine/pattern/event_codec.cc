#include "engine/pattern/event_codec.h"

#include <bit>
#include <optional>

#include "engine/condition/code_points.h"
#include "engine/condition/time_text.h"

namespace telltale::engine {
namespace {

// Part of the byte form: numbers are added, never changed.
enum class Tag : uint8_t {
  kAbsent = 0,
  kError = 1,
  kNull = 2,
  kFalse = 3,
  kTrue = 4,
  kInt = 5,
  kUint = 6,
  kDouble = 7,
  kString = 8,
  kBytes = 9,
  kList = 10,
  kMap = 11,
  kTimestamp = 12,
  kDuration = 13,
  kType = 14,
  kNone = 15,
  kOptional = 16,
  kIp = 17,
  kCidr = 18,
};

// So are those of types as values and of errors, which are the enumerators' own.
static_assert(static_cast<int>(ValueKind::kEventList) == 18);
static_assert(static_cast<int>(ErrorCode::kNoValue) == 12);

// What an event may grow to in memory: its distances are 32 bits, and its builder grows by
// doubling.
constexpr size_t kMostBytes = size_t{1} << 30;

void EncodeTagged(Tag tag, Value value, ByteWriter& out) {
  out.Byte(static_cast<uint8_t>(tag));
  out.Text(value.as_string());
}

void EncodeTime(Tag tag, Value value, ByteWriter& out) {
  out.Byte(static_cast<uint8_t>(tag));
  out.Zigzag(value.seconds());
  out.Varint(value.nanoseconds());
}

void EncodeNumber(Tag tag, uint64_t number, ByteWriter& out) {
  out.Byte(static_cast<uint8_t>(tag));
  out.Varint(number);
}

void EncodeValue(Value value, ByteWriter& out) {
  const auto tag = [&](Tag one) { out.Byte(static_cast<uint8_t>(one)); };
  switch (value.kind()) {
    case ValueKind::kAbsent:
      return tag(Tag::kAbsent);
    case ValueKind::kError:
      return EncodeNumber(Tag::kError, static_cast<uint64_t>(value.error()), out);
    case ValueKind::kNull:
      return tag(Tag::kNull);
    case ValueKind::kBool:
      return tag(value.as_bool() ? Tag::kTrue : Tag::kFalse);
    case ValueKind::kInt:
      tag(Tag::kInt);
      return out.Zigzag(value.as_int());
    case ValueKind::kUint:
      return EncodeNumber(Tag::kUint, value.as_uint(), out);
    case ValueKind::kDouble:
      tag(Tag::kDouble);
      return out.Fixed64(std::bit_cast<uint64_t>(value.as_double()));
    case ValueKind::kString:
      return EncodeTagged(Tag::kString, value, out);
    case ValueKind::kBytes:
      return EncodeTagged(Tag::kBytes, value, out);
    case ValueKind::kIp:
      return EncodeTagged(Tag::kIp, value, out);
    case ValueKind::kCidr:
      return EncodeTagged(Tag::kCidr, value, out);
    case ValueKind::kTimestamp:
      return EncodeTime(Tag::kTimestamp, value, out);
    case ValueKind::kDuration:
      return EncodeTime(Tag::kDuration, value, out);
    case ValueKind::kType:
      return EncodeNumber(Tag::kType, static_cast<uint64_t>(value.as_type()), out);
    case ValueKind::kOptional:
      tag(value.has_value() ? Tag::kOptional : Tag::kNone);
      if (value.has_value()) EncodeValue(value.optional_value(), out);
      return;
    case ValueKind::kList:
      EncodeNumber(Tag::kList, value.size(), out);
      for (uint32_t i = 0; i < value.size(); ++i) EncodeValue(value.elements()[i].Load(), out);
      return;
    case ValueKind::kMap:
      EncodeNumber(Tag::kMap, value.size(), out);
      for (uint32_t i = 0; i < value.size(); ++i) {
        EncodeValue(value.entries()[i].key.Load(), out);
        EncodeValue(value.entries()[i].value.Load(), out);
      }
      return;
    case ValueKind::kEvent:
    case ValueKind::kEventList:
      return tag(Tag::kAbsent);  // events hold none
  }
}

class ValueDecoder {
 public:
  ValueDecoder(EventBuilder& builder, ByteReader& in) : builder_(builder), in_(in) {}

  void Decode(EventBuilder::Ref ref, uint32_t depth) {
    if (depth == kDeepest) return in_.Fail("a value that is nested too deep");
    const uint8_t tag = in_.Byte();
    if (depth != 0 && static_cast<Tag>(tag) == Tag::kAbsent)
      return in_.Fail("a value that is not there inside another");
    DecodeTagged(tag, ref, depth);
  }

 private:
  void DecodeKey(EventBuilder::Ref ref, uint32_t depth) {
    const uint8_t tag = in_.Byte();
    switch (static_cast<Tag>(tag)) {
      case Tag::kFalse:
      case Tag::kTrue:
      case Tag::kInt:
      case Tag::kUint:
      case Tag::kString:
        return DecodeTagged(tag, ref, depth);
      default:
        return in_.Fail("a key of a map that can be none");
    }
  }

  void DecodeTagged(uint8_t tag, EventBuilder::Ref ref, uint32_t depth) {
    switch (static_cast<Tag>(tag)) {
      case Tag::kAbsent:
        return;
      case Tag::kError:
        return builder_.SetError(
            ref, static_cast<ErrorCode>(
                     in_.Below(static_cast<uint64_t>(ErrorCode::kNoValue) + 1, "error")));
      case Tag::kNull:
        return builder_.SetNull(ref);
      case Tag::kFalse:
      case Tag::kTrue:
        return builder_.SetBool(ref, static_cast<Tag>(tag) == Tag::kTrue);
      case Tag::kInt:
        return builder_.SetInt(ref, in_.Zigzag());
      case Tag::kUint:
        return builder_.SetUint(ref, in_.Varint());
      case Tag::kDouble:
        return builder_.SetDouble(ref, std::bit_cast<double>(in_.Fixed64()));
      case Tag::kString:
      case Tag::kBytes:
      case Tag::kIp:
      case Tag::kCidr:
        return DecodeText(static_cast<Tag>(tag), ref);
      case Tag::kList:
        return DecodeList(ref, depth);
      case Tag::kMap:
        return DecodeMap(ref, depth);
      case Tag::kTimestamp:
      case Tag::kDuration:
        return DecodeTime(static_cast<Tag>(tag), ref);
      case Tag::kType:
        return builder_.SetCopy(ref, Value::Type(static_cast<ValueKind>(in_.Below(
                                         static_cast<uint64_t>(ValueKind::kEvent), "type"))));
      case Tag::kNone:
        return builder_.SetCopy(ref, Value::OptionalNone());
      case Tag::kOptional:
        if (HasRoom(sizeof(StoredValue))) Decode(builder_.SetOptional(ref), depth + 1);
        return;
    }
    in_.Fail("a value of no known kind");
  }

  bool HasRoom(size_t bytes) {
    if (in_.ok() && bytes <= kMostBytes && builder_.size() <= kMostBytes - bytes) return true;
    in_.Fail("an event that is too large");
    return false;
  }

  void DecodeText(Tag tag, EventBuilder::Ref ref) {
    const std::string_view text = in_.Text();
    if (!HasRoom(text.size())) return;
    switch (tag) {
      case Tag::kString:
        if (!IsUtf8(text)) return in_.Fail("a text that is no UTF-8");
        return builder_.SetString(ref, text);
      case Tag::kIp:
        if (text.size() != 4 && text.size() != 16) return in_.Fail("an address that is none");
        return builder_.SetCopy(ref, Value::Ip(text));
      case Tag::kCidr: {
        const size_t bytes = text.size() - 1;
        if ((bytes != 4 && bytes != 16) || static_cast<uint8_t>(text.back()) > 8 * bytes)
          return in_.Fail("a network that is none");
        return builder_.SetCopy(ref, Value::Cidr(text));
      }
      default:
        return builder_.SetCopy(ref, Value::Bytes(text));
    }
  }

  void DecodeTime(Tag tag, EventBuilder::Ref ref) {
    const int64_t seconds = in_.Zigzag();
    const uint32_t nanoseconds = in_.Below(kNanosPerSecond, "nanoseconds");
    const Value time = tag == Tag::kTimestamp ? MakeTimestamp(seconds, nanoseconds)
                                              : MakeDuration(seconds, nanoseconds);
    if (time.is(ValueKind::kAbsent)) return in_.Fail("a time out of range");
    builder_.SetCopy(ref, time);
  }

  void DecodeList(EventBuilder::Ref ref, uint32_t depth) {
    const size_t size = in_.Count();
    if (!HasRoom(size * sizeof(StoredValue))) return;
    const EventBuilder::Ref list = builder_.SetList(ref, static_cast<uint32_t>(size));
    for (uint32_t i = 0; i < size && in_.ok(); ++i)
      Decode(EventBuilder::Element(list, i), depth + 1);
  }

  void DecodeMap(EventBuilder::Ref ref, uint32_t depth) {
    const size_t size = in_.Count();
    if (!HasRoom(size * sizeof(StoredEntry))) return;
    const EventBuilder::Ref map = builder_.SetMap(ref, static_cast<uint32_t>(size));
    for (uint32_t i = 0; i < size && in_.ok(); ++i) {
      DecodeKey(EventBuilder::Key(map, i), depth + 1);
      Decode(EventBuilder::Item(map, i), depth + 1);
    }
  }

  EventBuilder& builder_;
  ByteReader& in_;
};

}  // namespace

void EncodeEvent(const Event& event, EventPlace& before, ByteWriter& out) {
  out.Zigzag(Difference(event.time, before.time));
  out.Zigzag(Difference(event.offset, before.offset));
  out.Zigzag(static_cast<int64_t>(event.partition) - static_cast<int64_t>(before.partition));
  before = {.time = event.time, .offset = event.offset, .partition = event.partition};
  for (uint32_t slot = 0; slot < event.slot_count; ++slot) EncodeValue(event.slot(slot), out);
}

EventDecoder::~EventDecoder() {
  for (const auto& [coordinates, handle] : held_) store_.Unref(handle);
}

std::optional<EventHandle> EventDecoder::Decode(const LayoutBook::Reading& reading,
                                                EventPlace& before, ByteReader& in) {
  before.time = Sum(before.time, in.Zigzag());
  before.offset = Sum(before.offset, in.Zigzag());
  const int64_t partition = Sum(before.partition, in.Zigzag());
  if (partition < 0 || partition > UINT32_MAX) in.Fail("a partition that is none");
  before.partition = static_cast<uint32_t>(partition);
  const uint32_t stream = *reading.stream;
  builder_.Begin(stream, layouts_.layouts()[stream].slot_count());
  for (const uint32_t slot : reading.slots) {
    if (slot != LayoutBook::kNoSlot) {
      ValueDecoder(builder_, in).Decode(builder_.slot(slot), 0);
    } else {
      dropped_.Begin(0, 1);
      ValueDecoder(dropped_, in).Decode(dropped_.slot(0), 0);
    }
    if (!in.ok()) return std::nullopt;
  }
  const Event& event = *builder_.Finish(before.time, before.partition, before.offset);
  const auto [it, added] =
      held_.try_emplace(Coordinates{stream, before.partition, before.offset}, 0);
  if (added) {
    it->second = store_.Hold(event);
  } else if (store_[it->second].time != event.time) {
    in.Fail("an event that was written with another time elsewhere");
    return std::nullopt;
  }
  store_.Ref(it->second);
  return it->second;
}

}  // namespace telltale::engine
