#include "tests/support/clock_jump.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace telltale::support {
namespace {

std::atomic<bool> jumping{false};
std::atomic<bool> random_jumps{false};
std::atomic<int64_t> jump{0};
std::atomic<uint64_t> questions{0};

// Weyl's sequence, which needs no state but the count of questions.
int64_t Added() {
  if (!jumping.load()) return 0;
  const uint64_t question = questions.fetch_add(1) + 1;
  if (!random_jumps.load()) return jump.load();
  const auto span = static_cast<uint64_t>(2 * jump.load() + 1);
  return static_cast<int64_t>(question * 0x9E3779B97F4A7C15u % span) - jump.load();
}

}  // namespace

ClockJump::ClockJump(int64_t seconds, bool at_random) {
  jump = seconds;
  random_jumps = at_random;
  questions = 0;
  jumping = true;
}

ClockJump::~ClockJump() { jumping = false; }

uint64_t ClockJump::asked() const { return questions.load(); }

}  // namespace telltale::support

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const long failed = syscall(SYS_clock_gettime, clock, now);
  if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += telltale::support::Added();
  return static_cast<int>(failed);
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
