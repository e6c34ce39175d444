// Times that are written as a stream's `time.format` says: the directives of strptime, as far as
// they name a moment, those of Abseil for fractions of a second beside them.
//
// A format is compiled once, with its zone; reading a text allocates nothing and asks no clock
// (absl::ParseTime copies format and text, and takes 3 to 15 times as long). So a format must give
// the whole date, and the zone stands in the text or beside the format. Where clocks are put
// forward, a time that they pass over is read by the offset before; of one that they show twice,
// the first is meant: what `pre` is called in absl::TimeZone::CivilInfo.
//
// Owner: the config, shared by the decoders of a stream. Thread: immutable, any. Units: nanoseconds
// since the epoch; what is finer is cut off, toward the past. Errors: mistakes with their place in
// the format; a text that is not as the format says is nothing. Source: POSIX strptime.
#ifndef TELLTALE_DAEMON_CONFIG_TIME_FORMAT_H_
#define TELLTALE_DAEMON_CONFIG_TIME_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace telltale::config {

class TimeFormat {
 public:
  // What is wrong with the bytes [begin, end) of a format.
  struct Mistake {
    size_t begin = 0;
    size_t end = 0;
    std::string says;
    std::string suggestion;  // what to write there; empty: not known
  };

  // `zone`: where clocks show what the texts say, as rules::ZoneMistake takes it; empty: the texts
  // have their own. None where there are mistakes, all of which are told.
  static std::optional<TimeFormat> Compile(std::string_view format, std::string_view zone,
                                           std::vector<Mistake>& mistakes);

  // REQUIRES of the caller: to look whether the time is one that it takes. Years are 1678 to 2261.
  std::optional<int64_t> Read(std::string_view text) const;
  // As a producer would write it, cut to what the format can say.
  std::string Write(int64_t time) const;

  bool has_fraction() const { return has_fraction_; }

 private:
  enum class Part : uint8_t {
    kLiteral,  // the character `literal`
    kSpace,    // white space, as much as there is, but some
    kYear,
    kShortYear,
    kMonth,
    kMonthName,
    kDay,
    kDayOfYear,
    kWeekday,
    kHour,
    kHour12,
    kHalf,  // AM or PM
    kMinute,
    kSecond,
    kSecondWithFraction,
    kFraction,
    kZone,
    kEpoch,
  };
  struct Step {
    Part part = Part::kLiteral;
    char literal = 0;
  };
  struct Fields;
  class Compiler;
  class Reader;

  TimeFormat() = default;
  std::optional<int64_t> Moment(const Fields& fields) const;

  std::vector<Step> steps_;
  std::string written_;            // the same for absl::FormatTime
  absl::TimeZone zone_;            // UTC where the texts have their own
  std::optional<int64_t> offset_;  // of the zone in seconds, where it never changes
  bool has_fraction_ = false;
};

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_TIME_FORMAT_H_
