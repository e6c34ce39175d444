// IP addresses and networks: parsing, containment, and what kind an address is.
//
// Addresses are strict: four decimal parts without leading zeros, or IPv6 as RFC 4291 writes it,
// without a zone. An IPv4 address inside IPv6 is refused where it is written with dots
// (::ffff:10.0.0.1) and is that IPv4 address where it is written in hexadecimal (::ffff:a00:1), so
// that one host is one address. A network is an address, "/" and the length of its prefix; bits
// beyond the prefix are kept.
//
// Source: RFC 4291, 4632, 5952; CEL's network extension. Owner: value types. Thread: any; nothing
// is allocated. Errors: nullopt; the functions with "Mistake" say what is wrong.
#ifndef TELLTALE_RULES_MODEL_ADDRESS_H_
#define TELLTALE_RULES_MODEL_ADDRESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace telltale::rules {

// In the order of the network, a byte a char: as values hold them.
struct Address {
  std::array<char, 16> bytes{};
  uint8_t size = 0;  // 4 or 16

  std::string_view view() const { return {bytes.data(), size}; }
};

struct Network {
  Address address;
  uint8_t prefix = 0;  // up to 32, or 128
};

std::optional<Address> ParseAddress(std::string_view text);
std::optional<Network> ParseNetwork(std::string_view text);

// In the words of its author; empty: none.
std::string_view AddressMistake(std::string_view text);
std::string_view NetworkMistake(std::string_view text);

// Whether the first `prefix` bits are the same, as those of addresses of one family can be alone.
// REQUIRES: prefix is at most the size of `a` in bits.
bool SamePrefix(std::string_view a, std::string_view b, unsigned prefix);
// Sets what is beyond the prefix to zero. REQUIRES: the same.
void MaskAddress(Address& address, unsigned prefix);

// Of an address's bytes. A private address is a global unicast one, too.
bool IsUnspecified(std::string_view address);         // 0.0.0.0, ::
bool IsLoopback(std::string_view address);            // 127.0.0.0/8, ::1
bool IsMulticast(std::string_view address);           // 224.0.0.0/4, ff00::/8
bool IsLinkLocalMulticast(std::string_view address);  // 224.0.0.0/24, ff02::/16 of any flags
bool IsLinkLocalUnicast(std::string_view address);    // 169.254.0.0/16, fe80::/10
bool IsGlobalUnicast(std::string_view address);       // none of these, nor 255.255.255.255

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_ADDRESS_H_
