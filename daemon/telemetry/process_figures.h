// What the kernel says of this process: memory, processor time, open files.
//
// Owner: the caller. Thread: any. Units: bytes, seconds. Errors: none; what cannot be read is 0.
#ifndef TELLTALE_DAEMON_TELEMETRY_PROCESS_FIGURES_H_
#define TELLTALE_DAEMON_TELEMETRY_PROCESS_FIGURES_H_

#include <cstdint>
#include <string>

namespace telltale::telemetry {

struct ProcessFigures {
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  uint64_t open_files = 0;
  uint64_t max_open_files = 0;
  double cpu_seconds = 0;  // user and system, all threads
};

// `proc`: the folder /proc/self, or another for tests.
ProcessFigures ReadProcessFigures(const std::string& proc = "/proc/self");

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_PROCESS_FIGURES_H_
