#include "daemon/telemetry/log.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace telltale::telemetry {
namespace {

constexpr size_t kMaxRepeats = 1000;  // messages watched for repeats at a time

constexpr std::array<std::string_view, 4> kTextNames = {"DEBUG", "INFO ", "WARN ", "ERROR"};
constexpr std::array<std::string_view, 4> kJsonNames = {"debug", "info", "warning", "error"};

int64_t WallClock() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string TimeText(int64_t now) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixNanos(now), absl::UTCTimeZone());
}

// The length of the UTF-8 character that begins here; 0: there is none.
size_t CharacterLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;
    if (lead == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (lead == 0xF0 && byte(1) < 0x90) return 0;
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

bool NeedsQuotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte >= 0x7F || c == '"' || c == '=' || c == '\\') return true;
  }
  return false;
}

void AppendValue(const LogField::Value& value, bool json, std::string& out) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    if (json || NeedsQuotes(*text)) {
      AppendJsonString(*text, out);
    } else {
      absl::StrAppend(&out, absl::string_view(text->data(), text->size()));
    }
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<int64_t>(&value)) {
    absl::StrAppend(&out, *number);
  } else if (const auto* natural = std::get_if<uint64_t>(&value)) {
    absl::StrAppend(&out, *natural);
  } else {
    const double real = std::get<double>(value);
    if (json && !std::isfinite(real)) {
      out += "null";
    } else {
      absl::StrAppendFormat(&out, "%.6g", real);
    }
  }
}

void AppendText(int64_t now, LogLevel level, std::string_view message, LogFields fields,
                uint64_t repeated, std::string& out) {
  out += TimeText(now);
  out += ' ';
  out += kTextNames[static_cast<size_t>(level)];
  out += ' ';
  // A message is our own words; a line break in it must not make two records.
  for (const char c : message) out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  for (const LogField& field : fields) {
    out += ' ';
    out += field.key();
    out += '=';
    AppendValue(field.value(), false, out);
  }
  if (repeated != 0) absl::StrAppend(&out, " repeated=", repeated);
}

void AppendJson(int64_t now, LogLevel level, std::string_view message, LogFields fields,
                uint64_t repeated, std::string& out) {
  absl::StrAppend(&out, "{\"time\":\"", TimeText(now), "\",\"level\":\"");
  out += kJsonNames[static_cast<size_t>(level)];
  out += "\",\"message\":";
  AppendJsonString(message, out);
  for (const LogField& field : fields) {
    out += ',';
    AppendJsonString(field.key(), out);
    out += ':';
    AppendValue(field.value(), true, out);
  }
  if (repeated != 0) absl::StrAppend(&out, ",\"repeated\":", repeated);
  out += '}';
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    const char c = text[0];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

Logger::Logger(LogOptions options) { Configure(std::move(options)); }

void Logger::Configure(LogOptions options) {
  const std::lock_guard lock(mutex_);
  options_ = std::move(options);
  json_ = options_.format == LogFormat::kJson ||
          (options_.format == LogFormat::kAuto && isatty(options_.fd) == 0);
}

bool Logger::enabled(LogLevel level) const {
  const std::lock_guard lock(mutex_);
  return level >= options_.level;
}

bool Logger::json() const {
  const std::lock_guard lock(mutex_);
  return json_;
}

bool Logger::Admit(LogLevel level, std::string_view message, int64_t now, uint64_t& repeated) {
  line_.assign(1, static_cast<char>('0' + static_cast<int>(level)));
  line_ += message;
  auto found = repeats_.find(line_);
  if (found == repeats_.end()) {
    if (repeats_.size() >= kMaxRepeats) repeats_.clear();
    found =
        repeats_.emplace(line_, Repeats{.window_start = now, .written = 0, .held_back = 0}).first;
  }
  Repeats& repeats = found->second;
  if (now - repeats.window_start >= kWindow || now < repeats.window_start) {
    repeats.window_start = now;
    repeats.written = 0;
  }
  if (repeats.written >= kBurst) {
    ++repeats.held_back;
    return false;
  }
  ++repeats.written;
  repeated = std::exchange(repeats.held_back, 0);
  return true;
}

void Logger::Write(LogLevel level, std::string_view message, LogFields fields) {
  const std::lock_guard lock(mutex_);
  if (level < options_.level) return;
  const int64_t now = options_.now ? options_.now() : WallClock();
  uint64_t repeated = 0;
  if (!Admit(level, message, now, repeated)) return;
  line_.clear();
  (json_ ? AppendJson : AppendText)(now, level, message, fields, repeated, line_);
  line_ += '\n';
  Put(line_);
}

void Logger::Put(std::string_view line) {
  if (options_.write) {
    options_.write(line);
    return;
  }
  while (!line.empty()) {
    const ssize_t written = ::write(options_.fd, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<size_t>(written));
  }
}

Logger& ProcessLog() {
  static Logger* const logger =
      new Logger;  // never destroyed: threads may log while the process exits
  return *logger;
}

void ConfigureLog(LogOptions options) { ProcessLog().Configure(std::move(options)); }

}  // namespace telltale::telemetry
