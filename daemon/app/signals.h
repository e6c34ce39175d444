// Signals as calls: SIGTERM and SIGINT stop, a second one ends the process at once, SIGHUP reloads.
//
// Owner: the command that runs the daemon. Thread: Block() before any other thread is started,
// since threads inherit it; the handlers are called on a thread of this object's own. Errors: none.
#ifndef TELLTALE_DAEMON_APP_SIGNALS_H_
#define TELLTALE_DAEMON_APP_SIGNALS_H_

#include <atomic>
#include <functional>
#include <thread>

namespace telltale::app {

class Signals {
 public:
  static void Block();

  Signals(std::function<void()> stop, std::function<void()> reload);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void Run();

  const std::function<void()> stop_;
  const std::function<void()> reload_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_SIGNALS_H_
