#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

extern char** environ;

namespace telltale::support {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(5);

std::vector<std::string> Environment(const ProcessOptions& options) {
  std::map<std::string, std::string> values;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::vector<std::string> pair = absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    if (pair.size() == 2) values[pair[0]] = pair[1];
  }
  for (const auto& [name, value] : options.env) values[name] = value;
  std::vector<std::string> lines;
  lines.reserve(values.size());
  for (const auto& [name, value] : values) lines.push_back(absl::StrCat(name, "=", value));
  return lines;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Runs in the child, between fork and exec: only what is safe there.
void Redirect(const char* path, int flags, int target) {
  int fd = open(path, flags, 0644);
  if (fd < 0) _exit(127);
  dup2(fd, target);
  close(fd);
}

int ExitCode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Process::Process(std::vector<std::string> args)
    : Process(ProcessOptions{std::move(args), {}, {}, "/dev/null"}) {}

Process::Process(const ProcessOptions& options) {
  std::vector<std::string> args = options.args;
  std::vector<std::string> env = Environment(options);
  std::vector<char*> argv = Pointers(args);
  std::vector<char*> envp = Pointers(env);
  std::string out = StdoutPath();
  std::string err = StderrPath();
  constexpr int kWrite = O_WRONLY | O_CREAT | O_APPEND;
  pid_t parent = getpid();

  pid_ = fork();
  if (pid_ < 0) {
    std::perror("fork");
    std::abort();
  }
  if (pid_ > 0) return;

  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  Redirect(options.stdin_path.c_str(), O_RDONLY, STDIN_FILENO);
  Redirect(out.c_str(), kWrite, STDOUT_FILENO);
  Redirect(err.c_str(), kWrite, STDERR_FILENO);
  if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) _exit(127);
  execvpe(argv[0], argv.data(), envp.data());
  _exit(127);
}

Process::~Process() { Kill(); }

bool Process::Running() { return !Wait(absl::ZeroDuration()).has_value(); }

void Process::Signal(int signal) {
  if (Running()) kill(pid_, signal);
}

std::optional<int> Process::Wait(absl::Duration timeout) {
  absl::Time deadline = absl::Now() + timeout;
  while (!exit_code_.has_value()) {
    int status = 0;
    pid_t ended = waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
      exit_code_ = ExitCode(status);
    } else if (ended < 0 && errno != EINTR) {
      exit_code_ = 127;
    } else if (absl::Now() >= deadline) {
      return std::nullopt;
    } else {
      absl::SleepFor(kPoll);
    }
  }
  return exit_code_;
}

std::optional<int> Process::Terminate(absl::Duration timeout) {
  Signal(SIGTERM);
  return Wait(timeout);
}

void Process::Kill() {
  Signal(SIGKILL);
  Wait(absl::InfiniteDuration());
}

bool Process::WaitForStderr(std::string_view text, absl::Duration timeout) {
  return WaitForText(StderrPath(), text, timeout);
}

bool Process::WaitForStdout(std::string_view text, absl::Duration timeout) {
  return WaitForText(StdoutPath(), text, timeout);
}

bool Process::WaitForText(const std::string& path, std::string_view text, absl::Duration timeout) {
  absl::Time deadline = absl::Now() + timeout;
  while (true) {
    bool running = Running();
    if (ReadFile(path).find(text) != std::string::npos) return true;
    if (!running || absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
}

ProcessResult RunProcess(const ProcessOptions& options, absl::Duration timeout) {
  Process process(options);
  std::optional<int> exit_code = process.Wait(timeout);
  if (!exit_code.has_value()) process.Kill();
  return {exit_code, process.Stdout(), process.Stderr()};
}

std::string Binary(std::string_view name) {
  std::error_code ignored;
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (self.parent_path() / std::string(name)).string();
}

}  // namespace telltale::support
