// What the commands that talk to a running daemon have in common: whom they reach, and how they
// show the answer.
//
// Owner: the command. Thread: the main thread. Errors: InvalidArgument in a sentence for the user;
// a config that does not load is told on standard error as diagnostics.
#ifndef TELLTALE_DAEMON_COMMANDS_CONTROL_CONNECTION_H_
#define TELLTALE_DAEMON_COMMANDS_CONTROL_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "daemon/commands/flags.h"
#include "daemon/control/client.h"

namespace telltale::commands {

struct ControlOptions {
  std::string address;
  std::string config;
  std::string format = "text";
  int64_t timeout_seconds = 30;

  // --address, --config (-c), --format with these words, --timeout.
  void AddTo(Flags& flags, std::string_view formats = "text|json",
             std::string_view config_says = "the daemon's config, which has its address");

  // The daemon at --address, else the one that --config names, else the default one.
  absl::StatusOr<std::string> Address() const;
  absl::StatusOr<control::Format> AnswerFormat() const;
  // An error where something is said of a daemon, and none is asked.
  absl::Status RequireNoDaemon() const;
};

// Parses `args` with `flags` and `options`, which has been added to them; calls `call` with the
// client, prints its answer and returns the exit code. Takes no arguments that are no options.
int RunControl(std::string_view command, std::span<const std::string> args, const Flags& flags,
               const ControlOptions& options,
               const std::function<control::Answer(control::Client&)>& call);

// The same where the arguments have been parsed.
int CallControl(std::string_view command, const ControlOptions& options,
                const std::function<control::Answer(control::Client&)>& call);

// Prints an answer and returns its exit code.
int Show(const control::Answer& answer);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_CONTROL_CONNECTION_H_
