#include "engine/pattern/wait_index.h"

namespace telltale::engine {
namespace {

constexpr size_t kFirstBuckets = 64;
constexpr size_t kLeastLimit = 256;

}  // namespace

void WaitIndex::Clear() {
  entries_.clear();
  deadlines_.clear();
  std::fill(buckets_.begin(), buckets_.end(), Bucket());
  used_ = 0;
  limit_ = kLeastLimit;
}

// Multiplicative mixing (the constants are those of MurmurHash3's finalizer): values' hashes are
// numbers that may differ in their upper bits alone.
uint64_t WaitIndex::KeyOf(uint32_t role, uint64_t hash) {
  uint64_t key = hash + (uint64_t{role} + 1) * 0x9e3779b97f4a7c15u;
  key = (key ^ key >> 33) * 0xff51afd7ed558ccdu;
  key = (key ^ key >> 33) * 0xc4ceb9fe1a85ec53u;
  return key ^ key >> 33;
}

void WaitIndex::Add(uint32_t role, uint64_t hash, uint32_t number) {
  if ((used_ + 1) * 2 > buckets_.size()) Grow();
  const uint64_t key = KeyOf(role, hash);
  Bucket& bucket = BucketOf(key);
  if (!bucket.used) {
    bucket = {.key = key, .head = kNone, .used = true};
    ++used_;
  }
  entries_.push_back({.key = key, .role = role, .number = number, .next = bucket.head});
  bucket.head = static_cast<uint32_t>(entries_.size() - 1);
}

void WaitIndex::AddDeadline(int64_t deadline, uint32_t number) {
  if (deadline == kForever) return;
  deadlines_.push_back({.time = deadline, .number = number});
  std::push_heap(deadlines_.begin(), deadlines_.end(), Later);
}

// The bucket of the key, or the free one where it would stand.
WaitIndex::Bucket& WaitIndex::BucketOf(uint64_t key) {
  const size_t mask = buckets_.size() - 1;
  size_t at = key & mask;
  while (buckets_[at].used && buckets_[at].key != key) at = (at + 1) & mask;
  return buckets_[at];
}

uint32_t* WaitIndex::HeadOf(uint64_t key) {
  if (buckets_.empty()) return nullptr;
  Bucket& bucket = BucketOf(key);
  return bucket.used ? &bucket.head : nullptr;
}

void WaitIndex::Grow() {
  std::vector<Bucket> old(std::max(kFirstBuckets, 2 * buckets_.size()));
  old.swap(buckets_);
  for (const Bucket& bucket : old) {
    if (bucket.used) BucketOf(bucket.key) = bucket;
  }
}

void WaitIndex::Relink() {
  std::fill(buckets_.begin(), buckets_.end(), Bucket());
  used_ = 0;
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    Bucket& bucket = BucketOf(entry.key);
    if (!bucket.used) {
      bucket = {.key = entry.key, .head = kNone, .used = true};
      ++used_;
    }
    entry.next = bucket.head;
    bucket.head = i;
  }
  limit_ = std::max(kLeastLimit, 2 * (entries_.size() + deadlines_.size()));
}

}  // namespace telltale::engine
