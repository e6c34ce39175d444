// A rule set made ready to run: one immutable object, shared by all shards.
//
// Owner: std::shared_ptr<const CompiledRules>, held by the engine, its shards and decoders. Thread:
// immutable, any.
#ifndef TELLTALE_ENGINE_RUNTIME_COMPILED_RULES_H_
#define TELLTALE_ENGINE_RUNTIME_COMPILED_RULES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/inputs.h"
#include "engine/event/layout.h"
#include "rules/model/rule.h"

namespace telltale::engine {

struct Routing;  // engine/runtime/routing.h: lanes, filters and key extractors

struct CompiledRules {
  std::shared_ptr<const rules::RuleSet> rules;
  std::shared_ptr<const Inputs> inputs;  // what conditions look up (V6)
  std::vector<EventLayout> layouts;      // by StreamIndex: what a decoder has to fill
  std::shared_ptr<const Routing> routing;
};

// `tables`: contents to be taken instead of those that the set carries, by name. Fails only for our
// own reasons (an expression that cannot be compiled is a bug: the checker let it through).
absl::StatusOr<std::shared_ptr<const CompiledRules>> CompileRules(
    std::shared_ptr<const rules::RuleSet> rules, const Tables& tables = {});

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_COMPILED_RULES_H_
