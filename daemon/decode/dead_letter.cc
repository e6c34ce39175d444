#include "daemon/decode/dead_letter.h"

#include <array>

namespace telltale::decode {

std::string_view ReasonText(DeadLetterReason reason) {
  static constexpr std::array<std::string_view, kDeadLetterReasons> kTexts = {
      "none",       "tombstone",     "too_large", "invalid_utf8", "truncated", "not_json",
      "not_object", "trailing_data", "no_time",   "bad_time",     "time_ahead"};
  return kTexts[static_cast<size_t>(reason)];
}

}  // namespace telltale::decode
