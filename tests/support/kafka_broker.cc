#include "tests/support/kafka_broker.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/ports.h"

namespace telltale::support {
namespace {

constexpr char kClusterId[] = "VGVsbHRhbGVUZXN0Q2x1cg";  // any 16 bytes in base64
constexpr absl::Duration kStartLimit = absl::Seconds(90);
constexpr absl::Duration kStopLimit = absl::Seconds(60);

absl::StatusOr<std::string> FetchJars() {
  ProcessOptions options;
  options.args = {absl::StrCat(TELLTALE_SOURCE_DIR, "/tests/support/kafka/fetch")};
  ProcessResult result = RunProcess(options, absl::Minutes(10));
  if (result.exit_code != 0) return absl::UnavailableError(result.err);
  return std::string(absl::StripAsciiWhitespace(result.out));
}

std::string Tail(const std::string& text) {
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

// The shared broker ends with the tests and not with the static objects, which would come in an
// order of their own.
class BrokerEnvironment : public ::testing::Environment {
 public:
  void TearDown() override { broker.reset(); }
  static std::unique_ptr<KafkaBroker> broker;
};
std::unique_ptr<KafkaBroker> BrokerEnvironment::broker;

// Owned by GoogleTest.
[[maybe_unused]] ::testing::Environment* const environment =
    ::testing::AddGlobalTestEnvironment(new BrokerEnvironment);

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaBroker>> KafkaBroker::Create(const KafkaConfig& properties) {
  absl::StatusOr<std::string> jars = FetchJars();
  if (!jars.ok()) return jars.status();
  std::unique_ptr<KafkaBroker> broker(new KafkaBroker(*jars, FreePort(), FreePort(), properties));
  if (absl::Status status = broker->Format(); !status.ok()) return status;
  if (absl::Status status = broker->Start(); !status.ok()) return status;
  return broker;
}

KafkaBroker::KafkaBroker(std::string jars, uint16_t port, uint16_t controller_port,
                         const KafkaConfig& properties)
    : jars_(std::move(jars)),
      bootstrap_(absl::StrCat("127.0.0.1:", port)),
      client_(bootstrap_) {
  std::string controller = absl::StrCat("127.0.0.1:", controller_port);
  KafkaConfig all = {
      {"process.roles", "broker,controller"},
      {"node.id", "1"},
      {"controller.quorum.voters", absl::StrCat("1@", controller)},
      {"listeners", absl::StrCat("PLAINTEXT://", bootstrap_, ",CONTROLLER://", controller)},
      {"advertised.listeners", absl::StrCat("PLAINTEXT://", bootstrap_)},
      {"controller.listener.names", "CONTROLLER"},
      {"log.dirs", dir_.File("data")},
      {"offsets.topic.replication.factor", "1"},
      {"offsets.topic.num.partitions", "5"},
      {"transaction.state.log.replication.factor", "1"},
      {"transaction.state.log.min.isr", "1"},
      {"transaction.state.log.num.partitions", "5"},
      {"group.initial.rebalance.delay.ms", "0"},
      // After Kill() a new broker waits for the old one's session to end.
      {"broker.session.timeout.ms", "5000"},
      {"broker.heartbeat.interval.ms", "1000"},
      {"auto.create.topics.enable", "false"},
  };
  for (const auto& [name, value] : properties) all[name] = value;
  std::string text;
  for (const auto& [name, value] : all) absl::StrAppend(&text, name, "=", value, "\n");
  properties_path_ = dir_.Write("server.properties", text);
}

ProcessOptions KafkaBroker::Java(std::vector<std::string> args) const {
  ProcessOptions options;
  options.args = {"java",
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                  "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
                  "-cp",
                  absl::StrCat(jars_, "/*")};
  options.args.insert(options.args.end(), args.begin(), args.end());
  options.directory = dir_.path();
  return options;
}

absl::Status KafkaBroker::Format() {
  ProcessResult result = RunProcess(
      Java({"kafka.tools.StorageTool", "format", "-t", kClusterId, "-c", properties_path_}),
      kStartLimit);
  if (result.exit_code == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot format Kafka's storage (is Java there?): ",
                                             Tail(result.err), Tail(result.out)));
}

absl::Status KafkaBroker::Start() {
  process_ = std::make_unique<Process>(Java({"kafka.Kafka", properties_path_}));
  absl::Time deadline = absl::Now() + kStartLimit;
  while (absl::Now() < deadline && process_->Running()) {
    if (client_.WaitReady(absl::Milliseconds(200)).ok()) return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat("the Kafka broker did not start: ", Tail(Log())));
}

absl::Status KafkaBroker::Stop() {
  if (process_->Terminate(kStopLimit).has_value()) return absl::OkStatus();
  return absl::DeadlineExceededError("the Kafka broker did not stop");
}

void KafkaBroker::Kill() { process_->Kill(); }
bool KafkaBroker::Running() { return process_ != nullptr && process_->Running(); }
void KafkaBroker::Freeze() { process_->Signal(SIGSTOP); }
void KafkaBroker::Thaw() { process_->Signal(SIGCONT); }

std::string KafkaBroker::Log() const {
  return process_ == nullptr ? "" : absl::StrCat(process_->Stdout(), process_->Stderr());
}

KafkaBroker& SharedBroker() {
  if (BrokerEnvironment::broker == nullptr) {
    absl::StatusOr<std::unique_ptr<KafkaBroker>> broker = KafkaBroker::Create();
    if (!broker.ok()) {
      std::fprintf(stderr, "%s\n", broker.status().ToString().c_str());
      std::abort();
    }
    BrokerEnvironment::broker = *std::move(broker);
  }
  return *BrokerEnvironment::broker;
}

std::string UniqueTopic(const std::string& base) {
  static std::atomic<int> next{0};
  return absl::StrCat(base, "-", next++);
}

}  // namespace telltale::support
