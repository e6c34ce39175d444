// Which offset of one partition may be committed: the least one that is not yet done with.
//
// An on-time event is done with once the settled watermark of its stream is above its time (applied
// by every rule, its alerts acknowledged); a dead letter or a written late event once its record is
// acknowledged; anything else at once. Events settle in the order of their times and not of their
// offsets, so the ledger holds each that waits, sixteen bytes, in order of offsets.
//
// Records are noted once, in order of their offsets. What is read again (after a switch of rules:
// C2) is already here: `Seen` tells. What an earlier run had read (T9) is noted again, but its
// letters are not sent again: `SendsLetter`.
//
// Owner: the source, one for each partition assigned. Thread: the ingest thread. Units: offsets;
// nanoseconds of event time. Errors: none.
#ifndef TELLTALE_DAEMON_KAFKA_OFFSET_LEDGER_H_
#define TELLTALE_DAEMON_KAFKA_OFFSET_LEDGER_H_

#include <cstdint>
#include <deque>
#include <map>

#include "engine/runtime/engine.h"

namespace telltale::kafka {

// What a restart has to know (T9).
struct CommitPoint {
  int64_t offset = 0;  // the least one that is not done with: read again from here
  int64_t max_time_before = engine::kMinTime;  // the greatest on-time event time below `offset`
  int64_t read_position = 0;                   // no letter below this one is sent again
  bool operator==(const CommitPoint&) const = default;
};

class OffsetLedger {
 public:
  explicit OffsetLedger(const CommitPoint& start);

  // The first offset that was not noted yet.
  int64_t position() const { return position_; }
  bool Seen(int64_t offset) const { return offset < position_; }
  bool SendsLetter(int64_t offset) const { return offset >= position_ && offset >= letters_from_; }

  // Each notes the record at `offset`. REQUIRES: !Seen(offset).
  void OnTime(int64_t offset, int64_t time);
  void Letter(int64_t offset);  // outstanding until acknowledged
  void Passed(int64_t offset);  // nothing is to be waited for

  void Acknowledge(int64_t letter_offset);
  // On-time events with a time below `settled` are done with; never falls.
  void Settle(int64_t settled);

  CommitPoint Commit() const;
  // The least offset of an event that is not applied, else position(): from here the partition is
  // read again after a switch of rules. `max_time_before` of it.
  CommitPoint Unapplied() const;

  size_t letters_outstanding() const { return letters_.size(); }
  size_t events_waiting() const { return waiting_.size(); }

 private:
  struct Waiting {
    int64_t offset;
    int64_t time;
  };

  int64_t position_;
  int64_t letters_from_;
  int64_t settled_ = engine::kMinTime;
  int64_t max_time_before_;  // over all events before the front of waiting_
  int64_t max_time_;         // over all events noted
  std::deque<Waiting> waiting_;
  std::map<int64_t, int64_t>
      letters_;  // offset of one outstanding: the greatest event time before it
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_OFFSET_LEDGER_H_
