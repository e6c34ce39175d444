#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/reading/near_miss.h"

namespace telltale::engine {
namespace {

constexpr size_t kMostObstacles = 5;  // of a step
constexpr size_t kMostKeys = 5;       // of an event
constexpr size_t kMostTaken = 20;     // events of a way
constexpr char kExhausted[] = "(there are more ways through these events than were followed)";
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

std::string OtherKeys(const std::vector<Key>& keys) {
  if (keys.size() == 1) return absl::StrCat(" has another key: ", rules::ToText(keys.front()));
  std::string text = " has other keys: ";
  for (size_t i = 0; i < keys.size() && i < kMostKeys; ++i)
    absl::StrAppend(&text, i == 0 ? "" : "; ", rules::ToText(keys[i]));
  if (keys.size() > kMostKeys) absl::StrAppend(&text, "; and ", keys.size() - kMostKeys, " more");
  return text;
}

// A condition folded over lines is shown on one.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// Of a long way its beginning and its end.
std::string TakenText(const std::vector<std::pair<uint32_t, size_t>>& taken,
                      const rules::Rule& rule, const std::vector<const Event*>& events,
                      const Names& names) {
  std::vector<std::string> steps;
  for (size_t i = 0; i < taken.size(); ++i) {
    if (taken.size() > kMostTaken && i == kMostTaken / 2) {
      const size_t left_out = taken.size() - kMostTaken;
      steps.push_back(absl::StrCat("... ", left_out, " more ..."));
      i += left_out;
    }
    steps.push_back(absl::StrCat("'", rule.steps[taken[i].first].name, "' took ",
                                 names.event(*events[taken[i].second])));
  }
  return absl::StrJoin(steps, ", ");
}

class Description {
 public:
  Description(const NearMiss& miss, const rules::Rule& rule,
              const std::vector<const Event*>& events, const Names& names)
      : miss_(miss), rule_(rule), events_(events), names_(names) {}

  std::string Text() {
    Taken();
    switch (miss_.outcome) {
      case NearMiss::Outcome::kDropped:
        Line(0,
             absl::StrCat(Event(miss_.event), " drops it: it is one that the rule's 'until' means",
                          PlaceText(rule_.untils[*rule_.until].span)));
        Waited();
        break;
      case NearMiss::Outcome::kNothingBegan:
      case NearMiss::Outcome::kStopped:
        Waited();
        break;
      case NearMiss::Outcome::kPending:
        Pending();
        break;
      case NearMiss::Outcome::kBroken:
        Line(0, absl::StrCat(Event(miss_.event), " is one that the 'not' at the end forbids",
                             PlaceText(rule_.absences[miss_.absence].span)));
        break;
      case NearMiss::Outcome::kComplete:
        Line(0,
             "all steps are done: what kept the alert back is 'match', 'after_match', "
             "'exceptions', 'suppress', 'limits' or 'warm_up'");
        break;
    }
    if (miss_.exhausted) Line(0, "(there are more ways through these events than were followed)");
    return std::move(text_);
  }

 private:
  void Line(size_t indent, const std::string& line) {
    absl::StrAppend(&text_, std::string(2 * indent, ' '), line, "\n");
  }
  std::string Event(size_t index) const { return names_.event(*events_[index]); }

  void Taken() {
    if (miss_.taken.empty()) return Line(0, "no event began it");
    Line(0, TakenText(miss_.taken, rule_, events_, names_));
  }

  void Pending() {
    const bool trailing = rule_.pattern.places.back().IsNot();
    std::string text =
        trailing ? "all steps are done: it waits until nothing that the 'not' at the end "
                   "forbids can come"
                 : "all steps are done: it waits until the greedy repeat can take no more";
    if (miss_.latest != kForever) absl::StrAppend(&text, ", up to ", names_.time(miss_.latest));
    Line(0, text);
  }

  void Waited() {
    for (const Awaited& awaited : miss_.next) {
      const rules::Step& step = rule_.steps[awaited.step];
      std::string text = awaited.waits ? "waits for step '" : "step '";
      absl::StrAppend(&text, step.name, "'");
      if (awaited.waits) {
        if (awaited.again) absl::StrAppend(&text, " again");
        if (awaited.of_all_of) absl::StrAppend(&text, " of the all_of");
        if (awaited.latest != kForever)
          absl::StrAppend(&text, " until ", names_.time(awaited.latest));
      } else {
        absl::StrAppend(&text, awaited.again       ? " took too few events"
                               : awaited.of_all_of ? " is missing of the all_of"
                                                   : " was never passed");
      }
      Line(0, absl::StrCat(text, PlaceText(step.span)));
      Obstacles(awaited);
    }
  }

  void Obstacles(const Awaited& awaited) {
    size_t shown = 0;
    size_t left_out = 0;
    for (const Obstacle& obstacle : miss_.obstacles) {
      if (obstacle.step != awaited.step) continue;
      if (shown++ < kMostObstacles) {
        Show(obstacle);
      } else {
        ++left_out;
      }
    }
    if (shown == 0 && !awaited.waits) {
      Line(1, awaited.latest == kForever
                  ? std::string("no event of its stream came")
                  : absl::StrCat("no event of its stream came up to ", names_.time(awaited.latest),
                                 ", when its window ended"));
    }
    if (left_out > 0) Line(1, absl::StrCat("and ", left_out, " more"));
  }

  std::string Window(const Obstacle& obstacle) const {
    return obstacle.of_rule ? std::string("the rule's 'within'")
                            : absl::StrCat("'within' of '", rule_.steps[obstacle.step].name, "'");
  }

  void Show(const Obstacle& obstacle) {
    const std::string event = Event(obstacle.event);
    const std::string next =
        obstacle.only_next ? ", and only the very next event counts (strict)" : "";
    switch (obstacle.kind) {
      case ObstacleKind::kCondition:
        Line(1, absl::StrCat(event, " does not fit", next));
        for (const FailedPart& part : obstacle.parts) Show(part);
        return;
      case ObstacleKind::kOtherKey:
        return Line(1, absl::StrCat(event, OtherKeys(obstacle.keys), next));
      case ObstacleKind::kNoKey:
        return Line(1, absl::StrCat(event, " has no key", next));
      case ObstacleKind::kTooLate:
        return Line(1, absl::StrCat(event, " fits, and is too late: ", Window(obstacle),
                                    " ended at ", names_.time(obstacle.latest)));
      case ObstacleKind::kForbidden:
        return Line(1, absl::StrCat(event, " is one that a 'not' on the way forbids",
                                    PlaceText(rule_.absences[obstacle.absence].span)));
      case ObstacleKind::kStartBarred:
        return Line(1, absl::StrCat(event, " fits, and may not begin: ", Event(obstacle.earlier),
                                    " is one that the leading 'not' forbids",
                                    PlaceText(rule_.absences[obstacle.absence].span)));
      case ObstacleKind::kNotNext:
        return Line(1, absl::StrCat(event,
                                    " came first, and only the very next event counts "
                                    "(strict)"));
      case ObstacleKind::kUntil:
        return Line(1, absl::StrCat(event, " ends the repeat: it is one that 'until' means",
                                    PlaceText(rule_.untils[obstacle.until].span)));
      case ObstacleKind::kGreedy:
        return Line(1, absl::StrCat(event, " fits, and the greedy '",
                                    rule_.steps[obstacle.taker].name, "' took it"));
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

std::string Describe(const KeyStory& story, const rules::Rule& rule,
                     const std::vector<const Event*>& events, const Names& names) {
  std::string text;
  if (story.matches > 0) {
    absl::StrAppend(&text, "all steps were done ", story.matches,
                    story.matches == 1 ? " time: " : " times, the last time: ",
                    TakenText(story.last_match, rule, events, names), "\n");
  }
  if (story.progress) absl::StrAppend(&text, Describe(*story.progress, rule, events, names));
  if (story.exhausted) absl::StrAppend(&text, kExhausted, "\n");
  return text;
}

}  // namespace telltale::engine
