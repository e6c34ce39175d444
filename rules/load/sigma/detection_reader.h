// The `detection` of a rule, or the `filter` of a filter: search identifiers and the condition over
// them.
//
// A search identifier is a map (all its entries have to fit), a list of maps or of keywords (any of
// them), or one keyword; lists may hold each other. In a step of our own language a detection may
// also be one such map or list without identifiers and condition.
//
// Source: Sigma rules specification 2.1, "Detection". Owner: values. Thread: no shared state.
// Errors: diagnostics R0203, R0407 and R080x; then there is no detection.
#ifndef TELLTALE_RULES_LOAD_SIGMA_DETECTION_READER_H_
#define TELLTALE_RULES_LOAD_SIGMA_DETECTION_READER_H_

#include <optional>
#include <vector>

#include "rules/load/sigma/detection.h"
#include "rules/load/sigma/field_test.h"
#include "rules/load/yaml/node.h"

namespace telltale::rules::sigma {

struct ReadDetection {
  Detection detection;
  LocatedText text;      // of the condition, or of what stands for one: for messages
  bool negated = false;  // every name in the conditions stands under a `not`
};

// `detection` with a `condition`. `others`: keys of the map that are no search identifiers.
std::optional<ReadDetection> ReadDetectionMap(const Node& node,
                                              const std::vector<std::string_view>& others,
                                              ReadContext& context);

// `detection` of a step: the same, or a map or list without a condition.
std::optional<ReadDetection> ReadStepDetection(const Node& node, ReadContext& context);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_DETECTION_READER_H_
