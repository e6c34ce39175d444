// Keys under watch in the running daemon: puts them there, takes them away, and explains them.
//
// What touches the engine runs on its ingest thread; the story of a key is told on the caller's.
// How many keys and how many events of each are kept is bounded here. Owner: the app. Thread: any.
// Errors: NotFound (no such rule, the key is not under watch), InvalidArgument (the key does not
// fit the rule), ResourceExhausted (too many keys), Unavailable (the daemon stops or is busy).
#ifndef TELLTALE_DAEMON_APP_KEY_BOARD_H_
#define TELLTALE_DAEMON_APP_KEY_BOARD_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/explain/key_explanation.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/key_watch.h"

namespace telltale::app {

class KeyBoard {
 public:
  static constexpr size_t kMostKeys = 100;
  static constexpr engine::WatchLimits kLimits{.events = 1000, .bytes = 1 << 20};

  // Runs an action on the ingest thread, and waits for it.
  using OnEngine = std::function<absl::Status(std::function<void(engine::Engine&)>)>;
  explicit KeyBoard(OnEngine on_engine) : on_engine_(std::move(on_engine)) {}

  // A key is given by its parts, as somebody types them (explain::KeyOfWords).
  absl::Status Watch(const std::string& rule, const std::vector<std::string>& key);
  absl::Status Unwatch(const std::string& rule, const std::vector<std::string>& key);
  absl::StatusOr<std::vector<engine::WatchedKey>> Watched();
  absl::StatusOr<explain::KeyExplanation> Explain(const std::string& rule,
                                                  const std::vector<std::string>& key);

 private:
  const OnEngine on_engine_;
};

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_KEY_BOARD_H_
