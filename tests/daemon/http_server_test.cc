// /metrics, /livez and /readyz over real connections, in every state, and with clients that say
// nothing.
#include "daemon/telemetry/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/sample_snapshot.h"
#include "tests/support/http_get.h"
#include "tests/support/ports.h"

namespace telltale::telemetry {
namespace {

using support::HttpGet;
using support::HttpResponse;
using testing::HasSubstr;

// A connection that is opened and then says nothing.
class IdleConnection {
 public:
  explicit IdleConnection(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~IdleConnection() { close(fd_); }
  IdleConnection(const IdleConnection&) = delete;
  IdleConnection& operator=(const IdleConnection&) = delete;
  bool connected() const { return connected_; }
  int fd() const { return fd_; }

 private:
  int fd_;
  bool connected_ = false;
};

class HttpServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = HttpServer::Start(
        "127.0.0.1:0", [] { return tests::SampleSnapshot(); },
        [this] {
          std::lock_guard<std::mutex> lock(mutex_);
          return health_;
        });
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
    ASSERT_NE(server_->port(), 0);
  }

  void SetHealth(Health health) {
    std::lock_guard<std::mutex> lock(mutex_);
    health_ = std::move(health);
  }

  HttpResponse Get(const std::string& path) {
    absl::StatusOr<HttpResponse> response = HttpGet(server_->port(), path);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : HttpResponse();
  }

  // The whole answer to a request that is sent as it is.
  std::string Exchange(const std::string& request) {
    IdleConnection connection(server_->port());
    EXPECT_EQ(send(connection.fd(), request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string answer(4096, '\0');
    ssize_t total = 0;
    for (ssize_t n = 1; n > 0 && total < 4096; total += std::max<ssize_t>(n, 0)) {
      n = recv(connection.fd(), answer.data() + total, answer.size() - static_cast<size_t>(total),
               0);
    }
    answer.resize(static_cast<size_t>(total));
    return answer;
  }

  std::mutex mutex_;
  Health health_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, Metrics) {
  HttpResponse response = Get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.headers, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_EQ(*support::MetricValue(response.body, "telltale_events_total{stream=\"logins\"}"), 1000);
}

TEST_F(HttpServerTest, StartingIsLiveAndNotReady) {
  SetHealth({.live = true, .ready = false, .reasons = {"no partitions are assigned yet"}});
  EXPECT_EQ(Get("/livez").status, 200);
  EXPECT_EQ(Get("/livez").body, "{\"live\":true,\"reasons\":[]}\n");
  HttpResponse ready = Get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "{\"ready\":false,\"reasons\":[\"no partitions are assigned yet\"]}\n");
  EXPECT_THAT(ready.headers, HasSubstr("application/json"));
}

TEST_F(HttpServerTest, Ready) {
  SetHealth({.live = true, .ready = true, .reasons = {}});
  EXPECT_EQ(Get("/livez").status, 200);
  EXPECT_EQ(Get("/readyz").status, 200);
  EXPECT_EQ(Get("/readyz").body, "{\"ready\":true,\"reasons\":[]}\n");
}

TEST_F(HttpServerTest, NotLiveIsNotReadyEither) {
  SetHealth({.live = false, .ready = false, .reasons = {"shard 1 has not moved for 60 s"}});
  EXPECT_EQ(Get("/livez").status, 503);
  EXPECT_EQ(Get("/livez").body,
            "{\"live\":false,\"reasons\":[\"shard 1 has not moved for 60 s\"]}\n");
  EXPECT_EQ(Get("/readyz").status, 503);
}

TEST_F(HttpServerTest, ReadinessComesAndGoes) {
  for (bool ready : {false, true, false, true}) {
    SetHealth({.live = true, .ready = ready, .reasons = {}});
    EXPECT_EQ(Get("/readyz").status, ready ? 200 : 503);
  }
}

TEST_F(HttpServerTest, ReasonsAreEscaped) {
  SetHealth({.live = true, .ready = false, .reasons = {"a \"b\" \\ \n", "second"}});
  EXPECT_EQ(Get("/readyz").body,
            "{\"ready\":false,\"reasons\":[\"a \\\"b\\\" \\\\ \\n\",\"second\"]}\n");
}

TEST_F(HttpServerTest, OtherPathsAndMethods) {
  EXPECT_EQ(Get("/").status, 404);
  EXPECT_EQ(Get("/metricsx").status, 404);
  EXPECT_EQ(Get("/readyz?verbose").status, 503);
  EXPECT_THAT(Exchange("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
              HasSubstr(" 405 "));
  std::string head = Exchange("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(head, HasSubstr(" 200 "));
  EXPECT_TRUE(head.size() >= 4 && head.substr(head.size() - 4) == "\r\n\r\n") << head;
}

TEST_F(HttpServerTest, IdleConnectionsDoNotBlock) {
  std::vector<std::unique_ptr<IdleConnection>> idle;
  for (int i = 0; i < 5; ++i) {
    idle.push_back(std::make_unique<IdleConnection>(server_->port()));
    ASSERT_TRUE(idle.back()->connected());
  }
  for (int i = 0; i < 3; ++i) {
    absl::StatusOr<HttpResponse> response =
        HttpGet(server_->port(), "/livez", absl::Milliseconds(1500));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->status, 200);
  }
}

TEST_F(HttpServerTest, EvenManyIdleConnectionsAreClosedInTime) {
  std::vector<std::unique_ptr<IdleConnection>> idle;
  for (int i = 0; i < 12; ++i) idle.push_back(std::make_unique<IdleConnection>(server_->port()));
  absl::StatusOr<HttpResponse> response = HttpGet(server_->port(), "/livez", absl::Seconds(20));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
}

TEST_F(HttpServerTest, APortThatIsTakenIsSaidSo) {
  std::string address = "127.0.0.1:" + std::to_string(server_->port());
  auto second = HttpServer::Start(
      address, [] { return Snapshot(); }, [] { return Health(); });
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("Address already in use"));
}

TEST(HttpServerStartTest, FormsOfAnAddress) {
  for (const char* host : {":", "localhost:", "0.0.0.0:", ""}) {
    uint16_t port = support::FreePort();
    auto server = HttpServer::Start(
        host + std::to_string(port), [] { return Snapshot(); }, [] { return Health(); });
    ASSERT_TRUE(server.ok()) << host << ": " << server.status();
    EXPECT_EQ((*server)->port(), port);
    EXPECT_EQ(HttpGet(port, "/livez")->status, 200);
  }
}

TEST(HttpServerStartTest, NonsenseIsRefused) {
  for (const char* address : {"", "nonsense", "127.0.0.1", "127.0.0.1:99999", "256.1.1.1:80"}) {
    auto server = HttpServer::Start(
        address, [] { return Snapshot(); }, [] { return Health(); });
    EXPECT_FALSE(server.ok()) << address;
  }
}

TEST(HttpServerStartTest, ThePortIsFreeAfterTheEnd) {
  uint16_t port = support::FreePort();
  for (int i = 0; i < 3; ++i) {
    auto server = HttpServer::Start(
        "127.0.0.1:" + std::to_string(port), [] { return Snapshot(); }, [] { return Health(); });
    ASSERT_TRUE(server.ok()) << server.status();
    ASSERT_TRUE(HttpGet(port, "/livez").ok());
  }
}

}  // namespace
}  // namespace telltale::telemetry
