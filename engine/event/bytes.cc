#include "engine/event/bytes.h"

#include "absl/strings/str_cat.h"

namespace telltale::engine {

void ByteWriter::Varint(uint64_t number) {
  if (number < 0x80) return Byte(static_cast<uint8_t>(number));
  char bytes[10];
  size_t size = 0;
  for (; number >= 0x80; number >>= 7) bytes[size++] = static_cast<char>(number | 0x80);
  bytes[size++] = static_cast<char>(number);
  out_.append(bytes, size);
}

void ByteWriter::Zigzag(int64_t number) {
  Varint(static_cast<uint64_t>(number) << 1 ^ static_cast<uint64_t>(number >> 63));
}

void ByteWriter::Fixed64(uint64_t number) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> (8 * i));
  out_.append(bytes, sizeof(bytes));
}

void ByteWriter::Text(std::string_view text) {
  Varint(text.size());
  out_.append(text);
}

uint8_t ByteReader::Byte() {
  if (left() == 0) {
    Fail("it ends too early");
    return 0;
  }
  return static_cast<uint8_t>(bytes_[at_++]);
}

uint64_t ByteReader::Varint() {
  uint64_t number = 0;
  for (uint32_t shift = 0; shift < 64; shift += 7) {
    const uint64_t byte = Byte();
    // Of the tenth byte one bit is left. A last byte of zero would be a second way to write a
    // number.
    if ((shift == 63 && byte > 1) || (shift != 0 && byte == 0)) {
      Fail("a number that is not well-formed");
      return 0;
    }
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
  return number;
}

int64_t ByteReader::Zigzag() {
  const uint64_t number = Varint();
  return static_cast<int64_t>(number >> 1 ^ (~(number & 1) + 1));
}

uint64_t ByteReader::Fixed64() {
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number |= uint64_t{Byte()} << (8 * i);
  return number;
}

Hash128 ByteReader::Hash() {
  const uint64_t low = Fixed64();
  return {low, Fixed64()};
}

std::string_view ByteReader::Text() {
  const size_t size = Count();
  const std::string_view text = bytes_.substr(at_, size);
  at_ += size;
  return text;
}

size_t ByteReader::Count() {
  const uint64_t count = Varint();
  if (count <= left()) return static_cast<size_t>(count);
  Fail("more is announced than there is");
  return 0;
}

uint32_t ByteReader::Below(uint64_t bound, const char* what) {
  const uint64_t number = Varint();
  if (number < bound) return static_cast<uint32_t>(number);
  Fail(absl::StrCat(what, " ", number, " of ", bound));
  return 0;
}

void ByteReader::Fail(std::string_view what) {
  if (!ok_) return;
  ok_ = false;
  what_ = what;
  where_ = at_;
  at_ = bytes_.size();
}

void ByteReader::End() {
  if (ok_ && left() != 0) Fail("something follows its end");
}

absl::Status ByteReader::status() const {
  if (ok_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("at byte ", where_, " of ", bytes_.size(), ": ", what_));
}

}  // namespace telltale::engine
