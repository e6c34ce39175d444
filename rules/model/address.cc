#include "rules/model/address.h"

#include <algorithm>
#include <cstring>

namespace telltale::rules {
namespace {

constexpr size_t kMappedPrefix = 12;  // bytes before the IPv4 address of ::ffff:a.b.c.d
constexpr size_t kNoGap = 17;         // in the place of the byte before which "::" stands
constexpr std::string_view kNotAnAddress = "not an IP address";
constexpr std::string_view kNotANetwork = "not a network: an address, '/' and a length";

enum class Fault : uint8_t { kNone, kSyntax, kZone, kMappedDotted, kLength, kMappedLength };

// An address with what is wrong with it; `mapped`: it was written in hexadecimal as IPv6.
struct Parsed {
  Address address;
  Fault fault = Fault::kNone;
  bool mapped = false;
};

Parsed Failed(Fault fault) { return {.address = {}, .fault = fault, .mapped = false}; }

int DigitOf(char c) { return c >= '0' && c <= '9' ? c - '0' : -1; }

int HexOf(char c) {
  if (const int digit = DigitOf(c); digit >= 0) return digit;
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// A decimal number of at most three digits without leading zeros from `at` on; -1: there is none.
int ReadNumber(std::string_view text, size_t& at) {
  const size_t begin = at;
  int number = 0;
  while (at < text.size() && at - begin < 3 && DigitOf(text[at]) >= 0)
    number = number * 10 + DigitOf(text[at++]);
  const bool leading_zero = at - begin > 1 && text[begin] == '0';
  return at == begin || leading_zero ? -1 : number;
}

// The whole of `text` as four decimal parts.
bool ReadDotted(std::string_view text, char* bytes) {
  size_t at = 0;
  for (size_t part = 0; part < 4; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return false;
    const int number = ReadNumber(text, at);
    if (number < 0 || number > 255) return false;
    bytes[part] = static_cast<char>(number);
  }
  return at == text.size();
}

// Up to four hexadecimal digits from `at` on; -1: there is none.
int ReadGroup(std::string_view text, size_t& at) {
  const size_t begin = at;
  int group = 0;
  while (at < text.size() && at - begin < 4 && HexOf(text[at]) >= 0)
    group = group * 16 + HexOf(text[at++]);
  return at == begin ? -1 : group;
}

// Puts the zeros of "::", which stands before byte `gap`, where they belong.
void Expand(std::array<char, 16>& bytes, size_t gap, size_t filled) {
  std::copy_backward(bytes.begin() + static_cast<std::ptrdiff_t>(gap),
                     bytes.begin() + static_cast<std::ptrdiff_t>(filled), bytes.end());
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(gap), 16 - filled, '\0');
}

bool IsMapped(const Address& address) {
  constexpr char kPrefix[kMappedPrefix] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\xFF', '\xFF'};
  return address.size == 16 && std::memcmp(address.bytes.data(), kPrefix, kMappedPrefix) == 0;
}

Parsed ParseColons(std::string_view text) {
  Parsed parsed;
  std::array<char, 16>& bytes = parsed.address.bytes;
  parsed.address.size = 16;
  size_t filled = 0;
  size_t gap = kNoGap;
  bool dotted = false;
  size_t at = 0;
  if (text.starts_with("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.size() && filled < 16) {
    const size_t begin = at;
    const int group = ReadGroup(text, at);
    if (group < 0) return Failed(Fault::kSyntax);
    if (at < text.size() && text[at] == '.') {
      dotted = filled <= 12 && ReadDotted(text.substr(begin), bytes.data() + filled);
      if (!dotted) return Failed(Fault::kSyntax);
      filled += 4;
      at = text.size();
      break;
    }
    bytes[filled++] = static_cast<char>(group >> 8);
    bytes[filled++] = static_cast<char>(group & 0xFF);
    if (at == text.size()) break;
    if (text[at++] != ':' || at == text.size()) return Failed(Fault::kSyntax);
    if (text[at] == ':') {
      if (gap != kNoGap) return Failed(Fault::kSyntax);
      gap = filled;
      ++at;
    }
  }
  // "::" stands for one group at least.
  if (at != text.size() || (gap == kNoGap) != (filled == 16)) return Failed(Fault::kSyntax);
  if (gap != kNoGap) Expand(bytes, gap, filled);
  if (!IsMapped(parsed.address)) return parsed;
  if (dotted) return Failed(Fault::kMappedDotted);
  std::copy_n(bytes.begin() + kMappedPrefix, 4, bytes.begin());
  parsed.address.size = 4;
  parsed.mapped = true;
  return parsed;
}

Parsed Parse(std::string_view text) {
  Parsed parsed;
  parsed.address.size = 4;
  if (ReadDotted(text, parsed.address.bytes.data())) return parsed;
  if (text.find(':') == std::string_view::npos) return Failed(Fault::kSyntax);
  if (text.find('%') != std::string_view::npos) return Failed(Fault::kZone);
  return ParseColons(text);
}

struct ParsedNetwork {
  Network network;
  Fault fault = Fault::kNone;
};

ParsedNetwork ParseWithPrefix(std::string_view text) {
  const size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return {{}, Fault::kSyntax};
  const Parsed parsed = Parse(text.substr(0, slash));
  if (parsed.fault != Fault::kNone) return {{}, parsed.fault};
  size_t at = slash + 1;
  int prefix = ReadNumber(text, at);
  const int bits = parsed.mapped ? 128 : parsed.address.size * 8;
  if (prefix < 0 || prefix > bits || at != text.size()) return {{}, Fault::kLength};
  if (parsed.mapped) prefix -= static_cast<int>(kMappedPrefix) * 8;
  if (prefix < 0) return {{}, Fault::kMappedLength};
  return {{parsed.address, static_cast<uint8_t>(prefix)}, Fault::kNone};
}

std::string_view WordsFor(Fault fault, std::string_view syntax) {
  switch (fault) {
    case Fault::kNone:
      return {};
    case Fault::kSyntax:
      return syntax;
    case Fault::kZone:
      return "an address with a zone ('%...') is not accepted";
    case Fault::kMappedDotted:
      return "an IPv4 address written inside an IPv6 one is not accepted; write it alone";
    case Fault::kLength:
      return "the length of a prefix is 0 to 32, of an IPv6 one 0 to 128, without leading zeros";
    case Fault::kMappedLength:
      return "a network of IPv4 addresses inside IPv6 has a prefix of 96 or more";
  }
  return syntax;
}

unsigned ByteAt(std::string_view address, size_t i) {
  return static_cast<unsigned char>(address[i]);
}

}  // namespace

std::optional<Address> ParseAddress(std::string_view text) {
  const Parsed parsed = Parse(text);
  if (parsed.fault != Fault::kNone) return std::nullopt;
  return parsed.address;
}

std::optional<Network> ParseNetwork(std::string_view text) {
  const ParsedNetwork parsed = ParseWithPrefix(text);
  if (parsed.fault != Fault::kNone) return std::nullopt;
  return parsed.network;
}

std::string_view AddressMistake(std::string_view text) {
  return WordsFor(Parse(text).fault, kNotAnAddress);
}

std::string_view NetworkMistake(std::string_view text) {
  return WordsFor(ParseWithPrefix(text).fault, kNotANetwork);
}

bool SamePrefix(std::string_view a, std::string_view b, unsigned prefix) {
  if (a.size() != b.size()) return false;
  const size_t whole = prefix / 8;
  if (std::memcmp(a.data(), b.data(), whole) != 0) return false;
  const unsigned rest = prefix % 8;
  return rest == 0 || ((ByteAt(a, whole) ^ ByteAt(b, whole)) >> (8 - rest)) == 0;
}

void MaskAddress(Address& address, unsigned prefix) {
  const size_t whole = prefix / 8;
  if (whole >= address.size) return;
  const unsigned kept = 0xFF00U >> (prefix % 8);
  address.bytes[whole] = static_cast<char>(static_cast<unsigned char>(address.bytes[whole]) & kept);
  for (size_t i = whole + 1; i < address.size; ++i) address.bytes[i] = 0;
}

bool IsUnspecified(std::string_view address) {
  return std::all_of(address.begin(), address.end(), [](char byte) { return byte == 0; });
}

bool IsLoopback(std::string_view address) {
  if (address.size() == 4) return ByteAt(address, 0) == 127;
  return IsUnspecified(address.substr(0, 15)) && ByteAt(address, 15) == 1;
}

bool IsMulticast(std::string_view address) {
  return address.size() == 4 ? (ByteAt(address, 0) & 0xF0) == 0xE0 : ByteAt(address, 0) == 0xFF;
}

bool IsLinkLocalMulticast(std::string_view address) {
  if (address.size() == 4) return SamePrefix(address, std::string_view("\xE0\0\0\0", 4), 24);
  return ByteAt(address, 0) == 0xFF && (ByteAt(address, 1) & 0x0F) == 2;
}

bool IsLinkLocalUnicast(std::string_view address) {
  if (address.size() == 4) return ByteAt(address, 0) == 169 && ByteAt(address, 1) == 254;
  return ByteAt(address, 0) == 0xFE && (ByteAt(address, 1) & 0xC0) == 0x80;
}

bool IsGlobalUnicast(std::string_view address) {
  return !IsUnspecified(address) && address != "\xFF\xFF\xFF\xFF" && !IsLoopback(address) &&
         !IsMulticast(address) && !IsLinkLocalUnicast(address);
}

}  // namespace telltale::rules
