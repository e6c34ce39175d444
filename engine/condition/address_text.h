// Addresses and networks as text: "10.1.2.3", "2001:db8::1", "10.0.0.0/8".
//
// IPv6 in the form of RFC 5952: lower case, the longest run of two or more zero groups as "::", the
// first of several; IPv4-mapped ones with a dotted tail.
//
// Owner: the result's. Thread: any. Errors: none.
#ifndef TELLTALE_ENGINE_CONDITION_ADDRESS_TEXT_H_
#define TELLTALE_ENGINE_CONDITION_ADDRESS_TEXT_H_

#include <string>

#include "engine/event/value.h"

namespace telltale::engine {

// REQUIRES: an address or a network.
void AppendAddress(Value value, std::string& out);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_ADDRESS_TEXT_H_
