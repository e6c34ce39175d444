// What documents of Sigma say of themselves: title, id, name, status, level, tags and texts for
// people.
//
// Sigma's files may hold further keys at their top, which are none of our business. A key without a
// value counts as one that is not there.
//
// Source: Sigma rules specification 2.1. Owner: values. Thread: no shared state. Errors:
// diagnostics.
#ifndef TELLTALE_RULES_LOAD_SIGMA_METADATA_H_
#define TELLTALE_RULES_LOAD_SIGMA_METADATA_H_

#include <optional>
#include <string>
#include <vector>

#include "rules/load/yaml/values.h"
#include "rules/model/level.h"

namespace telltale::rules::sigma {

struct Metadata {
  // The document's `id`; without one its `name`, and without that what RuleIdOf makes of its title.
  std::string id;
  std::string name;  // empty: none
  std::string title;
  std::string description;
  Status status = Status::kUnspecified;
  std::optional<Level> level;
  std::vector<std::string> tags;
  Span span;  // of the id, or of what it comes from
};

// `what`: "a Sigma rule", for messages.
Metadata ReadMetadata(const Node& node, const std::string& what, ValueReader& values);

// The value of a key that has one.
const Node* FindValue(const Node& node, std::string_view key);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_METADATA_H_
