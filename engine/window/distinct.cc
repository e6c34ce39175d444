#include "engine/window/distinct.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

namespace telltale::engine {

void Distinct::Add(uint64_t hash) {
  if (registers_ != nullptr) return Note(hash);
  counts_.Insert(hash);
  if (counts_.size() > kMostExact) Sketch();
}

void Distinct::Merge(const Distinct& other) {
  unequal_ += other.unequal_;
  if (other.registers_ != nullptr) {
    if (registers_ == nullptr) Sketch();
    for (size_t i = 0; i < kRegisters; ++i)
      (*registers_)[i] = std::max((*registers_)[i], (*other.registers_)[i]);
  }
  other.counts_.ForEach([this](uint64_t hash, uint64_t) { Add(hash); });
}

void Distinct::Clear() {
  counts_.Clear();
  registers_.reset();
  unequal_ = 0;
}

void Distinct::Sketch() {
  registers_ = std::make_unique<Registers>();
  registers_->fill(0);
  counts_.ForEach([this](uint64_t hash, uint64_t) { Note(hash); });
  counts_ = {};
}

void Distinct::Note(uint64_t hash) {
  // Of what is exact as much is known. The marker keeps a rest of zeros within what is left of 64
  // bits.
  const uint64_t rest = (HashCounts::Part(hash) << kIndexBits) | (uint64_t{1} << (kIndexBits - 1));
  const auto rank = static_cast<uint8_t>(std::countl_zero(rest) + 1);
  uint8_t& known = (*registers_)[hash >> (64 - kIndexBits)];
  known = std::max(known, rank);
}

uint64_t Distinct::Estimate() const {
  constexpr int kMost = 64 - kIndexBits + 1;
  std::array<uint32_t, kMost + 1> ranks{};
  for (const uint8_t rank : *registers_) ++ranks[rank];
  constexpr double m = kRegisters;
  const auto tau = [](double x) {
    if (x == 0 || x == 1) return 0.0;
    double y = 1;
    double z = 1 - x;
    for (double before = -1; before != z;) {
      x = std::sqrt(x);
      before = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    }
    return z / 3;
  };
  const auto sigma = [](double x) {
    if (x == 1) return HUGE_VAL;
    double y = 1;
    double z = x;
    for (double before = -1; before != z;) {
      x *= x;
      before = z;
      z += x * y;
      y += y;
    }
    return z;
  };
  double z = m * tau(1 - ranks[kMost] / m);
  for (size_t rank = kMost - 1; rank >= 1; --rank) z = 0.5 * (z + ranks[rank]);
  z += m * sigma(ranks[0] / m);
  constexpr double kAlpha = 0.72134752044448170368;  // 1 / (2 ln 2)
  return static_cast<uint64_t>(std::llround(kAlpha * m * m / z));
}

void Distinct::Encode(ByteWriter& out) const {
  out.Varint(unequal_);
  out.Byte(registers_ == nullptr ? 0 : 1);
  if (registers_ != nullptr) {
    for (const uint8_t rank : *registers_) out.Byte(rank);
    return;
  }
  std::vector<std::pair<uint64_t, uint64_t>> counts;
  counts_.ForEach([&](uint64_t hash, uint64_t count) { counts.emplace_back(hash, count); });
  std::sort(counts.begin(), counts.end());
  out.Varint(counts.size());
  for (const auto& [hash, count] : counts) {
    out.Fixed64(hash);
    out.Varint(count);
  }
}

void Distinct::Decode(ByteReader& in) {
  Clear();
  unequal_ = in.Varint();
  if (in.Below(2, "mark") != 0) {
    registers_ = std::make_unique<Registers>();
    for (uint8_t& rank : *registers_)
      rank = static_cast<uint8_t>(in.Below(64 - kIndexBits + 2, "rank"));
    return;
  }
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) {
    const uint64_t hash = in.Fixed64();
    const uint32_t times = in.Below(uint64_t{1} << 32, "count");
    if (times != 0 && !counts_.AddNew(hash, times)) in.Fail("a value comes twice");
  }
}

}  // namespace telltale::engine
