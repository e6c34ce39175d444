// What the demo shows: alerts as they come, one a line, and below them, on a terminal, a live line
// of figures.
//
// Alerts go to standard output. The live line goes to standard error, at most ten times a second
// and only on a terminal; elsewhere a line of figures comes every few seconds. Where alerts come
// faster than anybody reads, some are only counted.
//
// Owner: the demo. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_DEMO_SCREEN_H_
#define TELLTALE_DAEMON_DEMO_SCREEN_H_

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

#include "daemon/demo/alert_reader.h"

namespace telltale::demo {

struct Figures {
  double seconds = 0;  // since the first event
  uint64_t read = 0;   // by the daemon
  uint64_t total = 0;
  uint64_t alerts = 0;
  uint64_t partial_matches = 0;
  int64_t buffered_events = 0;
};

// "  3.2 s  145,000 of 200,012 events  45,312/s  38 alerts  ...".
std::string FiguresText(const Figures& figures);

class Screen {
 public:
  Screen(std::FILE* out, std::FILE* live, bool terminal, bool color);

  void Say(const std::string& line);
  void Show(const SeenAlert& alert);
  void Update(const Figures& figures);
  // Takes the live line away, and tells how many alerts were not shown.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;
  void EraseLive();
  void Print(const std::string& line);

  std::FILE* const out_;
  std::FILE* const live_;
  const bool terminal_;
  const bool color_;
  std::mutex mutex_;
  bool live_shown_ = false;
  Clock::time_point next_update_{};
  Clock::time_point window_start_{};
  int shown_in_window_ = 0;
  uint64_t shown_ = 0;
  uint64_t hidden_ = 0;
};

// 1234567 as 1,234,567.
std::string Grouped(uint64_t number);

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_SCREEN_H_
