#include "daemon/control/answer_words.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace telltale::control {

int64_t Nanoseconds(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000'000'000 + time.nanos();
}

std::string TimeText(bool known, const google::protobuf::Timestamp& time) {
  if (!known) return "-";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixNanos(Nanoseconds(time)),
                          absl::UTCTimeZone());
}

std::string Number(bool known, int64_t value) { return known ? absl::StrCat(value) : "-"; }

std::string Plural(uint64_t count, const char* word) {
  std::string_view text = word;
  return absl::StrCat(count, " ", word, count == 1 ? "" : text.ends_with("h") ? "es" : "s");
}

std::string Megabytes(int64_t bytes) {
  return absl::StrFormat("%.1f MB", static_cast<double>(bytes) / 1e6);
}

std::string SecondsText(double seconds) {
  return absl::FormatDuration(absl::Trunc(absl::Seconds(seconds), absl::Milliseconds(1)));
}

std::string Word(std::string name, size_t prefix) {
  name.erase(0, prefix);
  std::replace(name.begin(), name.end(), '_', ' ');
  return absl::AsciiStrToLower(name);
}

}  // namespace telltale::control
