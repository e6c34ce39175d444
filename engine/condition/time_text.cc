#include "engine/condition/time_text.h"

#include <algorithm>
#include <optional>

#include "absl/time/civil_time.h"

namespace telltale::engine {
namespace {

char* Digits(char* out, int64_t number, int width) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return out + width;
}

// ".5": without the zeros at the end, nothing where there are no others.
char* Fraction(char* out, uint32_t nanoseconds) {
  if (nanoseconds == 0) return out;
  *out++ = '.';
  out = Digits(out, nanoseconds, 9);
  while (out[-1] == '0') --out;
  return out;
}

// Seconds, and nanoseconds beyond them, within [low, high].
template <typename Make>
Value Normalised(int64_t seconds, int64_t nanoseconds, Make make) {
  int64_t carry = nanoseconds / kNanosPerSecond;
  int64_t rest = nanoseconds % kNanosPerSecond;
  if (rest < 0) {
    --carry;
    rest += kNanosPerSecond;
  }
  int64_t sum = 0;
  if (__builtin_add_overflow(seconds, carry, &sum)) return Value::Absent();
  return make(sum, static_cast<uint32_t>(rest));
}

}  // namespace

Value MakeTimestamp(int64_t seconds, int64_t nanoseconds) {
  return Normalised(seconds, nanoseconds, [](int64_t whole, uint32_t rest) {
    return whole < kMinTimestamp || whole > kMaxTimestamp ? Value::Absent()
                                                          : Value::Timestamp(whole, rest);
  });
}

Value MakeDuration(int64_t seconds, int64_t nanoseconds) {
  return Normalised(seconds, nanoseconds, [](int64_t whole, uint32_t rest) {
    const bool above = whole > kMaxDuration || (whole == kMaxDuration && rest > 0);
    return whole < -kMaxDuration || above ? Value::Absent() : Value::Duration(whole, rest);
  });
}

std::string_view TimestampText(Value timestamp, NumberBuffer& buffer) {
  const absl::CivilSecond civil = absl::CivilSecond(1970, 1, 1) + timestamp.seconds();
  char* out = Digits(buffer.data(), civil.year(), 4);
  const std::pair<char, int> parts[] = {{'-', civil.month()},
                                        {'-', civil.day()},
                                        {'T', civil.hour()},
                                        {':', civil.minute()},
                                        {':', civil.second()}};
  for (const auto& [separator, number] : parts) {
    *out++ = separator;
    out = Digits(out, number, 2);
  }
  out = Fraction(out, timestamp.nanoseconds());
  *out++ = 'Z';
  return {buffer.data(), static_cast<size_t>(out - buffer.data())};
}

std::string_view DurationText(Value duration, NumberBuffer& buffer) {
  int64_t seconds = duration.seconds();
  uint32_t nanoseconds = duration.nanoseconds();
  char* out = buffer.data();
  if (seconds < 0) {
    *out++ = '-';
    seconds = -seconds;
    if (nanoseconds > 0) {
      --seconds;
      nanoseconds = static_cast<uint32_t>(kNanosPerSecond) - nanoseconds;
    }
  }
  NumberBuffer whole;
  const std::string_view digits = IntText(seconds, whole);
  out = std::copy(digits.begin(), digits.end(), out);
  out = Fraction(out, nanoseconds);
  *out++ = 's';
  return {buffer.data(), static_cast<size_t>(out - buffer.data())};
}

Value ParseTimestamp(std::string_view text) {
  const std::optional<rules::TimeParts> time = rules::ReadTimestamp(text);
  return time ? MakeTimestamp(time->seconds, time->nanoseconds) : Value::Absent();
}

Value ParseDuration(std::string_view text) {
  const std::optional<rules::TimeParts> time = rules::ReadDuration(text);
  return time ? MakeDuration(time->seconds, time->nanoseconds) : Value::Absent();
}

}  // namespace telltale::engine
