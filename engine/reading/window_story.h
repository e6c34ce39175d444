// What a window has seen of a key's events: how often its condition was true, and where it never
// was, how near it came and what was missing. For rules with an `aggregate`, and for `new_terms`.
//
// It is told by running the rule's own window over the events, with every look at it reported (W2).
// Owner: values; events are borrowed. Thread: one. Units: nanoseconds. Errors: of compiling, a
// status: our own mistakes.
#ifndef TELLTALE_ENGINE_READING_WINDOW_STORY_H_
#define TELLTALE_ENGINE_READING_WINDOW_STORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/reading/condition_parts.h"
#include "engine/reading/near_miss.h"
#include "engine/reading/rule_reading.h"

namespace telltale::engine {

struct WindowStory {
  // A moment at which the window was looked at.
  struct Look {
    int64_t time = 0;
    int64_t start = 0;
    int64_t end = 0;
    std::optional<size_t> event;     // the event that decided it; none: time did
    uint64_t count = 0;              // how many events were in it
    std::vector<FailedPart> failed;  // of `having`; none: it was true
  };
  // The term of an event, and the event that had it before.
  struct Term {
    size_t event = 0;
    std::optional<size_t> before;  // none: it has none, or an error
  };

  std::vector<size_t> events;   // that came in
  uint64_t fulfilled = 0;       // looks at which `having` was true, or terms that were new
  std::optional<Look> nearest;  // of the others the one with fewest parts missing, then most
                                // events, the last of them
  std::optional<Look> last;
  std::optional<Term> known;  // of new_terms: the last one that was not new
};

// REQUIRES: the rule has an aggregate or new terms. `events` are the on-time ones of all keys, in
// total order; those below `watermark` are settled.
absl::StatusOr<WindowStory> TellWindow(const RuleReading& reading,
                                       const std::vector<const Event*>& events, const Key& key,
                                       Scratch& scratch, int64_t watermark = kForever);

// In lines, each with its line break.
std::string Describe(const WindowStory& story, const rules::Rule& rule,
                     const std::vector<const Event*>& events, const Names& names);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_WINDOW_STORY_H_
