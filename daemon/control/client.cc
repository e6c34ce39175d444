#include "daemon/control/client.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "daemon/control/render.h"
#include "daemon/control/render_status.h"
#include "proto/telltale/v1/control.grpc.pb.h"

namespace telltale::control {
namespace {

constexpr int kExitRules = 2;
constexpr int kExitUnreachable = 3;
constexpr int kMaxResponseBytes = 64 << 20;

void Silence(gpr_log_func_args*) {}

v1::RuleKey KeyMessage(const std::string& rule, const std::vector<std::string>& key) {
  v1::RuleKey message;
  message.set_rule(rule);
  for (const std::string& part : key) message.add_parts(part);
  return message;
}

}  // namespace

struct Client::Impl {
  std::string address;
  Format format;
  absl::Duration timeout;
  std::unique_ptr<v1::Control::Stub> stub;

  // Calls `method`; an error of the call becomes the answer, a response goes through `judge`.
  template <typename Request, typename Response, typename Judge>
  Answer Call(grpc::Status (v1::Control::Stub::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
              const Request& request, Judge judge) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    Response response;
    grpc::Status status = (stub.get()->*method)(&context, request, &response);
    Answer answer;
    if (!status.ok()) {
      answer.exit_code = kExitUnreachable;
      answer.err = absl::StrCat("telltale: ", address, ": ", status.error_message(), "\n");
      return answer;
    }
    answer.out = format == Format::kJson ? RenderJson(response) : RenderText(response);
    judge(response, answer);
    return answer;
  }
};

Client::Client(const std::string& address, Format format, absl::Duration timeout)
    : impl_(std::make_unique<Impl>()) {
  gpr_set_log_function(Silence);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxResponseBytes);
  impl_->address = address;
  impl_->format = format;
  impl_->timeout = timeout;
  impl_->stub = v1::Control::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

Client::~Client() = default;

Answer Client::Reload(bool dry_run) {
  v1::ReloadRequest request;
  request.set_dry_run(dry_run);
  return impl_->Call(&v1::Control::Stub::Reload, request,
                     [this](const v1::ReloadResponse& response, Answer& answer) {
                       if (!response.accepted()) answer.exit_code = kExitRules;
                       if (impl_->format == Format::kText) {
                         answer.err = RenderDiagnostics(response.diagnostics());
                       }
                     });
}

Answer Client::ListRules() {
  return impl_->Call(&v1::Control::Stub::ListRules, v1::ListRulesRequest(),
                     [](const v1::ListRulesResponse&, Answer&) {});
}

Answer Client::GetStatus(bool lateness) {
  return impl_->Call(&v1::Control::Stub::GetStatus, v1::GetStatusRequest(),
                     [this, lateness](const v1::GetStatusResponse& response, Answer& answer) {
                       if (lateness && impl_->format == Format::kText) {
                         answer.out = LatenessText(response);
                       }
                     });
}

Answer Client::WatchKey(const std::string& rule, const std::vector<std::string>& key) {
  v1::WatchKeyRequest request;
  *request.mutable_key() = KeyMessage(rule, key);
  return impl_->Call(&v1::Control::Stub::WatchKey, request,
                     [](const v1::WatchKeyResponse&, Answer&) {});
}

Answer Client::UnwatchKey(const std::string& rule, const std::vector<std::string>& key) {
  v1::UnwatchKeyRequest request;
  *request.mutable_key() = KeyMessage(rule, key);
  return impl_->Call(&v1::Control::Stub::UnwatchKey, request,
                     [](const v1::UnwatchKeyResponse&, Answer&) {});
}

Answer Client::ListWatchedKeys() {
  return impl_->Call(&v1::Control::Stub::ListWatchedKeys, v1::ListWatchedKeysRequest(),
                     [](const v1::ListWatchedKeysResponse&, Answer&) {});
}

Answer Client::ExplainKey(const std::string& rule, const std::vector<std::string>& key,
                          bool watch) {
  v1::ExplainKeyRequest request;
  *request.mutable_key() = KeyMessage(rule, key);
  request.set_watch(watch);
  return impl_->Call(&v1::Control::Stub::ExplainKey, request,
                     [](const v1::ExplainKeyResponse&, Answer&) {});
}

Answer Client::Validate(const std::vector<rules::SourcePtr>& files) {
  v1::ValidateRequest request;
  for (const rules::SourcePtr& file : files) {
    v1::RuleFile* message = request.add_files();
    message->set_path(file->path());
    message->set_content(std::string(file->text()));
  }
  return impl_->Call(&v1::Control::Stub::Validate, request,
                     [this](const v1::ValidateResponse& response, Answer& answer) {
                       if (!response.valid()) answer.exit_code = kExitRules;
                       if (impl_->format == Format::kText) {
                         answer.err = RenderDiagnostics(response.diagnostics());
                       }
                     });
}

}  // namespace telltale::control
