// Where a piece of rule or config text stands, so that every message can point at it.
//
// A SourceFile owns the bytes of one file and knows its lines; a Span is a half-open byte range in
// it. A LocatedText is the *decoded* text of one YAML scalar (quotes, escapes and folding resolved)
// that still knows, for each of its bytes, which byte of the file it came from: that is how an
// error inside a CEL expression folded over three YAML lines gets the right line and column.
//
// Owner: SourceFiles are shared (std::shared_ptr<const>); Spans and LocatedTexts hold such a
// reference and may outlive the loader. Thread: all immutable after construction, any thread.
// Units: offsets are bytes from 0; lines and columns are 1-based, columns count Unicode code
// points.
#ifndef TELLTALE_RULES_MODEL_SOURCE_H_
#define TELLTALE_RULES_MODEL_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::rules {

struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

class SourceFile {
 public:
  SourceFile(std::string path, std::string text);

  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  LineColumn Locate(uint32_t offset) const;
  // The line (1-based) without its line break; empty past the end.
  std::string_view Line(uint32_t line) const;
  // Offset of the first byte of the line (1-based).
  uint32_t LineStart(uint32_t line) const;

 private:
  std::string path_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

using SourcePtr = std::shared_ptr<const SourceFile>;

struct Span {
  SourcePtr file;  // null: no place in a file (a command line, a built-in)
  uint32_t begin = 0;
  uint32_t end = 0;
};

class LocatedText {
 public:
  LocatedText() = default;
  // Text that stands in the file as it is, from `begin` on (a plain scalar on one line), or in no
  // file at all.
  explicit LocatedText(std::string text, SourcePtr file = nullptr, uint32_t begin = 0);
  // `offsets[i]` is the file offset of text byte i; offsets.size() == text.size() + 1 (the last is
  // the end).
  LocatedText(std::string text, SourcePtr file, std::vector<uint32_t> offsets);

  const std::string& text() const { return text_; }
  // The span in the file of the text bytes [begin, end); positions past the end are clamped.
  Span Locate(size_t begin, size_t end) const;
  Span Whole() const { return Locate(0, text_.size()); }
  // The text bytes [begin, end) with their places.
  LocatedText Sub(size_t begin, size_t end) const;

 private:
  std::string text_;
  SourcePtr file_;
  uint32_t begin_ = 0;
  std::vector<uint32_t> offsets_;  // empty: contiguous from begin_
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_SOURCE_H_
