// Makes logins, devices and transactions of users with habits, and plants in them what the rules of
// deploy/sample must find, and near misses that must stay quiet.
//
// The truth is the generator's own plan, written down while it makes the events; no engine is
// asked. That everything else stays quiet follows from how it is made, rule by rule:
// - new-device-transfer needs a login from abroad and then an added device: travellers log in from
// abroad and never add
//   a device; nobody else logs in from abroad but by script.
// - device-added-unused needs ten minutes without a login after an added device: everybody logs in
// within five.
// - split-payments needs four amounts from 400 to 500 in half an hour: no habit pays such an
// amount.
// - password-guessing needs five failed logins within five minutes: a session has at most two, and
// sessions of a user
//   are seven minutes apart.
// A user with a script has no sessions near it, and one script only.
//
// Owner: the caller. Thread: one; the same options give the same events on every machine. Units:
// milliseconds of event time. Errors: none.
#ifndef TELLTALE_DAEMON_DEMO_GENERATOR_H_
#define TELLTALE_DAEMON_DEMO_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace telltale::demo {

enum DemoStream : uint32_t {
  kLogins = 0,
  kDevices = 1,
  kTransactions = 2
};  // their ranks in deploy/sample
inline constexpr uint32_t kDemoStreams = 3;
inline constexpr const char* kDemoTopics[kDemoStreams] = {"auth.logins", "auth.devices",
                                                          "pay.transactions"};

struct GeneratorOptions {
  uint64_t seed = 1;
  uint64_t events = 200'000;  // about so many
  uint32_t users = 5'000;
  uint32_t partitions = 4;  // of each stream; a key's partition is the same in all of them
  int64_t start_ms = 1'772'355'600'000;  // 2026-03-01T09:00:00Z
  int64_t disorder_ms =
      5'000;  // no event arrives so much behind one of its partition; 0: in order of time
};

struct GeneratedEvent {
  uint32_t stream = 0;
  uint32_t partition = 0;
  int64_t offset = 0;  // its place among the events of its partition
  int64_t time_ms = 0;
  std::string key;  // the user, for the Kafka record
  std::string json;
};

// An alert that has to come.
struct Planted {
  std::string rule;
  std::string shape;             // in words, for people
  std::string user;              // the alert's key
  std::vector<size_t> evidence;  // indexes into events(), in total order
  int64_t alert_time_ms = 0;
};

// What looks like one and must stay quiet.
struct NearMiss {
  std::string rule;
  std::string shape;
  std::string user;
};

class Generator {
 public:
  explicit Generator(const GeneratorOptions& options);

  // In order of arrival. The last ones close every partition: their time is beyond every deadline
  // that is planted.
  const std::vector<GeneratedEvent>& events() const { return events_; }
  const std::vector<Planted>& planted() const { return planted_; }
  const std::vector<NearMiss>& near_misses() const { return near_misses_; }

 private:
  std::vector<GeneratedEvent> events_;
  std::vector<Planted> planted_;
  std::vector<NearMiss> near_misses_;
};

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_GENERATOR_H_
