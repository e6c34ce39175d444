// Durations and sizes as people write them: 15m, 1h30m, 500ms; 256MiB, 1GB.
//
// Thread: no state, any. Units: nanoseconds and bytes. Errors: a message in the user's words.
#ifndef TELLTALE_RULES_LOAD_YAML_QUANTITY_H_
#define TELLTALE_RULES_LOAD_YAML_QUANTITY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace telltale::rules {

inline constexpr int64_t kNanosecond = 1;
inline constexpr int64_t kMillisecond = 1'000'000;
inline constexpr int64_t kSecond = 1'000 * kMillisecond;
inline constexpr int64_t kDay = 86'400 * kSecond;
inline constexpr int64_t kLongestDuration = 36'500 * kDay;  // 100 years of 365 days

// The quantity, or what is wrong with the text.
using Quantity = std::variant<int64_t, std::string>;

// One or several of <integer><unit>, units from w d h m s ms us ns, the larger first, each at most
// once.
Quantity ParseDuration(std::string_view text);

// <integer><unit>, units B kB MB GB TB (powers of 1000) and KiB MiB GiB TiB (powers of 1024).
Quantity ParseBytes(std::string_view text);

// The units of both, the largest of time first.
std::vector<std::string_view> DurationUnits();
std::vector<std::string_view> SizeUnits();

// As ParseDuration reads it: "1h30m"; "0s" for nothing.
std::string FormatDuration(int64_t nanoseconds);

// As ParseBytes reads it, in the largest power of 1024 that divides it: "64KiB", "1025B".
std::string FormatBytes(int64_t bytes);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_QUANTITY_H_
