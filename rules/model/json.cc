#include "rules/model/json.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace telltale::rules {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// How many digits stand at `at`.
size_t Digits(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  return end - at;
}

template <typename Number>
bool Parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool SameNumber(std::string_view a, std::string_view b) {
  if (a == b) return true;
  int64_t integers[2];
  if (Parse(a, integers[0]) && Parse(b, integers[1])) return integers[0] == integers[1];
  double doubles[2];
  return Parse(a, doubles[0]) && Parse(b, doubles[1]) && doubles[0] == doubles[1];
}

}  // namespace

Json Json::Number(std::string text) {
  Json value;
  value.kind = JsonKind::kNumber;
  value.text = std::move(text);
  return value;
}

Json Json::String(std::string text) {
  Json value;
  value.kind = JsonKind::kString;
  value.text = std::move(text);
  return value;
}

const Json* Json::Find(std::string_view name) const {
  for (const auto& [member, value] : members) {
    if (member == name) return &value;
  }
  return nullptr;
}

Json* Json::Find(std::string_view name) {
  return const_cast<Json*>(static_cast<const Json&>(*this).Find(name));
}

bool IsJsonNumber(std::string_view text) {
  size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const size_t whole = Digits(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = Digits(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = Digits(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

bool SameValue(const Json& a, const Json& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case JsonKind::kNull:
      return true;
    case JsonKind::kBool:
      return a.boolean == b.boolean;
    case JsonKind::kNumber:
      return SameNumber(a.text, b.text);
    case JsonKind::kString:
      return a.text == b.text;
    case JsonKind::kArray:
      return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), SameValue);
    case JsonKind::kObject:
      return a.members.size() == b.members.size() &&
             std::all_of(a.members.begin(), a.members.end(), [&](const auto& member) {
               const Json* other = b.Find(member.name);
               return other != nullptr && SameValue(member.value, *other);
             });
  }
  return false;
}

void AppendJsonText(std::string_view text, std::string& out) {
  out += '"';
  size_t plain = 0;  // from here on nothing had to be escaped yet
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.substr(plain, i - plain));
    plain = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += "\\u00";
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 15];
    }
  }
  out.append(text.substr(plain));
  out += '"';
}

void AppendJson(const Json& value, std::string& out) {
  switch (value.kind) {
    case JsonKind::kNull:
      out += "null";
      return;
    case JsonKind::kBool:
      out += value.boolean ? "true" : "false";
      return;
    case JsonKind::kNumber:
      out += value.text;
      return;
    case JsonKind::kString:
      return AppendJsonText(value.text, out);
    case JsonKind::kArray:
      out += '[';
      for (const Json& item : value.items) {
        if (&item != &value.items.front()) out += ',';
        AppendJson(item, out);
      }
      out += ']';
      return;
    case JsonKind::kObject:
      out += '{';
      for (const auto& member : value.members) {
        if (&member != &value.members.front()) out += ',';
        AppendJsonText(member.name, out);
        out += ':';
        AppendJson(member.value, out);
      }
      out += '}';
      return;
  }
}

}  // namespace telltale::rules
