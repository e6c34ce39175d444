#include "daemon/telemetry/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "civetweb.h"
#include "daemon/telemetry/log.h"
#include "daemon/telemetry/metrics.h"

namespace telltale::telemetry {
namespace {

constexpr char kThreads[] = "8";
constexpr char kRequestTimeoutMs[] = "5000";
constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kJsonType[] = "application/json";

std::string HealthJson(std::string_view word, bool value, const std::vector<std::string>& reasons) {
  std::string list = absl::StrJoin(reasons, ",", [](std::string* out, const std::string& reason) {
    AppendJsonString(reason, *out);
  });
  return absl::StrFormat("{\"%s\":%s,\"reasons\":[%s]}\n", std::string(word),
                         value ? "true" : "false", list);
}

int Answer(mg_connection* connection, int status, const char* type, const std::string& body) {
  std::string_view method = mg_get_request_info(connection)->request_method;
  bool head = method == "HEAD";
  std::string text = absl::StrCat(
      "HTTP/1.1 ", status, " ", mg_get_response_code_text(connection, status),
      "\r\nContent-Type: ", type, "\r\nContent-Length: ", body.size(),
      "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n", head ? std::string() : body);
  mg_write(connection, text.data(), text.size());
  return status;
}

void ConnectAndClose(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // Whether it succeeds does not matter: without it the end only takes longer.
  (void)connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  close(fd);
}

class CivetHttpServer : public HttpServer {
 public:
  CivetHttpServer(SnapshotProvider snapshot, HealthProvider health)
      : collector_(std::move(snapshot)), health_(std::move(health)) {}

  ~CivetHttpServer() override {
    if (context_ != nullptr) Stop();
  }

  absl::Status Listen(const std::string& address);
  uint16_t port() const override { return port_; }

 private:
  void Stop();
  static int OnRequest(mg_connection* connection, void* self) {
    return static_cast<CivetHttpServer*>(self)->Handle(connection);
  }
  static int OnLog(const mg_connection* connection, const char* message);
  int Handle(mg_connection* connection) const;

  SnapshotCollector collector_;
  HealthProvider health_;
  std::string complaint_;  // of civetweb while it started; not written afterwards
  bool started_ = false;
  mg_context* context_ = nullptr;
  uint16_t port_ = 0;
};

// A listening thread looks for its end only every two seconds, or when somebody connects.
void CivetHttpServer::Stop() {
  std::atomic<bool> stopped{false};
  std::thread waker([this, &stopped] {
    while (!stopped.load()) {
      ConnectAndClose(port_);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  mg_stop(context_);
  stopped.store(true);
  waker.join();
}

int CivetHttpServer::OnLog(const mg_connection* connection, const char* message) {
  auto* self = static_cast<CivetHttpServer*>(mg_get_user_data(mg_get_context(connection)));
  // The first one is the reason; what follows are its consequences.
  if (self != nullptr && !self->started_ && self->complaint_.empty()) self->complaint_ = message;
  return 1;  // nothing on standard error: a client that hangs up is no news
}

int CivetHttpServer::Handle(mg_connection* connection) const {
  const mg_request_info* request = mg_get_request_info(connection);
  std::string_view method = request->request_method;
  std::string_view path = request->local_uri;
  if (method != "GET" && method != "HEAD") {
    return Answer(connection, 405, "text/plain", "only GET and HEAD\n");
  }
  if (path == "/metrics")
    return Answer(connection, 200, kMetricsType, ToText(collector_.Collect()));
  if (path == "/livez") {
    Health health = health_();
    return Answer(connection, health.live ? 200 : 503, kJsonType, LiveJson(health));
  }
  if (path == "/readyz") {
    Health health = health_();
    return Answer(connection, health.ready ? 200 : 503, kJsonType, ReadyJson(health));
  }
  return Answer(connection, 404, "text/plain", "/metrics, /livez or /readyz\n");
}

// civetweb 1.15 (Debian 12) is given where to write the error code; 1.16 keeps it itself.
[[maybe_unused]] void SetCode(unsigned*& field, unsigned& code) { field = &code; }
[[maybe_unused]] void SetCode(unsigned&, unsigned&) {}

absl::Status CivetHttpServer::Listen(const std::string& address) {
  std::string listening = address;
  if (absl::StartsWith(listening, ":")) listening.erase(0, 1);
  if (absl::StartsWith(listening, "localhost:")) listening.replace(0, 9, "127.0.0.1");
  std::vector<const char*> options = {
      "listening_ports",    listening.c_str(), "num_threads", kThreads,
      "request_timeout_ms", kRequestTimeoutMs, nullptr};
  mg_callbacks callbacks{};
  callbacks.log_message = OnLog;
  mg_init_data init{};
  init.callbacks = &callbacks;
  init.user_data = this;
  init.configuration_options = options.data();
  unsigned code = 0;
  std::array<char, 512> text{};
  mg_error_data error{};
  SetCode(error.code, code);
  error.text = text.data();
  error.text_buffer_size = text.size();
  context_ = mg_start2(&init, &error);
  if (context_ == nullptr) {
    std::string why = complaint_.empty() ? std::string(text.data()) : complaint_;
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address, ": ", why));
  }
  started_ = true;
  mg_server_port ports{};
  if (mg_get_server_ports(context_, 1, &ports) > 0) port_ = static_cast<uint16_t>(ports.port);
  mg_set_request_handler(context_, "/", OnRequest, this);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address,
                                                              SnapshotProvider snapshot,
                                                              HealthProvider health) {
  auto server = std::make_unique<CivetHttpServer>(std::move(snapshot), std::move(health));
  if (absl::Status status = server->Listen(address); !status.ok()) return status;
  return server;
}

std::string LiveJson(const Health& health) {
  return HealthJson("live", health.live, health.live ? std::vector<std::string>() : health.reasons);
}

std::string ReadyJson(const Health& health) {
  return HealthJson("ready", health.ready, health.reasons);
}

}  // namespace telltale::telemetry
