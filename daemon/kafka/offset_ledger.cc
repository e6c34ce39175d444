#include "daemon/kafka/offset_ledger.h"

#include <algorithm>
#include <cassert>

namespace telltale::kafka {

OffsetLedger::OffsetLedger(const CommitPoint& start)
    : position_(start.offset),
      letters_from_(start.read_position),
      max_time_before_(start.max_time_before),
      max_time_(start.max_time_before) {}

void OffsetLedger::OnTime(int64_t offset, int64_t time) {
  assert(!Seen(offset));
  position_ = offset + 1;
  // What is settled already (read again after a restart) need not wait, but only the front may go:
  // below it all is done.
  max_time_ = std::max(max_time_, time);
  waiting_.push_back({offset, time});
  Settle(settled_);
}

void OffsetLedger::Letter(int64_t offset) {
  assert(SendsLetter(offset));
  position_ = offset + 1;
  letters_.emplace_hint(letters_.end(), offset, max_time_);
}

void OffsetLedger::Passed(int64_t offset) {
  assert(!Seen(offset));
  position_ = offset + 1;
}

void OffsetLedger::Acknowledge(int64_t letter_offset) { letters_.erase(letter_offset); }

void OffsetLedger::Settle(int64_t settled) {
  settled_ = std::max(settled_, settled);
  while (!waiting_.empty() && waiting_.front().time < settled_) {
    max_time_before_ = std::max(max_time_before_, waiting_.front().time);
    waiting_.pop_front();
  }
}

CommitPoint OffsetLedger::Commit() const {
  CommitPoint point = Unapplied();
  point.read_position = std::max(position_, letters_from_);
  if (letters_.empty()) return point;
  auto [letter, max_time_before] = *letters_.begin();
  point.read_position = letter;
  if (letter < point.offset) {
    point.offset = letter;
    point.max_time_before = max_time_before;
  }
  return point;
}

CommitPoint OffsetLedger::Unapplied() const {
  return {waiting_.empty() ? position_ : waiting_.front().offset, max_time_before_, position_};
}

}  // namespace telltale::kafka
