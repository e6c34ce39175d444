#include "engine/runtime/recent_values.h"

#include <algorithm>

namespace telltale::engine {

int64_t RecentValues::See(uint32_t stream, const Hash128& value, int64_t time) {
  Sweep(time);
  if (const uint32_t seat = values_.Find(value); seat != KeyTable::kNone) {
    const int64_t last = values_[seat].armed;
    const bool counts = HasRunOut(values_[seat], time);
    values_[seat].armed = std::max(last, time);
    return counts ? kNever : last;
  }
  if (values_.size() >= most_) {
    while (!Turn()) {
    }
    values_.Remove(hand_);
    ++forgotten_;
  }
  const uint32_t seat = values_.Add(value);
  values_[seat].place = stream;
  values_[seat].armed = time;
  seats_ = std::max(seats_, seat + 1);
  return kNever;
}

int64_t RecentValues::LastSeen(const Hash128& value, int64_t time) const {
  const uint32_t seat = values_.Find(value);
  if (seat == KeyTable::kNone || HasRunOut(values_[seat], time)) return kNever;
  return values_[seat].armed;
}

bool RecentValues::Turn() {
  if (++hand_ >= seats_) hand_ = 0;
  return values_[hand_].place != KeyTable::kNone;
}

void RecentValues::Sweep(int64_t time) {
  constexpr int kSeats = 2;  // an event adds one at most
  for (int i = 0; i < kSeats && values_.size() > 0; ++i) {
    if (Turn() && HasRunOut(values_[hand_], time)) values_.Remove(hand_);
  }
}

void RecentValues::Clear() {
  values_ = KeyTable();
  seats_ = hand_ = 0;
}

}  // namespace telltale::engine
