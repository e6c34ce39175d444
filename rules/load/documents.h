// The documents of all rule files, told apart by what they hold before any of them is read: what a
// rule refers to may stand in a later file, so the order of files and documents never counts.
//
// A document is a map or a list of maps. What a map is follows from its keys alone: `override`
// changes a rule that stands elsewhere; `correlation`, `filter` and `logsource` are Sigma's, and a
// `detection` without a stream is, too;
// `lists` and `macros` without a rule beside them are definitions; everything else is a rule of our
// own.
//
// Owner: the nodes are the caller's. Thread: no shared state, any. Errors: diagnostics R0110 for
// what is no map, and those of the YAML reader.
#ifndef TELLTALE_RULES_LOAD_DOCUMENTS_H_
#define TELLTALE_RULES_LOAD_DOCUMENTS_H_

#include <vector>

#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::rules {

enum class DocumentKind : uint8_t {
  kRule,         // of our own language
  kDefinitions,  // lists and macros
  kOverride,     // changes to a rule that stands elsewhere
  kDetection,    // Sigma's detection rule
  kCorrelation,  // Sigma's correlation
  kFilter,       // Sigma's filter
};

// REQUIRES: node is a map.
DocumentKind KindOf(const Node& node);

// By kind, each in the order of files and documents. All nodes are maps.
struct Documents {
  std::vector<Node> rules;
  std::vector<Node> definitions;
  std::vector<Node> overrides;
  std::vector<Node> detections;
  std::vector<Node> correlations;
  std::vector<Node> filters;
};

Documents CollectDocuments(const std::vector<SourcePtr>& files, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_DOCUMENTS_H_
