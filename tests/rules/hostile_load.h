// Loads text that was made to hurt the loader, and says what came of it: the answer must come with
// little memory, whatever the text. Time is bounded by ctest's limit, which anything quadratic in
// these sizes is far beyond.
//
// Thread: one at a time (the heap is the process's). Units: bytes.
#ifndef TELLTALE_TESTS_RULES_HOSTILE_LOAD_H_
#define TELLTALE_TESTS_RULES_HOSTILE_LOAD_H_

#include <cstddef>
#include <string>
#include <vector>

#include "rules/load/load.h"

namespace telltale::rules {

struct Outcome {
  LoadResult result;
  std::string report;  // all diagnostics as a terminal shows them
  size_t peak = 0;     // of the heap, the text itself left out

  // The code of the first diagnostic, or "fine".
  std::string First() const;
};

Outcome LoadHostile(std::string text);
Outcome LoadHostile(const std::vector<std::string>& texts);

// `text` so many times, one behind the other.
std::string Times(size_t times, std::string_view text);

// A rule over single events with this line in it.
std::string RuleWith(const std::string& line);

inline constexpr size_t kMegabyte = size_t{1024} * 1024;

}  // namespace telltale::rules

#endif  // TELLTALE_TESTS_RULES_HOSTILE_LOAD_H_
