// The gRPC server of the control API: telltale.v1.Control, the standard health service and
// reflection.
//
// It only translates: what a call does is done by the reload coordinator, the key board and the
// providers, on the server's threads. The health service says SERVING while the health provider
// says ready, for
// "" and for "telltale.v1.Control"; it is asked a few times a second, for clients that watch.
//
// Owner: the command that runs the daemon. The backend's parts outlive the server. Thread: Start
// and the destructor from one; the backend is called from several threads at once. The destructor
// lets running calls end, for a second, and joins the threads. Errors: Start says why it cannot
// listen.
#ifndef TELLTALE_DAEMON_CONTROL_SERVER_H_
#define TELLTALE_DAEMON_CONTROL_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/app/key_board.h"
#include "daemon/app/reload.h"
#include "daemon/telemetry/snapshot.h"

namespace telltale::control {

struct Backend {
  app::ReloadCoordinator* reload = nullptr;
  app::KeyBoard* keys = nullptr;
  telemetry::SnapshotProvider snapshot;
  telemetry::HealthProvider health;
};

class Server {
 public:
  // `address` is host:port; port 0 lets the kernel choose. Without TLS: for this machine or a
  // trusted network.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::string& address, Backend backend);
  virtual ~Server() = default;
  virtual uint16_t port() const = 0;
};

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_SERVER_H_
