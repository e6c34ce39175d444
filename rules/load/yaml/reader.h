// YAML text to Node trees, one a document, through yaml-cpp's event handler: nothing is built that
// a limit refuses.
//
// Refused with a place: text that is not UTF-8, control characters, anchors and aliases (a file of
// a few lines could expand for ever), tags other than !!str, !!map and !!seq, duplicate keys, keys
// that are not scalars, and whatever is beyond the limits. Everything that can be is told at once;
// a syntax error ends its file, and the documents before it are still given. This is the only place
// that sees yaml-cpp or its exceptions; works with 0.7 and 0.8.
//
// Owner: the caller owns the trees. Thread: no shared state, any. Errors: diagnostics R00xx, never
// an exception.
#ifndef TELLTALE_RULES_LOAD_YAML_READER_H_
#define TELLTALE_RULES_LOAD_YAML_READER_H_

#include <cstddef>
#include <vector>

#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {

struct YamlLimits {
  size_t file_bytes = size_t{32} * 1024 * 1024;
  size_t scalar_bytes = size_t{1024} * 1024;
  size_t ahead_bytes = size_t{2} * 1024 * 1024;  // of a list or map in brackets, a comment
  size_t depth = 64;
  size_t nodes = 2'000'000;  // of a file, keys included
};

// The documents of the file, empty ones (nothing but comments) included as kNull.
std::vector<Node> ReadYaml(const SourcePtr& file, Diagnostics& diagnostics,
                           const YamlLimits& limits = {});

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_READER_H_
