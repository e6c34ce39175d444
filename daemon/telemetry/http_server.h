// The daemon's small HTTP server: /metrics, /livez, /readyz.
//
// GET and HEAD only. /livez and /readyz answer 200 or 503 with a JSON body,
// {"ready":false,"reasons":["..."]}. There are more threads than a scraper and two probes use, and
// a connection that sends nothing is closed after a few seconds: idle connections do not block the
// others.
//
// Owner: the command that runs the daemon; the destructor ends all connections and joins the
// threads. Thread: the providers are called from the server's threads. Errors: Start says why it
// cannot listen ("127.0.0.1:9464: Address already in use").
#ifndef TELLTALE_DAEMON_TELEMETRY_HTTP_SERVER_H_
#define TELLTALE_DAEMON_TELEMETRY_HTTP_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/telemetry/snapshot.h"

namespace telltale::telemetry {

class HttpServer {
 public:
  // `address` is host:port, :port or port; port 0 lets the kernel choose.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& address,
                                                           SnapshotProvider snapshot,
                                                           HealthProvider health);
  virtual ~HttpServer() = default;
  virtual uint16_t port() const = 0;
};

// The bodies of /livez and /readyz.
std::string LiveJson(const Health& health);
std::string ReadyJson(const Health& health);

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_HTTP_SERVER_H_
