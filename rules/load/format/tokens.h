// What stands in a YAML file, piece by piece: scalars, comments, brackets, document marks.
//
// Scalars are where the reader found them; everything between two of them is blanks, indicators and
// comments, so that a `#` there can only begin a comment. Owner: the caller; tokens borrow the
// nodes. Thread: any. Units: bytes of the file. Errors: none.
#ifndef TELLTALE_RULES_LOAD_FORMAT_TOKENS_H_
#define TELLTALE_RULES_LOAD_FORMAT_TOKENS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/load/yaml/node.h"

namespace telltale::rules {

enum class TokenKind : uint8_t {
  kScalar,
  kComment,      // from the # to the end of its line
  kDash,         // of an item of a block list
  kOpen,         // { or [
  kClose,        // } or ]
  kDocument,     // ---
  kDocumentEnd,  // ...
  kDirective,    // %YAML ...
};

struct Token {
  TokenKind kind = TokenKind::kScalar;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t column = 0;        // of its first byte, from 0
  bool own_line = false;      // of a comment: nothing stands before it on its line
  bool blank_before = false;  // an empty line stands above its line
};

std::vector<Token> Tokenize(std::string_view text, const std::vector<Node>& documents);

// The indicators of a block scalar's first line, "|2-", and where its lines begin and end.
struct BlockScalar {
  char style = '|';
  char chomping = '\0';      // '-', '+' or none
  size_t content = 0;        // the first byte of its first line
  size_t end = 0;            // after its last line; with '+' blank ones count
  size_t indent = 0;         // of its text, which is taken off each line
  std::string_view comment;  // behind the indicators
};
BlockScalar ReadBlockScalar(std::string_view text, size_t begin, std::string_view value);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_FORMAT_TOKENS_H_
