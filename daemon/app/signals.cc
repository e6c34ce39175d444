#include "daemon/app/signals.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <utility>

#include "daemon/telemetry/log.h"

namespace telltale::app {
namespace {

sigset_t Ours() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void Signals::Block() {
  sigset_t set = Ours();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

Signals::Signals(std::function<void()> stop, std::function<void()> reload)
    : stop_(std::move(stop)), reload_(std::move(reload)), thread_([this] { Run(); }) {}

Signals::~Signals() {
  ended_ = true;
  thread_.join();
}

void Signals::Run() {
  sigset_t set = Ours();
  bool stopping = false;
  while (!ended_) {
    timespec wait{0, 100'000'000};
    int signal = sigtimedwait(&set, nullptr, &wait);
    if (signal == SIGHUP && !stopping) {
      reload_();
    } else if (signal == SIGTERM || signal == SIGINT) {
      if (stopping) _exit(128 + signal);
      stopping = true;
      telemetry::LogInfo("stopping", {{"signal", signal}});
      stop_();
    }
  }
}

}  // namespace telltale::app
