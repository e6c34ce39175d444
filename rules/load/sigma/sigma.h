// All documents of Sigma, over all files: rules with the filters that act on them and the streams
// that serve them, and the correlations over them.
//
// What a document refers to may stand in any file, before it or after it. A rule that only feeds
// correlations (none of those that refer to it says `generate: true`) sends no alerts of its own.
//
// Source: Sigma specification 2.1. Owner: the result is the caller's. Thread: no shared state, any.
// Errors: diagnostics; what is made then is incomplete.
#ifndef TELLTALE_RULES_LOAD_SIGMA_SIGMA_H_
#define TELLTALE_RULES_LOAD_SIGMA_SIGMA_H_

#include <functional>
#include <string>
#include <vector>

#include "rules/load/sigma/field_test.h"
#include "rules/load/yaml/node.h"
#include "rules/model/rule.h"

namespace telltale::rules::sigma {

// Each a map.
struct SigmaNodes {
  const std::vector<Node>& detections;
  const std::vector<Node>& correlations;
  const std::vector<Node>& filters;
};

struct SigmaRules {
  std::vector<Rule> rules;
  std::vector<const Node*> nodes;     // of the rules: each one's document
  std::vector<const Node*> unserved;  // documents of which no stream has events
};

// `claim` is told the id of each rule and correlation and where it stands, and sees to it that ids
// are unique.
using ClaimId = std::function<void(const std::string& id, const Span& span)>;

SigmaRules ReadSigma(const SigmaNodes& nodes, const StreamCatalog& streams,
                     const Placeholders& placeholders, const ClaimId& claim,
                     Diagnostics& diagnostics);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_SIGMA_H_
