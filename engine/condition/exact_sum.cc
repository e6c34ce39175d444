#include "engine/condition/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace telltale::engine {
namespace {

__extension__ using Unsigned = unsigned __int128;

constexpr int64_t kGreatestDigit = int64_t{1} << 60;

}  // namespace

void ExactSum::Add(double value) {
  any_ = true;
  const auto bits = std::bit_cast<uint64_t>(value);
  if (bits != uint64_t{1} << 63) all_minus_zero_ = false;
  const int exponent = static_cast<int>((bits >> 52) & 0x7FF);
  const bool negative = (bits >> 63) != 0;
  uint64_t mantissa = bits & ((uint64_t{1} << 52) - 1);
  if (exponent == 0x7FF) {
    nan_ = nan_ || mantissa != 0;
    (negative ? minus_infinite_ : infinite_) |= mantissa == 0;
    return;
  }
  if (exponent != 0) mantissa |= uint64_t{1} << 52;
  AddBits(mantissa, exponent == 0 ? 0 : exponent - 1, negative);
}

void ExactSum::AddScaled(ExactSum::Wide value, int exponent) {
  any_ = true;
  all_minus_zero_ = false;
  const bool negative = value < 0;
  auto magnitude = static_cast<Unsigned>(value);
  if (negative) magnitude = ~magnitude + 1;
  AddBits(static_cast<uint64_t>(magnitude), kLowest + exponent, negative);
  AddBits(static_cast<uint64_t>(magnitude >> 64), kLowest + exponent + 64, negative);
}

void ExactSum::Merge(const ExactSum& other) {
  Carry(digits_);
  pending_ = 1;
  std::array<int64_t, kDigits> digits = other.digits_;
  Carry(digits);
  for (size_t i = 0; i < digits.size(); ++i) digits_[i] += digits[i];
  nan_ = nan_ || other.nan_;
  infinite_ = infinite_ || other.infinite_;
  minus_infinite_ = minus_infinite_ || other.minus_infinite_;
  all_minus_zero_ = all_minus_zero_ && other.all_minus_zero_;
  any_ = any_ || other.any_;
}

// Only sums of finite numbers are written down.
void ExactSum::Encode(ByteWriter& out) const {
  std::array<int64_t, kDigits> digits = digits_;
  Carry(digits);
  for (const int64_t digit : digits) out.Zigzag(digit);
}

void ExactSum::Decode(ByteReader& in) {
  *this = ExactSum();
  any_ = true;
  all_minus_zero_ = false;
  for (int64_t& digit : digits_) {
    digit = in.Zigzag();
    if (digit < -kGreatestDigit || digit > kGreatestDigit) in.Fail("a digit of a sum that is none");
  }
}

void ExactSum::AddBits(uint64_t bits, int position, bool negative) {
  const auto digit = static_cast<size_t>(position / 32);
  const Unsigned wide = static_cast<Unsigned>(bits) << (position % 32);
  for (size_t i = 0; i < 3; ++i) {
    const auto part = static_cast<int64_t>(static_cast<uint32_t>(wide >> (32 * i)));
    digits_[digit + i] += negative ? -part : part;
  }
  if (++pending_ == uint32_t{1} << 30) {
    Carry(digits_);
    pending_ = 0;
  }
}

// All digits but the last are in [0, 2^32) afterwards; the sign is the last one's.
void ExactSum::Carry(std::array<int64_t, kDigits>& digits) {
  for (size_t i = 0; i + 1 < digits.size(); ++i) {
    const int64_t carry = digits[i] >> 32;  // rounds down
    digits[i] -= carry * (int64_t{1} << 32);
    digits[i + 1] += carry;
  }
}

double ExactSum::Round() const {
  if (nan_ || (infinite_ && minus_infinite_)) return std::numeric_limits<double>::quiet_NaN();
  if (infinite_) return std::numeric_limits<double>::infinity();
  if (minus_infinite_) return -std::numeric_limits<double>::infinity();

  std::array<int64_t, kDigits> digits = digits_;
  Carry(digits);
  const bool negative = digits.back() < 0;
  if (negative) {
    for (int64_t& digit : digits) digit = -digit;
    Carry(digits);
  }
  int top = kDigits - 1;
  while (top >= 0 && digits[static_cast<size_t>(top)] == 0) --top;
  if (top < 0) return any_ && all_minus_zero_ ? -0.0 : 0.0;

  const auto digit = [&](int i) {
    return i < 0 ? uint64_t{0} : static_cast<uint64_t>(digits[static_cast<size_t>(i)]);
  };
  // The highest 64 bits, the last of which also stands for all that is below them.
  const int width = static_cast<int>(std::bit_width(digit(top)));
  const Unsigned wide = (static_cast<Unsigned>(digit(top)) << 64) |
                        (static_cast<Unsigned>(digit(top - 1)) << 32) | digit(top - 2);
  const auto head =
      static_cast<uint64_t>(wide >> width);  // width + 64 bits, all but 64 of them dropped
  bool below = (wide & ((static_cast<Unsigned>(1) << width) - 1)) != 0;
  for (int i = top - 3; i >= 0 && !below; --i) below = digit(i) != 0;

  // Bit 0 of `head` weighs 2^exponent. A double keeps 53 bits, and none below 2^-1074.
  int exponent = (top - 2) * 32 + width - kLowest;
  const int drop = std::max(11, -kLowest - exponent);
  uint64_t kept = drop >= 64 ? 0 : head >> drop;
  const uint64_t rest = drop >= 64 ? head : head & ((uint64_t{1} << drop) - 1);
  const uint64_t half = drop > 64 ? 0 : uint64_t{1} << (drop - 1);
  if (drop <= 64 && (rest > half || (rest == half && (below || (kept & 1) != 0)))) ++kept;
  const double magnitude = std::ldexp(static_cast<double>(kept), exponent + drop);
  return negative ? -magnitude : magnitude;
}

}  // namespace telltale::engine
