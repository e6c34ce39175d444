#include "daemon/explain/meaning.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/automaton.h"
#include "daemon/explain/places.h"
#include "rules/load/yaml/quantity.h"
#include "rules/model/joint_suppression.h"

namespace telltale::explain {
namespace {

using rules::Absence;
using rules::FormatDuration;
using rules::Place;
using rules::Rule;
using rules::Step;

std::string Quoted(std::string_view text) { return absl::StrCat("'", std::string(text), "'"); }

bool IsNot(const Place& place) { return place.IsNot(); }

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
  Teller(const Rule& rule, const rules::Automaton& compiled, const rules::StreamCatalog& streams)
      : rule_(rule), compiled_(compiled), streams_(streams) {}

  std::vector<std::string> Tell() {
    Key();
    if (rule_.aggregate || rule_.new_terms) {
      std::vector<std::string> window = WindowMeaning(rule_, streams_);
      std::move(window.begin(), window.end(), std::back_inserter(said_));
    } else {
      Pattern();
    }
    Suppression();
    Running();
    return std::move(said_);
  }

 private:
  void Pattern() {
    const std::vector<Place>& places = rule_.pattern.places;
    const auto last = std::find_if_not(places.rbegin(), places.rend(), IsNot).base() - 1;
    uint32_t number = 0;
    for (auto place = places.begin(); place != places.end(); ++place) {
      if (!place->IsNot()) {
        ++number;
        Tell(*place, absl::StrCat(number), number == 1);
      } else if (number == 0) {
        Leading(rule_.absences[place->index]);
      } else if (place < last) {
        Between(*place);
      } else {
        Trailing(rule_.absences[place->index]);
      }
    }
    std::vector<std::string> windows = StepWindowMeaning(rule_, streams_);
    std::move(windows.begin(), windows.end(), std::back_inserter(said_));
    if (rule_.within && rule_.HoldsState()) {
      Say("From the first event to the last at most ", FormatDuration(*rule_.within),
          " of event time pass.");
    }
    if (rule_.until) {
      Say("An event ", Events(rule_.untils[*rule_.until].selector),
          " drops all partial matches of its key (until).");
    }
    Which();
    After();
    Alerts();
    Timeout();
  }

  void Running() {
    if (rule_.output && rule_.output->metric) {
      const rules::Metric& metric = *rule_.output->metric;
      Say("Its results are no alerts: they ",
          metric.type == rules::MetricType::kCounter ? "add to the counter " : "set the gauge ",
          metric.name, ", in at most ", metric.max_series, " series.");
    } else if (rule_.output) {
      Say("Its results are no alerts: they go to the topic ", rule_.output->topic, ".");
    }
    if (rule_.mode == rules::Mode::kShadow) Say("In shadow: its alerts go to the shadow topic.");
    if (rule_.mode == rules::Mode::kOff) Say("It is off: checked, and not run.");
    if (rule_.mode == rules::Mode::kBuildingBlock)
      Say("A building block: it sends no alerts of its own.");
  }

  template <typename... Parts>
  void Say(const Parts&... parts) {
    said_.push_back(absl::StrCat(parts...));
  }

  void Key() {
    if (!rule_.HoldsState()) {
      Say("Each event by itself: none is held, and any shard takes it.",
          HasEach() ? " It alerts once for every key that the event has by each()." : "");
      return;
    }
    if (rule_.key_names.empty()) {
      Say("All events have one key: there is no 'by', and the rule runs on one shard.");
      return;
    }
    std::string text = absl::StrCat("Events with the same ",
                                    absl::StrJoin(rule_.key_names, " and "), " belong together");
    std::vector<std::string> others;
    ForEachSelector([&](const rules::Selector& selector) {
      const std::string names = KeyNames(rule_, selector);
      if (names.empty()) return;
      std::string other = absl::StrCat(names, " in events of ", streams_[selector.stream].name);
      if (std::find(others.begin(), others.end(), other) == others.end())
        others.push_back(std::move(other));
    });
    if (!others.empty()) absl::StrAppend(&text, "; it is called ", absl::StrJoin(others, ", "));
    if (HasEach())
      absl::StrAppend(&text, ". By each() an event has a key for every element of the list");
    Say(text, rule_.group_missing_key
                  ? ". What an event lacks of it is a part of its own kind: such events belong "
                    "together."
                  : ". An event without it is dropped for this rule and counted.");
  }

  template <typename Visit>
  void ForEachSelector(const Visit& visit) const {
    for (const Step& step : rule_.steps) visit(step.selector);
    for (const rules::Absence& absence : rule_.absences) visit(absence.selector);
    for (const rules::Until& until : rule_.untils) visit(until.selector);
  }
  bool HasEach() const {
    bool each = false;
    ForEachSelector([&](const rules::Selector& selector) { each = each || selector.each != 0; });
    return each;
  }

  std::string Events(const rules::Selector& selector) const {
    std::string text = absl::StrCat("of ", streams_[selector.stream].name);
    if (selector.where) absl::StrAppend(&text, " where ", OneLine(*selector.where));
    return text;
  }

  void Tell(const Place& place, const std::string& number, bool first) {
    if (place.IsNot()) return Between(place);
    const bool repeats = place.repeat.repeats();
    std::string text = absl::StrCat(number, ". ");
    if (place.IsStep()) {
      const Step& step = rule_.steps[place.index];
      absl::StrAppend(
          &text, step.name, ": ",
          repeats ? absl::StrCat(CountText(place.repeat, "events"), " ") : Follows(place, first),
          Events(step.selector));
    } else {
      absl::StrAppend(&text, Inside(place.kind));
      if (repeats) absl::StrAppend(&text, ", ", CountText(place.repeat, "times"));
    }
    if (!first && (repeats || !place.IsStep())) Begins(place, text);
    if (!first && !repeats && place.within && place.IsStep())
      absl::StrAppend(&text, ", at most ", FormatDuration(*place.within), " after the one before");
    if (repeats) Repeats(place, text);
    if (place.optional) absl::StrAppend(&text, "; it may be left out");
    Say(text, place.IsStep() ? "." : ":");
    uint32_t inner_number = 0;
    for (const Place& inner : place.places) {
      // How these follow is said of the place around them.
      const bool begins = place.kind == Place::Kind::kAnyOf ||
                          (place.kind == Place::Kind::kGroup ? inner_number == 0 : first);
      if (!inner.IsNot()) ++inner_number;
      Tell(inner, absl::StrCat(number, ".", inner_number), begins);
    }
  }

  static std::string Follows(const Place& place, bool first) {
    if (first) return "an event ";
    switch (place.contiguity) {
      case rules::Contiguity::kRelaxed:
        return "then the first event ";
      case rules::Contiguity::kStrict:
        return "then the very next event, which is one ";
      case rules::Contiguity::kAny:
        return "then any later event ";
    }
    return "";
  }

  static std::string Inside(Place::Kind kind) {
    switch (kind) {
      case Place::Kind::kAnyOf:
        return "one of these";
      case Place::Kind::kAllOf:
        return "all of these, in any order";
      default:
        return "these, one after the other";
    }
  }

  // How the first event of several stands to the one before.
  static void Begins(const Place& place, std::string& text) {
    if (place.contiguity == rules::Contiguity::kRelaxed && !place.within) return;
    absl::StrAppend(&text, ", beginning");
    if (place.contiguity == rules::Contiguity::kStrict)
      absl::StrAppend(&text, " with the very next event");
    if (place.contiguity == rules::Contiguity::kAny)
      absl::StrAppend(&text, " with any later event");
    if (place.within)
      absl::StrAppend(&text, " at most ", FormatDuration(*place.within), " after the event before");
  }

  void Repeats(const Place& place, std::string& text) const {
    if (place.repeat.inside == rules::Contiguity::kStrict)
      absl::StrAppend(&text, ", with nothing of the key between one and the next");
    if (place.repeat.inside == rules::Contiguity::kAny)
      absl::StrAppend(&text, ", of which any may be passed over");
    if (place.repeat.within) {
      absl::StrAppend(&text, ", each at most ", FormatDuration(*place.repeat.within),
                      " after the one before");
    }
    if (place.repeat.greedy) absl::StrAppend(&text, ", as many as come (greedy)");
    if (place.repeat.until)
      absl::StrAppend(&text, ", until one ", Events(rule_.untils[*place.repeat.until].selector));
  }

  void Leading(const Absence& absence) {
    Say("None ", Events(absence.selector), " in the ", FormatDuration(absence.within.value_or(0)),
        " before the first event.");
  }

  void Between(const Place& place) {
    const std::string events = Events(rule_.absences[place.index].selector);
    if (place.contiguity == rules::Contiguity::kStrict)
      return Say("The very next event is none ", events, ".");
    Say("Between the steps on either side none ", events, ".");
  }

  void Trailing(const Absence& absence) {
    std::string until;
    if (absence.within)
      until = absl::StrCat(FormatDuration(*absence.within), " after the last event");
    if (rule_.within) {
      absl::StrAppend(&until, until.empty() ? "" : " or ", FormatDuration(*rule_.within),
                      " after the first event");
      if (absence.within) absl::StrAppend(&until, ", whichever comes first");
    }
    Say("After that none ", Events(absence.selector), " up to ", until, ".");
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
      case rules::MatchMode::kCount:
        return Say(
            "Every combination of events that fits is a match; told is how many an event completes "
            "(match: count).");
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
    if (!compiled_.trailing.empty()) {
      return Say(
          "It alerts at that deadline, once the watermark is beyond it, also on a key that "
          "gets no further event.");
    }
    Say("It alerts once the watermark is beyond the last event", Again(), ".");
    if (!compiled_.leading.empty() && rule_.warm_up == rules::WarmUp::kQuiet) {
      Say("A match that looks back beyond the rule's own start is kept quiet.");
    }
  }

  // What a repeat at the end makes of it (P8).
  std::string Again() const {
    const bool held = std::any_of(compiled_.states.begin(), compiled_.states.end(),
                                  [](const rules::State& state) { return state.yields != 0; });
    if (held) return ", when the greedy repeat at the end can take no more";
    const Place& last = rule_.pattern.places.back();
    const rules::Repeat& repeat = last.repeat;
    if (!repeat.repeats() || repeat.max == repeat.min) return "";
    const std::string what = last.IsStep() ? rule_.steps[last.index].name
                                           : absl::StrCat("time of ", StepNames(rule_, last));
    return absl::StrCat(
        ", at the ", Ordinal(repeat.min), " ", what, " and again at each further one",
        repeat.max == rules::kUnbounded ? "" : absl::StrCat(" up to the ", Ordinal(repeat.max)));
  }

  void Timeout() {
    if (!rule_.timeout_from) return;
    Say("A partial match that has come to ", Quoted(rule_.steps[*rule_.timeout_from].name),
        " or beyond, and whose time runs out, is an alert of kind 'timeout'.");
  }

  void Suppression() {
    if (!rule_.suppress) return;
    Say("Further alerts of the same ", absl::StrJoin(rule_.suppress->names, " and "), " within ",
        FormatDuration(rule_.suppress->period), " are kept back and counted",
        rules::SuppressesJointly(rule_)
            ? ", over all keys together, so they go out once nothing can come before them."
            : ".");
  }

  const Rule& rule_;
  const rules::Automaton& compiled_;
  const rules::StreamCatalog& streams_;
  std::vector<std::string> said_;
};

}  // namespace

std::vector<std::string> Meaning(const Rule& rule, const rules::Automaton& compiled,
                                 const rules::StreamCatalog& streams) {
  return Teller(rule, compiled, streams).Tell();
}

}  // namespace telltale::explain
