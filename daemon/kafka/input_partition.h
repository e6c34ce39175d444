// What the source knows of one partition that it reads, or that it read and may get back.
//
// Owner: the source. Thread: the ingest thread. Units: offsets, nanoseconds; steady clock where it
// says so.
#ifndef TELLTALE_DAEMON_KAFKA_INPUT_PARTITION_H_
#define TELLTALE_DAEMON_KAFKA_INPUT_PARTITION_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/kafka/offset_ledger.h"
#include "engine/runtime/engine.h"

namespace telltale::kafka {

// Why a partition is not read now; several may hold at once.
enum Hold : uint8_t {
  kHoldAhead = 1,    // too far ahead of the others (T3)
  kHoldLetters = 2,  // its dead letters or late events are not acknowledged
  kHoldAlerts = 4,   // alerts are not acknowledged
  kHoldDrift = 8,    // further ahead of the others than its stream may be
};

// What metrics call them, by bit.
inline constexpr std::array<std::string_view, 4> kHoldWords = {"ahead", "letters", "alerts",
                                                               "drift"};

struct InputPartition {
  engine::PartitionKey key;
  std::string topic;
  int32_t number = 0;
  uint64_t tag = 0;  // of this ledger: a letter's acknowledgement finds it by this
  OffsetLedger ledger{CommitPoint{}};
  int64_t cursor = 0;  // the offset expected next; below ledger.position() while it is read again
  int64_t floor = engine::kMinTime;
  int64_t settled = engine::kMinTime;  // its events of an earlier time are applied

  // Single events alert when they come (K2). Offsets below `alerted` have done so, and are safe; so
  // will those below `marked` be once the marked epoch is.
  int64_t alerted = 0;
  int64_t marked = 0;

  int64_t committed = -1;      // acknowledged by the broker
  std::string note_committed;  // beside it
  int64_t commit_sent = -1;
  std::string note_sent;

  bool assigned = false;  // else kept for the case that it comes back
  uint8_t holds = 0;
  bool paused = false;
  bool idle = false;
  int64_t eof = -1;         // the offset at which the broker said last that there is no more
  int64_t quiet_since = 0;  // steady
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_INPUT_PARTITION_H_
