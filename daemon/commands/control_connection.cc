#include "daemon/commands/control_connection.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/commands/command.h"
#include "daemon/config/config.h"
#include "rules/model/diagnostic.h"

namespace telltale::commands {
namespace {

// Where a server that listens on every address of the machine is reached from it.
std::string Reachable(const config::Listen& listen) {
  bool everywhere = listen.host.empty() || listen.host == "0.0.0.0" || listen.host == "::" ||
                    listen.host == "[::]";
  return absl::StrCat(everywhere ? "127.0.0.1" : listen.host, ":", listen.port);
}

}  // namespace

void ControlOptions::AddTo(Flags& flags, std::string_view formats, std::string_view config_says) {
  flags.Text("address", &address, {"HOST:PORT", "the daemon's control address (127.0.0.1:9465)"})
      .Text("config", 'c', &config, {"FILE", config_says})
      .Text("format", &format, {formats, "of the answer (text)"})
      .Number("timeout", &timeout_seconds, {"SECONDS", "how long to wait for it (30)"});
}

absl::Status ControlOptions::RequireNoDaemon() const {
  if (address.empty() && timeout_seconds == ControlOptions().timeout_seconds)
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("option '", address.empty() ? "--timeout" : "--address",
                   "' is about a running daemon, and none is asked here"));
}

absl::StatusOr<std::string> ControlOptions::Address() const {
  if (!address.empty()) return address;
  if (config.empty()) return Reachable(config::Config().grpc);
  config::ConfigResult loaded = config::LoadConfig(config);
  if (!loaded.config) {
    std::string text = rules::Render(loaded.diagnostics);
    std::fwrite(text.data(), 1, text.size(), stderr);
    return absl::InvalidArgumentError(absl::StrCat(config, " does not load"));
  }
  if (loaded.config->grpc.port == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(config, " leaves the port to the kernel: say --address"));
  }
  return Reachable(loaded.config->grpc);
}

absl::StatusOr<control::Format> ControlOptions::AnswerFormat() const {
  if (format == "text") return control::Format::kText;
  if (format == "json") return control::Format::kJson;
  return absl::InvalidArgumentError(
      absl::StrCat("option '--format' is text or json, not '", format, "'"));
}

int RunControl(std::string_view command, std::span<const std::string> args, const Flags& flags,
               const ControlOptions& options,
               const std::function<control::Answer(control::Client&)>& call) {
  absl::StatusOr<std::vector<std::string>> rest = flags.Parse(args);
  if (!rest.ok()) return UsageError(command, std::string(rest.status().message()));
  if (!rest->empty()) {
    return UsageError(command, absl::StrCat("'", rest->front(), "' is one argument too many"));
  }
  return CallControl(command, options, call);
}

int CallControl(std::string_view command, const ControlOptions& options,
                const std::function<control::Answer(control::Client&)>& call) {
  absl::StatusOr<control::Format> format = options.AnswerFormat();
  if (!format.ok()) return UsageError(command, std::string(format.status().message()));
  if (options.timeout_seconds < 1) return UsageError(command, "option '--timeout' is at least 1");
  absl::StatusOr<std::string> address = options.Address();
  if (!address.ok()) return UsageError(command, std::string(address.status().message()));
  control::Client client(*address, *format, absl::Seconds(options.timeout_seconds));
  return Show(call(client));
}

int Show(const control::Answer& answer) {
  std::fwrite(answer.err.data(), 1, answer.err.size(), stderr);
  std::fwrite(answer.out.data(), 1, answer.out.size(), stdout);
  return answer.exit_code;
}

}  // namespace telltale::commands
