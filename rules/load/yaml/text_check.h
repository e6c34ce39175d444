// Refuses text that the YAML parser would read as something else: bytes that are not UTF-8 (it
// replaces them in silence) and control characters (it takes some for the end of the file).
//
// Thread: no state, any. Errors: a diagnostic at the first such byte, and false.
#ifndef TELLTALE_RULES_LOAD_YAML_TEXT_CHECK_H_
#define TELLTALE_RULES_LOAD_YAML_TEXT_CHECK_H_

#include <string_view>

#include "rules/model/diagnostic.h"

namespace telltale::rules {

bool CheckText(const SourcePtr& file, Diagnostics& diagnostics);

// How many bytes the well-formed UTF-8 character at the front of `text` takes; 0: it is none.
size_t Utf8Length(std::string_view text);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_TEXT_CHECK_H_
