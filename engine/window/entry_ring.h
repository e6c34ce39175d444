// The events that sliding windows remember one by one: of all keys in one ring, in total order.
//
// As a rule's windows are all of one length, its events leave in the order in which they came, so
// that the next to leave is always in front, and time needs one timer. An entry has the event's
// time, the number of its key, and what it said to the accumulators: a word of 64 bits and a tag of
// 8 for each that has to be told when it leaves; no more than 16 bytes where all is count(). Where
// the rule shows events an entry has a word for the handle of its own, for as long as it is among
// the last of its key; tags find room there, too, where they are few. Entries of a key are linked
// from the oldest to the newest.
//
// A place is a number that counts up for ever. Owner: a matcher. Thread: the shard's. No allocation
// once it has grown.
#ifndef TELLTALE_ENGINE_WINDOW_ENTRY_RING_H_
#define TELLTALE_ENGINE_WINDOW_ENTRY_RING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "engine/pattern/pattern.h"
#include "engine/window/accumulators.h"

namespace telltale::engine {

class EntryRing {
 public:
  // Key of an entry that no window has any more.
  static constexpr uint32_t kGone = UINT32_MAX;

  EntryRing(uint32_t words, uint32_t tags, bool shows) {
    const bool beside_event = shows && tags <= kTagsBesideEvent;
    first_tag_ = static_cast<uint16_t>(2 + words);
    event_ = static_cast<uint16_t>(first_tag_ + (beside_event ? 0 : (tags + 7) / 8));
    stride_ = static_cast<uint16_t>(event_ + (shows ? 1 : 0));
    tag_shift_ = beside_event ? kFirstTagBesideEvent : 0;
  }

  bool empty() const { return begin_ == end_; }
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }

  uint64_t Push(int64_t time, uint32_t key) {
    if (end_ - begin_ == capacity_) Grow();
    uint64_t* entry = At(end_);
    entry[0] = static_cast<uint64_t>(time);
    entry[1] = key;
    for (uint32_t i = first_tag_; i < event_; ++i) entry[i] = 0;
    if (event_ < stride_) entry[event_] = kNoEvent;
    return end_++;
  }
  void PopFront() { ++begin_; }
  // What was pushed from this place on goes again.
  void Truncate(uint64_t place) { end_ = place; }
  void Clear() { begin_ = end_; }

  int64_t Time(uint64_t place) const { return static_cast<int64_t>(At(place)[0]); }
  uint32_t Key(uint64_t place) const { return static_cast<uint32_t>(At(place)[1]); }
  void Drop(uint64_t place) {
    At(place)[1] |= kGone;
    if (event_ < stride_) At(place)[event_] |= kNoEvent;
  }
  // `after`: the place of the key's next entry.
  void Link(uint64_t place, uint64_t after) { At(place)[1] = (after << 32) | Key(place); }
  // REQUIRES: there is one.
  uint64_t After(uint64_t place) const {
    return Resolve(static_cast<uint32_t>(At(place)[1] >> 32));
  }
  // A place from its lower half, among those that are there.
  uint64_t Resolve(uint32_t low) const { return end_ - (static_cast<uint32_t>(end_) - low); }

  Said SaidAt(uint64_t place, const AccumulatorPlan& plan) const {
    const uint64_t* entry = At(place);
    Said said;
    said.tag = static_cast<uint8_t>(entry[first_tag_ + plan.tag / 8] >> ShiftOf(plan.tag));
    if (plan.word != AccumulatorPlan::kNowhere) said.word = entry[2 + plan.word];
    return said;
  }
  void Remember(uint64_t place, const AccumulatorPlan& plan, const Said& said) {
    uint64_t* entry = At(place);
    entry[first_tag_ + plan.tag / 8] |= static_cast<uint64_t>(said.tag) << ShiftOf(plan.tag);
    if (plan.word != AccumulatorPlan::kNowhere) entry[2 + plan.word] = said.word;
  }

  // The event of an entry, as long as it is held. REQUIRES: the ring is made for it.
  void Hold(uint64_t place, EventHandle event, uint32_t source) {
    constexpr uint64_t kTags = ~uint64_t{0} << kFirstTagBesideEvent;
    uint64_t& word = At(place)[event_];
    word = (word & kTags) | static_cast<uint64_t>(source) << 32 | event;
  }
  EventHandle EventAt(uint64_t place) const { return static_cast<EventHandle>(At(place)[event_]); }
  uint32_t SourceAt(uint64_t place) const { return static_cast<uint8_t>(At(place)[event_] >> 32); }
  EventHandle Release(uint64_t place) {
    const EventHandle event = EventAt(place);
    At(place)[event_] |= kNoEvent;
    return event;
  }

  [[gnu::always_inline]] void Prefetch(uint64_t place) const { __builtin_prefetch(At(place)); }

  // By time; what is equal stays as it was. Links are wrong then. Allocates.
  void Sort() {
    std::vector<uint64_t> places;
    for (uint64_t place = begin_; place != end_; ++place) places.push_back(place);
    std::stable_sort(places.begin(), places.end(),
                     [this](uint64_t a, uint64_t b) { return Time(a) < Time(b); });
    Words sorted = New(capacity_);
    for (size_t i = 0; i < places.size(); ++i) {
      std::copy_n(At(places[i]), stride_,
                  sorted.get() + ((begin_ + i) & (capacity_ - 1)) * stride_);
    }
    entries_ = std::move(sorted);
  }

 private:
  static constexpr uint32_t kTagsBesideEvent = 3;
  static constexpr uint16_t kFirstTagBesideEvent = 40;  // behind the handle and the source
  static_assert(kMaxSteps <= 256);
  static constexpr std::align_val_t kLine{64};
  struct Free {
    void operator()(uint64_t* words) const { ::operator delete(words, kLine); }
  };
  using Words = std::unique_ptr<uint64_t[], Free>;

  // Not touched before it is used.
  Words New(uint64_t entries) const {
    return Words(
        static_cast<uint64_t*>(::operator new(entries* stride_ * sizeof(uint64_t), kLine)));
  }
  uint32_t ShiftOf(uint32_t tag) const { return tag_shift_ + 8 * (tag % 8); }
  const uint64_t* At(uint64_t place) const {
    return entries_.get() + (place & (capacity_ - 1)) * stride_;
  }
  uint64_t* At(uint64_t place) { return entries_.get() + (place & (capacity_ - 1)) * stride_; }

  void Grow() {
    const uint64_t capacity = std::max<uint64_t>(16, capacity_ * 2);
    Words grown = New(capacity);
    for (uint64_t place = begin_; place != end_; ++place)
      std::copy_n(At(place), stride_, grown.get() + (place & (capacity - 1)) * stride_);
    entries_ = std::move(grown);
    capacity_ = capacity;
  }

  Words entries_;
  uint64_t capacity_ = 0;
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
  // Of an entry, in words of 64 bits.
  uint16_t first_tag_ = 0;
  uint16_t event_ = 0;
  uint16_t stride_ = 0;
  uint16_t tag_shift_ = 0;  // of the first tag in its word, in bits
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_ENTRY_RING_H_
