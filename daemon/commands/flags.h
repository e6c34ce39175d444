// The options of a subcommand: `--name value`, `--name=value`, `-c value`, switches, and what is
// left over. `--` ends the options; a lone `-` is no option.
//
//   std::string config;
//   bool json = false;
//   Flags flags;
//   flags.Text("config", 'c', &config).Switch("json", &json);
//   absl::StatusOr<std::vector<std::string>> rest = flags.Parse(args);
//
// Owner: the command; what it fills outlives Parse. Thread: one. Errors: InvalidArgument, in a
// sentence for the user with the nearest option.
#ifndef TELLTALE_DAEMON_COMMANDS_FLAGS_H_
#define TELLTALE_DAEMON_COMMANDS_FLAGS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace telltale::commands {

class Flags {
 public:
  // The last of several counts, but for List, which takes them all.
  Flags& Switch(std::string name, bool* value);
  Flags& Text(std::string name, std::string* value) { return Text(std::move(name), 0, value); }
  Flags& Text(std::string name, char letter, std::string* value);
  Flags& Number(std::string name, int64_t* value);
  Flags& List(std::string name, std::vector<std::string>* values);

  // Returns what is no option, in order.
  absl::StatusOr<std::vector<std::string>> Parse(std::span<const std::string> args) const;

 private:
  struct Flag {
    std::string name;
    char letter = 0;
    std::variant<bool*, std::string*, int64_t*, std::vector<std::string>*> target;
  };
  absl::StatusOr<const Flag*> Find(std::string_view word) const;
  static absl::Status Set(const Flag& flag, const std::string& value);

  std::vector<Flag> flags_;
};

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_FLAGS_H_
