// How long a sequence may be: what the masks of a match hold.
//
// Owner, thread: constants. Units: steps, and the `not`s among them. Errors: none; the loader tells
// of a rule beyond them, and the engine refuses it.
#ifndef TELLTALE_RULES_MODEL_SEQUENCE_LIMITS_H_
#define TELLTALE_RULES_MODEL_SEQUENCE_LIMITS_H_

#include <cstdint>

namespace telltale::rules {

inline constexpr uint32_t kMostSteps = 30;
inline constexpr uint32_t kMostAbsences = 32;

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_SEQUENCE_LIMITS_H_
