// Conversions among types: int(x), string(x) and their like.
#include <optional>
#include <string>

#include "engine/condition/address_text.h"
#include "engine/condition/code_points.h"
#include "engine/condition/native.h"
#include "engine/condition/number_text.h"
#include "engine/condition/time_text.h"
#include "rules/model/scalar_text.h"

namespace telltale::engine {
namespace {

Value ToInt(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value a = args[0];
  switch (a.kind()) {
    case ValueKind::kInt:
      return a;
    case ValueKind::kUint:
      return a.as_uint() <= static_cast<uint64_t>(INT64_MAX)
                 ? Value::Int(static_cast<int64_t>(a.as_uint()))
                 : OutOfRange();
    case ValueKind::kDouble: {
      const double d = a.as_double();
      return d > -9223372036854775808.0 && d < 9223372036854775808.0
                 ? Value::Int(static_cast<int64_t>(d))
                 : OutOfRange();
    }
    case ValueKind::kString: {
      const std::optional<int64_t> number = rules::ReadInt(a.as_string());
      return number.has_value() ? Value::Int(*number) : OutOfRange();
    }
    case ValueKind::kTimestamp:
      return Value::Int(a.seconds());
    default:
      return NoOverload();
  }
}

Value ToUint(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value a = args[0];
  switch (a.kind()) {
    case ValueKind::kUint:
      return a;
    case ValueKind::kInt:
      return a.as_int() >= 0 ? Value::Uint(static_cast<uint64_t>(a.as_int())) : OutOfRange();
    case ValueKind::kDouble: {
      const double d = a.as_double();
      return d >= 0 && d < 18446744073709551616.0 ? Value::Uint(static_cast<uint64_t>(d))
                                                  : OutOfRange();
    }
    case ValueKind::kString: {
      const std::optional<uint64_t> number = rules::ReadUint(a.as_string());
      return number.has_value() ? Value::Uint(*number) : OutOfRange();
    }
    default:
      return NoOverload();
  }
}

Value ToDouble(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value a = args[0];
  switch (a.kind()) {
    case ValueKind::kDouble:
      return a;
    case ValueKind::kInt:
      return Value::Double(static_cast<double>(a.as_int()));
    case ValueKind::kUint:
      return Value::Double(static_cast<double>(a.as_uint()));
    case ValueKind::kString: {
      const std::optional<double> number = rules::ReadDouble(a.as_string());
      return number.has_value() ? Value::Double(*number) : OutOfRange();
    }
    default:
      return NoOverload();
  }
}

Value ToText(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value a = args[0];
  NumberBuffer buffer;
  switch (a.kind()) {
    case ValueKind::kString:
      return a;
    case ValueKind::kBytes:
      return IsUtf8(a.as_string()) ? Value::String(a.as_string()) : OutOfRange();
    case ValueKind::kBool:
      return Value::String(a.as_bool() ? "true" : "false");
    case ValueKind::kInt:
      return CopiedText(IntText(a.as_int(), buffer), scratch);
    case ValueKind::kUint:
      return CopiedText(UintText(a.as_uint(), buffer), scratch);
    case ValueKind::kDouble:
      return CopiedText(DoubleText(a.as_double(), buffer), scratch);
    case ValueKind::kTimestamp:
      return CopiedText(TimestampText(a, buffer), scratch);
    case ValueKind::kDuration:
      return CopiedText(DurationText(a, buffer), scratch);
    case ValueKind::kIp:
    case ValueKind::kCidr: {
      std::string& text = scratch.Text();
      AppendAddress(a, text);
      return CopiedText(text, scratch);
    }
    default:
      return NoOverload();
  }
}

Value ToBool(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value a = args[0];
  if (a.is(ValueKind::kBool)) return a;
  if (!a.is(ValueKind::kString)) return NoOverload();
  const std::optional<bool> read = rules::ReadBool(a.as_string());
  return read ? Value::Bool(*read) : OutOfRange();
}

Value ToBytes(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value a = args[0];
  if (a.is(ValueKind::kBytes)) return a;
  return a.is(ValueKind::kString) ? Value::Bytes(a.as_string()) : NoOverload();
}

constexpr NativeFunction kNatives[] = {
    {"int", ToInt},     {"uint", ToUint}, {"double", ToDouble},
    {"string", ToText}, {"bool", ToBool}, {"bytes", ToBytes},
};

}  // namespace

NativeTable ConversionNatives() { return kNatives; }

}  // namespace telltale::engine
