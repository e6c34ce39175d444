#include "rules/load/format/writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "rules/load/format/format.h"
#include "rules/load/format/scalar_text.h"
#include "rules/load/format/tokens.h"

namespace telltale::rules {
namespace {

constexpr size_t kIndent = 2;

struct Line {
  std::string text;
  std::string_view comment;
  bool verbatim = false;  // of a block scalar: blanks at its end are text
};

// `{ a: b }`, `[a, b]`; none where something in it has to stand on a line of its own.
std::optional<std::string> Inline(const Element& element) {
  if (element.has_comments) return std::nullopt;
  if (element.style == ElementStyle::kScalar) {
    const bool block = element.written.starts_with('|') || element.written.starts_with('>');
    if (block && element.node->kind == NodeKind::kString) return std::nullopt;
    return element.written.empty() ? "" : ScalarText(*element.node, element.written);
  }
  if (element.style == ElementStyle::kBlock) return std::nullopt;
  std::string text;
  for (const Item& item : element.items) {
    const std::optional<std::string> value = Inline(item.value);
    if (!value) return std::nullopt;
    if (!text.empty()) text += ", ";
    if (item.key != nullptr) text += KeyText(item.key->text(), item.written_key) + ": ";
    text += value->empty() ? "null" : *value;
  }
  if (element.style == ElementStyle::kPair) return text;
  if (!element.is_map()) return "[" + text + "]";
  return text.empty() ? "{}" : "{ " + text + " }";
}

class Writer {
 public:
  explicit Writer(std::string_view file) : file_(file) {}

  std::string Run(std::vector<TopItem> top) {
    bool pending_end = false;  // a `...` was left out
    for (TopItem& item : top) {
      switch (item.kind) {
        case TopItem::Kind::kComment:
          Own(item.comment, 0);
          break;
        case TopItem::Kind::kDirective:
          if (std::exchange(pending_end, false)) Add("...");
          Add(std::string(item.comment.text));
          break;
        case TopItem::Kind::kDocument:
          pending_end = false;
          if (item.comment.blank_before) Blank();
          Add("---", item.comment.text);
          fresh_ = true;
          break;
        case TopItem::Kind::kDocumentEnd:
          pending_end = true;
          break;
        case TopItem::Kind::kRoot:
          if (std::exchange(pending_end, false)) {
            Add("---");
            fresh_ = true;
          }
          if (item.root.blank_before && !fresh_) Blank();
          for (const Comment& comment : item.root.before) Own(comment, 0);
          Root(item.root);
      }
    }
    AlignComments();
    return Join();
  }

 private:
  void Add(std::string text, std::string_view comment = {}) {
    lines_.push_back({std::move(text), comment, false});
    fresh_ = false;
    after_kept_ = false;
  }

  void Blank() {
    if (!lines_.empty() && !fresh_ && !after_kept_) lines_.push_back({"", {}, false});
  }

  void Own(const Comment& comment, size_t indent) {
    if (comment.blank_before) Blank();
    Add(std::string(indent, ' ') + std::string(comment.text));
  }

  // A document that is no collection begins in the first column.
  void Root(Item& item) {
    if (Opened(item.value, 0)) {
      Head(item.head, 0);
      Collection(item.value, "", 0);
      if (!item.tail.empty()) Own({item.tail, false}, 0);
    } else {
      Value(item, "", 0);
    }
  }

  void Head(std::string_view comment, size_t indent) {
    if (!comment.empty()) Own({comment, false}, indent);
  }

  // Whether the collection takes lines of its own, where `used` columns of the line are taken.
  static bool Opened(const Element& element, size_t used) {
    if (!element.is_collection()) return false;
    const std::optional<std::string> text = Inline(element);
    if (!text) return !element.items.empty();
    return used + Columns(*text) > kFormatColumns && !element.items.empty();
  }

  // `lead` is the beginning of the first line, "  - " or "  key:"'s indent.
  void Collection(Element& element, const std::string& lead, size_t indent) {
    if (element.style == ElementStyle::kFlow || element.style == ElementStyle::kPair)
      element.style = ElementStyle::kBlock;
    const std::vector<size_t> widths =
        element.is_map() ? std::vector<size_t>{} : Align(element, indent);
    for (size_t i = 0; i < element.items.size(); ++i) {
      Item& item = element.items[i];
      const std::string start = i == 0 && !lead.empty() ? lead : std::string(indent, ' ');
      if (element.is_map()) {
        Before(item, indent, i == 0);
        MapItem(item, start, indent, 0);
      } else {
        ListItem(item, start, indent, i == 0, widths.empty() ? 0 : widths[i]);
      }
    }
    for (const Comment& comment : element.foot) Own(comment, indent);
  }

  void Before(const Item& item, size_t indent, bool first) {
    for (size_t c = 0; c < item.before.size(); ++c) {
      Own({item.before[c].text, item.before[c].blank_before && !(first && c == 0)}, indent);
    }
    if (item.blank_before && !(first && item.before.empty())) Blank();
  }

  // `width`: that of the keys of the steps above and below, whose values are aligned; 0: none.
  void MapItem(Item& item, const std::string& start, size_t indent, size_t width) {
    std::string text = start + KeyText(item.key->text(), item.written_key) + ":";
    const size_t key_columns = Columns(text) - Columns(start);
    if (width > key_columns) text.append(width - key_columns, ' ');
    if (Opened(item.value, Columns(text) + 1)) {
      Add(std::move(text), item.head.empty() ? item.tail : item.head);
      Collection(item.value, "", indent + kIndent);
    } else {
      Value(item, text, indent);
    }
  }

  // Whether an item of a list, whose dash stands at `indent`, begins a collection on its own line.
  static bool BeginsCollection(const Item& item, size_t indent) {
    return item.value.style == ElementStyle::kPair || Opened(item.value, indent + kIndent);
  }

  // Nothing can stand between a dash and the collection that begins behind it: comments from there
  // come before the dash.
  static void Hoist(Item& item, size_t indent) {
    if (!BeginsCollection(item, indent)) return;
    for (std::string_view* comment : {&item.head, &item.tail}) {
      if (!comment->empty()) item.before.push_back({std::exchange(*comment, {}), false});
    }
    Item& first = item.value.items.front();
    if (first.key == nullptr) Hoist(first, indent + kIndent);
    item.before.insert(item.before.end(), first.before.begin(), first.before.end());
    first.before.clear();
    first.blank_before = false;
  }

  void ListItem(Item& item, const std::string& start, size_t indent, bool first, size_t width) {
    Hoist(item, indent);
    Before(item, indent, first);
    if (!BeginsCollection(item, indent)) return Value(item, start + "-", indent);
    const std::string lead = start + "- ";
    Element& value = item.value;
    if (width > 0) {
      MapItem(value.items.front(), lead, indent + kIndent, width);
      for (const Comment& comment : value.foot) Own(comment, indent + kIndent);
      return;
    }
    Collection(value, lead, indent + kIndent);
  }

  // A scalar, or a collection on one line, behind `text`.
  void Value(Item& item, std::string text, size_t indent) {
    std::string_view comment = item.tail.empty() ? item.head : item.tail;
    const Element& value = item.value;
    const bool block = !value.is_collection() && value.node->kind == NodeKind::kString &&
                       (value.written.starts_with('|') || value.written.starts_with('>'));
    if (block) return Block(value, std::move(text), comment, indent);
    const std::optional<std::string> inline_text = Inline(value);
    const std::string& shown = inline_text ? *inline_text : Empty(value);
    const std::string gap = text.empty() || shown.empty() ? "" : " ";
    if (!value.is_collection() && value.node->kind == NodeKind::kString &&
        Columns(text) + gap.size() + Columns(shown) > kFormatColumns && !text.empty()) {
      const bool folded = value.written.find('\n') != std::string_view::npos;
      const std::vector<std::string> lines =
          FoldedLines(value.node->text.text(),
                      kFormatColumns - std::min(indent + kIndent, kFormatColumns / 2), folded);
      if (!lines.empty()) {
        Add(text + " >-", comment);
        for (const std::string& line : lines) Add(std::string(indent + kIndent, ' ') + line);
        return;
      }
    }
    Add(text + gap + shown, comment);
    for (const Comment& foot : value.foot) Own(foot, indent);
  }

  static const std::string& Empty(const Element& value) {
    static const std::string map = "{}";
    static const std::string list = "[]";
    return value.is_map() ? map : list;
  }

  // A block scalar as its author broke it, indented anew.
  void Block(const Element& value, std::string text, std::string_view comment, size_t indent) {
    const std::string& says = value.node->text.text();
    const size_t begin = value.node->span.begin;
    const BlockScalar block = ReadBlockScalar(file_, begin, says);
    const std::string gap = text.empty() ? "" : " ";
    if (says.find_first_not_of('\n') == std::string::npos) {
      return Add(text + gap + (says.empty() ? "''" : ScalarText(*value.node, "\"")), comment);
    }
    const bool indicated = says[says.find_first_not_of('\n')] == ' ';
    text += gap + block.style;
    if (indicated) text += std::to_string(kIndent);
    if (block.chomping != '\0') text += block.chomping;
    if (!block.comment.empty() && comment.empty()) comment = Trimmed(block.comment);
    Add(std::move(text), comment);
    const size_t inner = indent + kIndent;
    for (size_t at = block.content; at < block.end;) {
      size_t end = at;
      while (end < block.end && file_[end] != '\n' && file_[end] != '\r') ++end;
      std::string_view line = file_.substr(at, end - at);
      line.remove_prefix(std::min({block.indent, line.find_first_not_of(' '), line.size()}));
      const std::string spaces = line.empty() ? "" : std::string(inner, ' ');
      lines_.push_back({spaces + std::string(line), {}, true});
      at = end + (end + 1 < block.end && file_[end] == '\r' && file_[end + 1] == '\n' ? 2 : 1);
    }
    after_kept_ = block.chomping == '+';
  }

  static std::string_view Trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
      text.remove_suffix(1);
    return text;
  }

  // For each item the width of its key where it stands in a run of steps, `- NAME: { ... }`, one
  // below the other, each on one line with its value aligned; else 0.
  static std::vector<size_t> Align(const Element& list, size_t indent) {
    std::vector<size_t> widths(list.items.size(), 0);
    for (size_t from = 0; from < list.items.size();) {
      size_t to = from;
      size_t key = 0;
      size_t value = 0;
      while (to < list.items.size()) {
        const Item& item = list.items[to];
        const std::optional<std::string> text = StepValue(item);
        const bool apart = to > from && (item.blank_before || !item.before.empty());
        if (!text || apart) break;
        const Item& step = item.value.items.front();
        const size_t columns = Columns(KeyText(step.key->text(), step.written_key)) + 1;
        if (indent + kIndent + columns + 1 + Columns(*text) > kFormatColumns) break;
        key = std::max(key, columns);
        value = std::max(value, Columns(*text));
        ++to;
      }
      const bool fits = indent + kIndent + key + 1 + value <= kFormatColumns;
      if (fits && to > from + 1)
        std::fill(widths.begin() + static_cast<ptrdiff_t>(from),
                  widths.begin() + static_cast<ptrdiff_t>(to), key);
      from = std::max(to, from + 1);
    }
    return widths;
  }

  // The map in brackets that is the only value of a list's item.
  static std::optional<std::string> StepValue(const Item& item) {
    const Element& map = item.value;
    const bool alone = map.style == ElementStyle::kBlock || map.style == ElementStyle::kPair;
    if (!alone || !map.is_map() || map.items.size() != 1) return std::nullopt;
    const Item& step = map.items.front();
    if (step.value.style != ElementStyle::kFlow || !step.value.is_map() || !step.before.empty() ||
        !item.head.empty())
      return std::nullopt;
    return Inline(step.value);
  }

  // Comments of lines that follow each other with the same indent stand one below the other.
  void AlignComments() {
    for (size_t from = 0; from < lines_.size();) {
      size_t to = from;
      size_t width = 0;
      const size_t indent = lines_[from].text.find_first_not_of(' ');
      while (to < lines_.size() && !lines_[to].comment.empty() &&
             lines_[to].text.find_first_not_of(' ') == indent) {
        width = std::max(width, Columns(lines_[to].text));
        ++to;
      }
      for (size_t i = from; i < to; ++i) {
        Line& line = lines_[i];
        const size_t gap = width + 2 - Columns(line.text);
        line.text += std::string(gap, ' ') + std::string(line.comment);
      }
      from = std::max(to, from + 1);
    }
  }

  std::string Join() {
    std::string text;
    for (const Line& line : lines_) {
      size_t size = line.text.size();
      while (!line.verbatim && size > 0 && line.text[size - 1] == ' ') --size;
      text.append(line.text, 0, size);
      text += '\n';
    }
    return text;
  }

  std::string_view file_;
  std::vector<Line> lines_;
  bool fresh_ = true;        // a document has just begun: no blank line comes first
  bool after_kept_ = false;  // a block scalar has just ended to which blank lines are text
};

}  // namespace

std::string WriteLayout(const std::vector<TopItem>& top, std::string_view file) {
  return Writer(file).Run(top);
}

}  // namespace telltale::rules
