#include "rules/model/line_picture.h"

#include <algorithm>
#include <vector>

namespace telltale::rules {
namespace {

constexpr size_t kTabWidth = 4;
constexpr size_t kWindow = 110;     // cells of a source line
constexpr size_t kBeforeSpan = 40;  // cells kept before the span where a line is cut
constexpr std::string_view kCut = "...";

struct Point {
  char32_t value = 0;
  size_t bytes = 1;
  bool valid = false;
};

Point Decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (size == 0 || size > text.size()) return {};
  char32_t value = lead & (0x7F >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3F);
  }
  return {value, size, true};
}

bool Between(char32_t point, char32_t first, char32_t last) {
  return first <= point && point <= last;
}

bool Unsafe(char32_t point) {
  return point < 0x20 || Between(point, 0x7F, 0x9F) || Between(point, 0x200E, 0x200F) ||
         Between(point, 0x2028, 0x202E) || Between(point, 0x2066, 0x2069) || point == 0xFEFF;
}

size_t Width(char32_t point) {
  if (Between(point, 0x300, 0x36F) || Between(point, 0x200B, 0x200D) ||
      Between(point, 0xFE00, 0xFE0F))
    return 0;
  const bool wide = Between(point, 0x1100, 0x115F) || Between(point, 0x2E80, 0xA4CF) ||
                    Between(point, 0xAC00, 0xD7A3) || Between(point, 0xF900, 0xFAFF) ||
                    Between(point, 0xFE30, 0xFE6F) || Between(point, 0xFF00, 0xFF60) ||
                    Between(point, 0xFFE0, 0xFFE6) || Between(point, 0x1F300, 0x1FAFF) ||
                    Between(point, 0x20000, 0x3FFFD);
  return wide ? 2 : 1;
}

struct Glyph {
  std::string text;
  size_t width = 1;
  size_t byte = 0;  // where in the line it begins
};

std::vector<Glyph> Glyphs(std::string_view line) {
  std::vector<Glyph> glyphs;
  for (size_t at = 0; at < line.size();) {
    const Point point = Decode(line.substr(at));
    if (line[at] == '\t') {
      glyphs.push_back({std::string(kTabWidth, ' '), kTabWidth, at});
    } else if (point.valid && point.value == 0xFEFF) {
      glyphs.push_back({"", 0, at});
    } else if (!point.valid || Unsafe(point.value)) {
      glyphs.push_back({"?", 1, at});
    } else {
      glyphs.push_back({std::string(line.substr(at, point.bytes)), Width(point.value), at});
    }
    at += point.bytes;
  }
  return glyphs;
}

// Enough bytes of a line for the window, whatever the characters: the rest is not looked at.
constexpr size_t kBytesBefore = 16 * kBeforeSpan;
constexpr size_t kBytesAfter = 16 * kWindow;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  for (const Glyph& glyph : Glyphs(text)) out += text[glyph.byte] == '\n' ? " " : glyph.text;
  return out;
}

LinePicture DrawLine(std::string_view line, size_t begin, size_t end) {
  size_t skipped = begin > kBytesBefore ? begin - kBytesBefore : 0;
  while (skipped < begin && IsContinuation(line[skipped])) ++skipped;
  line = line.substr(skipped, begin - skipped + kBytesAfter);
  begin -= skipped;
  end = std::min(end - skipped, line.size());

  const std::vector<Glyph> glyphs = Glyphs(line);
  size_t before = 0;  // cells before the span
  size_t total = 0;
  for (const Glyph& glyph : glyphs) {
    if (glyph.byte < begin) before += glyph.width;
    total += glyph.width;
  }
  const bool cut_left = skipped > 0 || (total > kWindow && before > kBeforeSpan);
  const size_t first =
      cut_left ? before - std::min(before, kBeforeSpan) : 0;  // the first cell shown
  const size_t limit = first + kWindow;

  LinePicture picture;
  if (cut_left) {
    picture.line = kCut;
    picture.before = kCut.size();
  }
  size_t cell = 0;
  size_t marked = 0;
  for (const Glyph& glyph : glyphs) {
    const size_t at = cell;
    cell += glyph.width;
    if (at < first) continue;
    if (at >= limit) {
      picture.line += kCut;
      break;
    }
    picture.line += glyph.text;
    if (glyph.byte < begin) {
      picture.before += glyph.width;
    } else if (glyph.byte < end) {
      marked += glyph.width;
    }
  }
  picture.marked = std::max<size_t>(marked, 1);
  return picture;
}

}  // namespace telltale::rules
