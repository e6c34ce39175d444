#include "engine/window/quantiles.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace telltale::engine {
namespace {

constexpr size_t kFew = 8;  // values that there is room for at first

constexpr int kDropped = 46;  // of the 52 bits behind the point
constexpr int32_t kInfinite = 0x7FF << (52 - kDropped);
constexpr int32_t kNan = kInfinite + 1;

bool Less(double a, double b) {
  return a < b || (b != b && a == a);  // what differs from itself is nan
}

}  // namespace

// The greater the magnitude, the farther from 0; zero itself is 0.
int32_t Quantiles::BucketOf(double value) {
  if (std::isnan(value)) return kNan;
  const auto bits = std::bit_cast<uint64_t>(std::fabs(value));
  const auto number = static_cast<int32_t>(bits >> kDropped);
  return value < 0 ? -number : number;
}

double Quantiles::MiddleOf(int32_t bucket) {
  if (bucket == kNan) return std::numeric_limits<double>::quiet_NaN();
  if (bucket == 0) return 0;
  const auto magnitude = static_cast<uint64_t>(bucket < 0 ? -bucket : bucket);
  uint64_t bits = magnitude << kDropped;
  if (magnitude != static_cast<uint64_t>(kInfinite)) bits |= uint64_t{1} << (kDropped - 1);
  const auto middle = std::bit_cast<double>(bits);
  return bucket < 0 ? -middle : middle;
}

void Quantiles::Add(double value) {
  ++count_;
  if (bucketed_) return Count(BucketOf(value), 1);
  if (sorted_.empty()) sorted_.reserve(kFew);
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value, Less), value);
  if (sorted_.size() > kMostSorted) ToBuckets();
}

void Quantiles::Remove(double value) {
  if (bucketed_) {
    const int32_t number = BucketOf(value);
    const auto it = std::lower_bound(
        buckets_.begin(), buckets_.end(), number,
        [](const Bucket& bucket, int32_t wanted) { return bucket.number < wanted; });
    if (it == buckets_.end() || it->number != number) return;
    if (--it->count == 0) buckets_.erase(it);
    --count_;
    return;
  }
  const auto it = std::lower_bound(sorted_.begin(), sorted_.end(), value, Less);
  if (it == sorted_.end()) return;
  sorted_.erase(it);
  --count_;
}

void Quantiles::Merge(const Quantiles& other) {
  if (other.bucketed_) {
    if (!bucketed_) ToBuckets();
    for (const Bucket& bucket : other.buckets_) Count(bucket.number, bucket.count);
    count_ += other.count_;
    return;
  }
  if (bucketed_) {
    for (const double value : other.sorted_) Add(value);
    return;
  }
  MergeSorted(other.sorted_);
  count_ = sorted_.size();
  if (sorted_.size() > kMostSorted) ToBuckets();
}

// From the greatest on, into the room behind: so nothing is overwritten that is still to be moved.
void Quantiles::MergeSorted(const std::vector<double>& other) {
  size_t mine = sorted_.size();
  size_t theirs = other.size();
  sorted_.resize(mine + theirs);
  for (size_t to = mine + theirs; theirs > 0;) {
    const bool take_mine = mine > 0 && Less(other[theirs - 1], sorted_[mine - 1]);
    sorted_[--to] = take_mine ? sorted_[--mine] : other[--theirs];
  }
}

void Quantiles::Borrow(const Quantiles& other) {
  if (other.count_ == 0) return;
  const bool few = !bucketed_ && !other.bucketed_ && sorted_.empty() &&
                   count_ + other.count_ <= kMostExact && borrows_ < borrowed_.size();
  if (!few) {
    TakeBorrowed();
    return Merge(other);
  }
  borrowed_[borrows_++] = &other.sorted_;
  count_ += other.count_;
}

void Quantiles::TakeBorrowed() {
  const uint32_t borrows = std::exchange(borrows_, 0);
  for (uint32_t i = 0; i < borrows; ++i) MergeSorted(*borrowed_[i]);
}

void Quantiles::Clear() {
  borrows_ = 0;
  count_ = 0;
  bucketed_ = false;
  sorted_.clear();
  buckets_.clear();
}

void Quantiles::ToBuckets() {
  bucketed_ = true;
  for (const double value : sorted_) Count(BucketOf(value), 1);
  sorted_.clear();
}

void Quantiles::Count(int32_t number, uint64_t count) {
  const auto it =
      std::lower_bound(buckets_.begin(), buckets_.end(), number,
                       [](const Bucket& bucket, int32_t wanted) { return bucket.number < wanted; });
  if (it != buckets_.end() && it->number == number) {
    it->count += count;
  } else {
    buckets_.insert(it, {.number = number, .count = count});
  }
}

// From the nearer end. Of equal values the one that was borrowed later comes later, as in a merge.
double Quantiles::RankedOfBorrowed(uint64_t rank) const {
  std::array<size_t, 3> taken{};
  const bool from_greatest = rank >= count_ / 2;
  uint64_t left = from_greatest ? count_ - 1 - rank : rank;
  for (;; --left) {
    uint32_t next = borrows_;
    double value = 0;
    for (uint32_t i = 0; i < borrows_; ++i) {
      const std::vector<double>& values = *borrowed_[i];
      if (taken[i] == values.size()) continue;
      const double own = from_greatest ? values[values.size() - 1 - taken[i]] : values[taken[i]];
      const bool goes_on =
          next == borrows_ || (from_greatest ? !Less(own, value) : Less(own, value));
      if (!goes_on) continue;
      next = i;
      value = own;
    }
    if (left == 0) return value;
    ++taken[next];
  }
}

double Quantiles::Ranked(uint64_t rank) const {
  if (borrows_ != 0) return RankedOfBorrowed(rank);
  if (!bucketed_) {
    const double value = sorted_[rank];
    return count_ <= kMostExact ? value : MiddleOf(BucketOf(value));
  }
  for (const Bucket& bucket : buckets_) {
    if (rank < bucket.count) return MiddleOf(bucket.number);
    rank -= bucket.count;
  }
  return 0;
}

double Quantiles::At(double percentile) const {
  const double rank = percentile / 100 * static_cast<double>(count_ - 1);
  const double whole = std::floor(rank);
  const double fraction = rank - whole;
  const double below = Ranked(static_cast<uint64_t>(whole));
  if (fraction == 0) return below;
  const double above = Ranked(static_cast<uint64_t>(whole) + 1);
  if (above == below) return below;  // infinities, too
  return below * (1 - fraction) + above * fraction;
}

void Quantiles::Encode(ByteWriter& out) const {
  out.Byte(bucketed_ ? 1 : 0);
  if (!bucketed_) {
    out.Varint(sorted_.size());
    for (const double value : sorted_) out.Fixed64(std::bit_cast<uint64_t>(value));
    return;
  }
  out.Varint(buckets_.size());
  for (const Bucket& bucket : buckets_) {
    out.Zigzag(bucket.number);
    out.Varint(bucket.count);
  }
}

void Quantiles::Decode(ByteReader& in) {
  Clear();
  bucketed_ = in.Below(2, "mark") != 0;
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) {
    if (!bucketed_) {
      const auto value = std::bit_cast<double>(in.Fixed64());
      if (!sorted_.empty() && Less(value, sorted_.back())) in.Fail("values that are not sorted");
      sorted_.push_back(value);
      ++count_;
      continue;
    }
    const int64_t number = in.Zigzag();
    const uint64_t values = in.Varint();
    if (number < -kNan || number > kNan || values == 0 ||
        values > std::numeric_limits<uint64_t>::max() - count_ ||
        (!buckets_.empty() && number <= buckets_.back().number))
      return in.Fail("a bucket of values that is none");
    buckets_.push_back({.number = static_cast<int32_t>(number), .count = values});
    count_ += values;
  }
}

}  // namespace telltale::engine
