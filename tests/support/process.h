// A child process of a test: a broker, or the real `telltale` binary.
//
// Owner: the test; the destructor kills a child that still runs (SIGKILL) and reaps it. The child
// also dies with the *thread* that started it, so that a test that crashes or times out leaves
// nothing behind: start children from the test's main thread.
// Not thread safe. A program that cannot be started shows as exit code 127.
#ifndef TELLTALE_TESTS_SUPPORT_PROCESS_H_
#define TELLTALE_TESTS_SUPPORT_PROCESS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/temp_dir.h"

namespace telltale::support {

struct ProcessOptions {
  std::vector<std::string> args;                         // args[0] is the program, sought in PATH
  std::vector<std::pair<std::string, std::string>> env;  // on top of the test's own environment
  std::string directory;                                 // where it runs; the test's own if empty
  std::string stdin_path = "/dev/null";
};

class Process {
 public:
  explicit Process(const ProcessOptions& options);
  explicit Process(std::vector<std::string> args);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool Running();

  // Sends a signal; nothing happens where the child has ended.
  void Signal(int signal);

  // Waits for the end. Returns the exit code, 128 + N after signal N, or nothing at the timeout.
  std::optional<int> Wait(absl::Duration timeout);

  // SIGTERM, then Wait. The child is not killed at the timeout.
  std::optional<int> Terminate(absl::Duration timeout);

  // SIGKILL, and waits until it is gone.
  void Kill();

  // What the child has written so far.
  std::string Stdout() const { return ReadFile(output_.File("stdout")); }
  std::string Stderr() const { return ReadFile(output_.File("stderr")); }
  std::string StdoutPath() const { return output_.File("stdout"); }
  std::string StderrPath() const { return output_.File("stderr"); }

  // Waits until standard error (or output) holds `text`; false at the timeout or when the child
  // ended without it.
  bool WaitForStderr(std::string_view text, absl::Duration timeout);
  bool WaitForStdout(std::string_view text, absl::Duration timeout);

 private:
  bool WaitForText(const std::string& path, std::string_view text, absl::Duration timeout);

  TempDir output_;
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

struct ProcessResult {
  std::optional<int> exit_code;  // nothing: it ran into the timeout and was killed
  std::string out;
  std::string err;
};

// Runs a program to its end.
ProcessResult RunProcess(const ProcessOptions& options, absl::Duration timeout);

// The path of a binary of this build: Binary("telltale").
std::string Binary(std::string_view name);

}  // namespace telltale::support

#endif  // TELLTALE_TESTS_SUPPORT_PROCESS_H_
