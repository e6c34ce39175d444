// A sum in which older values count less (W5): a value counts half after each half-life, and the
// order of adding does not show.
//
// Time is counted in 65,536ths of the half-life since the epoch, of which the whole half-lives are
// q and the rest j. A value v at (q, j) adds v * 2^(j / 65536) * 2^q to one exact sum, whatever the
// moment that is asked for; asked at (q', j'), the sum is divided by 2^(j' / 65536) * 2^q'. So
// nothing has to be touched as time goes by, and what was added can be taken out again exactly.
// Weights 2^(j / 65536) are rounded to a multiple of 2^-40, values to one of 2^-20. The sum is
// a whole number of 384 bits in units of 2^(base - 60); `base` follows the values, in steps of 64.
//
// Owner: the holder. Thread: plain data. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_ENGINE_WINDOW_DECAYED_TOTAL_H_
#define TELLTALE_ENGINE_WINDOW_DECAYED_TOTAL_H_

#include <array>
#include <cstdint>

#include "engine/event/bytes.h"

namespace telltale::engine {

class DecayedTotal {
 public:
  static constexpr double kGreatest = 0x1p53;  // of a value

  // `sign`: 1 adds, -1 takes out. REQUIRES: |value| <= kGreatest; of the same half-life always, and
  // that no value is in it with a time more than 62 half-lives before.
  void Add(double value, int64_t time, int64_t half_life, int sign);
  void Merge(const DecayedTotal& other);  // as Add
  void Clear() { *this = {}; }

  // To 36 bits. REQUIRES: as Add.
  double At(int64_t time, int64_t half_life) const;

  void Encode(ByteWriter& out) const;
  void Decode(ByteReader& in);

 private:
  static constexpr int kLimbs = 6;
  using Limbs = std::array<uint64_t, kLimbs>;  // two's complement, the lowest first

  bool IsZero() const { return limbs_ == Limbs{}; }
  void MoveBase(int64_t base);
  void AddLimbs(const Limbs& other);

  Limbs limbs_{};
  int64_t base_ = 0;  // a multiple of 64; of no meaning where the sum is 0
};

// 2^(part / 65536), in units of 2^-40: the nearest one. For tests.
uint64_t DecayWeight(uint32_t part);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_DECAYED_TOTAL_H_
