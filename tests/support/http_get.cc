#include "tests/support/http_get.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace telltale::support {
namespace {

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

absl::Status Failure(std::string_view what) {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINPROGRESS) {
    return absl::DeadlineExceededError(absl::StrCat("timeout in ", std::string(what)));
  }
  return absl::UnavailableError(absl::StrCat(std::string(what), ": errno ", errno));
}

absl::Status Connect(int fd, uint16_t port, absl::Duration timeout) {
  timeval limit = absl::ToTimeval(timeout);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return Failure("connect");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Exchange(int fd, const std::string& request, absl::Duration timeout) {
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return Failure("send");
  }
  std::string answer;
  std::array<char, 16384> buffer;
  absl::Time deadline = absl::Now() + timeout;
  while (true) {
    ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
    if (n == 0) return answer;
    if (n < 0) return Failure("recv");
    answer.append(buffer.data(), static_cast<size_t>(n));
    if (absl::Now() > deadline) return absl::DeadlineExceededError("timeout in recv");
  }
}

absl::StatusOr<HttpResponse> Parse(const std::string& answer) {
  size_t line = answer.find("\r\n");
  size_t end = answer.find("\r\n\r\n");
  HttpResponse response;
  if (line == std::string::npos || end == std::string::npos || answer.size() < 12 ||
      !absl::SimpleAtoi(answer.substr(9, 3), &response.status)) {
    return absl::DataLossError(absl::StrCat("not an HTTP answer: ", answer.substr(0, 100)));
  }
  response.headers = end > line ? answer.substr(line + 2, end - line) : "";
  response.body = answer.substr(end + 4);
  return response;
}

}  // namespace

absl::StatusOr<HttpResponse> HttpGet(uint16_t port, std::string_view path,
                                     absl::Duration timeout) {
  Socket socket;
  if (absl::Status status = Connect(socket.fd(), port, timeout); !status.ok()) return status;
  std::string request = absl::StrCat("GET ", std::string(path),
                                     " HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  absl::StatusOr<std::string> answer = Exchange(socket.fd(), request, timeout);
  if (!answer.ok()) return answer.status();
  return Parse(*answer);
}

absl::StatusOr<HttpResponse> WaitForHttpStatus(uint16_t port, std::string_view path, int status,
                                               absl::Duration timeout) {
  absl::Time deadline = absl::Now() + timeout;
  while (true) {
    absl::StatusOr<HttpResponse> response = HttpGet(port, path);
    if (response.ok() && response->status == status) return response;
    if (absl::Now() >= deadline) return response;
    absl::SleepFor(absl::Milliseconds(50));
  }
}

absl::StatusOr<double> MetricValue(std::string_view exposition, std::string_view sample) {
  std::string prefix = absl::StrCat(std::string(sample), " ");
  std::vector<std::string> lines = absl::StrSplit(std::string(exposition), '\n');
  for (const std::string& line : lines) {
    if (line.rfind(prefix, 0) != 0) continue;
    std::vector<std::string> words = absl::StrSplit(line.substr(prefix.size()), ' ');
    double value = 0;
    if (absl::SimpleAtod(words[0], &value)) return value;
  }
  return absl::NotFoundError(absl::StrCat("no sample ", std::string(sample)));
}

}  // namespace telltale::support
