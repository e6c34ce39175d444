// From a format to steps, and what can be wrong with one.
#include <algorithm>
#include <utility>

#include "daemon/config/time_format.h"
#include "rules/model/scalar_text.h"

namespace telltale::config {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || c == '\t'; }

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

}  // namespace

class TimeFormat::Compiler {
 public:
  Compiler(std::string_view format, std::vector<Mistake>& mistakes)
      : format_(format), mistakes_(mistakes) {}

  TimeFormat Run(std::string_view zone) {
    for (size_t at = 0; at < format_.size();) at = Take(at);
    if (mistakes_.empty()) CheckWhole(!zone.empty());
    out_.has_fraction_ = Has(Part::kFraction);
    return std::move(out_);
  }

 private:
  struct Directive {
    std::string_view text;
    Part part;
    std::string_view written;
  };
  // Those that give one field.
  static constexpr Directive kDirectives[] = {
      {"%Y", Part::kYear, "%E4Y"},     {"%E4Y", Part::kYear, "%E4Y"},
      {"%y", Part::kShortYear, "%y"},  {"%m", Part::kMonth, "%m"},
      {"%b", Part::kMonthName, "%b"},  {"%B", Part::kMonthName, "%B"},
      {"%h", Part::kMonthName, "%b"},  {"%d", Part::kDay, "%d"},
      {"%e", Part::kDay, "%e"},        {"%j", Part::kDayOfYear, "%j"},
      {"%a", Part::kWeekday, "%a"},    {"%A", Part::kWeekday, "%A"},
      {"%H", Part::kHour, "%H"},       {"%I", Part::kHour12, "%I"},
      {"%p", Part::kHalf, "%p"},       {"%M", Part::kMinute, "%M"},
      {"%S", Part::kSecond, "%S"},     {"%E*S", Part::kSecondWithFraction, "%E*S"},
      {"%f", Part::kFraction, "%E9f"}, {"%z", Part::kZone, "%z"},
      {"%Ez", Part::kZone, "%Ez"},     {"%E*z", Part::kZone, "%Ez"},
      {"%s", Part::kEpoch, "%s"},
  };
  // Those that stand for several.
  static constexpr std::pair<std::string_view, std::string_view> kShort[] = {{"%F", "%Y-%m-%d"},
                                                                             {"%T", "%H:%M:%S"},
                                                                             {"%R", "%H:%M"},
                                                                             {"%D", "%m/%d/%y"},
                                                                             {"%r", "%I:%M:%S %p"}};

  // Where the directive, space or character at `at` ends.
  size_t Take(size_t at) {
    const char c = format_[at];
    if (c != '%') {
      Plain(c);
      return at + 1;
    }
    const size_t end = End(at);
    const std::string_view text = format_.substr(at, end - at);
    if (text == "%%") {
      Plain('%');
    } else if (text == "%n" || text == "%t") {
      Plain(' ');
    } else if (const auto* found = std::find_if(std::begin(kShort), std::end(kShort),
                                                [&](const auto& one) { return one.first == text; });
               found != std::end(kShort)) {
      const std::string_view whole = found->second;
      for (size_t i = 0; i < whole.size(); i += whole[i] == '%' ? 2 : 1) {
        whole[i] == '%' ? One(whole.substr(i, 2), at, end) : Plain(whole[i]);
      }
    } else {
      One(text, at, end);
    }
    return end;
  }

  // Past '%', Abseil's and POSIX's modifiers and one letter.
  size_t End(size_t at) const {
    size_t end = at + 1;
    if (end < format_.size() && (format_[end] == 'E' || format_[end] == 'O')) ++end;
    while (end < format_.size() && end > at + 1 && (format_[end] == '*' || IsDigit(format_[end])))
      ++end;
    return std::min(end + 1, format_.size());
  }

  void One(std::string_view text, size_t begin, size_t end) {
    // "%E3S" reads as "%E*S" does, and writes so many digits.
    const bool digits = text.size() == 4 && text.starts_with("%E") && IsDigit(text[2]);
    const std::string_view same = digits && text[3] == 'S' ? "%E*S" : text;
    for (const Directive& directive : kDirectives) {
      if (directive.text != same) continue;
      out_.written_ += same == text ? directive.written : text;
      return Field(directive.part, text, begin, end);
    }
    Refuse(text, begin, end);
  }

  void Refuse(std::string_view text, size_t begin, size_t end) {
    Mistake mistake{begin, end, Quoted(text) + " is no directive of times", ""};
    if (text == "%Z") {
      mistake.says =
          "'%Z' is not read: abbreviations of zones are ambiguous; name the 'zone' beside the "
          "format";
    } else if (text == "%") {
      mistake.says = "'%' alone is no directive; a percent sign is '%%'";
      mistake.suggestion = "%%";
    } else if (text == "%L" || text == "%N") {
      mistake.suggestion = "%f";
    } else if (text == "%k") {
      mistake.suggestion = "%H";
    } else if (text == "%l") {
      mistake.suggestion = "%I";
    } else if (text == "%P") {
      mistake.suggestion = "%p";
    }
    mistakes_.push_back(std::move(mistake));
  }

  // What may be said once, by whichever directive.
  static Part Said(Part part) {
    switch (part) {
      case Part::kShortYear:
        return Part::kYear;
      case Part::kMonthName:
        return Part::kMonth;
      case Part::kHour12:
        return Part::kHour;
      case Part::kSecondWithFraction:
        return Part::kSecond;
      default:
        return part;
    }
  }

  void Field(Part part, std::string_view text, size_t begin, size_t end) {
    const bool again =
        Has(Said(part)) || (part == Part::kSecondWithFraction && Has(Part::kFraction));
    if (again) {
      mistakes_.push_back(
          {begin, end, Quoted(text) + " says again what the format has already", ""});
    }
    Note(part);
    Note(Said(part));
    if (part == Part::kSecondWithFraction) Note(Part::kFraction);
    out_.steps_.push_back({part, 0});
  }

  // A character that is no directive.
  void Plain(char c) {
    out_.written_ += c == '%' ? "%%" : std::string(1, IsSpace(c) ? ' ' : c);
    if (!IsSpace(c)) {
      out_.steps_.push_back({Part::kLiteral, c});
    } else if (out_.steps_.empty() || out_.steps_.back().part != Part::kSpace) {
      out_.steps_.push_back({Part::kSpace, ' '});
    }
  }

  void Note(Part part) { said_ |= 1u << static_cast<uint32_t>(part); }
  bool Has(Part part) const { return (said_ >> static_cast<uint32_t>(part) & 1u) != 0; }

  void Whole(std::string says, std::string suggestion = "") {
    mistakes_.push_back({0, format_.size(), std::move(says), std::move(suggestion)});
  }

  void CheckWhole(bool zone_beside) {
    if (Has(Part::kEpoch)) {
      const uint32_t beside = said_ & ~(1u << static_cast<uint32_t>(Part::kEpoch)) &
                              ~(1u << static_cast<uint32_t>(Part::kFraction));
      if (beside != 0) Whole("'%s' is a whole time; only a fraction may stand beside it");
      if (zone_beside) Whole("'%s' is counted from 1970 in UTC, and needs no 'zone'");
      return;
    }
    CheckDate();
    CheckClock();
    if (Has(Part::kZone) && zone_beside) {
      Whole("the texts have their zone, by '%z', and there is a 'zone' beside the format");
    } else if (!Has(Part::kZone) && !zone_beside) {
      const bool zulu = format_.ends_with('Z');
      Whole(zulu ? "the format says nothing of the zone: a 'Z' is only a letter, '%z' reads it"
                 : "the format says nothing of the zone: write '%z' where the texts have it, or "
                   "name the 'zone' beside the format",
            zulu ? std::string(format_.substr(0, format_.size() - 1)) + "%z" : "");
    }
  }

  void CheckDate() {
    const bool by_month = Has(Part::kMonth) && Has(Part::kDay);
    if (!Has(Part::kYear)) {
      return Whole("the format has no year, '%Y': no clock is asked for what a text leaves out");
    }
    if (!by_month && !Has(Part::kDayOfYear)) {
      return Whole("the format has no day: '%m' and '%d', or '%j'");
    }
    if (Has(Part::kDayOfYear) && (Has(Part::kMonth) || Has(Part::kDay))) {
      Whole("the format has '%j' and also a month or its day");
    }
  }

  void CheckClock() {
    const auto needs = [&](Part part, Part other, const char* says) {
      if (Has(part) && !Has(other)) Whole(says);
    };
    needs(Part::kHour12, Part::kHalf, "'%I' does not say which half of the day: add '%p'");
    needs(Part::kHalf, Part::kHour12, "'%p' is of '%I', hours from 1 to 12");
    needs(Part::kMinute, Part::kHour, "the format has minutes, '%M', and no hours");
    needs(Part::kSecond, Part::kMinute, "the format has seconds and no minutes, '%M'");
    needs(Part::kFraction, Part::kSecond, "the format has a fraction and no seconds, '%S'");
  }

  const std::string_view format_;
  std::vector<Mistake>& mistakes_;
  TimeFormat out_;
  uint32_t said_ = 0;  // by Part
};

std::optional<TimeFormat> TimeFormat::Compile(std::string_view format, std::string_view zone,
                                              std::vector<Mistake>& mistakes) {
  const size_t before = mistakes.size();
  TimeFormat compiled = Compiler(format, mistakes).Run(zone);
  if (mistakes.size() > before) return std::nullopt;
  compiled.zone_ = absl::UTCTimeZone();
  compiled.offset_ = 0;
  if (const auto offset = rules::ReadZoneOffset(zone)) {
    compiled.offset_ = offset;
    compiled.zone_ = absl::FixedTimeZone(static_cast<int>(*offset));
  } else if (!zone.empty() && zone != "UTC") {
    compiled.offset_.reset();
    if (!absl::LoadTimeZone({zone.data(), zone.size()}, &compiled.zone_)) {
      mistakes.push_back({0, format.size(), std::string(rules::ZoneMistake(zone)), ""});
      return std::nullopt;
    }
  }
  return compiled;
}

}  // namespace telltale::config
