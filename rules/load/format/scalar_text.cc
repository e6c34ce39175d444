#include "rules/load/format/scalar_text.h"

#include <algorithm>
#include <array>

#include "rules/load/yaml/core_schema.h"
#include "rules/load/yaml/text_check.h"

namespace telltale::rules {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// A text that needs no quotes for any reader of YAML, those of 1.1 included, to whom `on` is true.
bool IsWord(std::string_view text) {
  constexpr std::array<std::string_view, 11> kSwitches = {
      "y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan"};
  if (text.empty() || !IsLetter(text.front())) return false;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '-' || c == '.' || c == '/';
  });
  return plain && std::find(kSwitches.begin(), kSwitches.end(), Lower(text)) == kSwitches.end();
}

// Whether it can stand in single quotes on one line as it is.
bool IsPrintable(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t size = Utf8Length(text.substr(at));
    if (size == 0 || byte < 0x20 || byte == 0x7F) return false;
    const std::string_view point = text.substr(at, size);
    const bool separates = point == "\u2028" || point == "\u2029" || point == "\uFEFF" ||
                           (byte == 0xC2 && static_cast<unsigned char>(point[1]) < 0xA1);
    const bool none = point == "\xEF\xBF\xBE" || point == "\xEF\xBF\xBF";
    if (separates || none) return false;
    at += size;
  }
  return true;
}

std::string SingleQuoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

std::string DoubleQuoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    const size_t size = std::max<size_t>(Utf8Length(text.substr(at)), 1);
    const std::string_view point = text.substr(at, size);
    at += size;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n' || c == '\t' || c == '\r') {
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else if (!IsPrintable(point) && size == 2) {  // U+0080 to U+00A0
      out += "\\x";
      const auto low = static_cast<unsigned char>(point[1]);
      out += kHex[low >> 4];
      out += kHex[low & 15];
    } else if (!IsPrintable(point) && size == 3) {
      const uint32_t value = (static_cast<uint32_t>(byte & 0xF) << 12) |
                             (static_cast<uint32_t>(point[1] & 0x3F) << 6) |
                             static_cast<uint32_t>(point[2] & 0x3F);
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += kHex[value >> shift & 15];
    } else {
      out += point;
    }
  }
  return out + '"';
}

// Whether the author escaped something that could stand there as it is.
bool HasChosenEscapes(std::string_view written) {
  for (size_t i = 0; i + 1 < written.size(); ++i) {
    if (written[i] != '\\') continue;
    const char next = written[++i];
    if (next != '"' && next != '\\' && next != '/') return true;
  }
  return false;
}

std::string Quoted(std::string_view value, std::string_view written) {
  const bool one_line = written.find_first_of("\r\n") == std::string_view::npos;
  if (written.starts_with('"') && one_line && HasChosenEscapes(written))
    return std::string(written);
  if (!IsPrintable(value)) return DoubleQuoted(value);
  const bool only_apostrophes = value.find('\'') != std::string_view::npos &&
                                value.find_first_of("\"\\") == std::string_view::npos;
  return only_apostrophes ? DoubleQuoted(value) : SingleQuoted(value);
}

bool IsQuoted(std::string_view written) {
  return written.starts_with('"') || written.starts_with('\'');
}

bool ReadsAsText(std::string_view value) {
  Node plain;
  ResolvePlain(value, plain);
  return plain.kind == NodeKind::kString;
}

// --- Folding ---

struct Operator {
  size_t at = 0;  // of the blank before it
  int depth = 0;
  bool is_or = false;
};

// The && and || of a condition with one blank on each side, outside of its strings.
std::vector<Operator> FindOperators(std::string_view text) {
  std::vector<Operator> found;
  int depth = 0;
  char quote = '\0';
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == '\\') ++i;
      if (c == quote) quote = '\0';
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    const std::string_view rest = text.substr(i);
    const bool is_or = rest.starts_with(" || ");
    if (!is_or && !rest.starts_with(" && ")) continue;
    if (i == 0 || text[i - 1] == ' ' || rest.size() < 5 || rest[4] == ' ') continue;
    found.push_back({i, depth, is_or});
  }
  return found;
}

// Breaks at the outermost operators, and what is then still too long at those within it.
void FoldCondition(std::string_view text, size_t columns, std::vector<std::string>& lines) {
  // The operator that a line begins with is no place to break it.
  const size_t skipped = text.starts_with("&& ") || text.starts_with("|| ") ? 3 : 0;
  const std::vector<Operator> found = FindOperators(text.substr(skipped));
  if (Columns(text) <= columns || found.empty()) {
    lines.emplace_back(text);
    return;
  }
  int depth = found.front().depth;
  for (const Operator& op : found) depth = std::min(depth, op.depth);
  const bool any_or = std::any_of(found.begin(), found.end(), [&](const Operator& op) {
    return op.depth == depth && op.is_or;
  });
  size_t from = 0;
  for (const Operator& op : found) {
    if (op.depth != depth || op.is_or != any_or) continue;
    const size_t at = op.at + skipped;
    FoldCondition(text.substr(from, at - from), columns, lines);
    from = at + 1;
  }
  FoldCondition(text.substr(from), columns, lines);
}

std::vector<std::string> FoldWords(std::string_view text, size_t columns) {
  std::vector<std::string> lines;
  size_t from = 0;
  size_t last = std::string_view::npos;  // the last blank at which the line may end
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' && i > 0 && text[i - 1] != ' ' && text[i + 1] != ' ') {
      if (last != std::string_view::npos && Columns(text.substr(from, i - from)) > columns) {
        lines.emplace_back(text.substr(from, last - from));
        from = last + 1;
      }
      last = i;
    }
  }
  if (last != std::string_view::npos && last > from && Columns(text.substr(from)) > columns) {
    lines.emplace_back(text.substr(from, last - from));
    from = last + 1;
  }
  lines.emplace_back(text.substr(from));
  return lines;
}

}  // namespace

size_t Columns(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string ScalarText(const Node& node, std::string_view written) {
  const std::string& value = node.text.text();
  if (IsQuoted(written)) return IsWord(value) ? value : Quoted(value, written);
  if (node.kind == NodeKind::kString && !ReadsAsText(value)) return Quoted(value, "");  // !!str 17
  if (value.find('\n') != std::string::npos) return DoubleQuoted(value);
  return value;
}

std::string KeyText(std::string_view key, std::string_view written) {
  if (!IsQuoted(written)) return std::string(key);
  return IsWord(key) ? std::string(key) : Quoted(key, written);
}

std::vector<std::string> FoldedLines(std::string_view value, size_t columns, bool words) {
  if (value.empty() || value.front() == ' ' || value.back() == ' ' || !IsPrintable(value))
    return {};
  std::vector<std::string> lines;
  FoldCondition(value, columns, lines);
  if (lines.size() == 1 && words) lines = FoldWords(value, columns);
  if (lines.size() == 1) lines.clear();
  return lines;
}

}  // namespace telltale::rules
