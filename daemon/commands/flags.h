// The options of a subcommand: `--name value`, `--name=value`, `-c value`, switches, and what is
// left over. `--` ends the options; a lone `-` is no option.
//
//   std::string config;
//   bool json = false;
//   Flags flags;
//   flags.Text("config", 'c', &config, {"FILE", "the config (telltale.yml)"})
//       .Switch("json", &json, "as JSON");
//   absl::StatusOr<std::vector<std::string>> rest = flags.Parse(args);
//
// What an option says of itself is printed by --help, and makes the completions of shells and the
// manual page: a value such as `text|json` is one of these words, one that begins with FILE a file.
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
  // How an option's value is called, and what the option does.
  struct Says {
    std::string_view value;
    std::string_view text;
  };
  struct Description {
    std::string name;
    char letter = 0;    // 0: none
    std::string value;  // empty: a switch
    std::string text;
    bool repeated = false;
  };

  // The last of several counts, but for List, which takes them all.
  Flags& Switch(std::string name, bool* value, std::string_view text = {});
  Flags& Text(std::string name, std::string* value, const Says& says = {}) {
    return Text(std::move(name), 0, value, says);
  }
  Flags& Text(std::string name, char letter, std::string* value, const Says& says = {});
  Flags& Number(std::string name, int64_t* value, const Says& says = {}) {
    return Number(std::move(name), 0, value, says);
  }
  Flags& Number(std::string name, char letter, int64_t* value, const Says& says = {});
  Flags& List(std::string name, std::vector<std::string>* values, const Says& says = {});

  // Returns what is no option, in order.
  absl::StatusOr<std::vector<std::string>> Parse(std::span<const std::string> args) const;

  // In the order in which they were added.
  std::vector<Description> Describe() const;
  // The same as --help lists them, a line or more each.
  std::string HelpText() const;

 private:
  struct Flag {
    std::string name;
    char letter = 0;
    Says says;
    std::variant<bool*, std::string*, int64_t*, std::vector<std::string>*> target;
  };
  absl::StatusOr<const Flag*> Find(std::string_view word) const;
  static absl::Status Set(const Flag& flag, const std::string& value);

  std::vector<Flag> flags_;
};

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_FLAGS_H_
