#include "tests/conformance/cel_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/charconv.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/engine/condition_cases.h"

namespace telltale::conformance {
namespace {

using engine::Value;
using engine::ValueKind;
using simdjson::dom::element;
using Kind = CelValue::Kind;

absl::Status NotAValue(element json) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a value: ", std::string(simdjson::minify(json)).substr(0, 200)));
}

// Empty where it is no text.
std::string StringOf(element json) {
  std::string_view text;
  return json.get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

bool ReadDouble(const std::string& text, double& real) {
  if (text == "nan") real = std::numeric_limits<double>::quiet_NaN();
  if (text == "inf" || text == "-inf") {
    real = text[0] == '-' ? -std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::infinity();
  }
  if (text == "nan" || text == "inf" || text == "-inf") return true;
  const auto result = absl::from_chars(text.data(), text.data() + text.size(), real);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

absl::StatusOr<CelValue> ReadItems(element json, Kind kind) {
  CelValue value;
  value.kind = kind;
  simdjson::dom::array array;
  if (json.get(array) != simdjson::SUCCESS) return NotAValue(json);
  for (const element item : array) {
    simdjson::dom::array pair;
    if (kind == Kind::kList) {
      absl::StatusOr<CelValue> read = ReadValue(item);
      if (!read.ok()) return read;
      value.items.push_back(*std::move(read));
    } else if (item.get(pair) != simdjson::SUCCESS || pair.size() != 2) {
      return NotAValue(json);
    } else {
      for (const element half : pair) {
        absl::StatusOr<CelValue> read = ReadValue(half);
        if (!read.ok()) return read;
        value.items.push_back(*std::move(read));
      }
    }
  }
  return value;
}

// A number that stands as text in the file, or as a number.
template <typename Number>
bool ReadWhole(element json, Number& number) {
  if (json.is_string()) return absl::SimpleAtoi(StringOf(json), &number);
  return json.get(number) == simdjson::SUCCESS;
}

// {"s": "123", "ns": 5}; nanoseconds below zero, as protobuf has them, count back from the seconds.
bool ReadTime(element json, CelValue& value) {
  constexpr int64_t kSecond = 1'000'000'000;
  element seconds;
  element part;
  int64_t nanoseconds = 0;
  if (json["s"].get(seconds) != simdjson::SUCCESS || !ReadWhole(seconds, value.number) ||
      json["ns"].get(part) != simdjson::SUCCESS || !ReadWhole(part, nanoseconds) ||
      nanoseconds <= -kSecond || nanoseconds >= kSecond)
    return false;
  if (nanoseconds < 0) {
    --value.number;
    nanoseconds += kSecond;
  }
  value.nanoseconds = static_cast<uint32_t>(nanoseconds);
  return true;
}

std::string TimeText(const CelValue& value) {
  return absl::StrCat(value.kind == Kind::kTimestamp ? "timestamp(" : "duration(", value.number,
                      "s ", value.nanoseconds, "ns)");
}

std::string DoubleText(double real) {
  if (std::isnan(real)) return "nan";
  if (std::isinf(real)) return real > 0 ? "inf" : "-inf";
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof(digits), real + 0.0).ptr;
  std::string text(digits, static_cast<size_t>(end - digits));
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text == "-0.0" ? "0.0" : text;
}

std::string MapText(const CelValue& map) {
  std::vector<std::string> entries;
  for (size_t i = 0; i + 1 < map.items.size(); i += 2)
    entries.push_back(absl::StrCat(Text(map.items[i]), ": ", Text(map.items[i + 1])));
  std::sort(entries.begin(), entries.end());
  return absl::StrCat("{", absl::StrJoin(entries, ", "), "}");
}

// The type of all of them, dyn where they differ or there are none.
template <typename Items>
rules::Type CommonType(const Items& items, size_t first, size_t step) {
  std::optional<rules::Type> common;
  for (size_t i = first; i < items.size(); i += step) {
    const rules::Type type = TypeOf(items[i]);
    if (common.has_value() && !(*common == type)) return rules::Type::Dyn();
    common = type;
  }
  return common.value_or(rules::Type::Dyn());
}

}  // namespace

absl::StatusOr<CelValue> ReadValue(element json) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS || object.size() != 1) return NotAValue(json);
  const std::string word((*object.begin()).key);
  const element content = (*object.begin()).value;
  CelValue value;
  bool good = false;
  if (word == "null") {
    good = true;
  } else if (word == "bool") {
    value.kind = Kind::kBool;
    good = content.get(value.boolean) == simdjson::SUCCESS;
  } else if (word == "int") {
    value.kind = Kind::kInt;
    good = ReadWhole(content, value.number);
  } else if (word == "uint") {
    value.kind = Kind::kUint;
    good = ReadWhole(content, value.natural);
  } else if (word == "double") {
    value.kind = Kind::kDouble;
    good = ReadDouble(StringOf(content), value.real);
  } else if (word == "string" || word == "type") {
    value.kind = word == "string" ? Kind::kString : Kind::kType;
    value.text = StringOf(content);
    good = content.is_string();
  } else if (word == "bytes") {
    value.kind = Kind::kBytes;
    good = content.is_string() && absl::Base64Unescape(StringOf(content), &value.text);
  } else if (word == "list" || word == "map") {
    return ReadItems(content, word == "list" ? Kind::kList : Kind::kMap);
  } else if (word == "timestamp" || word == "duration") {
    value.kind = word == "timestamp" ? Kind::kTimestamp : Kind::kDuration;
    good = ReadTime(content, value);
  }
  if (!good) return NotAValue(json);
  return value;
}

CelValue FromEngine(Value value) {
  CelValue made;
  switch (value.kind()) {
    case ValueKind::kNull:
      break;
    case ValueKind::kBool:
      made.kind = Kind::kBool;
      made.boolean = value.as_bool();
      break;
    case ValueKind::kInt:
      made.kind = Kind::kInt;
      made.number = value.as_int();
      break;
    case ValueKind::kUint:
      made.kind = Kind::kUint;
      made.natural = value.as_uint();
      break;
    case ValueKind::kDouble:
      made.kind = Kind::kDouble;
      made.real = value.as_double();
      break;
    case ValueKind::kString:
    case ValueKind::kBytes:
      made.kind = value.is(ValueKind::kString) ? Kind::kString : Kind::kBytes;
      made.text = value.as_string();
      break;
    case ValueKind::kList:
      made.kind = Kind::kList;
      for (uint32_t i = 0; i < value.size(); ++i)
        made.items.push_back(FromEngine(value.elements()[i].Load()));
      break;
    case ValueKind::kMap:
      made.kind = Kind::kMap;
      for (uint32_t i = 0; i < value.size(); ++i) {
        made.items.push_back(FromEngine(value.entries()[i].key.Load()));
        made.items.push_back(FromEngine(value.entries()[i].value.Load()));
      }
      break;
    case ValueKind::kType:
      made.kind = Kind::kType;
      made.text = engine::TypeName(value.as_type());
      break;
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
      made.kind = value.is(ValueKind::kTimestamp) ? Kind::kTimestamp : Kind::kDuration;
      made.number = value.seconds();
      made.nanoseconds = value.nanoseconds();
      break;
    case ValueKind::kError:
      made.kind = Kind::kError;
      made.text = engine::ErrorText(value.error());
      break;
    default:
      made.kind = Kind::kOther;
      made.text = std::string(engine::TypeName(value.kind())) + " ";
      engine::AppendText(value, made.text);
  }
  return made;
}

std::string Text(const CelValue& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return value.boolean ? "true" : "false";
    case Kind::kInt:
      return absl::StrCat(value.number);
    case Kind::kUint:
      return absl::StrCat(value.natural, "u");
    case Kind::kDouble:
      return DoubleText(value.real);
    case Kind::kString:
      return absl::StrCat("\"", absl::Utf8SafeCHexEscape(value.text), "\"");
    case Kind::kBytes:
      return absl::StrCat("b\"", absl::CHexEscape(value.text), "\"");
    case Kind::kList:
      return absl::StrCat("[",
                          absl::StrJoin(value.items, ", ",
                                        [](std::string* out, const CelValue& item) {
                                          absl::StrAppend(out, Text(item));
                                        }),
                          "]");
    case Kind::kMap:
      return MapText(value);
    case Kind::kType:
      return absl::StrCat("type ", value.text);
    case Kind::kTimestamp:
    case Kind::kDuration:
      return TimeText(value);
    case Kind::kError:
    case Kind::kOther:
      return value.text;
  }
  return "";
}

rules::Type TypeOf(const CelValue& value) {
  using rules::Type;
  using rules::TypeKind;
  switch (value.kind) {
    case Kind::kBool:
      return Type::Of(TypeKind::kBool);
    case Kind::kInt:
      return Type::Of(TypeKind::kInt);
    case Kind::kUint:
      return Type::Of(TypeKind::kUint);
    case Kind::kDouble:
      return Type::Of(TypeKind::kDouble);
    case Kind::kString:
      return Type::Of(TypeKind::kString);
    case Kind::kBytes:
      return Type::Of(TypeKind::kBytes);
    case Kind::kList:
      return Type::List(CommonType(value.items, 0, 1));
    case Kind::kMap:
      return Type::Map(CommonType(value.items, 0, 2), CommonType(value.items, 1, 2));
    case Kind::kTimestamp:
      return Type::Of(TypeKind::kTimestamp);
    case Kind::kDuration:
      return Type::Of(TypeKind::kDuration);
    default:
      return Type::Dyn();
  }
}

void Fill(const CelValue& value, engine::EventBuilder& builder, engine::EventBuilder::Ref ref) {
  using engine::EventBuilder;
  switch (value.kind) {
    case Kind::kNull:
      return builder.SetNull(ref);
    case Kind::kBool:
      return builder.SetBool(ref, value.boolean);
    case Kind::kInt:
      return builder.SetInt(ref, value.number);
    case Kind::kUint:
      return builder.SetUint(ref, value.natural);
    case Kind::kDouble:
      return builder.SetDouble(ref, value.real);
    case Kind::kString:
      return builder.SetString(ref, value.text);
    case Kind::kBytes:
      return builder.SetCopy(ref, Value::Bytes(value.text));
    case Kind::kList: {
      const auto size = static_cast<uint32_t>(value.items.size());
      const EventBuilder::Ref list = builder.SetList(ref, size);
      for (uint32_t i = 0; i < size; ++i)
        Fill(value.items[i], builder, EventBuilder::Element(list, i));
      return;
    }
    case Kind::kMap: {
      const auto size = static_cast<uint32_t>(value.items.size() / 2);
      const EventBuilder::Ref map = builder.SetMap(ref, size);
      for (uint32_t i = 0; i < size; ++i) {
        Fill(value.items[size_t{2} * i], builder, EventBuilder::Key(map, i));
        Fill(value.items[size_t{2} * i + 1], builder, EventBuilder::Item(map, i));
      }
      return;
    }
    case Kind::kTimestamp:
      return builder.SetCopy(ref, Value::Timestamp(value.number, value.nanoseconds));
    case Kind::kDuration:
      return builder.SetCopy(ref, Value::Duration(value.number, value.nanoseconds));
    case Kind::kType:
    case Kind::kError:
    case Kind::kOther:
      return builder.SetError(ref, engine::ErrorCode::kBadFieldValue);
  }
}

}  // namespace telltale::conformance
