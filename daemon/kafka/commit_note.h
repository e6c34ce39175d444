// What is stored beside a committed offset, in the metadata string that Kafka keeps with it (T9):
// what a restart, or another instance, needs to decide lateness and to pass over what was applied
// exactly as before.
//
// The text is versioned: "telltale/1 floor=… max_before=… applied_below=… read=… alerted=…", times
// in nanoseconds, "-" for none. Owner: value type. Thread: any. Errors: a text that is not ours, or
// of a later version, gives none.
#ifndef TELLTALE_DAEMON_KAFKA_COMMIT_NOTE_H_
#define TELLTALE_DAEMON_KAFKA_COMMIT_NOTE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/runtime/engine.h"

namespace telltale::kafka {

struct CommitNote {
  int64_t floor = engine::kMinTime;            // T4
  int64_t max_time_before = engine::kMinTime;  // the greatest on-time event time below the offset
  int64_t applied_below = engine::kMinTime;    // the settled watermark
  int64_t read_position = 0;                   // no letter below is sent again
  int64_t alerted_below = 0;                   // no single event below alerts again (K2)
  bool operator==(const CommitNote&) const = default;
};

std::string ToText(const CommitNote& note);
std::optional<CommitNote> ParseCommitNote(std::string_view text);

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_COMMIT_NOTE_H_
