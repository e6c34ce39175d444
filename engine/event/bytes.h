// Numbers and texts as bytes: the alphabet of all state that is written down.
//
// Unsigned numbers are varints (seven bits a byte, the lowest first), signed ones zigzag varints,
// hashes eight bytes little endian, texts their length and then their bytes. Nothing hangs on the
// machine or the build.
//
// Owner: the caller; a reader borrows its bytes. Thread: one. Errors: a reader that meets what is
// not there or not well-formed fails once and for all: it reads zeros from then on, and status()
// says what was wrong and where. What is read is never more than what the bytes hold, so loops
// over Count() are bounded by the input.
#ifndef TELLTALE_ENGINE_EVENT_BYTES_H_
#define TELLTALE_ENGINE_EVENT_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "engine/event/hash.h"

namespace telltale::engine {

class ByteWriter {
 public:
  // Appends.
  explicit ByteWriter(std::string& out) : out_(out) {}

  void Byte(uint8_t byte) { out_.push_back(static_cast<char>(byte)); }
  void Varint(uint64_t number);
  void Zigzag(int64_t number);
  void Fixed64(uint64_t number);
  void Hash(const Hash128& hash) {
    Fixed64(hash[0]);
    Fixed64(hash[1]);
  }
  void Text(std::string_view text);

 private:
  std::string& out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  uint8_t Byte();
  uint64_t Varint();
  int64_t Zigzag();
  uint64_t Fixed64();
  Hash128 Hash();
  std::string_view Text();
  // A number of things that take at least one byte each.
  size_t Count();
  // A number below `bound`; `what` names it in the error.
  uint32_t Below(uint64_t bound, const char* what);

  bool ok() const { return ok_; }
  size_t left() const { return bytes_.size() - at_; }
  // The first failure counts.
  void Fail(std::string_view what);
  // Fails where something is left.
  void End();
  absl::Status status() const;

 private:
  std::string_view bytes_;
  size_t at_ = 0;
  bool ok_ = true;
  std::string what_;
  size_t where_ = 0;
};

// The difference of two times or offsets, exact for all: it is taken modulo 2^64.
inline int64_t Difference(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
inline int64_t Sum(int64_t a, int64_t difference) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(difference));
}

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_BYTES_H_
