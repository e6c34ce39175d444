#include "rules/load/yaml/scalar_places.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace telltale::rules {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsBreak(char c) { return c == '\n' || c == '\r'; }

size_t Utf8Size(uint32_t point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

// Reads value and source side by side. Each method moves `at_` (source) and appends the places of
// the value's bytes.
class Walk {
 public:
  Walk(std::string_view value, std::string_view source, size_t at)
      : value_(value), source_(source), at_(at) {
    offsets_.reserve(value.size() + 1);
  }

  bool Plain() {
    while (!done()) {
      if (!(AtFold() ? Fold() : Same())) return false;
    }
    return true;
  }

  bool SingleQuoted() {
    ++at_;
    while (!done()) {
      if (AtFold()) {
        if (!Fold()) return false;
      } else {
        const bool doubled = Peek() == '\'';
        if (!Same()) return false;
        if (doubled) ++at_;
      }
    }
    SkipBlanksAndBreaks();
    return Accept('\'');
  }

  bool DoubleQuoted() {
    ++at_;
    while (!done()) {
      const bool moved = Peek() == '\\' ? Escape() : AtFold() ? Fold() : Same();
      if (!moved) return false;
    }
    while (Peek() == '\\' && IsBreak(Peek(1))) SkipEscapedBreak();
    SkipBlanksAndBreaks();
    return Accept('"');
  }

  bool Block() {
    const bool folded = Peek() == '>';
    while (at_ < source_.size() && !IsBreak(Peek())) ++at_;
    SkipBreak();
    const size_t indent = BlockIndent();
    bool line_start = true;
    while (!done()) {
      if (at_ >= source_.size()) return FinalBreak();
      if (line_start) {
        for (size_t i = 0; i < indent && Peek() == ' '; ++i) ++at_;
        line_start = false;
      } else if (IsBreak(Peek())) {
        const char next = value_[offsets_.size()];
        if (next == '\n' || (folded && next == ' '))
          Put();
        else if (!folded)
          return false;
        SkipBreak();
        line_start = true;
      } else if (!Same()) {
        return false;
      }
    }
    return true;
  }

  uint32_t at() const { return static_cast<uint32_t>(at_); }
  std::vector<uint32_t> TakeOffsets(uint32_t end) {
    offsets_.push_back(end);
    return std::move(offsets_);
  }
  uint32_t content_end() const { return content_end_; }

 private:
  bool done() const { return offsets_.size() == value_.size(); }
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void Put() {
    offsets_.push_back(static_cast<uint32_t>(at_));
    content_end_ = static_cast<uint32_t>(at_ + 1);
  }

  bool Accept(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }

  bool Same() {
    if (at_ >= source_.size() || source_[at_] != value_[offsets_.size()]) return false;
    Put();
    ++at_;
    return true;
  }

  void SkipBreak() {
    if (Peek() == '\r' && Peek(1) == '\n') ++at_;
    if (at_ < source_.size()) ++at_;
  }

  void SkipBlanksAndBreaks() {
    while (at_ < source_.size() && (IsBlank(Peek()) || IsBreak(Peek()))) ++at_;
  }

  // Blanks that end in a line break: the break is folded.
  bool AtFold() const {
    size_t i = at_;
    while (i < source_.size() && IsBlank(source_[i])) ++i;
    return i < source_.size() && IsBreak(source_[i]);
  }

  // One break is a space; of more, each after the first is a line break.
  bool Fold() {
    while (IsBlank(Peek())) ++at_;
    const size_t first = at_;
    std::vector<size_t> breaks;
    while (at_ < source_.size() && (IsBlank(Peek()) || IsBreak(Peek()))) {
      if (IsBreak(Peek())) {
        breaks.push_back(at_);
        SkipBreak();
      } else {
        ++at_;
      }
    }
    const size_t end = at_;
    const char wanted = breaks.size() == 1 ? ' ' : '\n';
    const size_t count = std::max<size_t>(1, breaks.size() - 1);
    for (size_t i = 0; i < count; ++i) {
      if (done() || value_[offsets_.size()] != wanted) return false;
      at_ = breaks.size() == 1 ? first : breaks[i + 1];
      Put();
    }
    at_ = end;
    return true;
  }

  void SkipEscapedBreak() {
    ++at_;
    SkipBreak();
    while (IsBlank(Peek())) ++at_;
  }

  bool Escape() {
    const char kind = Peek(1);
    if (IsBreak(kind)) {
      SkipEscapedBreak();
      return true;
    }
    const size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    size_t bytes = 1;
    if (digits > 0) {
      uint32_t point = 0;
      const std::string_view hex = source_.substr(std::min(at_ + 2, source_.size()), digits);
      std::from_chars(hex.data(), hex.data() + hex.size(), point, 16);
      bytes = Utf8Size(point);
    } else if (kind == 'N' || kind == '_') {
      bytes = 2;
    } else if (kind == 'L' || kind == 'P') {
      bytes = 3;
    }
    if (value_.size() - offsets_.size() < bytes) return false;
    for (size_t i = 0; i < bytes; ++i) Put();
    at_ += 2 + digits;
    content_end_ = static_cast<uint32_t>(at_);
    return true;
  }

  // The source's leading spaces less the value's, on the first line that has more than spaces.
  size_t BlockIndent() const {
    size_t line = at_;
    size_t spaces = 0;
    for (;;) {
      spaces = 0;
      while (line + spaces < source_.size() && source_[line + spaces] == ' ') ++spaces;
      if (line + spaces >= source_.size() || !IsBreak(source_[line + spaces])) break;
      line += spaces + 1;
    }
    const size_t text = std::min(value_.find_first_not_of('\n'), value_.size());
    size_t kept = 0;
    while (text + kept < value_.size() && value_[text + kept] == ' ') ++kept;
    return spaces - std::min(kept, spaces);
  }

  // The last line of the file may lack the break that the value has.
  bool FinalBreak() {
    while (!done() && value_[offsets_.size()] == '\n') Put();
    return done();
  }

  std::string_view value_;
  std::string_view source_;
  size_t at_;
  std::vector<uint32_t> offsets_;
  uint32_t content_end_ = 0;
};

bool Contiguous(const std::vector<uint32_t>& offsets) {
  for (size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] != offsets[0] + i) return false;
  }
  return !offsets.empty();
}

// Where the value stands in the file as it is, behind its quote if it has one, there is nothing to
// walk through: its end, or 0.
uint32_t VerbatimEnd(std::string_view value, std::string_view source, uint32_t begin, char style) {
  if (value.empty() || style == '|' || style == '>') return 0;
  const size_t quote = style == '\0' ? 0 : 1;
  if (source.substr(begin + quote, value.size()) != value) return 0;
  if (quote == 0) return begin + static_cast<uint32_t>(value.size());
  const size_t close = begin + quote + value.size();
  const bool closed = close < source.size() && source[close] == style;
  if (!closed || value.find(style == '"' ? '\\' : style) != std::string_view::npos) return 0;
  if (style == '\'' && source.substr(close + 1).starts_with(style)) return 0;  // a doubled quote
  return static_cast<uint32_t>(close + 1);
}

}  // namespace

PlacedScalar PlaceScalar(std::string value, const SourcePtr& file, uint32_t begin, bool plain) {
  const std::string_view source = file->text();
  begin = std::min(begin, static_cast<uint32_t>(source.size()));
  const char style = plain || begin >= source.size() ? '\0' : source[begin];

  if (plain || style == '"' || style == '\'') {
    if (const uint32_t end = VerbatimEnd(value, source, begin, style)) {
      return {LocatedText(std::move(value), file, style == '\0' ? begin : begin + 1), end, true};
    }
  }
  Walk walk(value, source, begin);
  bool exact = false;
  switch (style) {
    case '\'':
      exact = walk.SingleQuoted();
      break;
    case '"':
      exact = walk.DoubleQuoted();
      break;
    case '|':
    case '>':
      exact = walk.Block();
      break;
    default:
      exact = plain && walk.Plain();
      break;
  }
  if (!exact) {
    const uint32_t end = std::min(begin + 1, static_cast<uint32_t>(source.size()));
    std::vector<uint32_t> offsets(value.size() + 1, begin);
    return {LocatedText(std::move(value), file, std::move(offsets)), end, false};
  }
  const uint32_t end = walk.at();
  const uint32_t content_end =
      value.empty() ? (plain ? end : std::min(begin + 1, end)) : walk.content_end();
  std::vector<uint32_t> offsets = walk.TakeOffsets(content_end);
  if (Contiguous(offsets)) return {LocatedText(std::move(value), file, offsets[0]), end, true};
  return {LocatedText(std::move(value), file, std::move(offsets)), end, true};
}

}  // namespace telltale::rules
