// What is kept of each key, found by the key's hash and named by a number of 32 bits.
//
// States stand in chunks of doubling sizes, of which only what is used is touched, and do not move;
// beside them is a table of numbers with 32 bits of the hash (open addressing, linear probing, no
// marks of what is gone), 9 to 18 bytes a key. State has a member `Hash128 key` and needs no
// destructor. Owner: a matcher. Thread: the shard's. Errors: none.
#ifndef TELLTALE_ENGINE_WINDOW_STATE_TABLE_H_
#define TELLTALE_ENGINE_WINDOW_STATE_TABLE_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/event/hash.h"

namespace telltale::engine {

inline constexpr uint32_t kNoState = UINT32_MAX;

template <typename State>
class StateTable {
  static_assert(std::is_trivially_destructible_v<State>);

 public:
  StateTable() = default;
  StateTable(StateTable&& other) noexcept { *this = std::move(other); }
  StateTable& operator=(StateTable&& other) noexcept {
    chunks_ = std::move(other.chunks_);
    slots_ = std::move(other.slots_);
    free_ = std::move(other.free_);
    alive_ = std::move(other.alive_);
    end_ = std::exchange(other.end_, 0);
    size_ = std::exchange(other.size_, 0);
    other.slots_.clear();
    other.free_.clear();
    other.alive_.clear();
    return *this;
  }

  size_t size() const { return size_; }
  State& operator[](uint32_t number) { return *At(number); }
  const State& operator[](uint32_t number) const { return *At(number); }

  // kNoState: there is none.
  uint32_t Find(const Hash128& key) const {
    if (size_ == 0) return kNoState;
    for (size_t slot = HomeOf(Tag(key));; slot = Next(slot)) {
      if (slots_[slot].number == kNoState) return kNoState;
      if (slots_[slot].tag == Tag(key) && Same(At(slots_[slot].number)->key, key))
        return slots_[slot].number;
    }
  }

  // Prefetching is inlined always: to the compiler a function that does no more has no effect, and
  // need not be called. Bring what Find looks at into the cache, which is too small for a large
  // table as for many small ones: first the slot, then, when that is there, its state.
  [[gnu::always_inline]] void PrefetchSlot(const Hash128& key) const {
    if (size_ != 0) __builtin_prefetch(&slots_[HomeOf(Tag(key))]);
  }
  [[gnu::always_inline]] void PrefetchState(const Hash128& key) const {
    if (const uint32_t number = Peek(key); number != kNoState) PrefetchNumber(number);
  }

  [[gnu::always_inline]] void PrefetchNumber(uint32_t number) const {
    const auto* state = reinterpret_cast<const char*>(At(number));
    __builtin_prefetch(state);
    __builtin_prefetch(state + sizeof(State) - 1);
  }
  // Most likely the number of the key, without a look at its state, if it is found at once; else
  // kNoState. As it is asked for the sake of time, no branch hangs on what stands in the slots.
  [[gnu::always_inline]] uint32_t Peek(const Hash128& key) const {
    if (size_ == 0) return kNoState;
    const uint32_t tag = Tag(key);
    uint32_t number = kNoState;
    for (size_t ahead = kPeeked; ahead-- > 0;) {
      const Slot slot = slots_[(HomeOf(tag) + ahead) & Mask()];
      number = slot.tag == tag ? slot.number : number;
    }
    return number;
  }
  // The same, where `found` is what it was a while ago: a state that is there, if no more the
  // key's.
  [[gnu::always_inline]] uint32_t PeekAgain(const Hash128& key, uint32_t found) const {
    return Has(found) ? found : Peek(key);
  }
  // The same as the state; null where that is none.
  const State* Likely(const Hash128& key) const {
    const uint32_t number = Peek(key);
    return number == kNoState ? nullptr : At(number);
  }
  // Whether what its states name is larger than the near cache, as far as can be said; whether they
  // are by themselves.
  bool large() const { return size_ >= kLarge; }
  bool has_large_states() const { return size_ >= kLargeStates / sizeof(State); }

  bool Has(uint32_t number) const {
    return number < end_ && (alive_[number / 64] >> number % 64 & 1) != 0;
  }

  // REQUIRES: there is none of the key.
  uint32_t Add(const Hash128& key) {
    if ((size_ + 1) * 8 > slots_.size() * 7) Rehash();
    const uint32_t number = NewNumber();
    (::new (static_cast<void*>(At(number))) State())->key = key;
    alive_[number / 64] |= uint64_t{1} << number % 64;
    Enter({.number = number, .tag = Tag(key)});
    ++size_;
    return number;
  }

  void Remove(uint32_t number) {
    size_t hole = HomeOf(Tag(At(number)->key));
    while (slots_[hole].number != number) hole = Next(hole);
    // What comes behind moves up, as far as it is not before its home.
    for (size_t slot = Next(hole); slots_[slot].number != kNoState; slot = Next(slot)) {
      const size_t home = HomeOf(slots_[slot].tag);
      if (((slot - home) & Mask()) < ((slot - hole) & Mask())) continue;
      slots_[hole] = slots_[slot];
      hole = slot;
    }
    slots_[hole] = {};
    alive_[number / 64] &= ~(uint64_t{1} << number % 64);
    free_.push_back(number);
    --size_;
  }

  // visit(number) of each, in order of numbers; it may remove the one that it visits.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (size_t word = 0; word < alive_.size(); ++word) {
      for (uint64_t left = alive_[word]; left != 0; left &= left - 1)
        visit(static_cast<uint32_t>(word * 64 + static_cast<size_t>(std::countr_zero(left))));
    }
  }

 private:
  struct Slot {
    uint32_t number = kNoState;
    uint32_t tag = 0;
  };
  struct Release {
    void operator()(State* states) const { ::operator delete(static_cast<void*>(states)); }
  };
  static constexpr uint32_t kFirstChunk = 16;
  static constexpr size_t kChunks = 1 + size_t{std::bit_width(UINT32_MAX / kFirstChunk)};
  static constexpr size_t kLarge = 4096;
  static constexpr size_t kLargeStates = size_t{1} << 20;  // bytes
  static constexpr size_t kPeeked = 4;                     // slots

  // As == does, which calls a function for 16 bytes.
  static bool Same(const Hash128& a, const Hash128& b) {
    return ((a[0] ^ b[0]) | (a[1] ^ b[1])) == 0;
  }
  static uint32_t Tag(const Hash128& key) { return static_cast<uint32_t>(key[0]); }
  size_t Mask() const { return slots_.size() - 1; }
  size_t HomeOf(uint32_t tag) const { return tag & Mask(); }
  size_t Next(size_t slot) const { return (slot + 1) & Mask(); }

  // Chunk 0 holds the first kFirstChunk, each further one as many as all before it.
  State* At(uint32_t number) const {
    const auto chunk = static_cast<uint32_t>(std::bit_width(number / kFirstChunk));
    const uint32_t first = chunk == 0 ? 0 : kFirstChunk << (chunk - 1);
    return chunks_[chunk].get() + (number - first);
  }

  uint32_t NewNumber() {
    if (!free_.empty()) {
      const uint32_t number = free_.back();
      free_.pop_back();
      return number;
    }
    const uint32_t number = end_++;
    const auto chunk = static_cast<size_t>(std::bit_width(number / kFirstChunk));
    if (chunks_[chunk] == nullptr) {
      const size_t states = chunk == 0 ? kFirstChunk : size_t{kFirstChunk} << (chunk - 1);
      chunks_[chunk].reset(static_cast<State*>(::operator new(states * sizeof(State))));
    }
    if (number / 64 == alive_.size()) alive_.push_back(0);
    return number;
  }

  void Enter(Slot entered) {
    size_t slot = HomeOf(entered.tag);
    while (slots_[slot].number != kNoState) slot = Next(slot);
    slots_[slot] = entered;
  }

  void Rehash() {
    std::vector<Slot> before(std::max<size_t>(16, slots_.size() * 2));
    before.swap(slots_);
    for (const Slot& slot : before) {
      if (slot.number != kNoState) Enter(slot);
    }
  }

  // What Find needs of a small table stands together: of many only that is in the cache.
  size_t size_ = 0;
  std::vector<Slot> slots_;
  std::array<std::unique_ptr<State, Release>, kChunks> chunks_;
  std::vector<uint32_t> free_;
  std::vector<uint64_t> alive_;  // a bit a number
  uint32_t end_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_STATE_TABLE_H_
