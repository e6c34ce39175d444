// A YAML file as a tree of what is written, with every comment where it belongs.
//
// A comment at the end of a line belongs to what stands on the line. One on a line of its own
// belongs to what follows, or, where the collection that it is indented like ends there, to that
// collection's foot. Owner: the tree borrows the nodes and the file's text. Thread: any. Errors:
// none; a file that is stranger than the tree can say comes out with another meaning, which
// Format sees.
#ifndef TELLTALE_RULES_LOAD_FORMAT_LAYOUT_TREE_H_
#define TELLTALE_RULES_LOAD_FORMAT_LAYOUT_TREE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/load/yaml/node.h"

namespace telltale::rules {

struct Comment {
  std::string_view text;
  bool blank_before = false;
};

enum class ElementStyle : uint8_t {
  kScalar,
  kBlock,  // a map or list by indentation
  kFlow,   // in brackets
  kPair,   // a map of one entry without brackets, in a list in brackets
};

struct Item;

struct Element {
  const Node* node = nullptr;
  ElementStyle style = ElementStyle::kScalar;
  std::string_view written;  // of a scalar: its text in the file, quotes included
  std::vector<Item> items;
  std::vector<Comment> foot;  // after the last item
  bool has_comments = false;  // in it, on any level

  bool is_map() const { return node->kind == NodeKind::kMap; }
  bool is_collection() const { return style != ElementStyle::kScalar; }
};

struct Item {
  std::vector<Comment> before;
  bool blank_before = false;         // between its comments and itself
  const LocatedText* key = nullptr;  // of a map's item
  std::string_view written_key;
  Element value;
  std::string_view head;  // at the end of the line on which a collection is opened
  std::string_view tail;  // at the end of the line on which the value ends
};

// What stands on the top level of a file.
struct TopItem {
  enum class Kind : uint8_t { kComment, kDirective, kDocument, kDocumentEnd, kRoot };
  Kind kind = Kind::kComment;
  Comment comment;  // of kDocument: at the end of its line; of kDirective: the directive
  Item root;
};

std::vector<TopItem> BuildLayout(std::string_view text, const std::vector<Node>& documents);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_FORMAT_LAYOUT_TREE_H_
