// What a replay says on standard error: a line of progress on a terminal, and the summary.
//
// Owner: the replay command. Thread: one. Errors: none.
#ifndef TELLTALE_DAEMON_COMMANDS_REPLAY_REPORT_H_
#define TELLTALE_DAEMON_COMMANDS_REPLAY_REPORT_H_

#include <chrono>
#include <string>

#include "daemon/config/config.h"
#include "daemon/replay/replay.h"

namespace telltale::commands {

class ReplayReport {
 public:
  explicit ReplayReport(bool terminal) : terminal_(terminal) {}

  // Draws the line of progress, a few times a second.
  void Progress(const replay::Position& position);
  // Takes the line away, so that other text can be written.
  void Clear();
  void Print(const replay::Summary& summary, const config::Config& config);

 private:
  using Clock = std::chrono::steady_clock;
  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  const bool terminal_;
  const Clock::time_point start_ = Clock::now();
  double drawn_at_ = 0;
  bool drawn_ = false;
};

// The text of the summary; `seconds` is how long it took.
std::string SummaryText(const replay::Summary& summary, const config::Config& config,
                        double seconds);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_REPLAY_REPORT_H_
