// Functions over IP addresses and networks.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kFamily = "addresses";
constexpr TypeKind kB = TypeKind::kBool;
constexpr TypeKind kC = TypeKind::kCidr;
constexpr TypeKind kI = TypeKind::kInt;
constexpr TypeKind kP = TypeKind::kIp;
constexpr TypeKind kS = TypeKind::kString;

Result ToIp(const Args& args) {
  return Fits(args[0], kS, kC) ? Result(Type::Of(kP)) : std::nullopt;
}
Result ContainsIp(const Args& args) {
  return Fits(args[0], kC) && Fits(args[1], kP, kS) ? Result(Type::Of(kB)) : std::nullopt;
}
Result ContainsCidr(const Args& args) {
  return Fits(args[0], kC) && Fits(args[1], kC, kS) ? Result(Type::Of(kB)) : std::nullopt;
}

constexpr Function kFunctions[] = {
    {"ip", "ip(text)", "the address; network.ip(): that of a network, as it was written", kFamily,
     1, 1, true, true, ToIp, "ip('2001:db8::1') == ip('2001:DB8:0::1')", "true"},
    {"cidr", "cidr(text)", "the network of an address and the length of its prefix", kFamily, 1, 1,
     true, false, Takes<kC, kS>, "string(cidr('10.1.2.3/8').masked())", "'10.0.0.0/8'"},
    {"isIP", "isIP(text)", "whether the text is an address", kFamily, 1, 1, true, false,
     Takes<kB, kS>, "isIP('10.0.0.256')", "false"},
    {"isCIDR", "isCIDR(text)", "whether the text is a network", kFamily, 1, 1, true, false,
     Takes<kB, kS>, "isCIDR('10.0.0.0/8')", "true"},
    {"ip.isCanonical", "ip.isCanonical(text)",
     "whether an address is written as string(ip) writes it", kFamily, 1, 1, true, false,
     Takes<kB, kS>, "ip.isCanonical('2001:DB8::1')", "false"},
    {"containsIP", "network.containsIP(address)",
     "whether an address, or its text, is in the network", kFamily, 2, 2, false, true, ContainsIp,
     "cidr('10.0.0.0/8').containsIP('10.1.2.3')", "true"},
    {"containsCIDR", "network.containsCIDR(network)",
     "whether all of a network, or its text, is in the network", kFamily, 2, 2, false, true,
     ContainsCidr, "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true"},
    {"family", "address.family()", "4 or 6", kFamily, 1, 1, false, true, Takes<kI, kP>,
     "ip('::1').family()", "6"},
    {"isUnspecified", "address.isUnspecified()", "whether it is 0.0.0.0 or ::", kFamily, 1, 1,
     false, true, Takes<kB, kP>, "ip('::').isUnspecified()", "true"},
    {"isLoopback", "address.isLoopback()", "whether it is in 127.0.0.0/8, or ::1", kFamily, 1, 1,
     false, true, Takes<kB, kP>, "ip('127.0.0.1').isLoopback()", "true"},
    {"isGlobalUnicast", "address.isGlobalUnicast()",
     "whether it is none of the others here, no multicast and no broadcast address; private ones "
     "are",
     kFamily, 1, 1, false, true, Takes<kB, kP>, "ip('192.168.0.1').isGlobalUnicast()", "true"},
    {"isLinkLocalUnicast", "address.isLinkLocalUnicast()",
     "whether it is in 169.254.0.0/16 or fe80::/10", kFamily, 1, 1, false, true, Takes<kB, kP>,
     "ip('169.254.169.254').isLinkLocalUnicast()", "true"},
    {"isLinkLocalMulticast", "address.isLinkLocalMulticast()",
     "whether it is in 224.0.0.0/24 or ff02::/16", kFamily, 1, 1, false, true, Takes<kB, kP>,
     "ip('224.0.0.1').isLinkLocalMulticast()", "true"},
    {"masked", "network.masked()", "with zeros behind the prefix", kFamily, 1, 1, false, true,
     Takes<kC, kC>, "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", "true"},
    {"prefixLength", "network.prefixLength()", "how many bits its prefix has", kFamily, 1, 1, false,
     true, Takes<kI, kC>, "cidr('10.0.0.0/8').prefixLength()", "8"},
};

}  // namespace

FunctionTable NetworkFunctions() { return kFunctions; }

}  // namespace telltale::rules
