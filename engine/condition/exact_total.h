// A running sum of numbers that is exact, and from which a number can be taken out again (W5).
//
// Whole numbers and most doubles (what is a multiple of 2^-64 and not astronomic) are two numbers
// of 128 bits; what does not fit there goes to an ExactSum of 560 bytes, which few sums need. All
// three are parts of one sum, so what was added here may be taken out there.
//
// Owner: the holder. Thread: plain data. Errors: none; squares beyond the range of doubles are
// counted, and what of a square lies below 2^-1074 is left out.
#ifndef TELLTALE_ENGINE_CONDITION_EXACT_TOTAL_H_
#define TELLTALE_ENGINE_CONDITION_EXACT_TOTAL_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "engine/condition/exact_sum.h"
#include "engine/event/bytes.h"
#include "engine/event/value.h"

namespace telltale::engine {

class ExactTotal {
 public:
  __extension__ using Wide = __int128;

  // `sign`: 1 adds, -1 takes out.
  void Add(double finite, int sign);
  void AddWhole(Wide value, int sign);
  void AddSquare(double finite, int sign);
  void AddSquareOfWhole(Wide value, int sign);  // of 64 bits
  void Merge(const ExactTotal& other);
  void Clear();

  // None: it is beyond 65 bits. REQUIRES: it is a whole number, for no double is in it.
  std::optional<Wide> Whole() const;
  double Round() const;
  // Doubles that come to it, each the one nearest to what those before it leave: some 200 bits of
  // it. REQUIRES: it is within the range of doubles.
  std::array<double, 4> Expand() const;
  uint64_t infinite_squares() const { return infinite_squares_; }

  void Encode(ByteWriter& out) const;
  void Decode(ByteReader& in);

 private:
  // value * 2^exponent.
  void AddScaled(Wide value, int exponent, int sign);
  void Spill(Wide value, int exponent);
  ExactSum All() const;

  Wide whole_ = 0;
  Wide fixed_ = 0;  // in units of 2^-64
  uint64_t infinite_squares_ = 0;
  std::unique_ptr<ExactSum> spill_;
};

// The numbers of a list or a window, of any kinds together: what sum, avg and stddev say of them.
class Totals {
 public:
  // False: it is no number.
  bool Add(Value number) { return Change(number, 1); }
  void Remove(Value number) { Change(number, -1); }
  void Merge(const Totals& other);
  void Clear();

  uint64_t count() const { return ints_ + uints_ + doubles_; }
  // `real`: the sum of nothing is 0.0. An error where whole numbers overflow.
  Value Sum(bool real) const;
  // An error of nothing.
  Value Average() const;
  // The population's; `squares` is the sum of theirs. An error of nothing.
  Value Deviation(const ExactTotal& squares) const;
  // Adds the square of a number to `squares`, or takes it out.
  static void Square(Value number, ExactTotal& squares, int sign);

  void Encode(ByteWriter& out) const;
  void Decode(ByteReader& in);

 private:
  bool Change(Value number, int sign);
  double Special() const;  // what nans and infinities make of it; 0: nothing
  double Round() const;

  // First what whole numbers change: a line of the cache.
  ExactTotal total_;
  uint64_t ints_ = 0;
  uint64_t uints_ = 0;
  uint64_t doubles_ = 0;  // all, the following among them
  uint64_t nans_ = 0;
  uint64_t infinite_ = 0;
  uint64_t minus_infinite_ = 0;
  uint64_t minus_zeros_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_EXACT_TOTAL_H_
