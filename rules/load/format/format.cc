#include "rules/load/format/format.h"

#include <algorithm>

#include "rules/load/format/layout_tree.h"
#include "rules/load/format/tokens.h"
#include "rules/load/format/writer.h"
#include "rules/load/yaml/reader.h"

namespace telltale::rules {
namespace {

bool Same(const Node& a, const Node& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case NodeKind::kNull:
      return true;
    case NodeKind::kSequence:
      return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), Same);
    case NodeKind::kMap:
      return std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                        [](const Entry& x, const Entry& y) {
                          return x.key.text() == y.key.text() && Same(x.value, y.value);
                        });
    default:
      return a.text.text() == b.text.text();
  }
}

// Documents that hold nothing but comments do not count.
bool SameDocuments(const std::vector<Node>& a, const std::vector<Node>& b) {
  const auto written = [](const std::vector<Node>& documents) {
    std::vector<const Node*> some;
    for (const Node& document : documents) {
      if (document.kind != NodeKind::kNull) some.push_back(&document);
    }
    return some;
  };
  const std::vector<const Node*> x = written(a);
  const std::vector<const Node*> y = written(b);
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](const Node* one, const Node* other) { return Same(*one, *other); });
}

// The comments of a file, sorted: they may move within a line or up, and none may be lost.
std::vector<std::string_view> Comments(const SourceFile& file, const std::vector<Node>& documents) {
  std::vector<std::string_view> comments;
  for (const Token& token : Tokenize(file.text(), documents)) {
    std::string_view text = file.text().substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::kScalar) {
      // The first line of a block scalar may end in one.
      if (!text.starts_with('|') && !text.starts_with('>')) continue;
      text = text.substr(0, text.find_first_of("\r\n"));
      text = text.substr(std::min(text.find('#'), text.size()));
    } else if (token.kind != TokenKind::kComment) {
      continue;
    }
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    if (!text.empty()) comments.push_back(text);
  }
  std::sort(comments.begin(), comments.end());
  return comments;
}

// A line break to some readers of YAML, and none to others.
bool HasLoneReturn(std::string_view text) {
  for (size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (!text.substr(at + 1).starts_with('\n')) return true;
  }
  return false;
}

}  // namespace

FormatResult Format(const SourcePtr& file) {
  FormatResult result;
  const std::vector<Node> documents = ReadYaml(file, result.diagnostics);
  result.diagnostics.Sort();
  if (result.diagnostics.has_errors()) return result;
  if (HasLoneReturn(file->text())) {
    result.refusal = "a carriage return stands in the middle of a line";
    return result;
  }
  std::string text = WriteLayout(BuildLayout(file->text(), documents), file->text());
  Diagnostics ignored;
  const auto laid_out = std::make_shared<const SourceFile>(file->path(), text);
  const std::vector<Node> again = ReadYaml(laid_out, ignored);
  if (ignored.has_errors() || !SameDocuments(documents, again)) {
    result.refusal = "its YAML cannot be laid out without changing what it says";
  } else if (Comments(*file, documents) != Comments(*laid_out, again)) {
    result.refusal = "its comments cannot all be kept";
  }
  if (!result.refusal.empty()) return result;
  result.text = std::move(text);
  return result;
}

}  // namespace telltale::rules
