// Functions over IP addresses and networks.
#include <optional>
#include <string>
#include <string_view>

#include "engine/condition/address_text.h"
#include "engine/condition/native.h"
#include "rules/model/address.h"

namespace telltale::engine {
namespace {

using rules::Address;
using rules::Network;

Value Kept(const Address& address, Scratch& scratch) {
  char* bytes = scratch.Allocate(address.size);
  if (bytes == nullptr) return Spent();
  address.view().copy(bytes, address.size);
  return Value::Ip({bytes, address.size});
}

Value Kept(const Network& network, Scratch& scratch) {
  const size_t size = network.address.size;
  char* bytes = scratch.Allocate(size + 1);
  if (bytes == nullptr) return Spent();
  network.address.view().copy(bytes, size);
  bytes[size] = static_cast<char>(network.prefix);
  return Value::Cidr({bytes, size + 1});
}

// REQUIRES of both: a network.
std::string_view AddressOf(Value network) {
  return network.as_string().substr(0, network.size() - 1);
}
unsigned PrefixOf(Value network) { return static_cast<unsigned char>(network.as_string().back()); }

Value Ip(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (args[0].is(ValueKind::kCidr)) return Value::Ip(AddressOf(args[0]));
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  const std::optional<Address> address = rules::ParseAddress(args[0].as_string());
  return address.has_value() ? Kept(*address, scratch) : OutOfRange();
}

Value Cidr(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  const std::optional<Network> network = rules::ParseNetwork(args[0].as_string());
  return network.has_value() ? Kept(*network, scratch) : OutOfRange();
}

Value IsIp(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  return Value::Bool(rules::ParseAddress(args[0].as_string()).has_value());
}

Value IsCidr(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  return Value::Bool(rules::ParseNetwork(args[0].as_string()).has_value());
}

Value IsCanonical(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  const std::optional<Address> address = rules::ParseAddress(args[0].as_string());
  if (!address.has_value()) return OutOfRange();
  std::string& text = scratch.Text();
  AppendAddress(Value::Ip(address->view()), text);
  return Value::Bool(text == args[0].as_string());
}

Value Family(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return args[0].is(ValueKind::kIp) ? Value::Int(args[0].size() == 4 ? 4 : 6) : NoOverload();
}

template <bool (*test)(std::string_view)>
Value TestAddress(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return args[0].is(ValueKind::kIp) ? Value::Bool(test(args[0].as_string())) : NoOverload();
}

Value ContainsIp(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value network = args[0];
  if (!network.is(ValueKind::kCidr)) return NoOverload();
  if (args[1].is(ValueKind::kIp)) {
    return Value::Bool(
        rules::SamePrefix(AddressOf(network), args[1].as_string(), PrefixOf(network)));
  }
  if (!args[1].is(ValueKind::kString)) return NoOverload();
  const std::optional<Address> address = rules::ParseAddress(args[1].as_string());
  if (!address.has_value()) return OutOfRange();
  return Value::Bool(rules::SamePrefix(AddressOf(network), address->view(), PrefixOf(network)));
}

Value ContainsCidr(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value outer = args[0];
  if (!outer.is(ValueKind::kCidr)) return NoOverload();
  const Value inner = args[1].is(ValueKind::kCidr) ? args[1] : Cidr(args + 1, 1, scratch);
  if (!inner.is(ValueKind::kCidr)) return inner;
  return Value::Bool(PrefixOf(outer) <= PrefixOf(inner) &&
                     rules::SamePrefix(AddressOf(outer), AddressOf(inner), PrefixOf(outer)));
}

Value Masked(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kCidr)) return NoOverload();
  Network network;
  network.address.size = static_cast<uint8_t>(AddressOf(args[0]).size());
  AddressOf(args[0]).copy(network.address.bytes.data(), network.address.size);
  network.prefix = static_cast<uint8_t>(PrefixOf(args[0]));
  rules::MaskAddress(network.address, network.prefix);
  return Kept(network, scratch);
}

Value PrefixLength(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return args[0].is(ValueKind::kCidr) ? Value::Int(PrefixOf(args[0])) : NoOverload();
}

constexpr NativeFunction kNatives[] = {
    {"ip", Ip},
    {"cidr", Cidr},
    {"isIP", IsIp},
    {"isCIDR", IsCidr},
    {"ip.isCanonical", IsCanonical},
    {"family", Family},
    {"isUnspecified", TestAddress<rules::IsUnspecified>},
    {"isLoopback", TestAddress<rules::IsLoopback>},
    {"isGlobalUnicast", TestAddress<rules::IsGlobalUnicast>},
    {"isLinkLocalMulticast", TestAddress<rules::IsLinkLocalMulticast>},
    {"isLinkLocalUnicast", TestAddress<rules::IsLinkLocalUnicast>},
    {"containsIP", ContainsIp},
    {"containsCIDR", ContainsCidr},
    {"masked", Masked},
    {"prefixLength", PrefixLength},
};

}  // namespace

NativeTable NetworkNatives() { return kNatives; }

}  // namespace telltale::engine
