// The greatest values that rules can give.
//
// Owner: constants. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_LIMITS_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace telltale::rules {

inline constexpr int64_t kHighestLimit = 10'000'000;
inline constexpr int64_t kMostRepeats = 1'000'000;
inline constexpr size_t kMostKeyParts = 32;
inline constexpr size_t kMostExceptions = 1000;
inline constexpr int64_t kMostEvidence = 1000;
inline constexpr int64_t kMostTerms = 8;  // of a tuple
inline constexpr int64_t kMostStepWindows = 16;
inline constexpr size_t kMostLabels = 30;  // of a metric
inline constexpr size_t kLongestMetricName = 200;
inline constexpr int64_t kMostSeries = 100'000;
inline constexpr int64_t kMostEmits = 2;  // `early`, and a way of windows

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_LIMITS_H_
