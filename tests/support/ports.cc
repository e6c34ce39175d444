#include "tests/support/ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <set>

namespace telltale::support {
namespace {

constexpr uint16_t kLowest = 12000;
constexpr uint16_t kHighest = 31999;

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool CanBind(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in address = Loopback(port);
  bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return bound;
}

}  // namespace

uint16_t FreePort() {
  static std::mutex mutex;
  static std::mt19937 random{std::random_device{}()};
  static std::set<uint16_t> given;
  std::lock_guard lock(mutex);
  std::uniform_int_distribution<int> any(kLowest, kHighest);
  for (int i = 0; i < 1000; ++i) {
    auto port = static_cast<uint16_t>(any(random));
    if (!given.contains(port) && CanBind(port)) {
      given.insert(port);
      return port;
    }
  }
  std::fprintf(stderr, "no free port between %d and %d\n", kLowest, kHighest);
  std::abort();
}

bool IsListening(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in address = Loopback(port);
  bool connected = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

}  // namespace telltale::support
