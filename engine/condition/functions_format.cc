// text.format([...]): values written into a template.
//
// Source: the CEL specification, doc/extensions/strings.md.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/condition/code_points.h"
#include "engine/condition/condition.h"
#include "engine/condition/native.h"
#include "engine/condition/number_text.h"
#include "rules/model/format_clauses.h"

namespace telltale::engine {
namespace {

using rules::FormatClause;

// The decimal of no exponent that a double of 300 digits, or a precision of 1000, needs.
constexpr size_t kMostDigits = 1400;

void AppendNumber(std::string& out, double number, std::chars_format format, int precision) {
  char digits[kMostDigits];
  const auto result = precision < 0
                          ? std::to_chars(digits, digits + kMostDigits, number, format)
                          : std::to_chars(digits, digits + kMostDigits, number, format, precision);
  out.append(digits, result.ptr);
}

// NaN and infinities alike in all clauses; false: it is finite.
bool AppendNotFinite(std::string& out, double number) {
  if (std::isfinite(number)) return false;
  NumberBuffer buffer;
  out += DoubleText(number, buffer);
  return true;
}

// In decimal, with no more digits than it takes.
void AppendDecimal(std::string& out, double number) {
  if (!AppendNotFinite(out, number)) AppendNumber(out, number, std::chars_format::fixed, -1);
}

// As %s does; errors: a value that has no text.
class ValueWriter {
 public:
  ValueWriter(std::string& out, Scratch& scratch) : out_(out), scratch_(scratch) {}

  // Absent, or an error.
  Value Write(Value value) {
    if (!scratch_.Charge(1)) return Spent();
    switch (value.kind()) {
      case ValueKind::kAbsent:
        return Value::Error(ErrorCode::kNoSuchField);
      case ValueKind::kError:
        return value;
      case ValueKind::kOptional:
        return NoOverload();
      case ValueKind::kDouble:
        AppendDecimal(out_, value.as_double());
        return Value::Absent();
      case ValueKind::kBytes:
        if (!scratch_.Charge(value.size() / 16)) return Spent();
        AppendValid(value.as_string());
        return Value::Absent();
      case ValueKind::kString:
        if (!scratch_.Charge(value.size() / 16)) return Spent();
        out_ += value.as_string();
        return Value::Absent();
      case ValueKind::kList:
        return WriteList(value);
      case ValueKind::kMap:
        return WriteMap(value);
      default:
        AppendText(value, out_);
        return Value::Absent();
    }
  }

 private:
  Value WriteList(Value list) {
    out_ += '[';
    for (uint32_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += ", ";
      const Value error = Write(list.elements()[i].Load());
      if (error.is(ValueKind::kError)) return error;
    }
    out_ += ']';
    return Value::Absent();
  }

  Value WriteMap(Value map) {
    std::vector<std::pair<std::string, std::string>> entries(map.size());
    for (uint32_t i = 0; i < map.size(); ++i) {
      const Value key = ValueWriter(entries[i].first, scratch_).Write(map.entries()[i].key.Load());
      if (key.is(ValueKind::kError)) return key;
      const Value value =
          ValueWriter(entries[i].second, scratch_).Write(map.entries()[i].value.Load());
      if (value.is(ValueKind::kError)) return value;
    }
    std::sort(entries.begin(), entries.end());
    out_ += '{';
    for (size_t i = 0; i < entries.size(); ++i)
      out_.append(i > 0 ? ", " : "")
          .append(entries[i].first)
          .append(": ")
          .append(entries[i].second);
    out_ += '}';
    return Value::Absent();
  }

  // Runs of bytes that are no UTF-8 are one U+FFFD each.
  void AppendValid(std::string_view bytes) {
    bool broken = false;
    while (!bytes.empty()) {
      const size_t size = ValidCharacterSize(bytes);
      if (size > 0) {
        out_ += bytes.substr(0, size);
      } else if (!broken) {
        out_ += "\xEF\xBF\xBD";
      }
      broken = size == 0;
      bytes.remove_prefix(std::max<size_t>(size, 1));
    }
  }

  std::string& out_;
  Scratch& scratch_;
};

// A whole number's sign and digits; false: it is none.
bool AppendWhole(std::string& out, Value value, int base) {
  const bool negative = value.is(ValueKind::kInt) && value.as_int() < 0;
  uint64_t magnitude = 0;
  if (value.is(ValueKind::kInt)) {
    magnitude = negative ? 0 - static_cast<uint64_t>(value.as_int())
                         : static_cast<uint64_t>(value.as_int());
  } else if (value.is(ValueKind::kUint)) {
    magnitude = value.as_uint();
  } else {
    return false;
  }
  char digits[64];
  const auto result = std::to_chars(digits, digits + sizeof(digits), magnitude, base);
  if (negative) out += '-';
  out.append(digits, result.ptr);
  return true;
}

bool AppendHexBytes(std::string& out, Value value) {
  if (!value.is(ValueKind::kString) && !value.is(ValueKind::kBytes)) return false;
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : value.as_string()) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHex[byte >> 4];
    out += kHex[byte & 0xF];
  }
  return true;
}

bool AppendHex(std::string& out, Value value, bool upper) {
  const size_t begin = out.size();
  if (!AppendWhole(out, value, 16) && !AppendHexBytes(out, value)) return false;
  if (upper) {
    std::transform(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                   out.begin() + static_cast<std::ptrdiff_t>(begin),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  }
  return true;
}

// %f and %e, which take any number.
bool AppendReal(std::string& out, Value value, std::chars_format format, int precision) {
  double number = 0;
  if (value.is(ValueKind::kDouble)) {
    number = value.as_double();
  } else if (value.is(ValueKind::kInt)) {
    number = static_cast<double>(value.as_int());
  } else if (value.is(ValueKind::kUint)) {
    number = static_cast<double>(value.as_uint());
  } else {
    return false;
  }
  if (!AppendNotFinite(out, number)) AppendNumber(out, number, format, precision);
  return true;
}

bool AppendDecimalClause(std::string& out, Value value) {
  if (!value.is(ValueKind::kDouble)) return AppendWhole(out, value, 10);
  AppendDecimal(out, value.as_double());
  return true;
}

bool AppendBinary(std::string& out, Value value) {
  if (!value.is(ValueKind::kBool)) return AppendWhole(out, value, 2);
  out += value.as_bool() ? '1' : '0';
  return true;
}

// A clause but %s and %%; false: it does not take the value.
bool AppendClause(std::string& out, const FormatClause& clause, Value value) {
  switch (clause.letter) {
    case 'd':
      return AppendDecimalClause(out, value);
    case 'f':
      return AppendReal(out, value, std::chars_format::fixed, clause.precision);
    case 'e':
      return AppendReal(out, value, std::chars_format::scientific, clause.precision);
    case 'b':
      return AppendBinary(out, value);
    case 'o':
      return AppendWhole(out, value, 8);
    default:
      return AppendHex(out, value, clause.letter == 'X');
  }
}

Value Format(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString) || !args[1].is(ValueKind::kList)) return NoOverload();
  rules::FormatClauses clauses(args[0].as_string());
  std::string& out = scratch.Text();
  uint32_t next = 0;
  for (;;) {
    const FormatClause clause = clauses.Next();
    if (!scratch.Charge(1 + clause.before.size() / 16)) return Spent();
    out += clause.before;
    if (clause.letter == 0) break;
    if (clause.letter == '%') {
      out += '%';
      continue;
    }
    if (next >= args[1].size()) return OutOfRange();
    const Value value = args[1].elements()[next++].Load();
    if (clause.letter == 's' || value.is(ValueKind::kError) || value.is(ValueKind::kAbsent)) {
      const Value error = ValueWriter(out, scratch).Write(value);
      if (error.is(ValueKind::kError)) return error;
    } else {
      const bool text = value.is(ValueKind::kString) || value.is(ValueKind::kBytes);
      const uint64_t digits = text ? uint64_t{value.size()} * 2 : uint64_t{0};
      if (!scratch.Charge((static_cast<uint64_t>(clause.precision) + digits) / 16 + 1))
        return Spent();
      if (!AppendClause(out, clause, value)) return NoOverload();
    }
  }
  if (clauses.fault() != rules::FormatFault::kNone) return Value::Error(ErrorCode::kOutOfRange);
  return CopiedText(out, scratch);
}

constexpr NativeFunction kNatives[] = {{"format", Format}};

}  // namespace

NativeTable FormatNatives() { return kNatives; }

}  // namespace telltale::engine
