// How a scalar is written: quotes only where they are needed or where the author set some around
// more than a word, one line where it fits, and long conditions folded.
//
// Owner: the caller. Thread: any. Units: columns are code points. Errors: none.
#ifndef TELLTALE_RULES_LOAD_FORMAT_SCALAR_TEXT_H_
#define TELLTALE_RULES_LOAD_FORMAT_SCALAR_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/load/yaml/node.h"

namespace telltale::rules {

size_t Columns(std::string_view text);

// A scalar on one line; `written` is its text in the file. REQUIRES: it is no block scalar.
std::string ScalarText(const Node& node, std::string_view written);
std::string KeyText(std::string_view key, std::string_view written);

// The lines of a `>-` scalar that says the same as `value`; none where that cannot be or brings
// nothing. Conditions are folded before && and ||, the outermost first, other text (where `words`
// allows) between words.
std::vector<std::string> FoldedLines(std::string_view value, size_t columns, bool words);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_FORMAT_SCALAR_TEXT_H_
