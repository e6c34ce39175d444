#include "tests/support/http_get.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <utility>

#include "gtest/gtest.h"
#include "tests/support/ports.h"

namespace telltale::support {
namespace {

// Answers one connection with fixed bytes.
class OneAnswer {
 public:
  OneAnswer(uint16_t port, std::string answer) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    thread_ = std::thread([this, text = std::move(answer)] {
      int client = accept(fd_, nullptr, nullptr);
      std::array<char, 1000> request;
      EXPECT_GT(recv(client, request.data(), request.size(), 0), 0);
      EXPECT_EQ(send(client, text.data(), text.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(text.size()));
      close(client);
    });
  }
  ~OneAnswer() {
    thread_.join();
    close(fd_);
  }

 private:
  int fd_;
  std::thread thread_;
};

TEST(HttpGetTest, ReadsStatusAndBody) {
  uint16_t port = FreePort();
  OneAnswer server(port, "HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\nnot yet\n");
  absl::StatusOr<HttpResponse> response = HttpGet(port, "/readyz");
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->headers, "A: b\r\n");
  EXPECT_EQ(response->body, "not yet\n");
}

TEST(HttpGetTest, NobodyListens) {
  EXPECT_EQ(HttpGet(FreePort(), "/").status().code(), absl::StatusCode::kUnavailable);
}

TEST(HttpGetTest, NotHttp) {
  uint16_t port = FreePort();
  OneAnswer server(port, "what?");
  EXPECT_EQ(HttpGet(port, "/").status().code(), absl::StatusCode::kDataLoss);
}

TEST(MetricValueTest, FindsTheSampleByNameAndLabels) {
  const std::string text = "# TYPE a counter\na{x=\"1\"} 2\na{x=\"11\"} 3\nab 4.5\n";
  EXPECT_EQ(*MetricValue(text, "a{x=\"1\"}"), 2);
  EXPECT_EQ(*MetricValue(text, "ab"), 4.5);
  EXPECT_EQ(MetricValue(text, "a").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace telltale::support
