// `telltale demo`: the main job on a broker inside the process, with a verdict.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/app/signals.h"
#include "daemon/commands/demo_command.h"
#include "daemon/commands/flags.h"
#include "daemon/control/server.h"
#include "daemon/demo/demo.h"
#include "daemon/telemetry/http_server.h"
#include "daemon/telemetry/log.h"

namespace telltale::commands {
namespace {

constexpr int64_t kMaxEvents = 20'000'000;

struct DemoFlags {
  int64_t events = 300'000;
  int64_t seed = 1;
  bool json = false;
  bool serve = false;
  std::string http = "127.0.0.1:9464";
  std::string grpc = "127.0.0.1:9465";
};

// Metrics, probes and the control API.
struct Servers {
  std::unique_ptr<telemetry::HttpServer> http;
  std::unique_ptr<control::Server> control;
};

absl::Status Serve(const DemoFlags& options, demo::Demo& demo, Servers& servers) {
  app::Daemon& daemon = demo.daemon();
  auto snapshot = [&daemon] { return daemon.Snapshot(); };
  auto health = [&daemon] { return daemon.Health(); };
  auto http = telemetry::HttpServer::Start(options.http, snapshot, health);
  if (!http.ok()) return http.status();
  servers.http = *std::move(http);
  auto control = control::Server::Start(
      options.grpc, {.reload = &daemon.reload(), .snapshot = snapshot, .health = health});
  if (!control.ok()) return control.status();
  servers.control = *std::move(control);
  return absl::OkStatus();
}

std::string ServedText(const DemoFlags& options, demo::Demo& demo) {
  return absl::StrCat("The daemon keeps running; Ctrl-C ends it.\n",                //
                      "  metrics  http://", options.http, "/metrics\n",             //
                      "  status   telltale status --address ", options.grpc, "\n",  //
                      "  rules    ", demo.folder(), "/rules (change them, then telltale reload)\n",
                      "  broker   ", demo.bootstrap());
}

// A limit that a slow machine keeps too; the default number of events takes a few seconds.
absl::Duration LimitFor(int64_t events) {
  return absl::Seconds(std::max<int64_t>(40, events / 10'000));
}

int Play(const DemoFlags& options, demo::Screen& screen) {
  std::atomic<bool> interrupted{false};
  std::atomic<bool> reload_wanted{false};
  app::Signals signals([&] { interrupted = true; }, [&] { reload_wanted = true; });
  screen.Say("Starting a Kafka broker inside the process, and the daemon on it ...");
  demo::GeneratorOptions generator;
  generator.events = static_cast<uint64_t>(options.events);
  generator.seed = static_cast<uint64_t>(options.seed);
  auto demo = demo::Demo::Start(generator, screen);
  if (!demo.ok()) {
    std::fprintf(stderr, "telltale demo: %s\n", std::string(demo.status().message()).c_str());
    return kExitFailure;
  }
  Servers servers;
  if (absl::Status status = options.serve ? Serve(options, **demo, servers) : absl::OkStatus();
      !status.ok()) {
    std::fprintf(stderr, "telltale demo: %s\n", std::string(status.message()).c_str());
    return kExitFailure;
  }
  screen.Say("Alerts as they come on the topic 'alerts':");
  demo::DemoResult result = (*demo)->Play(LimitFor(options.events), interrupted);
  std::string text = demo::ResultText(result);
  text.pop_back();
  screen.Say(text);
  if (options.json) screen.Say(demo::ResultJson(result));
  if (options.serve && !interrupted.load()) {
    screen.Say(ServedText(options, **demo));
    for (int tick = 0; !interrupted.load(); ++tick) {
      if (tick % 10 == 0) (*demo)->Beat();
      if (reload_wanted.exchange(false)) (*demo)->daemon().reload().Reload(false);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  return result.good() ? kExitOk : kExitFailure;
}

Flags Declare(DemoFlags& options) {
  Flags flags;
  flags.Number("events", &options.events, {"N", "about so many events (300000)"})
      .Number("seed", &options.seed, {"S", "another seed, other events (1)"})
      .Switch("json", &options.json, "the verdict as JSON in the last line")
      .Switch("serve", &options.serve,
              "keep running afterwards, with metrics and control, until Ctrl-C")
      .Text("http", &options.http, {"HOST:PORT", "where --serve has the metrics (127.0.0.1:9464)"})
      .Text("grpc", &options.grpc, {"HOST:PORT", "where it listens for control (127.0.0.1:9465)"});
  return flags;
}

int Run(std::span<const std::string> args) {
  DemoFlags options;
  absl::StatusOr<std::vector<std::string>> rest = Declare(options).Parse(args);
  if (!rest.ok()) return UsageError("demo", std::string(rest.status().message()));
  if (!rest->empty()) {
    return UsageError("demo", absl::StrCat("'", rest->front(), "' is one argument too many"));
  }
  if (options.events < 1 || options.events > kMaxEvents) {
    return UsageError("demo", absl::StrCat("option '--events' is 1 to ", kMaxEvents));
  }
  if (!options.serve && options.http != DemoFlags().http)
    return UsageError("demo", "option '--http' is of --serve");
  app::Signals::Block();
  telemetry::ConfigureLog(
      {.level = telemetry::LogLevel::kWarning, .format = telemetry::LogFormat::kText});
  bool color = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  demo::Screen screen(stdout, stderr, isatty(STDERR_FILENO) == 1, color);
  return Play(options, screen);
}

}  // namespace

const Command kDemo = {
    .name = "demo",
    .summary = "Run the main job on a broker inside the process",
    .help =
        "Usage: telltale demo [--events N] [--seed S] [--json] [--serve]\n"
        "\n"
        "Starts a Kafka broker inside the process and the daemon on it, writes the logins, devices "
        "and\n"
        "transactions of made-up users to three topics, with account takeovers planted among them "
        "and near\n"
        "misses that must stay quiet, and shows the alerts as they come. Ends by itself with a "
        "verdict\n"
        "against what was planted.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes = "0 every planted alert came and no other, 1 not so.",
    .run = Run,
};

}  // namespace telltale::commands
