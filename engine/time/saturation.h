// Event times at the ends of int64: what lies beyond stays there, so that a window without an end,
// or near the end of time, needs no case of its own.
//
// Owner: none. Thread: any. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_ENGINE_TIME_SATURATION_H_
#define TELLTALE_ENGINE_TIME_SATURATION_H_

#include <cstdint>
#include <limits>
#include <optional>

namespace telltale::engine {

inline constexpr int64_t kNever = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

inline int64_t Plus(int64_t time, int64_t duration) {
  int64_t sum;
  return __builtin_add_overflow(time, duration, &sum) ? kForever : sum;
}

inline int64_t Minus(int64_t time, int64_t duration) {
  int64_t difference;
  return __builtin_sub_overflow(time, duration, &difference) ? kNever : difference;
}

// No duration is one without an end.
inline int64_t Plus(int64_t time, const std::optional<int64_t>& duration) {
  return duration ? Plus(time, *duration) : kForever;
}

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_TIME_SATURATION_H_
