// Files through the engine: the lines of all streams, merged by event time, to alerts in settled
// order. No Kafka, no wall clock: a stream is one partition, a line's number is its offset, and the
// end of the input settles everything (T6).
//
// How the files are merged shows in no result; it keeps little waiting. Owner: the replay command.
// Thread: one, which the engine's shards work beside. Units: nanoseconds of event time. Errors: a
// status where a file cannot be read or written; what is wrong with single lines is counted.
#ifndef TELLTALE_DAEMON_REPLAY_REPLAY_H_
#define TELLTALE_DAEMON_REPLAY_REPLAY_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/config/config.h"
#include "daemon/decode/dead_letter.h"
#include "daemon/replay/line_reader.h"
#include "daemon/replay/rejects.h"
#include "engine/alert/alert.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/key_watch.h"
#include "rules/model/key_parts.h"

namespace telltale::replay {

struct StreamCounts {
  int64_t lines = 0;   // without the empty ones
  int64_t events = 0;  // on time
  int64_t late = 0;
  std::array<int64_t, decode::kDeadLetterReasons> dead_letters{};  // by reason

  int64_t dead() const;
};

struct Summary {
  std::vector<StreamCounts> streams;  // by StreamIndex
  int64_t alerts = 0;                 // of live rules
  int64_t shadow_alerts = 0;
  engine::EngineStats engine;
  std::vector<engine::WatchedKey> watched;  // in the order of the watches

  StreamCounts total() const;
};

// How far a replay is.
struct Position {
  int64_t lines = 0;
  int64_t alerts = 0;
  int64_t bytes = 0;
  int64_t size = 0;  // of all files; 0: not known
};

struct Replay {
  std::shared_ptr<const engine::CompiledRules> rules;
  const config::Config* config = nullptr;
  struct Input {
    uint32_t stream = 0;
    LineReader lines;
  };
  std::vector<Input> inputs;  // at most one a stream
  struct Watch {
    std::string rule;
    rules::KeyParts key;
  };
  std::vector<Watch> watches;  // keys of which it shall be told how far they came
  RejectFile* late = nullptr;
  RejectFile* dead_letters = nullptr;
  std::function<void(const engine::Alert&)> on_alert;  // in settled order
  std::function<void(const Position&)> on_progress;    // now and then
};

// What is kept of each watched key.
inline constexpr engine::WatchLimits kWatchLimits{.events = 20'000, .bytes = 64 << 20};

absl::StatusOr<Summary> Run(Replay& replay);

}  // namespace telltale::replay

#endif  // TELLTALE_DAEMON_REPLAY_REPLAY_H_
