#include "engine/event/hash.h"

// Its functions are compiled here, where those of short texts are inlined.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <limits>

namespace telltale::engine {

Hash128 HashBytes(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

std::string ToHex(const Hash128& hash) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(32, '0');
  for (size_t i = 0; i < 32; ++i) {
    const uint64_t word = i < 16 ? hash[1] : hash[0];
    text[i] = kDigits[(word >> (60 - 4 * (i % 16))) & 15];
  }
  return text;
}

void PartHasher::Append(const char* bytes, size_t size) {
  if (more_.empty() && size <= kMostlyEnough - size_) {
    std::memcpy(bytes_ + size_, bytes, size);
    size_ += size;
    return;
  }
  if (more_.empty()) more_.assign(bytes_, size_);
  more_.append(bytes, size);
}

PartHasher& PartHasher::Add(std::string_view part) {
  Add(part.size());
  Append(part.data(), part.size());
  return *this;
}

// As the length of a text that is longer than any.
PartHasher& PartHasher::AddMissing() { return Add(std::numeric_limits<uint64_t>::max()); }

PartHasher& PartHasher::Add(uint64_t number) {
  char bytes[8];
  for (int i = 0; i < 8; ++i)
    bytes[i] = static_cast<char>(number >> (8 * i));  // little endian on every machine
  Append(bytes, sizeof bytes);
  return *this;
}

}  // namespace telltale::engine
