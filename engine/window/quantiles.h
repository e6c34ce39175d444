// Percentiles of numbers (W1, W5): exact up to 1,000, beyond that the middle of a bucket within
// 0.8 % of the value.
//
// Few values are kept sorted, many as counts of buckets, 64 to each power of two. A value's bucket
// is the upper bits of the double, so no logarithm hangs on the machine; and buckets are in the
// values' order, so that what is answered follows from the values alone, in whichever way they are
// kept. nan is the greatest. Owner: the holder. Thread: plain data. Errors: hostile bytes make the
// reader fail.
#ifndef TELLTALE_ENGINE_WINDOW_QUANTILES_H_
#define TELLTALE_ENGINE_WINDOW_QUANTILES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "engine/event/bytes.h"

namespace telltale::engine {

class Quantiles {
 public:
  static constexpr size_t kMostExact = 1'000;
  // So many are kept sorted: where a window goes up and down around kMostExact, they do not have to
  // be found again each time.
  static constexpr size_t kMostSorted = 2'000;

  void Add(double value);
  void Remove(double value);  // REQUIRES: it is in it
  void Merge(const Quantiles& other);
  // The same, but that it is looked at where it stands: `other` stays as it is until Clear. Nothing
  // but this, count, At and Clear may be called from then on.
  void Borrow(const Quantiles& other);
  void Clear();

  uint64_t count() const { return count_; }
  // After a Remove: few are left, and only their buckets are known. Clear it, and add all again.
  bool wants_values() const { return bucketed_ && count_ <= kMostExact; }
  // 0 <= percentile <= 100. REQUIRES: count() > 0.
  double At(double percentile) const;

  void Encode(ByteWriter& out) const;
  void Decode(ByteReader& in);

 private:
  struct Bucket {
    int32_t number = 0;
    uint64_t count = 0;
  };
  static int32_t BucketOf(double value);
  static double MiddleOf(int32_t bucket);

  void MergeSorted(const std::vector<double>& other);
  void ToBuckets();
  void Count(int32_t bucket, uint64_t count);
  void TakeBorrowed();
  double Ranked(uint64_t rank) const;  // from 0
  double RankedOfBorrowed(uint64_t rank) const;

  uint64_t count_ = 0;
  bool bucketed_ = false;
  std::vector<double> sorted_;
  // In their order; each is sorted and not empty, and they are no more than kMostExact together.
  std::array<const std::vector<double>*, 3> borrowed_{};
  uint32_t borrows_ = 0;
  std::vector<Bucket> buckets_;  // ascending, none empty
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_QUANTILES_H_
