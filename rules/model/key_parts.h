// The parts of a correlation key as text (K1): what an alert shows, what a test expects.
//
// Owner: the holder. Thread: plain data.
#ifndef TELLTALE_RULES_MODEL_KEY_PARTS_H_
#define TELLTALE_RULES_MODEL_KEY_PARTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace telltale::rules {

// None: the event has no such part, and the rule says `missing_key: group`. It equals no text.
using KeyPart = std::optional<std::string>;
using KeyParts = std::vector<KeyPart>;

// For people: "u1, DE"; a missing part is null, as in alerts.
std::string ToText(const KeyParts& key);

// So many keys at most does one `by` with `each(...)` give of one event.
inline constexpr uint32_t kMostKeysOfEvent = 1000;

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_KEY_PARTS_H_
