// Structured logs of the daemon: a message that stays the same, and what varies as key=value
// fields.
//
//   LogInfo("group joined", {{"group", group}, {"partitions", count}});
//
// One record is one line and one write: `2026-03-01T10:00:35.000Z INFO  group joined group=soc
// partitions=12` on a terminal, one JSON object otherwise. What repeats is held back: after
// kBurst records of the same level and message within kWindow the further ones are only counted,
// and the next one that is written says so in `repeated`.
//
// Owner: one logger for the process, behind the free functions; tests make their own. Thread: any.
// Errors: none; a record that cannot be written is lost.
#ifndef TELLTALE_DAEMON_TELEMETRY_LOG_H_
#define TELLTALE_DAEMON_TELEMETRY_LOG_H_

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

namespace telltale::telemetry {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };
enum class LogFormat : uint8_t { kAuto, kText, kJson };  // kAuto: text on a terminal, else JSON

// A field borrows its texts for the time of the call.
class LogField {
 public:
  using Value = std::variant<std::string_view, bool, int64_t, uint64_t, double>;

  template <typename T>
  LogField(std::string_view key, const T& value) : key_(key), value_(ToValue(value)) {}

  std::string_view key() const { return key_; }
  const Value& value() const { return value_; }

 private:
  template <typename T>
  static Value ToValue(const T& value) {
    if constexpr (std::same_as<T, bool>) {
      return value;
    } else if constexpr (std::signed_integral<T>) {
      return static_cast<int64_t>(value);
    } else if constexpr (std::unsigned_integral<T>) {
      return static_cast<uint64_t>(value);
    } else if constexpr (std::floating_point<T>) {
      return static_cast<double>(value);
    } else {
      return std::string_view(value);
    }
  }

  std::string_view key_;
  Value value_;
};

using LogFields = std::initializer_list<LogField>;

struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kAuto;
  int fd = 2;                                   // where the lines go, unless `write` is set
  std::function<void(std::string_view)> write;  // for tests: gets a line with its line break
  std::function<int64_t()> now;                 // for tests: nanoseconds since the epoch
};

class Logger {
 public:
  static constexpr int kBurst = 5;
  static constexpr int64_t kWindow = 10'000'000'000;  // ns

  explicit Logger(LogOptions options = {});
  void Configure(LogOptions options);
  bool enabled(LogLevel level) const;
  bool json() const;
  void Write(LogLevel level, std::string_view message, LogFields fields);

 private:
  struct Repeats {
    int64_t window_start = 0;
    int written = 0;
    uint64_t held_back = 0;
  };
  // How many records like this one were held back before it; nothing where it is to be held back
  // itself.
  bool Admit(LogLevel level, std::string_view message, int64_t now, uint64_t& repeated);
  void Put(std::string_view line);

  mutable std::mutex mutex_;
  LogOptions options_;
  bool json_ = false;
  std::map<std::string, Repeats, std::less<>> repeats_;
  std::string line_;
};

// The logger of the process. Until ConfigureLog it writes from kInfo on to standard error.
Logger& ProcessLog();
void ConfigureLog(LogOptions options);

inline void LogDebug(std::string_view message, LogFields fields = {}) {
  ProcessLog().Write(LogLevel::kDebug, message, fields);
}
inline void LogInfo(std::string_view message, LogFields fields = {}) {
  ProcessLog().Write(LogLevel::kInfo, message, fields);
}
inline void LogWarning(std::string_view message, LogFields fields = {}) {
  ProcessLog().Write(LogLevel::kWarning, message, fields);
}
inline void LogError(std::string_view message, LogFields fields = {}) {
  ProcessLog().Write(LogLevel::kError, message, fields);
}

// `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_LOG_H_
