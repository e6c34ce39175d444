#include "rules/model/source.h"

#include <algorithm>
#include <utility>

namespace telltale::rules {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Beyond this distance (an escape such as \U0001F600 is the longest) the file bytes between two
// text bytes are not part of the first one.
constexpr uint32_t kLongestEscape = 10;

}  // namespace

SourceFile::SourceFile(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i) {
    const bool lone_return = text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n');
    if (text_[i] == '\n' || lone_return) line_starts_.push_back(static_cast<uint32_t>(i + 1));
  }
}

LineColumn SourceFile::Locate(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<uint32_t>(after - line_starts_.begin());
  uint32_t start = line_starts_[line - 1];
  if (line == 1 && text_.starts_with("\xEF\xBB\xBF")) start = std::min(offset, uint32_t{3});
  const auto bytes = std::string_view(text_).substr(start, offset - start);
  const auto points =
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return !IsContinuation(c); });
  return {line, static_cast<uint32_t>(points) + 1};
}

std::string_view SourceFile::Line(uint32_t line) const {
  if (line == 0 || line > line_starts_.size()) return {};
  const uint32_t begin = line_starts_[line - 1];
  const size_t end = line < line_starts_.size() ? line_starts_[line] : text_.size();
  std::string_view bytes = std::string_view(text_).substr(begin, end - begin);
  while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.remove_suffix(1);
  return bytes;
}

uint32_t SourceFile::LineStart(uint32_t line) const {
  if (line == 0) return 0;
  if (line > line_starts_.size()) return static_cast<uint32_t>(text_.size());
  return line_starts_[line - 1];
}

LocatedText::LocatedText(std::string text, SourcePtr file, uint32_t begin)
    : text_(std::move(text)), file_(std::move(file)), begin_(begin) {}

LocatedText::LocatedText(std::string text, SourcePtr file, std::vector<uint32_t> offsets)
    : text_(std::move(text)), file_(std::move(file)), offsets_(std::move(offsets)) {}

Span LocatedText::Locate(size_t begin, size_t end) const {
  begin = std::min(begin, text_.size());
  end = std::clamp(end, begin, text_.size());
  if (file_ == nullptr) return {};
  if (offsets_.empty()) {
    return {file_, begin_ + static_cast<uint32_t>(begin), begin_ + static_cast<uint32_t>(end)};
  }
  const uint32_t first = offsets_[begin];
  if (end == begin) return {file_, first, first};
  // The last byte's own text in the file: up to the next byte's, unless a line break was folded
  // away between them.
  const uint32_t last = offsets_[end - 1];
  const uint32_t next = offsets_[end];
  uint32_t stop = std::min(last + 1, static_cast<uint32_t>(file_->text().size()));
  if (next > last && next - last <= kLongestEscape) {
    const std::string_view between = file_->text().substr(last, next - last);
    if (between.find_first_of("\n\r") == std::string_view::npos) stop = next;
  }
  return {file_, first, std::max(first, stop)};
}

LocatedText LocatedText::Sub(size_t begin, size_t end) const {
  begin = std::min(begin, text_.size());
  end = std::clamp(end, begin, text_.size());
  std::string text = text_.substr(begin, end - begin);
  if (offsets_.empty())
    return LocatedText(std::move(text), file_, begin_ + static_cast<uint32_t>(begin));
  const auto from = offsets_.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto to = offsets_.begin() + static_cast<std::ptrdiff_t>(end) + 1;
  return LocatedText(std::move(text), file_, std::vector<uint32_t>(from, to));
}

}  // namespace telltale::rules
