// Addresses and networks: what is one, what each is, and what contains what.
#include "rules/model/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

namespace telltale::rules {
namespace {

// As hexadecimal digits; "none" where the text is no address.
std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned char>(byte));
    text += digits;
  }
  return text;
}
std::string Parsed(const std::string& text) {
  const auto address = ParseAddress(text);
  EXPECT_EQ(address.has_value(), AddressMistake(text).empty()) << text;
  return address.has_value() ? Hex(address->view()) : "none";
}
std::string ParsedNetworkText(const std::string& text) {
  const auto network = ParseNetwork(text);
  EXPECT_EQ(network.has_value(), NetworkMistake(text).empty()) << text;
  if (!network.has_value()) return "none";
  return Hex(network->address.view()) + "/" + std::to_string(network->prefix);
}
bool Contains(const std::string& network, const std::string& address) {
  const auto outer = ParseNetwork(network);
  return SamePrefix(outer->address.view(), ParseAddress(address)->view(), outer->prefix);
}
template <typename Predicate>
bool Is(Predicate predicate, const std::string& address) {
  return predicate(ParseAddress(address)->view());
}

TEST(Address, V4) {
  EXPECT_EQ(Parsed("0.0.0.0"), "00000000");
  EXPECT_EQ(Parsed("192.168.0.1"), "c0a80001");
  EXPECT_EQ(Parsed("255.255.255.255"), "ffffffff");
  for (const char* text :
       {"",          "1",        "1.2.3",     "1.2.3.4.5",    "1.2.3.4.",
        ".1.2.3.4",  "1..2.3",   "256.1.1.1", "1.1.1.1000",   "01.2.3.4",
        "1.2.3.00",  "1.2.3.4 ", " 1.2.3.4",  "1.2.3.-4",     "1.2.3.a",
        "0x1.2.3.4", "1,2,3,4",  "1.2.3.4/8", "1.2.3.4%eth0", "\xD9\xA1.2.3.4"}) {
    EXPECT_EQ(Parsed(text), "none") << text;
  }
  EXPECT_EQ(Parsed(std::string("1.2.3.4\0", 8)), "none");
}

TEST(Address, V6) {
  EXPECT_EQ(Parsed("::"), std::string(32, '0'));
  EXPECT_EQ(Parsed("::1"), std::string(31, '0') + "1");
  EXPECT_EQ(Parsed("1::"), "0001" + std::string(28, '0'));
  EXPECT_EQ(Parsed("2001:db8::68"), "20010db8000000000000000000000068");
  EXPECT_EQ(Parsed("2001:DB8::68"), "20010db8000000000000000000000068");
  EXPECT_EQ(Parsed("1:2:3:4:5:6:7:8"), "00010002000300040005000600070008");
  EXPECT_EQ(Parsed("1:2:3:4:5:6:7::"), "00010002000300040005000600070000");
  EXPECT_EQ(Parsed("::2:3:4:5:6:7:8"), "00000002000300040005000600070008");
  EXPECT_EQ(Parsed("1:2:3::5:6:7:8"), "00010002000300000005000600070008");
  EXPECT_EQ(Parsed("64:ff9b::1.2.3.4"), "0064ff9b000000000000000001020304");
  EXPECT_EQ(Parsed("1:2:3:4:5:6:1.2.3.4"), "00010002000300040005000601020304");
  EXPECT_EQ(Parsed("::1.2.3.4"), "00000000000000000000000001020304");
  for (const char* text : {":",
                           ":::",
                           "1:",
                           ":1",
                           "1:::2",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "1:2:3:4::5:6:7:8",
                           "12345::",
                           "g::",
                           "1::2:",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1.2.3",
                           "::1.2.3.4.5",
                           "::1.2.3.4:5",
                           "::01.2.3.4",
                           "fe80::1%en0",
                           "::1%",
                           "[::1]",
                           "::1/64",
                           "1.2.3.4::",
                           "::256.1.1.1"}) {
    EXPECT_EQ(Parsed(text), "none") << text;
  }
}

TEST(Address, V4InV6) {
  EXPECT_EQ(Parsed("::ffff:192.168.0.1"), "none");
  EXPECT_EQ(Parsed("::ffff:c0a8:1"), "c0a80001");
  EXPECT_EQ(Parsed("0:0:0:0:0:FFFF:C0A8:1"), "c0a80001");
  EXPECT_NE(AddressMistake("::ffff:1.2.3.4").find("IPv4"), std::string_view::npos);
  EXPECT_NE(AddressMistake("fe80::1%en0").find("zone"), std::string_view::npos);
}

// The C library's inet_pton reads the same IPv6, but for what is refused here.
TEST(Address, AgreesWithTheCLibrary) {
  std::mt19937_64 random(11);
  constexpr std::string_view kSigns = "0123456789abcdefABCDEF::::....g";
  int good = 0;
  for (int i = 0; i < 400'000; ++i) {
    std::string text;
    if (i % 2 == 0) {
      const size_t size = random() % 16;
      for (size_t k = 0; k < size; ++k) text += kSigns[random() % kSigns.size()];
    } else {
      const size_t groups = 1 + random() % 9;
      for (size_t k = 0; k < groups; ++k) {
        if (k > 0) text += ':';
        if (random() % 4 != 0) text += kSigns[random() % 16];
      }
    }
    unsigned char bytes[16] = {};
    const bool v4 = inet_pton(AF_INET, text.c_str(), bytes) == 1;
    const bool v6 = !v4 && inet_pton(AF_INET6, text.c_str(), bytes) == 1;
    const std::string expected =
        v4 || v6 ? Hex({reinterpret_cast<const char*>(bytes), v4 ? size_t{4} : size_t{16}})
                 : "none";
    if (expected.starts_with("00000000000000000000ffff")) continue;
    EXPECT_EQ(Parsed(text), expected) << text;
    good += v4 || v6 ? 1 : 0;
  }
  EXPECT_GT(good, 1000);
}

TEST(Network, IsAnAddressAndALength) {
  EXPECT_EQ(ParsedNetworkText("10.0.0.0/8"), "0a000000/8");
  EXPECT_EQ(ParsedNetworkText("10.1.2.3/8"), "0a010203/8");
  EXPECT_EQ(ParsedNetworkText("0.0.0.0/0"), "00000000/0");
  EXPECT_EQ(ParsedNetworkText("1.2.3.4/32"), "01020304/32");
  EXPECT_EQ(ParsedNetworkText("2001:db8::/32"), "20010db8000000000000000000000000/32");
  EXPECT_EQ(ParsedNetworkText("::/128"), std::string(32, '0') + "/128");
  EXPECT_EQ(ParsedNetworkText("::ffff:a00:0/104"), "0a000000/8");
  for (const char* text :
       {"", "/", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/08",
        "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0.0/8/8", "10.0.0/8", "10.0.0.0/1000",
        "10.0.0.0/a", "fe80::1%en0/24", "::ffff:10.0.0.0/104", "::ffff:a00:0/95",
        "10.0.0.0/255.0.0.0"}) {
    EXPECT_EQ(ParsedNetworkText(text), "none") << text;
  }
  EXPECT_NE(NetworkMistake("10.0.0.0/33").find("0 to 32"), std::string_view::npos);
  EXPECT_NE(NetworkMistake("10.0.0.0").find("'/'"), std::string_view::npos);
}

TEST(Network, Contains) {
  EXPECT_TRUE(Contains("192.168.0.0/24", "192.168.0.1"));
  EXPECT_FALSE(Contains("192.168.0.0/24", "192.168.1.1"));
  EXPECT_TRUE(Contains("192.168.0.0/23", "192.168.1.255"));
  EXPECT_FALSE(Contains("192.168.0.0/23", "192.168.2.0"));
  EXPECT_TRUE(Contains("0.0.0.0/0", "8.8.8.8"));
  EXPECT_TRUE(Contains("8.8.8.8/32", "8.8.8.8"));
  EXPECT_FALSE(Contains("8.8.8.8/32", "8.8.8.9"));
  EXPECT_TRUE(Contains("192.168.0.7/24", "192.168.0.1"));  // bits beyond the prefix do not count
  EXPECT_TRUE(Contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(Contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_FALSE(Contains("::/0", "1.2.3.4"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "::1"));
  EXPECT_TRUE(Contains("10.0.0.0/8", "::ffff:a01:203"));
}

TEST(Network, Masks) {
  const auto masked = [](const std::string& text) {
    Network network = *ParseNetwork(text);
    MaskAddress(network.address, network.prefix);
    return Hex(network.address.view());
  };
  EXPECT_EQ(masked("192.168.0.1/24"), "c0a80000");
  EXPECT_EQ(masked("255.255.255.255/0"), "00000000");
  EXPECT_EQ(masked("255.255.255.255/1"), "80000000");
  EXPECT_EQ(masked("255.255.255.255/31"), "fffffffe");
  EXPECT_EQ(masked("255.255.255.255/32"), "ffffffff");
  EXPECT_EQ(masked("2001:db8:ffff::1/33"), "20010db8800000000000000000000000");
  EXPECT_EQ(masked("::1/128"), std::string(31, '0') + "1");
}

TEST(Address, Kinds) {
  EXPECT_TRUE(Is(IsUnspecified, "0.0.0.0"));
  EXPECT_TRUE(Is(IsUnspecified, "::"));
  EXPECT_FALSE(Is(IsUnspecified, "0.0.0.1"));
  EXPECT_TRUE(Is(IsLoopback, "127.255.0.1"));
  EXPECT_TRUE(Is(IsLoopback, "::1"));
  EXPECT_FALSE(Is(IsLoopback, "::2"));
  EXPECT_FALSE(Is(IsLoopback, "128.0.0.1"));
  EXPECT_TRUE(Is(IsLinkLocalMulticast, "224.0.0.1"));
  EXPECT_FALSE(Is(IsLinkLocalMulticast, "224.0.1.1"));
  EXPECT_TRUE(Is(IsLinkLocalMulticast, "ff02::1"));
  EXPECT_TRUE(Is(IsLinkLocalMulticast, "ff32::1"));
  EXPECT_FALSE(Is(IsLinkLocalMulticast, "ff05::1"));
  EXPECT_TRUE(Is(IsLinkLocalUnicast, "169.254.169.254"));
  EXPECT_TRUE(Is(IsLinkLocalUnicast, "febf::1"));
  EXPECT_FALSE(Is(IsLinkLocalUnicast, "fec0::1"));
  EXPECT_FALSE(Is(IsLinkLocalUnicast, "169.255.0.1"));
  for (const char* text : {"8.8.8.8", "192.168.0.1", "2001:db8::abcd", "fd00::1"})
    EXPECT_TRUE(Is(IsGlobalUnicast, text)) << text;
  for (const char* text : {"0.0.0.0", "255.255.255.255", "127.0.0.1", "224.1.2.3", "239.0.0.1",
                           "169.254.0.1", "::", "::1", "ff00::1", "fe80::1"}) {
    EXPECT_FALSE(Is(IsGlobalUnicast, text)) << text;
  }
}

}  // namespace
}  // namespace telltale::rules
