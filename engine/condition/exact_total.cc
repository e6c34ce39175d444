#include "engine/condition/exact_total.h"

#include <bit>
#include <cmath>
#include <limits>

namespace telltale::engine {
namespace {

__extension__ using Unsigned = unsigned __int128;

constexpr int kUnit = 64;  // `fixed_` counts 2^-kUnit
constexpr int kLowestExponent = -1074;

struct Parts {
  int64_t mantissa = 0;  // with the sign
  int exponent = 0;
};

// REQUIRES: finite.
Parts PartsOf(double value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  const int biased = static_cast<int>((bits >> 52) & 0x7FF);
  auto mantissa = static_cast<int64_t>(bits & ((uint64_t{1} << 52) - 1));
  if (biased != 0) mantissa |= int64_t{1} << 52;
  return {.mantissa = (bits >> 63) != 0 ? -mantissa : mantissa,
          .exponent = (biased == 0 ? 1 : biased) + kLowestExponent - 1};
}

int Width(ExactTotal::Wide value) {
  const auto magnitude = static_cast<Unsigned>(value < 0 ? -value : value);
  const auto high = static_cast<uint64_t>(magnitude >> 64);
  return high != 0 ? 64 + std::bit_width(high) : std::bit_width(static_cast<uint64_t>(magnitude));
}

void EncodeWide(ExactTotal::Wide value, ByteWriter& out) {
  out.Zigzag(static_cast<int64_t>(value >> 64));
  out.Varint(static_cast<uint64_t>(value));
}

ExactTotal::Wide DecodeWide(ByteReader& in) {
  const auto high = static_cast<Unsigned>(static_cast<uint64_t>(in.Zigzag()));
  return static_cast<ExactTotal::Wide>((high << 64) | in.Varint());
}

}  // namespace

void ExactTotal::Add(double finite, int sign) {
  const Parts parts = PartsOf(finite);
  AddScaled(parts.mantissa, parts.exponent, sign);
}

void ExactTotal::AddWhole(Wide value, int sign) {
  const Wide term = sign < 0 ? -value : value;
  Wide sum;
  if (__builtin_add_overflow(whole_, term, &sum)) {
    Spill(whole_, 0);
    sum = term;
  }
  whole_ = sum;
}

void ExactTotal::AddSquare(double finite, int sign) {
  if (std::isinf(finite * finite)) {
    infinite_squares_ += static_cast<uint64_t>(static_cast<int64_t>(sign));
    return;
  }
  const Parts parts = PartsOf(finite);
  Wide square = static_cast<Wide>(parts.mantissa) * parts.mantissa;
  int exponent = 2 * parts.exponent;
  if (exponent < kLowestExponent) {
    const int below = kLowestExponent - exponent;
    square = below > 126 ? 0 : square >> below;
    exponent = kLowestExponent;
  }
  AddScaled(square, exponent, sign);
}

void ExactTotal::AddSquareOfWhole(Wide value, int sign) {
  // Up to 2^128: in two halves, each of which has a sign to spare.
  const auto magnitude = static_cast<Unsigned>(value < 0 ? -value : value);
  const Unsigned square = magnitude * magnitude;
  AddWhole(static_cast<Wide>(static_cast<uint64_t>(square)), sign);
  const auto high = static_cast<uint64_t>(square >> 64);
  if (high == 0) return;
  // 2^64 times as much, where it fits.
  if (high < uint64_t{1} << 62) {
    AddWhole(static_cast<Wide>(high) << 64, sign);
  } else {
    Spill(sign < 0 ? -static_cast<Wide>(high) : static_cast<Wide>(high), 64);
  }
}

void ExactTotal::AddScaled(Wide value, int exponent, int sign) {
  if (value == 0) return;
  if (sign < 0) value = -value;
  const int shift = exponent + kUnit;
  Wide term;
  if (shift >= 0) {
    if (Width(value) + shift > 126) return Spill(value, exponent);
    term = value * (static_cast<Wide>(1) << shift);
  } else {
    if (-shift > 126 || (value & ((static_cast<Wide>(1) << -shift) - 1)) != 0)
      return Spill(value, exponent);
    term = value >> -shift;
  }
  Wide sum;
  if (__builtin_add_overflow(fixed_, term, &sum)) {
    Spill(fixed_, -kUnit);
    sum = term;
  }
  fixed_ = sum;
}

void ExactTotal::Spill(Wide value, int exponent) {
  if (spill_ == nullptr) spill_ = std::make_unique<ExactSum>();
  spill_->AddScaled(value, exponent);
}

void ExactTotal::Merge(const ExactTotal& other) {
  AddWhole(other.whole_, 1);
  AddScaled(other.fixed_, -kUnit, 1);
  infinite_squares_ += other.infinite_squares_;
  if (other.spill_ == nullptr) return;
  if (spill_ == nullptr) spill_ = std::make_unique<ExactSum>();
  spill_->Merge(*other.spill_);
}

void ExactTotal::Clear() {
  whole_ = 0;
  fixed_ = 0;
  infinite_squares_ = 0;
  spill_.reset();
}

ExactSum ExactTotal::All() const {
  ExactSum all = spill_ == nullptr ? ExactSum() : *spill_;
  all.AddScaled(whole_, 0);
  all.AddScaled(fixed_, -kUnit);
  return all;
}

double ExactTotal::Round() const {
  if (spill_ == nullptr && Width(whole_) <= 60) {
    Wide sum;
    // A conversion rounds once, to even, and 2^-64 is exact.
    if (!__builtin_add_overflow(whole_ * (static_cast<Wide>(1) << kUnit), fixed_, &sum))
      return std::ldexp(static_cast<double>(sum), -kUnit);
  }
  return All().Round();
}

std::array<double, 4> ExactTotal::Expand() const {
  ExactSum all = All();
  std::array<double, 4> terms{};
  for (double& term : terms) {
    term = all.Round();
    if (term == 0 || std::isinf(term)) break;
    all.Add(-term);
  }
  return terms;
}

// What doubles have left in the other parts, though they are gone, adds up to a whole number.
std::optional<ExactTotal::Wide> ExactTotal::Whole() const {
  if (fixed_ == 0 && spill_ == nullptr) return whole_;
  const std::array<double, 4> terms = Expand();
  if (std::fabs(terms[0]) > 0x1p65) return std::nullopt;
  return static_cast<Wide>(terms[0]) + static_cast<Wide>(terms[1]);
}

void ExactTotal::Encode(ByteWriter& out) const {
  EncodeWide(whole_, out);
  EncodeWide(fixed_, out);
  out.Varint(infinite_squares_);
  out.Byte(spill_ == nullptr ? 0 : 1);
  if (spill_ != nullptr) spill_->Encode(out);
}

void ExactTotal::Decode(ByteReader& in) {
  Clear();
  whole_ = DecodeWide(in);
  fixed_ = DecodeWide(in);
  infinite_squares_ = in.Varint();
  if (in.Below(2, "mark") == 0) return;
  spill_ = std::make_unique<ExactSum>();
  spill_->Decode(in);
}

// --- Totals ---

bool Totals::Change(Value number, int sign) {
  const auto step = static_cast<uint64_t>(static_cast<int64_t>(sign));
  switch (number.kind()) {
    case ValueKind::kInt:
      ints_ += step;
      total_.AddWhole(number.as_int(), sign);
      break;
    case ValueKind::kUint:
      uints_ += step;
      total_.AddWhole(number.as_uint(), sign);
      break;
    case ValueKind::kDouble: {
      const double value = number.as_double();
      doubles_ += step;
      if (std::isnan(value)) {
        nans_ += step;
      } else if (std::isinf(value)) {
        (value < 0 ? minus_infinite_ : infinite_) += step;
      } else if (value == 0) {
        if (std::signbit(value)) minus_zeros_ += step;
      } else {
        total_.Add(value, sign);
      }
      break;
    }
    default:
      return false;
  }
  if (count() == 0) total_.Clear();
  return true;
}

void Totals::Merge(const Totals& other) {
  ints_ += other.ints_;
  uints_ += other.uints_;
  doubles_ += other.doubles_;
  nans_ += other.nans_;
  infinite_ += other.infinite_;
  minus_infinite_ += other.minus_infinite_;
  minus_zeros_ += other.minus_zeros_;
  total_.Merge(other.total_);
}

void Totals::Clear() { *this = Totals(); }

double Totals::Special() const {
  if (nans_ != 0 || (infinite_ != 0 && minus_infinite_ != 0))
    return std::numeric_limits<double>::quiet_NaN();
  if (infinite_ != 0) return std::numeric_limits<double>::infinity();
  return minus_infinite_ != 0 ? -std::numeric_limits<double>::infinity() : 0;
}

double Totals::Round() const {
  const double special = Special();
  if (special != 0) return special;
  const double sum = total_.Round();
  return sum == 0 && minus_zeros_ != 0 && minus_zeros_ == count() ? -0.0 : sum;
}

Value Totals::Sum(bool real) const {
  if (doubles_ != 0 || (real && count() == 0)) return Value::Double(Round());
  const bool is_uint = ints_ == 0 && uints_ != 0;
  const std::optional<ExactTotal::Wide> whole = total_.Whole();
  const ExactTotal::Wide least = is_uint ? 0 : std::numeric_limits<int64_t>::min();
  const ExactTotal::Wide greatest = is_uint ? ExactTotal::Wide{std::numeric_limits<uint64_t>::max()}
                                            : ExactTotal::Wide{std::numeric_limits<int64_t>::max()};
  if (!whole || *whole < least || *whole > greatest) return Value::Error(ErrorCode::kOverflow);
  return is_uint ? Value::Uint(static_cast<uint64_t>(*whole))
                 : Value::Int(static_cast<int64_t>(*whole));
}

Value Totals::Average() const {
  if (count() == 0) return Value::Error(ErrorCode::kDivideByZero);
  return Value::Double(Round() / static_cast<double>(count()));
}

void Totals::Square(Value number, ExactTotal& squares, int sign) {
  switch (number.kind()) {
    case ValueKind::kInt:
      return squares.AddSquareOfWhole(number.as_int(), sign);
    case ValueKind::kUint:
      return squares.AddSquareOfWhole(number.as_uint(), sign);
    default:
      if (number.is(ValueKind::kDouble) && std::isfinite(number.as_double()))
        squares.AddSquare(number.as_double(), sign);
  }
}

// n * sum(x^2) - sum(x)^2 loses what the two have in common, which may be nearly all of more than
// 100 bits: hence the products of what the sums are made of, summed exactly.
Value Totals::Deviation(const ExactTotal& squares) const {
  if (count() == 0) return Value::Error(ErrorCode::kDivideByZero);
  if (Special() != 0) return Value::Double(std::numeric_limits<double>::quiet_NaN());
  const auto n = static_cast<double>(count());
  const std::array<double, 4> sum = total_.Expand();
  const std::array<double, 4> of_squares = squares.Expand();
  ExactSum spread;
  bool in_range = squares.infinite_squares() == 0;
  const auto add_product = [&](double a, double b) {
    const double high = a * b;
    in_range = in_range && std::isfinite(high);
    if (!in_range || high == 0) return;
    spread.Add(high);
    spread.Add(std::fma(a, b, -high));
  };
  for (const double a : of_squares) add_product(n, a);
  for (const double a : sum) {
    for (const double b : sum) add_product(-a, b);
  }
  if (!in_range) return Value::Double(std::numeric_limits<double>::infinity());
  const double rounded = spread.Round();
  return Value::Double(rounded <= 0 ? 0.0 : std::sqrt(rounded) / n);
}

void Totals::Encode(ByteWriter& out) const {
  for (const uint64_t number :
       {ints_, uints_, doubles_, nans_, infinite_, minus_infinite_, minus_zeros_})
    out.Varint(number);
  total_.Encode(out);
}

void Totals::Decode(ByteReader& in) {
  for (uint64_t* number :
       {&ints_, &uints_, &doubles_, &nans_, &infinite_, &minus_infinite_, &minus_zeros_})
    *number = in.Varint();
  total_.Decode(in);
}

}  // namespace telltale::engine
