#include "daemon/demo/screen.h"

#include <string_view>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace telltale::demo {
namespace {

constexpr uint64_t kAlwaysShown = 12;  // the first alerts
constexpr int kShownPerWindow = 4;
constexpr auto kWindow = std::chrono::milliseconds(500);
constexpr auto kLivePeriod = std::chrono::milliseconds(100);
constexpr auto kPlainPeriod = std::chrono::seconds(5);

const char* Color(std::string_view level) {
  if (level == "critical" || level == "high") return "\x1b[31m";
  if (level == "medium") return "\x1b[33m";
  return "\x1b[36m";
}

}  // namespace

std::string Grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<size_t>(i), ",");
  }
  return digits;
}

std::string FiguresText(const Figures& figures) {
  double rate = figures.seconds > 0 ? static_cast<double>(figures.read) / figures.seconds : 0;
  return absl::StrFormat(
      "%5.1f s  %s of %s events  %s/s  %s alerts  %s partial matches  %s events held back",
      figures.seconds, Grouped(figures.read), Grouped(figures.total),
      Grouped(static_cast<uint64_t>(rate)), Grouped(figures.alerts),
      Grouped(figures.partial_matches),
      Grouped(static_cast<uint64_t>(figures.buffered_events > 0 ? figures.buffered_events : 0)));
}

Screen::Screen(std::FILE* out, std::FILE* live, bool terminal, bool color)
    : out_(out), live_(live), terminal_(terminal), color_(color) {}

void Screen::EraseLive() {
  if (!live_shown_) return;
  std::fputs("\r\x1b[K", live_);
  std::fflush(live_);
  live_shown_ = false;
}

void Screen::Print(const std::string& line) {
  EraseLive();
  std::fputs(line.c_str(), out_);
  std::fputc('\n', out_);
  std::fflush(out_);
}

void Screen::Say(const std::string& line) {
  std::lock_guard lock(mutex_);
  Print(line);
}

void Screen::Show(const SeenAlert& alert) {
  std::lock_guard lock(mutex_);
  Clock::time_point now = Clock::now();
  if (now - window_start_ > kWindow) {
    window_start_ = now;
    shown_in_window_ = 0;
  }
  if (shown_ >= kAlwaysShown && shown_in_window_ >= kShownPerWindow) {
    ++hidden_;
    return;
  }
  ++shown_;
  ++shown_in_window_;
  std::string time = absl::FormatTime("%H:%M:%E3S", absl::FromUnixMillis(alert.identity.time_ms),
                                      absl::UTCTimeZone());
  Print(absl::StrFormat("%s  %s%-6s%s  %-20s  %s", time, color_ ? Color(alert.level) : "",
                        alert.level, color_ ? "\x1b[0m" : "", alert.identity.rule, alert.title));
}

void Screen::Update(const Figures& figures) {
  std::lock_guard lock(mutex_);
  Clock::time_point now = Clock::now();
  if (now < next_update_) return;
  bool first = next_update_ == Clock::time_point();
  next_update_ = now + (terminal_ ? Clock::duration(kLivePeriod) : Clock::duration(kPlainPeriod));
  if (terminal_) {
    std::fprintf(live_, "\r\x1b[K%s", FiguresText(figures).c_str());
    std::fflush(live_);
    live_shown_ = true;
  } else if (!first) {
    std::fprintf(live_, "%s\n", FiguresText(figures).c_str());
  }
}

void Screen::Finish() {
  std::lock_guard lock(mutex_);
  EraseLive();
  if (hidden_ > 0) {
    Print(absl::StrFormat("... and %s alerts more, too fast to be shown", Grouped(hidden_)));
  }
  hidden_ = 0;
}

}  // namespace telltale::demo
