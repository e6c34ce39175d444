#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/reading/near_miss.h"

namespace telltale::engine {
namespace {

constexpr size_t kMostObstacles = 5;  // of a step
constexpr size_t kLongestValue = 120;

std::string PlaceText(const rules::Span& span) {
  if (span.file == nullptr) return "";
  const rules::LineColumn place = span.file->Locate(span.begin);
  return absl::StrCat("  ", span.file->path(), ":", place.line, ":", place.column);
}

std::string Shortened(const std::string& text) {
  if (text.size() <= kLongestValue) return text;
  size_t end = kLongestValue;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// A condition folded over lines is shown on one.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

class Description {
 public:
  Description(const NearMiss& miss, const rules::Rule& rule,
              const std::vector<const Event*>& events, const Names& names)
      : miss_(miss), rule_(rule), events_(events), names_(names) {}

  std::string Text() {
    Taken();
    switch (miss_.outcome) {
      case NearMiss::Outcome::kNothingBegan:
      case NearMiss::Outcome::kStopped:
        Waited();
        break;
      case NearMiss::Outcome::kBroken:
        Line(0, absl::StrCat(Event(miss_.event), " is one that the 'not' at the end forbids",
                             PlaceText(rule_.absences[miss_.absence].span)));
        break;
      case NearMiss::Outcome::kComplete:
        Line(0,
             "all steps are done: what kept the alert back is the deadline of a 'not' that has "
             "not passed, or 'match', 'after_match', 'suppress', 'limits' or 'warm_up'");
        break;
    }
    return std::move(text_);
  }

 private:
  void Line(size_t indent, const std::string& line) {
    absl::StrAppend(&text_, std::string(2 * indent, ' '), line, "\n");
  }
  std::string Event(size_t index) const { return names_.event(*events_[index]); }

  void Taken() {
    if (miss_.taken.empty()) return Line(0, "no event began it");
    std::vector<std::string> steps;
    for (const auto& [step, event] : miss_.taken)
      steps.push_back(absl::StrCat("'", rule_.steps[step].name, "' took ", Event(event)));
    Line(0, absl::StrJoin(steps, ", "));
  }

  void Waited() {
    for (const uint32_t step : miss_.next) {
      Line(0, absl::StrCat("step '", rule_.steps[step].name, "' ",
                           !miss_.taken.empty() && step == miss_.taken.back().first
                               ? "took too few events"
                               : "was never passed",
                           PlaceText(rule_.steps[step].span)));
      Obstacles(step);
    }
  }

  void Obstacles(uint32_t step) {
    size_t shown = 0;
    size_t left_out = 0;
    for (const Obstacle& obstacle : miss_.obstacles) {
      if (obstacle.step != step) continue;
      if (shown++ < kMostObstacles) {
        Show(obstacle);
      } else {
        ++left_out;
      }
    }
    if (shown == 0) Line(1, "no event of its stream came");
    if (left_out > 0) Line(1, absl::StrCat("and ", left_out, " more"));
  }

  void Show(const Obstacle& obstacle) {
    const std::string event = Event(obstacle.event);
    switch (obstacle.kind) {
      case ObstacleKind::kCondition:
        Line(1, absl::StrCat(event, " does not fit"));
        for (const FailedPart& part : obstacle.parts) Show(part);
        return;
      case ObstacleKind::kOtherKey:
        return Line(1,
                    absl::StrCat(event, " has another key: ", absl::StrJoin(obstacle.key, ", ")));
      case ObstacleKind::kNoKey:
        return Line(1, absl::StrCat(event, " has no key"));
      case ObstacleKind::kTooLate:
        return Line(1, absl::StrCat(event, " fits, and is too late: 'within' ended at ",
                                    names_.time(obstacle.latest)));
      case ObstacleKind::kForbidden:
        return Line(1, absl::StrCat(event, " is one that a 'not' on the way forbids",
                                    PlaceText(rule_.absences[obstacle.absence].span)));
      case ObstacleKind::kStartBarred:
        return Line(1, absl::StrCat(event, " fits, and may not begin: ", Event(obstacle.earlier),
                                    " is one that the leading 'not' forbids",
                                    PlaceText(rule_.absences[obstacle.absence].span)));
    }
  }

  void Show(const FailedPart& part) {
    Line(2, absl::StrCat(OneLine(part.text), part.error ? " is an error: " : " is false",
                         part.error ? part.reason : "", PlaceText(part.place)));
    for (const ValueRead& read : part.reads)
      Line(3, absl::StrCat(OneLine(read.text), " is ", Shortened(read.value)));
  }

  const NearMiss& miss_;
  const rules::Rule& rule_;
  const std::vector<const engine::Event*>& events_;
  const Names& names_;
  std::string text_;
};

}  // namespace

std::string Describe(const NearMiss& miss, const rules::Rule& rule,
                     const std::vector<const Event*>& events, const Names& names) {
  return Description(miss, rule, events, names).Text();
}

}  // namespace telltale::engine
