#include "daemon/demo/generator_plots.h"

namespace telltale::demo {
namespace {

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kLarge = 150'000;  // cents; the rule asks for more than 1000.00

constexpr char kTakeover[] = "new-device-transfer";
constexpr char kUnused[] = "device-added-unused";
constexpr char kSplit[] = "split-payments";
constexpr char kGuessing[] = "password-guessing";

constexpr char kNewDevice[] = "d-new";

Script::Login WithMfa() { return {.result = "success", .country = "", .mfa = "passed", .ip = ""}; }

// --- new-device-transfer
// --------------------------------------------------------------------------------------------
// Login from abroad, device within 5 min, no second factor, two large transfers from it, all within
// 15 min. Each adds a device, so each has a login within the 10 min after it (device-added-unused).

// The common shape, with knobs.
struct Takeover {
  int64_t device = kMinute;
  int64_t first = 2 * kMinute;
  int64_t second = 3 * kMinute;
  int64_t cents = kLarge;
  std::string action = "added";
  std::string paid_from = kNewDevice;
  Script::Login login = {.result = "success", .country = "BR", .mfa = "", .ip = "203.0.113.7"};
};

Outcome PlayTakeover(Script& script, int64_t t, const Takeover& how) {
  const size_t login = script.LogsIn(t, how.login);
  const size_t device = script.ChangesDevice(t + how.device, how.action, kNewDevice);
  script.LogsIn(t + how.device + 5 * kSecond,
                {.result = "success", .country = "", .mfa = "skipped", .ip = ""});
  const size_t first = script.Pays(t + how.first, how.cents, how.paid_from);
  const size_t second = script.Pays(t + how.second, how.cents + 1, how.paid_from);
  return {{login, device, first, second}, t + how.second};
}

Outcome Quiet(Script& script, int64_t t, const Takeover& how) {
  PlayTakeover(script, t, how);
  return {};
}

Outcome Plain(Script& script, int64_t t) { return PlayTakeover(script, t, {}); }

Outcome AtTheEdges(Script& script, int64_t t) {
  return PlayTakeover(script, t,
                      {.device = 5 * kMinute, .first = 6 * kMinute, .second = 15 * kMinute});
}

Outcome LoginTwice(Script& script, int64_t t) {
  script.LogsInAbroad(t);
  return PlayTakeover(script, t + 30 * kSecond, {});
}

Outcome AmongOthers(Script& script, int64_t t) {
  script.LogsIn(t - 20 * kSecond,
                {.result = "failure", .country = "BR", .mfa = "", .ip = "203.0.113.7"});
  script.Pays(t + 100 * kSecond, 1250, kNewDevice);
  script.Pays(t + 130 * kSecond, kLarge, script.user().device);
  script.ChangesDevice(t + 140 * kSecond, "renamed", kNewDevice);
  return PlayTakeover(script, t, {});
}

Outcome MfaBefore(Script& script, int64_t t) {
  script.LogsIn(t + 30 * kSecond, WithMfa());
  return PlayTakeover(script, t, {});
}

Outcome MfaBetweenTransfers(Script& script, int64_t t) {
  script.LogsIn(t + 150 * kSecond, WithMfa());
  return PlayTakeover(script, t, {});
}

Outcome ThirdTransfer(Script& script, int64_t t) {
  script.Pays(t + 4 * kMinute, kLarge, kNewDevice);
  return PlayTakeover(script, t, {});
}

Outcome MissSecondFactor(Script& script, int64_t t) {
  script.LogsIn(t + 90 * kSecond, WithMfa());
  return Quiet(script, t, {});
}

Outcome MissDeviceBeforeLogin(Script& script, int64_t t) {
  return Quiet(script, t, {.device = -kMinute});
}

Outcome MissTransfersBeforeDevice(Script& script, int64_t t) {
  return Quiet(script, t, {.device = 4 * kMinute});
}

Outcome MissDeviceTooLate(Script& script, int64_t t) {
  return Quiet(script, t, {.device = 5 * kMinute + 1, .first = 6 * kMinute, .second = 7 * kMinute});
}

Outcome MissTransferTooLate(Script& script, int64_t t) {
  return Quiet(script, t, {.second = 15 * kMinute + 1});
}

Outcome MissOtherDevice(Script& script, int64_t t) {
  return Quiet(script, t, {.paid_from = script.user().device});
}

Outcome MissAmount(Script& script, int64_t t) { return Quiet(script, t, {.cents = 99'999}); }

Outcome MissOneTransfer(Script& script, int64_t t) {
  script.LogsInAbroad(t);
  script.AddsDevice(t + kMinute, kNewDevice);
  script.LogsIn(t + 70 * kSecond);
  script.Pays(t + 2 * kMinute, kLarge, kNewDevice);
  return {};
}

Outcome MissFailedLogin(Script& script, int64_t t) {
  Takeover how;
  how.login.result = "failure";
  return Quiet(script, t, how);
}

Outcome MissAtHome(Script& script, int64_t t) {
  Takeover how;
  how.login.country = "";
  return Quiet(script, t, how);
}

Outcome MissRemoved(Script& script, int64_t t) { return Quiet(script, t, {.action = "removed"}); }

Outcome MissOtherPayer(Script& script, int64_t t) {
  const std::string mule = "m-" + script.user().name.substr(2);
  script.LogsInAbroad(t);
  script.AddsDevice(t + kMinute, kNewDevice);
  script.LogsIn(t + 70 * kSecond);
  script.Pays(t + 2 * kMinute, kLarge, kNewDevice, mule);
  script.Pays(t + 3 * kMinute, kLarge, kNewDevice, mule);
  return {};
}

// --- device-added-unused
// -------------------------------------------------------------------------------------------- A
// device is added, and no login of the user up to and at 10 min after.

Outcome Unused(Script& script, int64_t t) {
  return {{script.AddsDevice(t, kNewDevice)}, t + 10 * kMinute};
}

Outcome UnusedLoginBefore(Script& script, int64_t t) {
  script.LogsIn(t - 1);
  return Unused(script, t);
}

// Of events of one time a login stands before a device.
Outcome UnusedLoginAtOnce(Script& script, int64_t t) {
  script.LogsIn(t);
  return Unused(script, t);
}

Outcome UnusedLoginTooLate(Script& script, int64_t t) {
  script.LogsIn(t + 10 * kMinute + 1);
  return Unused(script, t);
}

Outcome MissLoginJustInTime(Script& script, int64_t t) {
  script.LogsIn(t + 10 * kMinute);
  Unused(script, t);
  return {};
}

Outcome MissLoginFails(Script& script, int64_t t) {
  script.LogsIn(t + 9 * kMinute, {.result = "failure", .country = "", .mfa = "", .ip = ""});
  Unused(script, t);
  return {};
}

// --- split-payments
// -------------------------------------------------------------------------------------------------
// Four amounts from 400 to 500, then one above 500 that makes more than 2500 with them, all within
// 30 min.

Outcome PlaySplit(Script& script, int64_t t, int count, int64_t cents, int64_t last_cents,
                  int64_t last_at) {
  Outcome outcome;
  for (int i = 0; i < count; ++i) {
    outcome.evidence.push_back(
        script.Pays(t + i * 2 * kMinute, cents + i * 100, script.user().device));
  }
  outcome.evidence.push_back(script.Pays(t + last_at, last_cents, script.user().device));
  outcome.alert_time_ms = t + last_at;
  return outcome;
}

Outcome Split(Script& script, int64_t t) {
  return PlaySplit(script, t, 4, 45'000, 90'000, 9 * kMinute);
}

Outcome SplitAtTheEdges(Script& script, int64_t t) {
  return PlaySplit(script, t, 4, 49'700, 50'601, 30 * kMinute);
}

Outcome SplitAmongOthers(Script& script, int64_t t) {
  script.Pays(t + kMinute, 39'999, script.user().device);
  script.Pays(t + 3 * kMinute, 120'000, script.user().device);
  return Split(script, t);
}

// The fifth small one belongs to no match: the oldest goes out first and takes the others'
// beginnings with it.
Outcome SplitWithFive(Script& script, int64_t t) {
  Outcome outcome = PlaySplit(script, t, 5, 45'000, 90'000, 11 * kMinute);
  outcome.evidence.erase(outcome.evidence.begin() + 4);
  return outcome;
}

Outcome MissThree(Script& script, int64_t t) {
  PlaySplit(script, t, 3, 45'000, 190'000, 9 * kMinute);
  return {};
}

Outcome MissSum(Script& script, int64_t t) {
  PlaySplit(script, t, 4, 49'700, 50'600, 9 * kMinute);
  return {};
}

Outcome MissHalfHour(Script& script, int64_t t) {
  PlaySplit(script, t, 4, 45'000, 90'000, 30 * kMinute + 1);
  return {};
}

// --- password-guessing
// ----------------------------------------------------------------------------------------------
// Five failed logins at most 30 s apart, then a success from the address of the first of them, all
// within 5 min.

constexpr char kAttacker[] = "198.51.100.23";

Outcome PlayGuessing(Script& script, int64_t t, int failures, int64_t gap,
                     const std::string& success_ip) {
  Outcome outcome;
  for (int i = 0; i < failures; ++i) {
    outcome.evidence.push_back(script.LogsIn(
        t + i * gap, {.result = "failure", .country = "", .mfa = "", .ip = kAttacker}));
  }
  outcome.alert_time_ms = t + failures * gap;
  outcome.evidence.push_back(script.LogsIn(
      outcome.alert_time_ms, {.result = "success", .country = "", .mfa = "", .ip = success_ip}));
  return outcome;
}

Outcome Guessing(Script& script, int64_t t) {
  return PlayGuessing(script, t, 5, 7 * kSecond, kAttacker);
}

Outcome GuessingAtTheEdges(Script& script, int64_t t) {
  return PlayGuessing(script, t, 5, 30 * kSecond, kAttacker);
}

// The newest five count.
Outcome GuessingLonger(Script& script, int64_t t) {
  Outcome outcome = PlayGuessing(script, t, 8, 3 * kSecond, kAttacker);
  outcome.evidence.erase(outcome.evidence.begin(), outcome.evidence.begin() + 3);
  return outcome;
}

Outcome MissFour(Script& script, int64_t t) {
  PlayGuessing(script, t, 4, 7 * kSecond, kAttacker);
  return {};
}

Outcome MissOtherAddress(Script& script, int64_t t) {
  PlayGuessing(script, t, 6, 7 * kSecond, script.user().ip);
  return {};
}

Outcome MissSlowly(Script& script, int64_t t) {
  PlayGuessing(script, t, 6, 30 * kSecond + 1, kAttacker);
  return {};
}

}  // namespace

const std::vector<Plot>& Plots() {
  static const std::vector<Plot> plots = {
      {kTakeover, "plain", Plain},
      {kTakeover, "second factor passed", MissSecondFactor},
      {kUnused, "plain", Unused},
      {kSplit, "plain", Split},
      {kGuessing, "plain", Guessing},
      {kTakeover, "at the edges of its windows", AtTheEdges},
      {kTakeover, "two logins, the later counts", LoginTwice},
      {kTakeover, "other transactions between", AmongOthers},
      {kTakeover, "second factor before the device", MfaBefore},
      {kTakeover, "second factor between the transfers", MfaBetweenTransfers},
      {kTakeover, "a third transfer", ThirdTransfer},
      {kTakeover, "device before login", MissDeviceBeforeLogin},
      {kTakeover, "transfers before the device", MissTransfersBeforeDevice},
      {kTakeover, "device 1 ms too late", MissDeviceTooLate},
      {kTakeover, "transfer 1 ms too late", MissTransferTooLate},
      {kTakeover, "from another device", MissOtherDevice},
      {kTakeover, "amount not above 1000", MissAmount},
      {kTakeover, "one transfer only", MissOneTransfer},
      {kTakeover, "login failed", MissFailedLogin},
      {kTakeover, "login from home", MissAtHome},
      {kTakeover, "device removed", MissRemoved},
      {kTakeover, "another payer", MissOtherPayer},
      {kUnused, "login just before", UnusedLoginBefore},
      {kUnused, "login in the same millisecond", UnusedLoginAtOnce},
      {kUnused, "login 1 ms too late", UnusedLoginTooLate},
      {kUnused, "login just in time", MissLoginJustInTime},
      {kUnused, "a failed login", MissLoginFails},
      {kSplit, "at the edges", SplitAtTheEdges},
      {kSplit, "other payments between", SplitAmongOthers},
      {kSplit, "five small ones", SplitWithFive},
      {kSplit, "three small ones only", MissThree},
      {kSplit, "sum too small", MissSum},
      {kSplit, "1 ms too late", MissHalfHour},
      {kGuessing, "at the edges of its windows", GuessingAtTheEdges},
      {kGuessing, "eight, the newest five count", GuessingLonger},
      {kGuessing, "four failures only", MissFour},
      {kGuessing, "success from another address", MissOtherAddress},
      {kGuessing, "1 ms too slow", MissSlowly},
  };
  return plots;
}

}  // namespace telltale::demo
