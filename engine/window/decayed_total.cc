#include "engine/window/decayed_total.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

namespace telltale::engine {
namespace {

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

constexpr int kPartBits = 16;      // of a half-life
constexpr int kWeightBits = 40;    // of the fraction of a weight
constexpr double kUnits = 0x1p20;  // of values
constexpr int kUnitBits = 20 + kWeightBits;
constexpr int kResultBits = 36;
constexpr int kLimbBits = 64;
constexpr int64_t kHighestBase = int64_t{1} << 45;  // half-lives are 1 ms or more
constexpr int64_t kHighestPlace = 128;              // of a value above the base

// 2^(2^-k) for k from 1 on, in units of 2^-63: the nearest. Products of them are right to 60 bits,
// and no weight lies nearer to the middle between two multiples of 2^-40 than 2^-59.5.
constexpr std::array<uint64_t, kPartBits> kRoots = {
    0xb504f333f9de6484, 0x9837f0518db8a96f, 0x8b95c1e3ea8bd6e7, 0x85aac367cc487b15,
    0x82cd8698ac2ba1d7, 0x8164d1f3bc030773, 0x80b1ed4fd999ab6c, 0x8058d7d2d5e5f6b1,
    0x802c6436d0e04f51, 0x8016302f17467628, 0x800b179c82028fd1, 0x80058baf7fee3b5d,
    0x8002c5d00fdcfcb7, 0x800162e61bed4a49, 0x8000b17292f702a4, 0x800058b92abbae02};

using Powers = std::array<uint64_t, 256>;

// The products of the eight roots from `first` on, by the bits of their index.
constexpr Powers PowersOf(int first) {
  Powers powers{};
  for (uint32_t index = 0; index < powers.size(); ++index) {
    UnsignedWide power = UnsignedWide{1} << 63;
    for (int bit = 0; bit < 8; ++bit) {
      if ((index >> (7 - bit) & 1) != 0)
        power = (power * kRoots[static_cast<size_t>(first + bit)] + (UnsignedWide{1} << 62)) >> 63;
    }
    powers[index] = static_cast<uint64_t>(power);
  }
  return powers;
}

constexpr Powers kHigh = PowersOf(0);
constexpr Powers kLow = PowersOf(8);

struct Moment {
  int64_t half_lives = 0;
  uint32_t part = 0;
};

Moment MomentOf(int64_t time, int64_t half_life) {
  const Wide scaled = static_cast<Wide>(time) << kPartBits;
  const Wide parts = scaled / half_life - (scaled % half_life < 0 ? 1 : 0);
  return {.half_lives = static_cast<int64_t>(parts >> kPartBits),
          .part = static_cast<uint32_t>(parts & ((1 << kPartBits) - 1))};
}

int64_t BaseOf(int64_t half_lives) { return half_lives & ~int64_t{kLimbBits - 1}; }

double Rounded(double value) {
  int exponent = 0;
  const double digits = std::frexp(value, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(digits, kResultBits)), exponent - kResultBits);
}

}  // namespace

uint64_t DecayWeight(uint32_t part) {
  constexpr int kBeyond = 2 * 63 - kWeightBits;
  const UnsignedWide product = UnsignedWide{kHigh[part >> 8]} * kLow[part & 255];
  return static_cast<uint64_t>((product + (UnsignedWide{1} << (kBeyond - 1))) >> kBeyond);
}

void DecayedTotal::Add(double value, int64_t time, int64_t half_life, int sign) {
  if (!(std::fabs(value) <= kGreatest)) return;  // only of bytes that nobody wrote
  const Moment moment = MomentOf(time, half_life);
  if (IsZero()) base_ = BaseOf(moment.half_lives);
  if (moment.half_lives < base_ || moment.half_lives - base_ >= kHighestPlace)
    MoveBase(moment.half_lives < base_ ? BaseOf(moment.half_lives)
                                       : BaseOf(moment.half_lives) - kLimbBits);
  const auto units = static_cast<Wide>(std::nearbyint(value * kUnits));
  const Wide term = units * static_cast<Wide>(DecayWeight(moment.part)) * sign;
  const auto place = static_cast<int>(moment.half_lives - base_);
  const int shift = place % kLimbBits;
  const auto low = static_cast<UnsignedWide>(term) << shift;
  const Wide high = shift == 0 ? (term < 0 ? -1 : 0) : term >> (2 * kLimbBits - shift);
  Limbs limbs;
  limbs.fill(high < 0 ? ~uint64_t{0} : 0);
  const auto at = static_cast<size_t>(place / kLimbBits);
  std::fill_n(limbs.begin(), at, 0);
  limbs[at] = static_cast<uint64_t>(low);
  limbs[at + 1] = static_cast<uint64_t>(low >> kLimbBits);
  limbs[at + 2] = static_cast<uint64_t>(high);
  AddLimbs(limbs);
}

void DecayedTotal::AddLimbs(const Limbs& other) {
  uint64_t carry = 0;
  for (size_t i = 0; i < limbs_.size(); ++i) {
    const UnsignedWide sum = UnsignedWide{limbs_[i]} + other[i] + carry;
    limbs_[i] = static_cast<uint64_t>(sum);
    carry = static_cast<uint64_t>(sum >> kLimbBits);
  }
}

// Exact: what lies below the new base has left, and above there is room for what is in it.
void DecayedTotal::MoveBase(int64_t base) {
  if (std::abs(base - base_) >= kLimbs * kLimbBits) Clear();  // only of bytes that nobody wrote
  if (IsZero()) base_ = base;
  const uint64_t sign = static_cast<int64_t>(limbs_.back()) < 0 ? ~uint64_t{0} : 0;
  for (; base_ < base; base_ += kLimbBits) {
    std::move(limbs_.begin() + 1, limbs_.end(), limbs_.begin());
    limbs_.back() = sign;
  }
  for (; base_ > base; base_ -= kLimbBits) {
    std::move_backward(limbs_.begin(), limbs_.end() - 1, limbs_.end());
    limbs_.front() = 0;
  }
}

void DecayedTotal::Merge(const DecayedTotal& other) {
  if (other.IsZero()) return;
  if (IsZero()) {
    *this = other;
    return;
  }
  // What both hold fits above the base before the greater one's.
  const int64_t base = std::max(base_, other.base_);
  DecayedTotal moved = other;
  const int64_t common = base_ == other.base_ ? base : base - kLimbBits;
  moved.MoveBase(common);
  MoveBase(common);
  AddLimbs(moved.limbs_);
}

double DecayedTotal::At(int64_t time, int64_t half_life) const {
  if (IsZero()) return 0;
  const Moment moment = MomentOf(time, half_life);
  const bool negative = static_cast<int64_t>(limbs_.back()) < 0;
  DecayedTotal size;
  if (negative) {
    size.limbs_.fill(~uint64_t{0});
    for (size_t i = 0; i < limbs_.size(); ++i) size.limbs_[i] ^= limbs_[i];
    size.AddLimbs({1});
  } else {
    size.limbs_ = limbs_;
  }
  size_t top = limbs_.size() - 1;
  while (size.limbs_[top] == 0) --top;
  // The 64 highest bits, the last of which stands for all below it.
  const int zeros = std::countl_zero(size.limbs_[top]);
  uint64_t digits = size.limbs_[top] << zeros;
  bool more = false;
  if (top > 0) {
    if (zeros > 0) digits |= size.limbs_[top - 1] >> (kLimbBits - zeros);
    more = zeros == 0 ? size.limbs_[top - 1] != 0 : size.limbs_[top - 1] << zeros != 0;
    for (size_t i = 0; i + 1 < top; ++i) more = more || size.limbs_[i] != 0;
  }
  const int64_t exponent =
      static_cast<int64_t>(top) * kLimbBits - zeros - kUnitBits + base_ - moment.half_lives;
  const double sum =
      std::ldexp(static_cast<double>(digits | (more ? 1 : 0)), static_cast<int>(exponent));
  const double since =
      moment.part == 0
          ? 1
          : std::ldexp(static_cast<double>(DecayWeight((1 << kPartBits) - moment.part)),
                       -kWeightBits - 1);
  return Rounded((negative ? -sum : sum) * since);
}

void DecayedTotal::Encode(ByteWriter& out) const {
  out.Zigzag(IsZero() ? 0 : base_);
  size_t used = limbs_.size();
  const uint64_t sign = static_cast<int64_t>(limbs_.back()) < 0 ? 1 : 0;
  while (used > 0 && limbs_[used - 1] == (sign != 0 ? ~uint64_t{0} : 0)) --used;
  out.Varint(used * 2 + sign);
  for (size_t i = 0; i < used; ++i) out.Fixed64(limbs_[i]);
}

void DecayedTotal::Decode(ByteReader& in) {
  base_ = in.Zigzag();
  const uint32_t used = in.Below(2 * kLimbs + 2, "size of a decayed sum");
  limbs_.fill((used & 1) != 0 ? ~uint64_t{0} : 0);
  for (size_t i = 0; i < used / 2; ++i) limbs_[i] = in.Fixed64();
  if (base_ % kLimbBits != 0 || base_ > kHighestBase || base_ < -kHighestBase)
    in.Fail("a decayed sum out of its place");
}

}  // namespace telltale::engine
