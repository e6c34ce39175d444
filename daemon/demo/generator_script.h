// One user's events on the way to becoming records: the forms of the three streams' JSON, and the
// random choices.
//
// Owner: Generator. Thread: one. Units: milliseconds.
#ifndef TELLTALE_DAEMON_DEMO_GENERATOR_SCRIPT_H_
#define TELLTALE_DAEMON_DEMO_GENERATOR_SCRIPT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/demo/generator.h"

namespace telltale::demo {

// splitmix64: the same on every machine.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  uint64_t Next();
  uint64_t Below(uint64_t n) { return Next() % n; }
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low + 1)));
  }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

struct User {
  std::string name;     // u-000042
  std::string country;  // home
  std::string device;   // that it pays with
  std::string ip;
  bool traveller = false;
  bool pays_rent = false;  // has large amounts, on its own device
};

User MakeUser(const std::string& name, Dice& dice);

// An event that has no place among the others yet. `id` is its number in order of making.
struct Draft {
  uint32_t stream = 0;
  int64_t time_ms = 0;
  std::string user;
  std::string json;
};

// What the user does, in words; each returns the number of the draft.
class Script {
 public:
  Script(const User& user, Dice& dice, std::vector<Draft>& drafts)
      : user_(user), dice_(dice), drafts_(drafts) {}

  struct Login {
    std::string result = "success";
    std::string country;  // empty: home
    std::string mfa;      // empty: the field is absent
    std::string ip;       // empty: the usual one
  };
  size_t LogsIn(int64_t at, const Login& login);
  size_t LogsIn(int64_t at) { return LogsIn(at, Login()); }
  size_t LogsInAbroad(int64_t at) {
    return LogsIn(at, {.result = "success", .country = "BR", .mfa = "", .ip = "203.0.113.7"});
  }
  size_t ChangesDevice(int64_t at, const std::string& action, const std::string& device);
  size_t AddsDevice(int64_t at, const std::string& device) {
    return ChangesDevice(at, "added", device);
  }
  // `cents`: the amount in hundredths. `payer`: somebody else, where not empty.
  size_t Pays(int64_t at, int64_t cents, const std::string& device, const std::string& payer = "");

  const User& user() const { return user_; }
  Dice& dice() { return dice_; }

 private:
  const User& user_;
  Dice& dice_;
  std::vector<Draft>& drafts_;
};

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_GENERATOR_SCRIPT_H_
