// 128-bit hashes: of keys, to find their state, and of the parts that identify an alert (A1, A3).
//
// XXH3 over length-prefixed parts, so that ("ab","c") and ("a","bc") differ. The seed is fixed: ids
// must not depend on the process. Thread: any.
#ifndef TELLTALE_ENGINE_EVENT_HASH_H_
#define TELLTALE_ENGINE_EVENT_HASH_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace telltale::engine {

using Hash128 = std::array<uint64_t, 2>;  // low, high

Hash128 HashBytes(std::string_view bytes);

// Lower case hexadecimal, 32 digits.
std::string ToHex(const Hash128& hash);

// Collects length-prefixed parts, then hashes them.
class PartHasher {
 public:
  PartHasher& Add(std::string_view part) {
    if (!HasRoomFor(kNumberBytes + part.size())) return AddToMore(part);
    Put(part.size());
    std::memcpy(bytes_ + size_, part.data(), part.size());
    size_ += part.size();
    return *this;
  }
  PartHasher& Add(uint64_t number) {
    if (!HasRoomFor(kNumberBytes)) return AddToMore(number);
    Put(number);
    return *this;
  }
  // A part that is not there: it differs from every text.
  PartHasher& AddMissing();
  Hash128 Finish() const {
    return HashBytes(more_.empty() ? std::string_view(bytes_, size_) : std::string_view(more_));
  }
  void Clear() {
    size_ = 0;
    more_.clear();
  }

 private:
  static constexpr size_t kNumberBytes = 8;
  static constexpr size_t kMostlyEnough = 240;  // for an alert of a few events

  bool HasRoomFor(size_t bytes) const { return more_.empty() && bytes <= kMostlyEnough - size_; }
  // Little endian on every machine. REQUIRES: there is room for it.
  void Put(uint64_t number) {
    for (size_t i = 0; i < kNumberBytes; ++i)
      bytes_[size_ + i] = static_cast<char>(number >> (8 * i));
    size_ += kNumberBytes;
  }
  PartHasher& AddToMore(std::string_view part);
  PartHasher& AddToMore(uint64_t number);

  char bytes_[kMostlyEnough];  // the first `size_`, where `more_` is empty
  size_t size_ = 0;
  std::string more_;  // all, where they are more
};

// Hash tables whose keys are already hashes. That of std::array compares by a call of memcmp.
struct HashOfHash {
  size_t operator()(const Hash128& hash) const { return static_cast<size_t>(hash[0]); }
};
struct SameHash {
  bool operator()(const Hash128& a, const Hash128& b) const { return a[0] == b[0] && a[1] == b[1]; }
};
template <typename Value>
using HashMap = absl::flat_hash_map<Hash128, Value, HashOfHash, SameHash>;
using HashSet = absl::flat_hash_set<Hash128, HashOfHash, SameHash>;

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_HASH_H_
