// A detection document, read and checked, before it is known what else bears on it: filters,
// correlations, and the streams that serve it.
//
// Source: Sigma rules specification 2.1. Owner: values. Thread: no shared state. Errors:
// diagnostics; a draft with mistakes is not `good` and makes no rule, but can be referred to.
#ifndef TELLTALE_RULES_LOAD_SIGMA_RULE_DRAFT_H_
#define TELLTALE_RULES_LOAD_SIGMA_RULE_DRAFT_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/load/sigma/detection_reader.h"
#include "rules/load/sigma/metadata.h"
#include "rules/load/yaml/node.h"
#include "rules/model/rule.h"

namespace telltale::rules::sigma {

struct LogsourceDraft {
  LogsourceName name;
  std::vector<std::string> further;  // keys that no stream can have
  Span span;
};

struct RuleDraft {
  Metadata metadata;
  LogsourceDraft logsource;
  Detection detection;
  // What filters leave of its events: each shared by all the rules that its filter acts on.
  std::vector<std::shared_ptr<const Detection>> remains;
  LocatedText text;                 // of its condition
  std::vector<std::string> fields;  // for the alert
  Mode mode = Mode::kLive;
  bool good = false;
};

// How the rule finds its events on one stream, in one way of where its fields stand.
struct ServedSource {
  StreamIndex stream = 0;
  const FieldMapping* fields = nullptr;  // of the stream's declaration
  Expression where;
};

// None where no stream serves it.
std::vector<ServedSource> SourcesOf(const RuleDraft& draft, const StreamCatalog& streams);

// One event of whichever of the steps: they are alternatives of each other.
Place OneOf(const std::vector<Step>& steps);

// The ids and names of the drafts.
std::vector<std::string> NamesOf(const std::vector<RuleDraft>& drafts);

RuleDraft ReadRuleDraft(const Node& node, ReadContext& context);

// Also of filters. An error where there is none.
LogsourceDraft ReadLogsource(const Node& node, const Span& place, const std::string& what,
                             Diagnostics& diagnostics);

// The rule, with a step for each stream that serves it: alternatives of each other. None where no
// stream does, which is a warning.
std::optional<Rule> MakeRule(RuleDraft draft, const StreamCatalog& streams,
                             Diagnostics& diagnostics);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_RULE_DRAFT_H_
