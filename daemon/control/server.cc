#include "daemon/control/server.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/control/translate.h"
#include "daemon/telemetry/process_figures.h"
#include "proto/telltale/v1/control.grpc.pb.h"

namespace telltale::control {
namespace {

constexpr int kMaxRequestBytes = 32 << 20;  // rule files of a validation
constexpr auto kHealthPeriod = std::chrono::milliseconds(200);
constexpr auto kShutdownGrace = std::chrono::seconds(1);
constexpr char kServiceName[] = "telltale.v1.Control";

grpc::Status ToGrpc(const absl::Status& status) {
  // The codes of both have the same numbers.
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

std::vector<std::string> PartsOf(const v1::RuleKey& key) {
  return {key.parts().begin(), key.parts().end()};
}

class Service final : public v1::Control::Service {
 public:
  explicit Service(Backend backend) : backend_(std::move(backend)) {}

  grpc::Status Validate(grpc::ServerContext*, const v1::ValidateRequest* request,
                        v1::ValidateResponse* response) override {
    app::ReloadOutcome outcome;
    if (request->files().empty()) {
      outcome = backend_.reload->Reload(/*dry_run=*/true);
    } else {
      std::vector<rules::SourcePtr> files;
      for (const v1::RuleFile& file : request->files()) {
        files.push_back(std::make_shared<rules::SourceFile>(file.path(), file.content()));
      }
      outcome = backend_.reload->Validate(files);
    }
    *response = ToValidateResponse(outcome);
    return ToGrpc(outcome.failure);
  }

  grpc::Status Reload(grpc::ServerContext*, const v1::ReloadRequest* request,
                      v1::ReloadResponse* response) override {
    app::ReloadOutcome outcome = backend_.reload->Reload(request->dry_run());
    *response = ToReloadResponse(outcome);
    return ToGrpc(outcome.failure);
  }

  grpc::Status ListRules(grpc::ServerContext*, const v1::ListRulesRequest*,
                         v1::ListRulesResponse* response) override {
    *response = ToListRulesResponse(*backend_.reload->current(), backend_.snapshot().engine);
    return grpc::Status::OK;
  }

  grpc::Status WatchKey(grpc::ServerContext*, const v1::WatchKeyRequest* request,
                        v1::WatchKeyResponse*) override {
    return ToGrpc(backend_.keys->Watch(request->key().rule(), PartsOf(request->key())));
  }

  grpc::Status UnwatchKey(grpc::ServerContext*, const v1::UnwatchKeyRequest* request,
                          v1::UnwatchKeyResponse*) override {
    return ToGrpc(backend_.keys->Unwatch(request->key().rule(), PartsOf(request->key())));
  }

  grpc::Status ListWatchedKeys(grpc::ServerContext*, const v1::ListWatchedKeysRequest*,
                               v1::ListWatchedKeysResponse* response) override {
    const auto watched = backend_.keys->Watched();
    if (!watched.ok()) return ToGrpc(watched.status());
    *response = ToListWatchedKeysResponse(*watched);
    return grpc::Status::OK;
  }

  grpc::Status ExplainKey(grpc::ServerContext*, const v1::ExplainKeyRequest* request,
                          v1::ExplainKeyResponse* response) override {
    const std::vector<std::string> parts = PartsOf(request->key());
    if (request->watch()) {
      const absl::Status status = backend_.keys->Watch(request->key().rule(), parts);
      if (!status.ok()) return ToGrpc(status);
    }
    const auto explanation = backend_.keys->Explain(request->key().rule(), parts);
    if (!explanation.ok()) return ToGrpc(explanation.status());
    *response = ToExplainKeyResponse(*explanation);
    return grpc::Status::OK;
  }

  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override {
    *response = ToGetStatusResponse(backend_.snapshot(), telemetry::ReadProcessFigures());
    return grpc::Status::OK;
  }

 private:
  const Backend backend_;
};

// gRPC says why it could not bind only in its own log: ask the kernel once more.
std::string WhyNotListening(const std::string& address) {
  size_t colon = address.rfind(':');
  if (colon == std::string::npos) return "the address is not host:port";
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  int error = getaddrinfo(host.empty() ? nullptr : host.c_str(), address.c_str() + colon + 1,
                          &hints, &found);
  if (error != 0) return gai_strerror(error);
  std::string why = "gRPC refuses the address";
  int fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
  if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0) why = std::strerror(errno);
  if (fd >= 0) close(fd);
  freeaddrinfo(found);
  return why;
}

// What gRPC has to say about sockets is for its own developers; our errors are told by their
// callers.
void Silence(gpr_log_func_args*) {}

class GrpcServer : public Server {
 public:
  explicit GrpcServer(Backend backend) : health_(backend.health), service_(std::move(backend)) {}

  ~GrpcServer() override {
    if (server_ == nullptr) return;
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    watcher_.join();
    server_->Shutdown(std::chrono::system_clock::now() + kShutdownGrace);
  }

  absl::Status Listen(const std::string& address);
  uint16_t port() const override { return static_cast<uint16_t>(port_); }

 private:
  void WatchHealth();

  telemetry::HealthProvider health_;
  Service service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  std::thread watcher_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
};

absl::Status GrpcServer::Listen(const std::string& address) {
  gpr_set_log_function(Silence);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second daemon shall be told
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(&service_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", WhyNotListening(address)));
  }
  server_->GetHealthCheckService()->SetServingStatus(kServiceName, health_().ready);
  server_->GetHealthCheckService()->SetServingStatus(health_().ready);
  watcher_ = std::thread(&GrpcServer::WatchHealth, this);
  return absl::OkStatus();
}

void GrpcServer::WatchHealth() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kHealthPeriod, [this] { return stopping_; })) {
    bool ready = health_().ready;
    server_->GetHealthCheckService()->SetServingStatus(kServiceName, ready);
    server_->GetHealthCheckService()->SetServingStatus("", ready);
  }
  server_->GetHealthCheckService()->SetServingStatus(false);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::string& address, Backend backend) {
  auto server = std::make_unique<GrpcServer>(std::move(backend));
  if (absl::Status status = server->Listen(address); !status.ok()) return status;
  return server;
}

}  // namespace telltale::control
