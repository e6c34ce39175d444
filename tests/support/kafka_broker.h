// One Apache Kafka broker (KRaft, a single node) as a child process of the test.
//
// Owner: the test binary. SharedBroker() starts one on first use, for the whole run; topics are then
// named per test. A test that stops the broker either starts it again before it ends or makes a
// broker of its own. The destructor kills the broker and deletes its data.
// Call from the test's main thread (see process.h); bootstrap() from any.
// Errors: UNAVAILABLE with the end of the broker's log; the jars come by tests/support/kafka/fetch,
// which needs Maven and a network the first time.
#ifndef TELLTALE_TESTS_SUPPORT_KAFKA_BROKER_H_
#define TELLTALE_TESTS_SUPPORT_KAFKA_BROKER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/support/kafka_client.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::support {

class KafkaBroker {
 public:
  // Starts a broker on free ports, in a temporary folder. `properties` are added to
  // server.properties.
  static absl::StatusOr<std::unique_ptr<KafkaBroker>> Create(const KafkaConfig& properties = {});

  // Where clients connect: "127.0.0.1:PORT", the same for the broker's whole life.
  const std::string& bootstrap() const { return bootstrap_; }
  KafkaClient& client() { return client_; }

  // Ends the broker in order (SIGTERM) or at once (SIGKILL); it keeps ports and data.
  absl::Status Stop();
  void Kill();

  // Starts it again, and returns when it answers.
  absl::Status Start();
  bool Running();

  // Holds the broker still (SIGSTOP): connections stay open, nothing is answered.
  void Freeze();
  void Thaw();

  // Of the broker's current or last run.
  std::string Log() const;

 private:
  KafkaBroker(std::string jars, uint16_t port, uint16_t controller_port,
              const KafkaConfig& properties);
  ProcessOptions Java(std::vector<std::string> args) const;
  absl::Status Format();

  TempDir dir_;
  std::string jars_;
  std::string bootstrap_;
  std::string properties_path_;
  KafkaClient client_;
  std::unique_ptr<Process> process_;
};

// The broker of this test binary; aborts the process with the reason where none can be started.
KafkaBroker& SharedBroker();

// A topic name that no other test uses: `base` and a number.
std::string UniqueTopic(const std::string& base);

}  // namespace telltale::support

#endif  // TELLTALE_TESTS_SUPPORT_KAFKA_BROKER_H_
