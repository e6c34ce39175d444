#include "engine/window/value_hash.h"

#include <bit>
#include <cmath>

#include "engine/condition/operations.h"
#include "engine/event/hash.h"

namespace telltale::engine {
namespace {

// What kinds of values never equal each other.
enum class Class : uint64_t { kOther = 1, kWhole, kHuge, kReal, kText, kTime, kList, kMap };

uint64_t Of(Class of, uint64_t payload) { return Combine(static_cast<uint64_t>(of), payload); }

std::optional<uint64_t> OfNumber(Value number) {
  if (const auto integer = IntegralValue(number))
    return Of(Class::kWhole, static_cast<uint64_t>(*integer));
  if (number.is(ValueKind::kUint)) return Of(Class::kHuge, number.as_uint());
  const double d = number.as_double();
  if (std::isnan(d)) return std::nullopt;
  if (d >= 0x1p63 && d < 0x1p64) return Of(Class::kHuge, static_cast<uint64_t>(d));
  return Of(Class::kReal, std::bit_cast<uint64_t>(d));
}

std::optional<uint64_t> OfList(Value list) {
  uint64_t hash = Of(Class::kList, list.size());
  for (uint32_t i = 0; i < list.size(); ++i) {
    const auto element = ValueHash(list.elements()[i].Load());
    if (!element) return std::nullopt;
    hash = Combine(hash, *element);
  }
  return hash;
}

// Entries are in no order.
std::optional<uint64_t> OfMap(Value map) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < map.size(); ++i) {
    const auto key = ValueHash(map.entries()[i].key.Load());
    const auto value = ValueHash(map.entries()[i].value.Load());
    if (!key || !value) return std::nullopt;
    sum += Combine(*key, *value);
  }
  return Of(Class::kMap, Combine(map.size(), sum));
}

}  // namespace

std::optional<uint64_t> ValueHash(Value value) {
  const auto kind = static_cast<uint64_t>(value.kind());
  switch (value.kind()) {
    case ValueKind::kInt:
      return Of(Class::kWhole, static_cast<uint64_t>(value.as_int()));
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return OfNumber(value);
    case ValueKind::kString:
    case ValueKind::kBytes:
    case ValueKind::kIp:
    case ValueKind::kCidr:
      return Of(Class::kText, HashBytes(value.as_string())[0] + kind);
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
      return Combine(Of(Class::kTime, static_cast<uint64_t>(value.seconds())),
                     value.nanoseconds() + (kind << 32));
    case ValueKind::kList:
      return OfList(value);
    case ValueKind::kMap:
      return OfMap(value);
    case ValueKind::kOptional: {
      if (!value.has_value()) return Of(Class::kOther, kind);
      const auto held = ValueHash(value.optional_value());
      return held ? std::optional(Combine(kind, *held)) : std::nullopt;
    }
    case ValueKind::kBool:
      return Of(Class::kOther, kind + (value.as_bool() ? 256 : 0));
    case ValueKind::kType:
      return Of(Class::kOther, kind + (static_cast<uint64_t>(value.as_type()) << 8));
    default:
      return Of(Class::kOther, kind);
  }
}

}  // namespace telltale::engine
