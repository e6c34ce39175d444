// Diagnostics as text for a terminal: place and message, the source line with carets, further
// places, notes.
//
// A line of source is shown as cells: a tab is four of them, wide characters are two, and what a
// terminal could obey (control characters, bidirectional overrides) is shown as '?'. Of a long line
// a window around the span is shown.
#include <algorithm>

#include "rules/model/diagnostic.h"

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

// The user's words in a message may hold anything, too.
std::string Printable(std::string_view text) {
  std::string out;
  for (const Glyph& glyph : Glyphs(text)) out += text[glyph.byte] == '\n' ? " " : glyph.text;
  return out;
}

struct Picture {
  std::string line;
  std::string carets;
};

// Enough bytes of a line for the window, whatever the characters: the rest is not looked at.
constexpr size_t kBytesBefore = 16 * kBeforeSpan;
constexpr size_t kBytesAfter = 16 * kWindow;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// `begin` and `end` are bytes of the line; an empty span gets one caret.
Picture Draw(std::string_view line, size_t begin, size_t end) {
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

  Picture picture;
  if (cut_left) {
    picture.line = kCut;
    picture.carets = std::string(kCut.size(), ' ');
  }
  size_t cell = 0;
  size_t carets = 0;
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
      picture.carets.append(glyph.width, ' ');
    } else if (glyph.byte < end) {
      carets += glyph.width;
    }
  }
  picture.carets.append(std::max<size_t>(carets, 1), '^');
  return picture;
}

std::string Snippet(const Span& span, size_t gutter) {
  const SourceFile& file = *span.file;
  const uint32_t number = file.Locate(span.begin).line;
  const uint32_t start = file.LineStart(number);
  const std::string_view line = file.Line(number);
  const size_t begin = std::min<size_t>(span.begin - start, line.size());
  const size_t end =
      std::clamp<size_t>(span.end < start ? 0 : span.end - start, begin, line.size());
  const Picture picture = Draw(line, begin, end);
  const std::string label = std::to_string(number);
  return std::string(gutter - label.size(), ' ') + label + " | " + picture.line + "\n" +
         std::string(gutter, ' ') + " | " + picture.carets + "\n";
}

std::string Place(const Span& span) {
  const LineColumn at = span.file->Locate(span.begin);
  return Printable(span.file->path()) + ":" + std::to_string(at.line) + ":" +
         std::to_string(at.column) + ": ";
}

// The right edge of the line numbers: all snippets of one diagnostic are aligned.
size_t Gutter(const Diagnostic& diagnostic) {
  size_t digits = 1;
  const auto widen = [&digits](const Span& span) {
    if (span.file)
      digits = std::max(digits, std::to_string(span.file->Locate(span.begin).line).size());
  };
  widen(diagnostic.span);
  for (const Label& label : diagnostic.labels) widen(label.span);
  return digits + 3;
}

}  // namespace

std::string Render(const Diagnostic& diagnostic) {
  const size_t gutter = Gutter(diagnostic);
  const std::string margin = std::string(gutter - 1, ' ') + "= ";
  std::string text = diagnostic.span.file ? Place(diagnostic.span) : "";
  text += diagnostic.severity == Severity::kError ? "error[" : "warning[";
  text += std::string(diagnostic.code.id) + "]: " + Printable(diagnostic.message);
  if (!diagnostic.suggestion.empty())
    text += " (did you mean '" + Printable(diagnostic.suggestion) + "'?)";
  text += "\n";
  if (diagnostic.span.file) text += Snippet(diagnostic.span, gutter);
  for (const Label& label : diagnostic.labels) {
    if (label.span.file) {
      text += margin + Place(label.span) + Printable(label.message) + "\n" +
              Snippet(label.span, gutter);
    } else {
      text += margin + Printable(label.message) + "\n";
    }
  }
  for (const std::string& note : diagnostic.notes) text += margin + Printable(note) + "\n";
  return text;
}

std::string Render(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.list()) text += Render(diagnostic);
  const size_t more = diagnostics.added() - diagnostics.list().size();
  if (more > 0) text += "... and " + std::to_string(more) + " more\n";
  return text;
}

}  // namespace telltale::rules
