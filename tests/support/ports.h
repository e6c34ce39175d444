// Ports for the servers that tests start.
//
// A port is free when this looks; nothing holds it until the server binds it. Ports come from below
// the range that the kernel gives to outgoing connections: a client that keeps trying to reach a
// stopped server could otherwise be given that server's port and connect to itself.
// Any thread may call these.
#ifndef TELLTALE_TESTS_SUPPORT_PORTS_H_
#define TELLTALE_TESTS_SUPPORT_PORTS_H_

#include <cstdint>

namespace telltale::support {

// A port of 127.0.0.1 that nobody listens on; aborts the process when 1,000 tries find none.
// Does not return the same port twice in one process.
uint16_t FreePort();

// Whether a TCP connection to 127.0.0.1:`port` is accepted now.
bool IsListening(uint16_t port);

}  // namespace telltale::support

#endif  // TELLTALE_TESTS_SUPPORT_PORTS_H_
