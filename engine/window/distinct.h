// How many different values there are, by their hashes (W5): exact up to 10,000, beyond that by a
// HyperLogLog of 2^14 registers.
//
// What a window takes out one by one has to know every value, and stays exact. Source: Flajolet et
// al., "HyperLogLog"; Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (the
// estimator, which needs no tables). Owner: the holder. Thread: plain data. Errors: hostile bytes
// make the reader fail.
#ifndef TELLTALE_ENGINE_WINDOW_DISTINCT_H_
#define TELLTALE_ENGINE_WINDOW_DISTINCT_H_

#include <array>
#include <cstdint>
#include <memory>

#include "engine/event/bytes.h"
#include "engine/window/hash_counts.h"

namespace telltale::engine {

class Distinct {
 public:
  static constexpr size_t kMostExact = 10'000;

  // To be taken out again.
  void AddOne(uint64_t hash) { counts_.Add(hash); }
  void RemoveOne(uint64_t hash) { counts_.Remove(hash); }
  // Brings what RemoveOne looks at into the cache.
  [[gnu::always_inline]] void Prefetch(uint64_t hash) const { counts_.Prefetch(hash); }
  // Never to be taken out.
  void Add(uint64_t hash);
  // Of values that equal nothing.
  void AddUnequal() { ++unequal_; }
  void RemoveUnequal() { --unequal_; }
  void Merge(const Distinct& other);
  void Clear();

  uint64_t Count() const {
    return unequal_ + (registers_ == nullptr ? counts_.size() : Estimate());
  }

  void Encode(ByteWriter& out) const;
  void Decode(ByteReader& in);

 private:
  static constexpr int kIndexBits = 14;
  static constexpr size_t kRegisters = size_t{1} << kIndexBits;
  using Registers = std::array<uint8_t, kRegisters>;

  void Sketch();
  void Note(uint64_t hash);
  uint64_t Estimate() const;

  HashCounts counts_;  // while it is exact
  std::unique_ptr<Registers> registers_;
  uint64_t unequal_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_DISTINCT_H_
