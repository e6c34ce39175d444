// A value with all that it points to, in other memory.
//
// Owner: the arena. Thread: the arena's. Events and lists of events point into what others hold,
// and are copied as they are. Errors: none.
#ifndef TELLTALE_ENGINE_CONDITION_COPY_VALUE_H_
#define TELLTALE_ENGINE_CONDITION_COPY_VALUE_H_

#include <string_view>

#include "engine/condition/scratch.h"
#include "engine/event/value.h"

namespace telltale::engine {

Value CopyValue(Value value, Arena& arena);
std::string_view CopyText(std::string_view text, Arena& arena);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_COPY_VALUE_H_
