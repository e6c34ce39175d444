#include "rules/load/yaml/core_schema.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

namespace telltale::rules {
namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool IsFloat(std::string_view text) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t from = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    return i - from;
  };
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const size_t whole = digits();
  size_t fraction = 0;
  if (i < text.size() && text[i] == '.') {
    ++i;
    fraction = digits();
  }
  if (whole == 0 && fraction == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

double ToDouble(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    const bool tiny = text.find("e-") != text.npos || text.find("E-") != text.npos;
    const double size = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return text.starts_with('-') ? -size : size;
  }
  return value;
}

// The value of an integer's text; false where it is none, or is beyond int64.
bool ToInteger(std::string_view text, int64_t& value) {
  int base = 10;
  if (text.starts_with("0x")) base = 16;
  if (text.starts_with("0o")) base = 8;
  if (base != 10) text.remove_prefix(2);
  if (base == 10 && text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  if (text.empty() || (base != 10 && text.front() == '-')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void ResolvePlain(std::string_view text, Node& node) {
  node.kind = NodeKind::kString;
  if (IsOneOf(text, {"", "~", "null", "Null", "NULL"})) {
    node.kind = NodeKind::kNull;
  } else if (IsOneOf(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    node.kind = NodeKind::kBool;
    node.boolean = text.front() == 't' || text.front() == 'T';
  } else if (ToInteger(text, node.integer)) {
    node.kind = NodeKind::kInt;
    node.number = static_cast<double>(node.integer);
  } else if (IsFloat(text)) {
    node.kind = NodeKind::kFloat;
    node.number = ToDouble(text);
  } else if (IsOneOf(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) {
    node.kind = NodeKind::kFloat;
    node.number = std::numeric_limits<double>::infinity();
  } else if (IsOneOf(text, {"-.inf", "-.Inf", "-.INF"})) {
    node.kind = NodeKind::kFloat;
    node.number = -std::numeric_limits<double>::infinity();
  } else if (IsOneOf(text, {".nan", ".NaN", ".NAN"})) {
    node.kind = NodeKind::kFloat;
    node.number = std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace telltale::rules
