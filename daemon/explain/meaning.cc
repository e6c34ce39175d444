#include "daemon/explain/meaning.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/automaton.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::explain {
namespace {

using engine::Pattern;
using rules::Absence;
using rules::FormatDuration;
using rules::Rule;
using rules::Step;

std::string Quoted(std::string_view text) { return absl::StrCat("'", std::string(text), "'"); }

// "1st", "2nd", "11th".
std::string Ordinal(uint32_t number) {
  const uint32_t tens = number % 100;
  const uint32_t ones = number % 10;
  const bool teen = tens >= 11 && tens <= 13;
  return absl::StrCat(number, teen        ? "th"
                              : ones == 1 ? "st"
                              : ones == 2 ? "nd"
                              : ones == 3 ? "rd"
                                          : "th");
}

class Teller {
 public:
  Teller(const Pattern& pattern, const rules::StreamCatalog& streams)
      : rule_(*pattern.rule), pattern_(pattern), streams_(streams) {}

  std::vector<std::string> Tell() {
    Key();
    for (size_t place = 0; place <= rule_.steps.size(); ++place) {
      for (const Absence& absence : rule_.absences) {
        if (absence.before == place) Not(absence);
      }
      if (place < rule_.steps.size()) TellStep(place);
    }
    if (rule_.within && rule_.HoldsState()) {
      Say("From the first event to the last at most ", FormatDuration(*rule_.within),
          " of event time pass.");
    }
    Which();
    After();
    Alerts();
    Suppression();
    if (rule_.mode == rules::Mode::kShadow) Say("In shadow: its alerts go to the shadow topic.");
    if (rule_.mode == rules::Mode::kOff) Say("It is off: checked, and not run.");
    if (rule_.mode == rules::Mode::kBuildingBlock)
      Say("It only feeds correlations, and sends no alerts of its own.");
    return std::move(said_);
  }

 private:
  template <typename... Parts>
  void Say(const Parts&... parts) {
    said_.push_back(absl::StrCat(parts...));
  }

  void Key() {
    if (!rule_.HoldsState()) {
      Say("Each event by itself: none is held, and any shard takes it.");
      return;
    }
    if (rule_.key_names.empty()) {
      Say("All events have one key: there is no 'by', and the rule runs on one shard.");
      return;
    }
    std::string text = absl::StrCat("Events with the same ",
                                    absl::StrJoin(rule_.key_names, " and "), " belong together");
    std::vector<std::string> others;
    for (const Step& step : rule_.steps) {
      const std::string names = KeyNames(rule_, step.selector);
      if (names.empty()) continue;
      std::string other =
          absl::StrCat(names, " in events of ", streams_[step.selector.stream].name);
      if (std::find(others.begin(), others.end(), other) == others.end())
        others.push_back(std::move(other));
    }
    if (!others.empty()) absl::StrAppend(&text, "; it is called ", absl::StrJoin(others, ", "));
    Say(text, ". An event without it is dropped for this rule and counted.");
  }

  std::string Events(const rules::Selector& selector) const {
    std::string text = absl::StrCat("of ", streams_[selector.stream].name);
    if (selector.where) absl::StrAppend(&text, " where ", OneLine(*selector.where));
    return text;
  }

  void TellStep(size_t s) {
    const Step& step = rule_.steps[s];
    const std::string events = Events(step.selector);
    std::string text = absl::StrCat(s + 1, ". ", step.name, ": ");
    const bool first = (pattern_.start & (engine::StepMask{1} << s)) != 0 && s == 0;
    if (step.repeats()) {
      absl::StrAppend(&text,
                      step.max == rules::kUnbounded ? absl::StrCat(step.min, " or more events ")
                      : step.min == step.max        ? absl::StrCat(step.min, " events ")
                                             : absl::StrCat(step.min, " to ", step.max, " events "),
                      events);
      if (step.within) {
        absl::StrAppend(&text, ", each at most ", FormatDuration(*step.within),
                        " after the one before");
      }
    } else {
      absl::StrAppend(&text, first ? "an event " : "then the first event ", events);
      if (step.within && !first) {
        absl::StrAppend(&text, ", at most ", FormatDuration(*step.within), " after the one before");
      }
    }
    if (step.optional) absl::StrAppend(&text, "; it may be left out");
    if (step.alternative) absl::StrAppend(&text, ", in the place of the one before");
    Say(text, ".");
  }

  void Not(const Absence& absence) {
    const std::string events = Events(absence.selector);
    if (absence.before == 0) {
      Say("None ", events, " in the ", FormatDuration(absence.within.value_or(0)),
          " before the first event.");
    } else if (absence.before < rule_.steps.size()) {
      Say("Between the steps on either side none ", events, ".");
    } else {
      std::string until;
      if (absence.within) {
        until = absl::StrCat(FormatDuration(*absence.within), " after the last event");
      }
      if (rule_.within) {
        absl::StrAppend(&until, until.empty() ? "" : " or ", FormatDuration(*rule_.within),
                        " after the first event");
        if (absence.within) absl::StrAppend(&until, ", whichever comes first");
      }
      Say("After that none ", events, " up to ", until, ".");
    }
  }

  void Which() {
    if (!rule_.HoldsState()) return;
    switch (rule_.match) {
      case rules::MatchMode::kAll:
        return Say("Every combination of events that fits is a match of its own (match: all).");
      case rules::MatchMode::kFirst:
        return Say(
            "Where several have come equally far, the one that began first is kept "
            "(match: first).");
      case rules::MatchMode::kLatest:
        return Say(
            "Where several have come equally far, the one that began last is kept "
            "(match: latest).");
    }
  }

  void After() {
    const auto step = [&] { return Quoted(rule_.steps[rule_.after_match.step].name); };
    switch (rule_.after_match.kind) {
      case rules::SkipKind::kNoSkip:
        return;
      case rules::SkipKind::kSkipToNext:
        return Say("A match ends what else began with its first event.");
      case rules::SkipKind::kSkipPastLast:
        return Say("A match ends all that began up to its last event.");
      case rules::SkipKind::kSkipToFirst:
        return Say("A match ends all that began before its first event of ", step(), ".");
      case rules::SkipKind::kSkipToLast:
        return Say("A match ends all that began before its last event of ", step(), ".");
    }
  }

  void Alerts() {
    if (!rule_.HoldsState()) {
      return Say(rule_.suppress ? "It alerts in the order of event time, once the watermark is "
                                  "beyond the event."
                                : "It alerts when the event comes.");
    }
    if (pattern_.trailing != 0) {
      return Say(
          "It alerts at that deadline, once the watermark is beyond it, also on a key that "
          "gets no further event.");
    }
    const Step& last = rule_.steps.back();
    std::string text = "It alerts once the watermark is beyond the last event";
    if (last.repeats() && last.max != last.min) {
      absl::StrAppend(
          &text, ", at the ", Ordinal(last.min), " ", last.name, " and again at each further one",
          last.max == rules::kUnbounded ? "" : absl::StrCat(" up to the ", Ordinal(last.max)));
    }
    Say(text, ".");
    if (pattern_.leading != 0 && rule_.warm_up == rules::WarmUp::kQuiet) {
      Say("A match that looks back beyond the rule's own start is kept quiet.");
    }
  }

  void Suppression() {
    if (!rule_.suppress) return;
    Say("Further alerts of the same ", absl::StrJoin(rule_.suppress->names, " and "), " within ",
        FormatDuration(rule_.suppress->period), " are kept back and counted.");
  }

  const Rule& rule_;
  const Pattern& pattern_;
  const rules::StreamCatalog& streams_;
  std::vector<std::string> said_;
};

}  // namespace

std::vector<std::string> Meaning(const Pattern& pattern, const rules::StreamCatalog& streams) {
  return Teller(pattern, streams).Tell();
}

}  // namespace telltale::explain
