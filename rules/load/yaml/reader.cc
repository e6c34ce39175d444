#include "rules/load/yaml/reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <string>
#include <utility>

#include "rules/load/yaml/core_schema.h"
#include "rules/load/yaml/read_ahead.h"
#include "rules/load/yaml/scalar_places.h"
#include "rules/load/yaml/syntax_error.h"
#include "rules/load/yaml/text_check.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Stop {};  // thrown through yaml-cpp where reading on makes no sense; caught in ReadYaml

bool EndsWord(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ']' || c == '}';
}

class Builder : public YAML::EventHandler {
 public:
  Builder(SourcePtr file, Diagnostics& diagnostics, const YamlLimits& limits)
      : file_(std::move(file)), text_(file_->text()), diagnostics_(diagnostics), limits_(limits) {
    if (text_.starts_with(kByteOrderMark)) shift_ = kByteOrderMark.size();
  }

  std::vector<Node> TakeDocuments() { return std::move(documents_); }

  uint32_t Offset(const YAML::Mark& mark) const {
    if (mark.pos < 0) return static_cast<uint32_t>(text_.size());
    return static_cast<uint32_t>(std::min(static_cast<size_t>(mark.pos) + shift_, text_.size()));
  }

  std::optional<uint32_t> OpenBracket() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      const uint32_t at = frame->node.span.begin;
      if (at < text_.size() && (text_[at] == '[' || text_[at] == '{')) return at;
    }
    return std::nullopt;
  }

  // After what was told last.
  const uint32_t& told() const { return last_end_; }

  void TellTooFar() {
    diagnostics_
        .Error(
            kYamlLimit, {file_, last_end_, last_end_},
            "what begins here has no end within " + std::to_string(limits_.ahead_bytes) + " bytes")
        .notes.push_back("a long list is written over several lines, each item behind a '-'");
  }

  void Tell(SyntaxError error) {
    Diagnostic& told =
        diagnostics_.Error(kYamlSyntax, {file_, error.begin, error.end}, std::move(error.message));
    if (error.further) {
      told.labels.push_back(
          {{file_, *error.further, *error.further}, std::move(error.further_message)});
    }
    if (!error.note.empty()) told.notes.push_back(std::move(error.note));
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    frames_.clear();
    // yaml-cpp does not pass a `,` or a bracket that stands where a document begins: it gives empty
    // documents at the same place for ever.
    const uint32_t at = Offset(mark);
    if (document_start_ == at) {
      diagnostics_.Error(kYamlSyntax, WordAt(at), "no value can begin here");
      throw Stop{};
    }
    // Where a line is indented less than the document that it stands in, yaml-cpp begins another.
    if (document_start_ && !IsMarked(at)) {
      diagnostics_.Error(kYamlSyntax, WordAt(at),
                         "this line is indented less than the document that it stands in");
      throw Stop{};
    }
    document_start_ = at;
    last_end_ = at;
  }

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const uint32_t at = Offset(mark);
    RefuseAnchor(at, anchor);
    Node node;
    const size_t size = WrittenNull(at);
    // Of an absent value, yaml-cpp gives the next token's place.
    const std::optional<uint32_t> dash = size > 0 ? std::nullopt : DashOfItem();
    const uint32_t begin = size > 0 ? at : dash.value_or(last_end_);
    const auto end = static_cast<uint32_t>(begin + (dash ? 1 : size));
    node.text = LocatedText(std::string(text_.substr(begin, size)), file_, begin);
    node.span = {file_, begin, end};
    last_end_ = end;
    Add(std::move(node));
  }

  // The size of the word for null at `at`; 0: none is there, but a key that begins like one (the
  // value before it is absent).
  size_t WrittenNull(uint32_t at) const {
    const std::string_view rest = text_.substr(at);
    size_t size = 0;
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
      if (rest.starts_with(word)) size = word.size();
    }
    size_t next = size;
    while (next < rest.size() && (rest[next] == ' ' || rest[next] == '\t')) ++next;
    if (next == rest.size() || rest[next] == '\n' || rest[next] == '\r') return size;
    const char c = rest[next];
    if (c == '#') return next > size ? size : 0;
    if (frames_.empty()) return 0;
    const Frame& frame = frames_.back();
    if (frame.node.kind == NodeKind::kMap && !frame.has_key && c == ':') return size;
    return OpenBracket() && (c == ',' || c == ']' || c == '}') ? size : 0;
  }

  // The dash of an item that has no value; none: it is no item of a list in lines.
  std::optional<uint32_t> DashOfItem() const {
    if (frames_.empty() || frames_.back().node.kind != NodeKind::kSequence) return std::nullopt;
    uint32_t at = last_end_;
    bool comment = false;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '#') comment = true;
      if (c == '\n' || c == '\r') comment = false;
      if (!comment && c != ' ' && c != '\t' && c != '\n' && c != '\r') break;
    }
    return at < text_.size() && text_[at] == '-' ? std::optional(at) : std::nullopt;
  }

  // The value of an alias is left out, and its key with it.
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    const Span span = WordAt(Offset(mark));
    diagnostics_.Error(kYamlAnchor, span, "aliases are not read: write the value out");
    last_end_ = span.end;
    if (frames_.empty() || frames_.back().node.kind == NodeKind::kSequence) return;
    Frame& frame = frames_.back();
    frame.drop_value = !frame.has_key;
    frame.has_key = !frame.has_key;
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const uint32_t written = Offset(mark);
    const bool as_string = tag == "tag:yaml.org,2002:str";
    if (!as_string && tag != "?" && tag != "!" && !tag.empty()) {
      RefuseTag(written);  // `!has(x) && y` is a tag and an anchor to YAML: once is enough
    } else {
      RefuseAnchor(written, anchor);
    }
    const uint32_t begin = SkipProperties(written);
    const char first = begin < text_.size() ? text_[begin] : '\0';
    const bool plain =
        tag != "!" && !(first == '\'' || first == '"' || first == '|' || first == '>');
    // yaml-cpp lets the end of the file close a quote: what follows the value would be in it.
    if ((first == '"' || first == '\'') && QuotedEnd(text_, begin) == std::string_view::npos) {
      diagnostics_.Error(kYamlSyntax, {file_, begin, begin + 1}, "this quote is not closed");
      throw Stop{};
    }
    if (value.size() > limits_.scalar_bytes) {
      Limit(begin, "a scalar of " + std::to_string(value.size()) + " bytes; at most " +
                       std::to_string(limits_.scalar_bytes) + " are read");
    }
    PlacedScalar placed = PlaceScalar(value, file_, begin, plain);
    Node node;
    node.span = {file_, begin, placed.end};
    node.text = std::move(placed.text);
    last_end_ = placed.end;
    if (plain && !as_string)
      ResolvePlain(value, node);
    else
      node.kind = NodeKind::kString;
    if (!plain) CheckEscapes(node);
    Add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(NodeKind::kSequence, mark, tag, anchor);
  }

  void OnSequenceEnd() override { Close(']'); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(NodeKind::kMap, mark, tag, anchor);
  }

  void OnMapEnd() override {
    RefuseDuplicateKeys(frames_.back().node);
    Close('}');
  }

 private:
  struct Frame {
    Node node;
    LocatedText key;
    bool has_key = false;
    bool drop_value = false;  // the key was refused
  };

  // Whether a `---` or `...` at the beginning of a line says that a document begins at `at`.
  bool IsMarked(uint32_t at) const {
    for (size_t line = text_.find('\n', *document_start_); line < at;
         line = text_.find('\n', line + 1)) {
      const std::string_view rest = text_.substr(line + 1);
      if (rest.starts_with("---") || rest.starts_with("...")) {
        if (line + 1 >= last_end_) return true;
      }
    }
    return false;
  }

  Span WordAt(uint32_t at) const {
    size_t end = at;
    while (end < text_.size() && !EndsWord(text_[end])) ++end;
    return {file_, at, static_cast<uint32_t>(end)};
  }

  void RefuseAnchor(uint32_t at, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      diagnostics_.Error(kYamlAnchor, WordAt(at),
                         "anchors are not read: write the value where it is used");
    }
  }

  void RefuseTag(uint32_t at) {
    const Span span = WordAt(at);
    const std::string_view written = text_.substr(span.begin, span.end - span.begin);
    Diagnostic& error =
        diagnostics_.Error(kYamlTag, span,
                           "the tag " + std::string(written) +
                               " is not read; of tags only !!str, !!map and !!seq are");
    if (!written.starts_with("!!")) {
      error.notes.push_back("a condition that begins with '!' is put in quotes");
    }
  }

  // Past the tag and the anchor that may stand before a value.
  uint32_t SkipProperties(uint32_t at) const {
    size_t i = at;
    while (i < text_.size() && (text_[i] == '!' || text_[i] == '&')) {
      while (i < text_.size() && !EndsWord(text_[i])) ++i;
      while (i < text_.size() &&
             (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\n' || text_[i] == '\r'))
        ++i;
    }
    return static_cast<uint32_t>(i);
  }

  // Escapes can make what CheckText refuses in the file.
  void CheckEscapes(Node& node) {
    const std::string& value = node.text.text();
    for (size_t i = 0; i < value.size();) {
      const size_t size = Utf8Length(std::string_view(value).substr(i));
      if (size == 0 || value[i] == '\0') {
        diagnostics_.Error(size == 0 ? kYamlEncoding : kYamlControlCharacter,
                           node.text.Locate(i, i + 1),
                           size == 0 ? "this escape does not give a character"
                                     : "text cannot hold the character NUL");
        node.text = LocatedText("", file_, node.span.begin);
        return;
      }
      i += size;
    }
  }

  [[noreturn]] void Limit(uint32_t at, std::string message) {
    diagnostics_.Error(kYamlLimit, WordAt(at), std::move(message));
    throw Stop{};
  }

  void Count(uint32_t at) {
    if (++nodes_ > limits_.nodes) {
      Limit(at, "more than " + std::to_string(limits_.nodes) + " values in one file");
    }
  }

  void Open(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const uint32_t written = Offset(mark);
    RefuseAnchor(written, anchor);
    const bool known =
        tag.empty() || tag == "?" || tag == "!" ||
        tag == (kind == NodeKind::kMap ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq");
    if (!known) RefuseTag(written);
    const uint32_t at = SkipProperties(written);
    if (frames_.size() >= limits_.depth) {
      Limit(at, "nested more than " + std::to_string(limits_.depth) + " levels deep");
    }
    Count(at);
    Frame& frame = frames_.emplace_back();
    frame.node.kind = kind;
    frame.node.span = {file_, at, at};
    last_end_ = at;
  }

  void Close(char bracket) {
    Node node = std::move(frames_.back().node);
    frames_.pop_back();
    uint32_t end = std::max(last_end_, node.span.begin);
    const char first = node.span.begin < text_.size() ? text_[node.span.begin] : '\0';
    if (first == (bracket == '}' ? '{' : '[')) {
      size_t i = std::max<size_t>(end, node.span.begin + 1);
      while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == ',' ||
                                  text_[i] == '\n' || text_[i] == '\r')) {
        ++i;
      }
      if (i < text_.size() && text_[i] == bracket) end = static_cast<uint32_t>(i + 1);
    }
    node.span.end = end;
    last_end_ = end;
    Add(std::move(node));
  }

  // A finished node: a document's root, an item, a key or a value.
  void Add(Node node) {
    if (node.is_scalar()) Count(node.span.begin);
    if (frames_.empty()) {
      documents_.push_back(std::move(node));
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.kind == NodeKind::kSequence) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      frame.has_key = true;
      frame.drop_value = !node.is_scalar() || node.kind == NodeKind::kNull;
      if (frame.drop_value) {
        diagnostics_.Error(kKeyNotScalar, node.span,
                           std::string("a key must be a word, and this is ") + KindName(node.kind));
      }
      frame.key = std::move(node.text);
    } else {
      frame.has_key = false;
      if (!frame.drop_value) frame.node.entries.push_back({std::move(frame.key), std::move(node)});
    }
  }

  // Reports every key that its map has already, and keeps the first.
  void RefuseDuplicateKeys(Node& map) {
    std::vector<size_t> order(map.entries.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto key = [&map](size_t i) -> const std::string& { return map.entries[i].key.text(); };
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return key(a) < key(b); });
    std::vector<size_t> repeated;
    size_t first = 0;
    for (size_t i = 1; i < order.size(); ++i) {
      if (key(order[i]) != key(order[first])) {
        first = i;
        continue;
      }
      Diagnostic& error = diagnostics_.Error(kDuplicateKey, map.entries[order[i]].key.Whole(),
                                             "the key '" + key(order[i]) + "' stands here twice");
      error.labels.push_back({map.entries[order[first]].key.Whole(), "first here"});
      repeated.push_back(order[i]);
    }
    if (repeated.empty()) return;
    std::vector<bool> drop(map.entries.size());
    for (const size_t i : repeated) drop[i] = true;
    std::vector<Entry> kept;
    for (size_t i = 0; i < map.entries.size(); ++i) {
      if (!drop[i]) kept.push_back(std::move(map.entries[i]));
    }
    map.entries = std::move(kept);
  }

  SourcePtr file_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  const YamlLimits& limits_;
  size_t shift_ = 0;  // yaml-cpp does not count the byte order mark
  size_t nodes_ = 0;
  std::optional<uint32_t> document_start_;
  uint32_t last_end_ = 0;  // after what was read last
  std::vector<Frame> frames_;
  std::vector<Node> documents_;
};

}  // namespace

std::vector<Node> ReadYaml(const SourcePtr& file, Diagnostics& diagnostics,
                           const YamlLimits& limits) {
  if (file->text().size() > limits.file_bytes) {
    diagnostics.Error(kYamlLimit, {file, 0, 0},
                      "the file has " + std::to_string(file->text().size()) + " bytes; at most " +
                          std::to_string(limits.file_bytes) + " are read");
    return {};
  }
  if (!CheckText(file, diagnostics)) return {};
  Builder builder(file, diagnostics, limits);
  try {
    ReadAhead text(file->text(), builder.told(), limits.ahead_bytes);
    std::istream stream(&text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    // The limit is told already.
  } catch (const ReadAhead::TooFar&) {
    builder.TellTooFar();
  } catch (const YAML::Exception& error) {
    builder.Tell(ExplainSyntax(file->text(),
                               {builder.Offset(error.mark), error.msg, builder.OpenBracket()}));
  }
  return builder.TakeDocuments();
}

}  // namespace telltale::rules
