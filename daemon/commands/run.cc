#include "daemon/commands/run.h"

#include <memory>
#include <utility>

#include "daemon/app/daemon.h"
#include "daemon/app/rule_log.h"
#include "daemon/app/signals.h"
#include "daemon/app/steps.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/control/server.h"
#include "daemon/telemetry/http_server.h"
#include "daemon/telemetry/log.h"
#include "daemon/telemetry/version.h"

namespace telltale::commands {
namespace {

// What is around the daemon while it runs, in the order in which it is started.
struct Around {
  std::unique_ptr<app::Daemon> daemon;
  std::unique_ptr<telemetry::HttpServer> http;
  std::unique_ptr<control::Server> grpc;
  std::unique_ptr<app::Signals> signals;
};

absl::Status StartAll(app::Steps& steps, Around& around, config::Config config,
                      std::shared_ptr<const rules::RuleSet> rules) {
  const std::string http = config.http.ToString();
  const std::string grpc = config.grpc.ToString();
  absl::Status status = steps.Start(
      "daemon",
      [&] {
        auto made = app::Daemon::Create(std::move(config), std::move(rules));
        if (!made.ok()) return made.status();
        around.daemon = *std::move(made);
        return absl::OkStatus();
      },
      [&] {
        around.daemon.reset();
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  auto health = [daemon = around.daemon.get()] { return daemon->Health(); };
  auto snapshot = [daemon = around.daemon.get()] { return daemon->Snapshot(); };
  status = steps.Start(
      "http",
      [&] {
        auto started = telemetry::HttpServer::Start(http, snapshot, health);
        if (!started.ok()) return started.status();
        around.http = *std::move(started);
        return absl::OkStatus();
      },
      [&] {
        around.http.reset();
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  status = steps.Start(
      "grpc",
      [&] {
        auto started = control::Server::Start(
            grpc, {&around.daemon->reload(), &around.daemon->keys(), snapshot, health});
        if (!started.ok()) return started.status();
        around.grpc = *std::move(started);
        return absl::OkStatus();
      },
      [&] {
        around.grpc.reset();
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return steps.Start(
      "signals",
      [&] {
        around.signals = std::make_unique<app::Signals>(
            [&] { around.daemon->Stop(); }, [&] { around.daemon->reload().Reload(false); });
        return absl::OkStatus();
      },
      [&] {
        around.signals.reset();
        return absl::OkStatus();
      });
}

telemetry::LogOptions LogOptionsOf(const config::Config& config) {
  telemetry::LogOptions options;
  options.level = static_cast<telemetry::LogLevel>(config.log_level);
  options.format = static_cast<telemetry::LogFormat>(config.log_format);
  return options;
}

int RunDaemon(config::Config config, std::shared_ptr<const rules::RuleSet> rules) {
  const size_t rule_count = rules->rules.size();
  const std::string group = config.group;
  Around around;
  app::Steps steps;
  absl::Status status = StartAll(steps, around, std::move(config), std::move(rules));
  if (!status.ok()) {
    telemetry::LogError("the daemon did not start", {{"error", std::string(status.message())}});
    return kExitFailure;
  }
  telemetry::LogInfo("started", {{"version", telemetry::kVersion},
                                 {"group", group},
                                 {"rules", rule_count},
                                 {"http_port", around.http->port()},
                                 {"grpc_port", around.grpc->port()}});
  status = around.daemon->Run();
  if (!status.ok()) {
    telemetry::LogError("not drained", {{"error", std::string(status.message())}});
  }
  status.Update(steps.StopAll());
  telemetry::LogInfo("stopped", {{"drained", status.ok()}});
  return status.ok() ? kExitOk : kExitFailure;
}

Flags Declare(std::string& config) {
  Flags flags;
  flags.Text("config", 'c', &config, {"FILE", "the config (telltale.yml)"});
  return flags;
}

int Run(std::span<const std::string> args) {
  std::string path;
  const Flags flags = Declare(path);
  absl::StatusOr<std::vector<std::string>> rest = flags.Parse(args);
  if (!rest.ok()) return UsageError("run", std::string(rest.status().message()));
  if (!rest->empty()) return UsageError("run", "unexpected argument '" + rest->front() + "'");
  if (path.empty()) return UsageError("run", "--config is required");
  app::Signals::Block();
  config::ConfigResult loaded = ReadConfig(path, config::Use::kRun);
  app::LogDiagnostics(loaded.diagnostics, telemetry::ProcessLog());
  if (!loaded.config.has_value()) {
    if (loaded.draft) {
      app::LogDiagnostics(app::LoadRules(*loaded.draft).diagnostics, telemetry::ProcessLog());
    }
    return kExitUsage;
  }
  telemetry::ConfigureLog(LogOptionsOf(*loaded.config));
  rules::LoadResult rules = app::LoadRules(*loaded.config);
  app::LogDiagnostics(rules.diagnostics, telemetry::ProcessLog());
  if (rules.rules == nullptr) return kExitRules;
  return RunDaemon(*std::move(loaded.config), std::move(rules.rules));
}

}  // namespace

const Command kRun = {
    .name = "run",
    .summary = "Run the daemon: events from Kafka in, alerts out",
    .help =
        "Usage: telltale run -c FILE\n"
        "\n"
        "Reads the config and the rules, joins the consumer group, and writes alerts until it is "
        "told to stop.\n",
    .flags = [] { return Declared(&Declare); },
    .notes =
        "SIGTERM or SIGINT: stops reading, writes away what was read, commits, exits; a second one "
        "exits at once.\n"
        "SIGHUP: reads the rules again.\n",
    .exit_codes =
        "0 stopped and drained, 1 it could not start or not drain, 2 the rules do not "
        "load, 3 the config does not load, 143 (SIGTERM) or 130 (SIGINT) by a second signal.",
    .run = Run,
};

}  // namespace telltale::commands
