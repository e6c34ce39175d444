// How grave what a rule finds is, and how far the rule itself has come: Sigma's words.
//
// Owner: value types. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_MODEL_LEVEL_H_
#define TELLTALE_RULES_MODEL_LEVEL_H_

#include <cstdint>
#include <string_view>

namespace telltale::rules {

enum class Level : uint8_t { kInformational, kLow, kMedium, kHigh, kCritical };
enum class Status : uint8_t {
  kUnspecified,
  kStable,
  kTest,
  kExperimental,
  kDeprecated,
  kUnsupported
};

// As the rule file spells it.
std::string_view LevelName(Level level);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_LEVEL_H_
