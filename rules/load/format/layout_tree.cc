#include "rules/load/format/layout_tree.h"

#include <iterator>
#include <utility>

#include "rules/load/format/tokens.h"

namespace telltale::rules {
namespace {

// In place of a column: at the root, and inside of brackets, where indentation says nothing.
constexpr int64_t kRoot = -1;
constexpr int64_t kInFlow = -2;

class Builder {
 public:
  Builder(std::string_view text, const std::vector<Node>& documents)
      : text_(text), documents_(documents), tokens_(Tokenize(text, documents)) {}

  std::vector<TopItem> Run() {
    std::vector<TopItem> top;
    size_t document = 0;
    while (at_ < tokens_.size()) {
      const size_t before = at_;
      TopItem item;
      switch (Next().kind) {
        case TokenKind::kComment:
          item.comment = TakeComment();
          break;
        case TokenKind::kDirective:
          item.kind = TopItem::Kind::kDirective;
          item.comment = {Text(tokens_[at_++]), false};
          break;
        case TokenKind::kDocument:
          item.kind = TopItem::Kind::kDocument;
          item.comment.blank_before = Next().blank_before;
          ++at_;
          item.comment.text = TakeTail();
          break;
        case TokenKind::kDocumentEnd:
          item.kind = TopItem::Kind::kDocumentEnd;
          ++at_;
          break;
        default:
          while (document < documents_.size() && IsUnwritten(documents_[document])) ++document;
          if (document == documents_.size()) return top;
          item.kind = TopItem::Kind::kRoot;
          item.root.blank_before = Next().blank_before;
          Value(documents_[document++], kRoot, item.root);
      }
      top.push_back(std::move(item));
      if (at_ == before) ++at_;  // a stray bracket; Format will see that something is missing
    }
    return top;
  }

 private:
  static bool IsUnwritten(const Node& node) {
    return node.kind == NodeKind::kNull && node.text.text().empty();
  }

  bool Has(TokenKind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }
  const Token& Next() const { return tokens_[at_]; }

  // Without the blanks at its end.
  std::string_view Text(const Token& token) const {
    std::string_view written = text_.substr(token.begin, token.end - token.begin);
    while (!written.empty() && (written.back() == ' ' || written.back() == '\t'))
      written.remove_suffix(1);
    return written;
  }

  Comment TakeComment() {
    const Token& token = tokens_[at_++];
    return {Text(token), token.blank_before};
  }

  bool HasOwnComment() const { return Has(TokenKind::kComment) && Next().own_line; }

  // What stands between the token before and the next one: blanks and indicators.
  std::string_view Gap() const {
    const size_t begin = at_ == 0 ? 0 : tokens_[at_ - 1].end;
    return text_.substr(begin, tokens_[at_].begin - begin);
  }

  // The comment at the end of the line on which the token before ends.
  std::string_view TakeTail() {
    if (!Has(TokenKind::kComment) || Next().own_line ||
        Gap().find_first_of("\r\n") != std::string_view::npos)
      return {};
    return TakeComment().text;
  }

  // All comments that come next: the one that ends a line apart from those with lines of their own.
  std::string_view TakeComments(std::vector<Comment>& own) {
    std::string_view trailing;
    if (Has(TokenKind::kComment) && !Next().own_line) trailing = TakeComment().text;
    while (Has(TokenKind::kComment)) own.push_back(TakeComment());
    return trailing;
  }

  // `column`: of the collection that the value stands in.
  void Value(const Node& node, int64_t column, Item& item) {
    item.value.node = &node;
    if (IsUnwritten(node)) {  // comments on further lines are of what follows
      item.tail = TakeTail();
      return;
    }
    std::vector<Comment> own;
    item.head = TakeComments(own);
    if (node.is_scalar()) {
      Scalar(item);
    } else if (Has(TokenKind::kOpen) && Next().begin == node.span.begin) {
      Flow(node, item);
    } else {
      item.value.style = ElementStyle::kBlock;
      // They stand before its first item.
      const int64_t own_column = column == kInFlow ? kInFlow : ColumnOf(node);
      Items(node, own_column, std::move(own), item.value);
      if (own_column != kInFlow) Foot(column, own_column, item.value);
      return;
    }
    item.before.insert(item.before.end(), std::make_move_iterator(own.begin()),
                       std::make_move_iterator(own.end()));
    item.tail = TakeTail();
    // A line has room for one.
    if (!item.head.empty() && !item.tail.empty())
      item.before.push_back({std::exchange(item.head, {}), false});
  }

  void Scalar(Item& item) {
    if (!Has(TokenKind::kScalar)) return;
    const Token& token = tokens_[at_++];
    item.value.written = text_.substr(token.begin, token.end - token.begin);
  }

  void Flow(const Node& node, Item& item) {
    item.value.style = ElementStyle::kFlow;
    ++at_;
    std::vector<Comment> own;
    const std::string_view opened = TakeComments(own);
    if (!opened.empty()) {
      item.value.has_comments = true;
      if (item.head.empty())
        item.head = opened;
      else
        own.insert(own.begin(), {opened, false});
    }
    if (!own.empty()) item.value.has_comments = true;
    Items(node, kInFlow, std::move(own), item.value);
    while (Has(TokenKind::kComment)) {
      item.value.foot.push_back(TakeComment());
      item.value.has_comments = true;
    }
    if (Has(TokenKind::kClose)) ++at_;
  }

  void Items(const Node& node, int64_t column, std::vector<Comment> first, Element& element) {
    const size_t count = node.kind == NodeKind::kMap ? node.entries.size() : node.items.size();
    for (size_t i = 0; i < count; ++i) {
      Item item;
      if (i == 0) item.before = std::move(first);
      while (Has(TokenKind::kComment) && (Next().own_line || column == kInFlow))
        item.before.push_back(TakeComment());
      if (at_ < tokens_.size()) item.blank_before = Next().blank_before;
      if (node.kind == NodeKind::kMap) {
        const Entry& entry = node.entries[i];
        item.key = &entry.key;
        if (Has(TokenKind::kScalar)) {
          const Token& token = tokens_[at_++];
          item.written_key = text_.substr(token.begin, token.end - token.begin);
        }
        Value(entry.value, column, item);
      } else {
        if (Has(TokenKind::kDash)) ++at_;
        Value(node.items[i], column, item);
        if (element.style == ElementStyle::kFlow && item.value.style == ElementStyle::kBlock)
          item.value.style = ElementStyle::kPair;
      }
      element.has_comments = element.has_comments || item.value.has_comments ||
                             !item.before.empty() || !item.head.empty() || !item.tail.empty();
      element.items.push_back(std::move(item));
    }
    if (count == 0) element.foot = std::move(first);  // [] with nothing but comments
  }

  // Of the comments that follow a block collection, those that are indented as it is.
  void Foot(int64_t parent, int64_t column, Element& element) {
    while (HasOwnComment() && Next().column >= column && column > parent) {
      element.foot.push_back(TakeComment());
      element.has_comments = true;
    }
  }

  int64_t ColumnOf(const Node& node) const {
    size_t line = node.span.begin;
    while (line > 0 && text_[line - 1] != '\n' && text_[line - 1] != '\r') --line;
    return static_cast<int64_t>(node.span.begin - line);
  }

  std::string_view text_;
  const std::vector<Node>& documents_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
};

}  // namespace

std::vector<TopItem> BuildLayout(std::string_view text, const std::vector<Node>& documents) {
  return Builder(text, documents).Run();
}

}  // namespace telltale::rules
