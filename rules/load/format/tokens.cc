#include "rules/load/format/tokens.h"

#include <algorithm>

#include "rules/load/yaml/syntax_error.h"

namespace telltale::rules {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsBreak(char c) { return c == '\n' || c == '\r'; }

size_t LineStart(std::string_view text, size_t at) {
  while (at > 0 && !IsBreak(text[at - 1])) --at;
  return at;
}

size_t LineEnd(std::string_view text, size_t at) {
  while (at < text.size() && !IsBreak(text[at])) ++at;
  return at;
}

// After the break that stands at `at`.
size_t SkipBreak(std::string_view text, size_t at) {
  if (at + 1 < text.size() && text[at] == '\r' && text[at + 1] == '\n') return at + 2;
  return std::min(at + 1, text.size());
}

struct Extent {
  size_t begin = 0;
  size_t end = 0;
};

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = last_end_ = 3;
  }

  std::vector<Token> Run(const std::vector<Node>& documents) {
    for (const Node& document : documents) Visit(document);
    Gap(text_.size());
    return std::move(tokens_);
  }

 private:
  void Visit(const Node& node) {
    switch (node.kind) {
      case NodeKind::kSequence:
        for (const Node& item : node.items) Visit(item);
        return;
      case NodeKind::kMap:
        for (const Entry& entry : node.entries) {
          Scalar(KeyExtent(entry.key));
          Visit(entry.value);
        }
        return;
      case NodeKind::kNull:
        if (node.text.text().empty()) return;  // nothing is written there
        [[fallthrough]];
      default:
        Scalar(ValueExtent(node));
    }
  }

  // A key's text begins behind its quote.
  Extent KeyExtent(const LocatedText& key) const {
    const Span whole = key.Whole();
    const size_t begin = whole.begin;
    for (const size_t quote : {begin - 1, begin}) {
      if (quote >= text_.size() || (text_[quote] != '"' && text_[quote] != '\'')) continue;
      const size_t end = QuotedEnd(text_, quote);
      return {quote, end == std::string_view::npos ? whole.end : end};
    }
    return {begin, whole.end};
  }

  Extent ValueExtent(const Node& node) const {
    const size_t begin = node.span.begin;
    const char first = begin < text_.size() ? text_[begin] : '\0';
    if (node.kind != NodeKind::kString || (first != '|' && first != '>'))
      return {begin, node.span.end};
    return {begin, ReadBlockScalar(text_, begin, node.text.text()).end};
  }

  void Scalar(const Extent& extent) {
    Gap(extent.begin);
    Add(TokenKind::kScalar, extent.begin, extent.end);
    at_ = std::max(at_, extent.end);
  }

  void Gap(size_t end) {
    while (at_ < end) {
      const char c = text_[at_];
      const bool line_start = at_ == 0 || IsBreak(text_[at_ - 1]);
      const std::string_view rest = text_.substr(at_);
      const bool mark = line_start && (rest.starts_with("---") || rest.starts_with("...")) &&
                        (rest.size() == 3 || IsBlank(rest[3]) || IsBreak(rest[3]));
      if (c == '#') {
        Add(TokenKind::kComment, at_, LineEnd(text_, at_));
      } else if (mark) {
        Add(c == '-' ? TokenKind::kDocument : TokenKind::kDocumentEnd, at_, at_ + 3);
      } else if (c == '-') {
        Add(TokenKind::kDash, at_, at_ + 1);
      } else if (line_start && c == '%') {
        Add(TokenKind::kDirective, at_, LineEnd(text_, at_));
      } else if (c == '{' || c == '[') {
        Add(TokenKind::kOpen, at_, at_ + 1);
      } else if (c == '}' || c == ']') {
        Add(TokenKind::kClose, at_, at_ + 1);
      } else if (c == '!') {  // a tag
        while (at_ < end && !IsBlank(text_[at_]) && !IsBreak(text_[at_])) ++at_;
        continue;
      } else {
        ++at_;
        continue;
      }
      at_ = tokens_.back().end;
    }
  }

  void Add(TokenKind kind, size_t begin, size_t end) {
    Token token;
    token.kind = kind;
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(end);
    const size_t line = LineStart(text_, begin);
    token.column = static_cast<uint32_t>(begin - line);
    token.own_line = text_.substr(line, begin - line).find_first_not_of(" \t\xEF\xBB\xBF") ==
                     std::string_view::npos;
    token.blank_before = BlankAbove(line);
    last_end_ = std::max(last_end_, end);
    tokens_.push_back(token);
  }

  bool BlankAbove(size_t line) const {
    if (line == 0) return false;
    size_t end = line - 1;  // the break
    if (end > 0 && text_[end] == '\n' && text_[end - 1] == '\r') --end;
    const size_t above = LineStart(text_, end);
    if (above < last_end_ || (above == last_end_ && last_end_ > 0 && !IsBreak(text_[above - 1])))
      return false;
    return text_.substr(above, end - above).find_first_not_of(" \t") == std::string_view::npos;
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t last_end_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view text, const std::vector<Node>& documents) {
  return Tokenizer(text).Run(documents);
}

BlockScalar ReadBlockScalar(std::string_view text, size_t begin, std::string_view value) {
  BlockScalar block;
  block.style = text[begin];
  const size_t header_end = LineEnd(text, begin);
  std::string_view header = text.substr(begin, header_end - begin);
  if (const size_t comment = header.find('#'); comment != std::string_view::npos) {
    block.comment = header.substr(comment);
    header = header.substr(0, comment);
  }
  if (header.find('-') != std::string_view::npos) block.chomping = '-';
  if (header.find('+') != std::string_view::npos) block.chomping = '+';
  block.content = SkipBreak(text, header_end);
  block.end = header_end;

  // The first line with text gives the indent, less the blanks that the text itself begins with.
  size_t kept = std::min(value.find_first_not_of('\n'), value.size());
  const size_t first_text = kept;
  while (kept < value.size() && value[kept] == ' ') ++kept;
  const bool has_text = value.find_first_not_of('\n') != std::string_view::npos;
  bool found = false;
  for (size_t line = block.content; line < text.size();) {
    const size_t end = LineEnd(text, line);
    size_t spaces = 0;
    while (line + spaces < end && text[line + spaces] == ' ') ++spaces;
    const bool empty = line + spaces == end;
    if (!found && !empty && has_text) {
      found = true;
      block.indent = spaces - std::min(spaces, kept - first_text);
    }
    if (!empty && (!found || spaces < block.indent || block.indent == 0)) break;
    if (!empty || block.chomping == '+') block.end = end;
    if (end == text.size()) break;
    line = SkipBreak(text, end);
    if (block.chomping == '+' && empty) block.end = std::min(line, text.size());
  }
  return block;
}

}  // namespace telltale::rules
