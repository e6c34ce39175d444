// Which values of a stream's `dedup` field have been seen of a key, and when last (V8): an event
// counts where none before it in total order has the same value within the time.
//
// Events come in total order, so what has run out is never asked for again: with every event two
// seats are looked at in turn, and those that have run out are emptied. So the memory is that of
// the values of twice the time at most. Beyond kMost values some that have not run out are
// forgotten and counted: a valve, which acts in no order that means anything.
//
// Owner: a lane of a shard. Thread: the shard's. Units: nanoseconds. A value takes some 50 bytes;
// once it has grown, nothing is allocated.
#ifndef TELLTALE_ENGINE_RUNTIME_RECENT_VALUES_H_
#define TELLTALE_ENGINE_RUNTIME_RECENT_VALUES_H_

#include <cstdint>
#include <vector>

#include "engine/event/hash.h"
#include "engine/pattern/key_table.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

class RecentValues {
 public:
  static constexpr size_t kMost = size_t{1} << 20;

  // `within`: by stream; 0 where it has no `dedup`.
  explicit RecentValues(std::vector<int64_t> within, size_t most = kMost)
      : within_(std::move(within)), most_(most) {}

  // When the value was seen last within the time; kNever: it was not. Notes that it is seen now.
  // REQUIRES: `time` does not fall, but by restored values.
  int64_t See(uint32_t stream, const Hash128& value, int64_t time);

  // The same, but that nothing is noted.
  int64_t LastSeen(const Hash128& value, int64_t time) const;

  size_t size() const { return values_.size(); }
  uint64_t forgotten() const { return forgotten_; }
  void Clear();

  // visit(stream, value, time).
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    values_.ForEach(
        [&](uint32_t seat) { visit(values_[seat].place, values_[seat].key, values_[seat].armed); });
  }
  void Restore(uint32_t stream, const Hash128& value, int64_t time) { See(stream, value, time); }

 private:
  bool HasRunOut(const KeyTable::Seat& seat, int64_t time) const {
    return seat.armed < Minus(time, within_[seat.place]);
  }
  // The next seat in turn; false: it is empty.
  bool Turn();
  void Sweep(int64_t time);

  std::vector<int64_t> within_;
  size_t most_;
  KeyTable values_;     // a seat's `place` is the stream, `armed` when the value was seen last
  uint32_t seats_ = 0;  // that have ever been taken
  uint32_t hand_ = 0;   // the seat that was looked at last
  uint64_t forgotten_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_RECENT_VALUES_H_
