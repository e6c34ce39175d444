// What `telltale replay --explain` prints: of each rule whether it alerted for the key, how far the
// key came, and why no further.
//
// Owner: the replay command; borrows the rules. Thread: one. Errors: Watches says in a sentence
// what is wrong with the key or the rule.
#ifndef TELLTALE_DAEMON_COMMANDS_REPLAY_EXPLAIN_H_
#define TELLTALE_DAEMON_COMMANDS_REPLAY_EXPLAIN_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/replay/replay.h"
#include "engine/alert/alert.h"
#include "engine/runtime/key_watch.h"
#include "rules/model/rule.h"

namespace telltale::commands {

class ReplayExplain {
 public:
  // `key`: its parts. `rule`: an id; empty: all rules that run and have as many parts.
  static absl::StatusOr<std::vector<replay::Replay::Watch>> Watches(
      const rules::RuleSet& rules, const std::string& rule, const std::vector<std::string>& key);

  void Note(const engine::Alert& alert);
  // In the order of the rules' ids.
  absl::StatusOr<std::string> Text(std::vector<engine::WatchedKey> watched) const;

 private:
  struct RuleKey {
    std::string rule;
    rules::KeyParts key;
    auto operator<=>(const RuleKey&) const = default;
  };
  std::string Alerted(const engine::WatchedKey& watched) const;

  std::map<RuleKey, std::vector<std::string>> alerts_;  // when each came, and its kind
};

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_REPLAY_EXPLAIN_H_
