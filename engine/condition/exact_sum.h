// The exact sum of any numbers, rounded once at the end (W5): the order of adding does not show.
//
// A fixed-point number wide enough for every double, in digits of 32 bits held in 64, so that
// carries are settled only now and then. Owner: value type, about 560 bytes. Thread: plain data.
// Errors: none; nan and infinities act as in IEEE arithmetic, and so does a sum beyond the range of
// doubles.
#ifndef TELLTALE_ENGINE_CONDITION_EXACT_SUM_H_
#define TELLTALE_ENGINE_CONDITION_EXACT_SUM_H_

#include <array>
#include <cstdint>

#include "engine/event/bytes.h"

namespace telltale::engine {

class ExactSum {
 public:
  __extension__ using Wide = __int128;

  void Add(double value);
  // value * 2^exponent. REQUIRES: -1074 <= exponent <= 960.
  void AddScaled(Wide value, int exponent);
  void Merge(const ExactSum& other);
  double Round() const;  // the double nearest to the exact sum, to even where two are

  void Encode(ByteWriter& out) const;
  void Decode(ByteReader& in);

 private:
  static constexpr int kLowest = 1074;  // bit 0 of digit 0 weighs 2^-1074
  static constexpr int kDigits = 69;    // up to 2^1134: 2^60 of the greatest doubles

  void AddBits(uint64_t bits, int position, bool negative);
  static void Carry(std::array<int64_t, kDigits>& digits);

  std::array<int64_t, kDigits> digits_{};
  uint32_t pending_ = 0;  // additions since carries were settled
  bool nan_ = false;
  bool infinite_ = false;
  bool minus_infinite_ = false;
  bool any_ = false;
  bool all_minus_zero_ = true;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_EXACT_SUM_H_
