// A clock of the machine that jumps, as one does that is set: what asks for the time of day is told
// it with something added, for as long as a ClockJump lives. Clocks that do not jump are left
// alone.
//
// It stands in the place of libc's clock_gettime for the whole binary it is linked into, Abseil and
// the standard library included. Not in that of gettimeofday: librdkafka reckons with it until when
// the kernel is to wake it, and that asks the true clock. Owner: the test. Thread: any.
#ifndef TELLTALE_TESTS_SUPPORT_CLOCK_JUMP_H_
#define TELLTALE_TESTS_SUPPORT_CLOCK_JUMP_H_

#include <cstdint>

namespace telltale::support {

class ClockJump {
 public:
  // One at a time. `at_random`: by as much as this to either side, with every question anew.
  explicit ClockJump(int64_t seconds, bool at_random = false);
  ~ClockJump();
  ClockJump(const ClockJump&) = delete;
  ClockJump& operator=(const ClockJump&) = delete;

  // How often anybody has asked since.
  uint64_t asked() const;
};

}  // namespace telltale::support

#endif  // TELLTALE_TESTS_SUPPORT_CLOCK_JUMP_H_
