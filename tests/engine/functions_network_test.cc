// ip(), cidr() and what they have.
#include <gtest/gtest.h>

#include <string>

#include "tests/engine/condition_allocations.h"
#include "tests/engine/function_cases.h"

namespace telltale::engine {
namespace {

TEST(NetworkFunctions, Addresses) {
  EXPECT_EQ(ResultOf("ip('192.168.0.1')"), "\"192.168.0.1\"");
  EXPECT_EQ(ResultOf("ip('2001:DB8:0:0::68')"), "\"2001:db8::68\"");
  EXPECT_EQ(ResultOf("ip('::ffff:c0a8:1')"), "\"192.168.0.1\"");
  EXPECT_EQ(ResultOf("ip('::') == ip('0:0::0')"), "true");
  EXPECT_EQ(ResultOf("ip('127.0.0.1') == ip('10.0.0.1')"), "false");
  EXPECT_EQ(ResultOf("ip('::1') != ip('0.0.0.1')"), "true");
  EXPECT_EQ(ResultOf("ip('1.2.3.4') in [ip('1.2.3.5'), ip('1.2.3.4')]"), "true");
  EXPECT_EQ(ResultOf("ip(1)"), "R0403");
  EXPECT_EQ(ResultOf("ip('1.2.3.4') == '1.2.3.4'"), "R0403");
  for (const char* text : {"", "1.2.3", "192.168.0.1.0", "fe80::1%en0", "::ffff:192.168.0.1"})
    EXPECT_EQ(ResultWith("'" + std::string(text) + "'", "ip(x)"), "error: out_of_range") << text;
  EXPECT_EQ(ResultWith("1", "ip(x)"), "error: no_such_overload");
}

TEST(NetworkFunctions, IsIpAndIsCidr) {
  EXPECT_EQ(ResultOf("isIP('192.168.0.1')"), "true");
  EXPECT_EQ(ResultOf("isIP('192.168.0.1.0')"), "false");
  EXPECT_EQ(ResultOf("isIP('10.0.0.0/8')"), "false");
  EXPECT_EQ(ResultOf("isCIDR('10.0.0.0/8')"), "true");
  EXPECT_EQ(ResultOf("isCIDR('10.0.0.0/33')"), "false");
  EXPECT_EQ(ResultOf("isIP(cidr('192.168.0.0/24'))"), "R0403");
  EXPECT_EQ(ResultOf("ip.isCanonical('127.0.0.1')"), "true");
  EXPECT_EQ(ResultOf("ip.isCanonical('2001:db8::1')"), "true");
  EXPECT_EQ(ResultOf("ip.isCanonical('2001:DB8::1')"), "false");
  EXPECT_EQ(ResultOf("ip.isCanonical('2001:db8:0:0:0:0:0:1')"), "false");
  EXPECT_EQ(ResultWith("'127.0.0'", "ip.isCanonical(x)"), "error: out_of_range");
}

TEST(NetworkFunctions, Kinds) {
  EXPECT_EQ(ResultOf("ip('127.0.0.1').family()"), "4");
  EXPECT_EQ(ResultOf("ip('::1').family()"), "6");
  EXPECT_EQ(ResultOf("ip('0.0.0.0').isUnspecified()"), "true");
  EXPECT_EQ(ResultOf("ip('127.0.0.1').isLoopback()"), "true");
  EXPECT_EQ(ResultOf("ip('1.2.3.4').isLoopback()"), "false");
  EXPECT_EQ(ResultOf("ip('192.168.0.1').isGlobalUnicast()"), "true");
  EXPECT_EQ(ResultOf("ip('ff00::1').isGlobalUnicast()"), "false");
  EXPECT_EQ(ResultOf("ip('224.0.0.1').isLinkLocalMulticast()"), "true");
  EXPECT_EQ(ResultOf("ip('169.254.169.254').isLinkLocalUnicast()"), "true");
  EXPECT_EQ(ResultOf("cidr('10.0.0.0/8').isLoopback()"), "R0403");
  EXPECT_EQ(ResultOf("'127.0.0.1'.isLoopback()"), "R0403");
  EXPECT_EQ(ResultWith("'127.0.0.1'", "x.family()"), "error: no_such_overload");
}

TEST(NetworkFunctions, Networks) {
  EXPECT_EQ(ResultOf("cidr('192.168.0.7/24')"), "\"192.168.0.7/24\"");
  EXPECT_EQ(ResultOf("cidr('192.168.0.7/24').ip()"), "\"192.168.0.7\"");
  EXPECT_EQ(ResultOf("cidr('192.168.0.7/24').masked()"), "\"192.168.0.0/24\"");
  EXPECT_EQ(ResultOf("cidr('2001:DB8::1/32').masked()"), "\"2001:db8::/32\"");
  EXPECT_EQ(ResultOf("cidr('192.168.0.0/24').prefixLength()"), "24");
  EXPECT_EQ(ResultOf("cidr('10.0.0.1/8') == cidr('10.0.0.0/8')"), "false");
  EXPECT_EQ(ResultOf("cidr('10.0.0.1/8').masked() == cidr('10.0.0.0/8')"), "true");
  EXPECT_EQ(ResultOf("cidr('10.0.0.0/8') == cidr('10.0.0.0/9')"), "false");
  for (const char* text : {"10.0.0.0", "10.0.0.0/33", "fe80::1%en0/24", "::ffff:192.168.0.1/24"})
    EXPECT_EQ(ResultWith("'" + std::string(text) + "'", "cidr(x)"), "error: out_of_range") << text;
  EXPECT_EQ(ResultOf("cidr(ip('1.2.3.4'))"), "R0403");
}

TEST(NetworkFunctions, Contains) {
  EXPECT_EQ(ResultOf("cidr('192.168.0.0/24').containsIP(ip('192.168.0.1'))"), "true");
  EXPECT_EQ(ResultOf("cidr('192.168.0.0/24').containsIP('192.168.1.1')"), "false");
  EXPECT_EQ(ResultWith("'10.200.0.1'", "cidr('10.0.0.0/8').containsIP(x)"), "true");
  EXPECT_EQ(ResultWith("'host-7'", "cidr('10.0.0.0/8').containsIP(x)"), "error: out_of_range");
  EXPECT_EQ(ResultWith("7", "cidr('10.0.0.0/8').containsIP(x)"), "error: no_such_overload");
  EXPECT_EQ(ResultOf("cidr('2001:db8::/32').containsIP(ip('192.168.1.1'))"), "false");
  EXPECT_EQ(ResultOf("cidr('10.0.0.0/8').containsIP(1)"), "R0403");
  EXPECT_EQ(ResultOf("'10.0.0.0/8'.containsIP('10.0.0.1')"), "R0403");
  EXPECT_EQ(ResultOf("cidr('192.168.0.0/24').containsCIDR(cidr('192.168.0.0/25'))"), "true");
  EXPECT_EQ(ResultOf("cidr('192.168.0.0/24').containsCIDR('192.168.0.0/23')"), "false");
  EXPECT_EQ(ResultOf("cidr('10.0.0.0/8').containsCIDR('10.0.0.0/8')"), "true");
  EXPECT_EQ(ResultOf("cidr('10.0.0.0/8').containsCIDR('11.0.0.0/9')"), "false");
  EXPECT_EQ(ResultOf("cidr('::/0').containsCIDR('10.0.0.0/8')"), "false");
  EXPECT_EQ(ResultWith("'10.0.0.0'", "cidr('10.0.0.0/8').containsCIDR(x)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("['10.0.0.0/8', '192.168.0.0/16'].exists(n, cidr(n).containsIP(x))",
                     "{'x': '192.168.3.4'}"),
            "true");
}

// The network is a constant of the program, and a test of an address allocates nothing.
TEST(NetworkFunctions, ConstantNetworksAreFolded) {
  CompiledCondition condition("cidr('10.0.0.0/8').containsIP(x)");
  ASSERT_TRUE(condition.ok()) << condition.mistake();
  const std::string program = condition.program().ToString();
  EXPECT_EQ(program.find("cidr(r"), std::string::npos) << program;  // no call
  EXPECT_NE(program.find("cidr(\"10.0.0.0/8\")"), std::string::npos) << program;
  const Frame& frame = condition.Bind({.event = "{'x': '10.1.2.3'}"});
  EXPECT_EQ(ResultText(engine::Evaluate(condition.program(), frame, condition.scratch())), "true");
  const size_t before = Allocations();
  engine::Evaluate(condition.program(), frame, condition.scratch());
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace telltale::engine
