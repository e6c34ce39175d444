// Writes a layout tree out.
//
// Owner: the caller. Thread: any. Units: columns are code points. Errors: none.
#ifndef TELLTALE_RULES_LOAD_FORMAT_WRITER_H_
#define TELLTALE_RULES_LOAD_FORMAT_WRITER_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/load/format/layout_tree.h"

namespace telltale::rules {

// `file` is the text that the tree was built from.
std::string WriteLayout(const std::vector<TopItem>& top, std::string_view file);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_FORMAT_WRITER_H_
