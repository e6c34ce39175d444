#include "engine/runtime/compiled_rules.h"

#include <utility>

#include "engine/runtime/routing.h"

namespace telltale::engine {

absl::StatusOr<std::shared_ptr<const CompiledRules>> CompileRules(
    std::shared_ptr<const rules::RuleSet> rules, const Tables& tables) {
  auto compiled = std::make_shared<CompiledRules>();
  compiled->inputs = std::make_shared<const Inputs>(*rules, tables);
  compiled->layouts = MakeLayouts(*rules);
  absl::StatusOr<Routing> routing = CompileRouting(*rules, compiled->layouts, *compiled->inputs);
  if (!routing.ok()) return routing.status();
  compiled->routing = std::make_shared<const Routing>(*std::move(routing));
  compiled->rules = std::move(rules);
  return compiled;
}

}  // namespace telltale::engine
