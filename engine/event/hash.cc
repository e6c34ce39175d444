#include "engine/event/hash.h"

// Its functions are compiled here, where those of short texts are inlined.
#define XXH_INLINE_ALL
#include <xxhash.h>

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

PartHasher& PartHasher::AddToMore(std::string_view part) {
  AddToMore(part.size());
  more_.append(part);
  return *this;
}

PartHasher& PartHasher::AddToMore(uint64_t number) {
  if (more_.empty()) more_.assign(bytes_, size_);
  for (size_t i = 0; i < kNumberBytes; ++i) more_ += static_cast<char>(number >> (8 * i));
  return *this;
}

// As the length of a text that is longer than any.
PartHasher& PartHasher::AddMissing() { return Add(std::numeric_limits<uint64_t>::max()); }

}  // namespace telltale::engine
