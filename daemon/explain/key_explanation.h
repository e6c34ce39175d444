// How far a key of a rule is, what it waits for and until when, and why it is no further: what is
// told of a key under watch (engine/runtime/key_watch.h), here and in replays.
//
// It is read off the events that the watch has kept, so what was before them is not in it. Events
// that wait for the watermark are counted and not read: another may still come before them. Owner:
// value; it keeps what it points to. Thread: any. Units: nanoseconds of event time. Errors: Explain
// fails only for our own reasons.
#ifndef TELLTALE_DAEMON_EXPLAIN_KEY_EXPLANATION_H_
#define TELLTALE_DAEMON_EXPLAIN_KEY_EXPLANATION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/event/event.h"
#include "engine/reading/near_miss.h"
#include "engine/reading/window_story.h"
#include "engine/runtime/key_watch.h"
#include "rules/model/key_parts.h"
#include "rules/model/rule.h"

namespace telltale::explain {

struct KeyExplanation {
  engine::WatchedKey watched;
  std::vector<const engine::Event*> settled;  // in total order; what the story's indexes mean
  size_t waiting = 0;                         // events at or beyond the watermark
  engine::KeyStory story;
  std::optional<engine::WindowStory> window;  // of a window that events came into; then no story
};

absl::StatusOr<KeyExplanation> Explain(engine::WatchedKey watched);

// For people, each line with its line break. An event is "logins-3@17 (2026-03-01T10:00:00.000Z)":
// stream, partition, offset.
std::string ToText(const KeyExplanation& explanation);

// The parts of a key as somebody types them. Where the rule says `missing_key: group`, `null` is
// what events without the part have.
rules::KeyParts KeyOfWords(const rules::Rule& rule, const std::vector<std::string>& words);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_KEY_EXPLANATION_H_
