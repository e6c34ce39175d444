// When the windows of one key are looked at, and what comes of it (W1, W2, P10), and which terms
// are new (W4): by the definitions of rules/SEMANTICS.md and by nothing else. Nothing is kept from
// one look to the next but what the definitions speak of; each window is computed from scratch from
// the list of its events.
//
// Owner: plain data. Thread: any. Units: nanoseconds. Errors: none. Times and windows far from the
// ends of int64 are meant.
#ifndef TELLTALE_TESTS_MODEL_WINDOW_REFERENCE_H_
#define TELLTALE_TESTS_MODEL_WINDOW_REFERENCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "rules/model/aggregate.h"
#include "tests/model/baseline_reference.h"
#include "tests/model/window_values.h"

namespace telltale::model {

// What `window.start` and `window.end` are.
struct Range {
  int64_t start = 0;
  int64_t end = 0;
  auto operator<=>(const Range&) const = default;
};

struct WindowResult {
  int64_t time = 0;
  Range window;
  std::optional<size_t> by;      // the event that decided it
  std::vector<size_t> evidence;  // in total order
  Tuple values;                  // by call
  bool truncated = false;
  int64_t looks_back_to = 0;  // C5
};

// Whether `having` is true of a window's values; an error is false.
using Having = std::function<bool(const Tuple&)>;

// What comes of a key's windows.
struct WindowsFound {
  std::vector<WindowResult> results;
  std::vector<size_t> limited;  // the events on which the cap has acted (P10)
};
// The results that are known when the watermark is `watermark`, in order. `events`: those of a key
// that are in its windows, in total order. `most_events`: limits.events. `of`: where there is a
// baseline.
WindowsFound FindWindows(const rules::Aggregate& aggregate, uint32_t most_events,
                         const std::vector<WindowEvent>& events, const Having& having,
                         int64_t watermark = std::numeric_limits<int64_t>::max(),
                         const PaneValue& of = {});

// What a sliding window says when it is asked (W3).
struct AskedWindow {
  Tuple values;            // by call
  bool truncated = false;  // its cap has acted since it was empty
  std::vector<size_t> limited;
};
// The window that ends with `time`, over the key's events up to then; those whose last moment is
// below `time` are out of it.
AskedWindow AskWindow(const rules::Aggregate& aggregate, uint32_t most_events,
                      const std::vector<WindowEvent>& events, int64_t time);

// The tumbling windows of a zone, or of UTC, and the hopping ones in which an event lies, the
// earliest first.
std::vector<Range> WindowsAt(const rules::Window& window, int64_t time);

// A sighting of a term on a key.
struct Sighting {
  int64_t time = 0;
  Tuple term;
};
struct TermsFound {
  std::vector<size_t> results;
  std::vector<size_t> limited;
};
// Both are indexes. `sightings`: of one key, in total order; what has no term is not among them.
TermsFound FindNewTerms(int64_t history, uint32_t most_terms,
                        const std::vector<Sighting>& sightings);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_WINDOW_REFERENCE_H_
