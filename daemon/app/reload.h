// Changes the rules of the running engine (C1, C2): loads, checks and compiles the new set whole
// beside the running one, hands it to the ingest thread, and says what came of it. Any error: the
// old set stays.
//
// Loading and compiling run on the caller's thread, never on the ingest thread. Callers wait for
// each other: switches take place one after another. What it needs of the rest of the daemon comes
// as functions, so that tests bring their own.
//
// Owner: the app. Thread: any. Errors: a user's mistakes are diagnostics; `failure` is our own (the
// daemon stops, the engine did not take the set in time). Units: nanoseconds of event time.
#ifndef TELLTALE_DAEMON_APP_RELOAD_H_
#define TELLTALE_DAEMON_APP_RELOAD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/telemetry/snapshot.h"
#include "engine/runtime/compiled_rules.h"
#include "rules/load/load.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"
#include "rules/model/source.h"

namespace telltale::app {

// What a reload did, or would do. The lists hold rule ids, ascending.
struct ReloadOutcome {
  bool accepted = false;  // the set is in force; in a dry run: it would be
  bool dry_run = false;
  absl::Status failure;            // our own; OK where the set was refused for its mistakes
  rules::Diagnostics diagnostics;  // errors (then nothing has changed) and warnings
  std::vector<std::string> added;
  std::vector<std::string> changed;  // their meaning: state is dropped
  std::vector<std::string> removed;
  std::vector<std::string> unchanged;   // the fingerprint is the same: state is kept (C3)
  int64_t dropped_partial_matches = 0;  // those of changed and removed rules
  uint64_t generation = 0;              // of the set in force after it
  int64_t switch_time =
      engine::kMinTime;  // T_s; kMinTime in a dry run, or where nothing was switched
};

class ReloadCoordinator {
 public:
  struct Switched {
    int64_t time = engine::kMinTime;  // T_s
    uint64_t generation = 0;
  };
  struct Hooks {
    // Reads and checks the rule files that the config names.
    std::function<rules::LoadResult()> load;
    // Checks sources against the config's streams.
    std::function<rules::LoadResult(const std::vector<rules::SourcePtr>&)> check;
    std::function<absl::StatusOr<std::shared_ptr<const engine::CompiledRules>>(
        std::shared_ptr<const rules::RuleSet>)>
        compile;
    // Blocks until the ingest thread has switched.
    std::function<absl::StatusOr<Switched>(std::shared_ptr<const engine::CompiledRules>)> apply;
    std::function<engine::EngineStats()> stats;
  };

  // `current`: the set that the engine was started with.
  ReloadCoordinator(std::shared_ptr<const rules::RuleSet> current, Hooks hooks);

  // Reads the rule files again, and logs what came of it unless it is a dry run: whoever asked for
  // it, the log of the daemon tells which rules act since when. A set that is the same in every
  // byte that counts (meaning and presentation) is switched all the same: it costs little and loses
  // nothing.
  ReloadOutcome Reload(bool dry_run);

  // Checks texts that are not in force, such as an author's draft; each source is a file. Changes
  // nothing; the lists compare with the running set.
  ReloadOutcome Validate(const std::vector<rules::SourcePtr>& files);

  std::shared_ptr<const rules::RuleSet> current() const;
  telemetry::ReloadFigures figures() const;

 private:
  ReloadOutcome Compare(const rules::LoadResult& loaded, bool dry_run) const;
  void Count(const ReloadOutcome& outcome);

  const Hooks hooks_;
  std::mutex reloading_;  // one switch at a time
  mutable std::mutex mutex_;
  std::shared_ptr<const rules::RuleSet> current_;
  telemetry::ReloadFigures figures_;
};

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_RELOAD_H_
