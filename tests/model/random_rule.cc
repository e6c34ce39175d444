#include "tests/model/random_rule.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace telltale::model {
namespace {

using Kind = PlaceSpec::Kind;

// A step that conditions can refer to.
struct Seen {
  std::string name;
  bool list = false;
  bool optional = false;  // a match may be without it
};

class RuleMaker {
 public:
  RuleMaker(Choices& choices, int streams, bool windows) : choices_(choices), streams_(streams) {
    if (windows) windows_ = Between(1, 3);
  }

  RuleSpec Make(bool small) {
    RuleSpec rule;
    if (OneIn(5)) rule.places.push_back(Not({}, Between(1, 6)));
    std::vector<Seen> seen;
    AddPlaces(rule.places, Between(1, 4), 0, false, seen);
    if (OneIn(5)) rule.places.push_back(Not(seen, Between(1, 6)));
    if (!OneIn(4)) rule.within = Between(2, 12);
    rule.match = choices_.OneOf<std::string>({"all", "all", "first", "latest", "count", "count"});
    const bool counts = rule.match == "count";
    while (counts && rule.places.back().kind == PlaceSpec::Kind::kNot) rule.places.pop_back();
    if (OneIn(2) && !counts) rule.after_match = AfterMatch();
    if (OneIn(6)) {
      rule.until = "{ on: " + Stream() + ", where: 't == \"c\" && v > 2" +
                   (windows_ > 0 && OneIn(2) ? " && " + Measure() : "") + "' }";
    }
    if (windows_ > 0) rule.more += Windows();
    if (OneIn(4) && !counts) rule.timeout_from = AnyStep();
    // What looks back in windows is else mostly quiet.
    if (windows_ > 0 ? !OneIn(5) : OneIn(2)) rule.more += "warm_up: assume_empty\n";
    if (OneIn(5)) {
      // What is kept back over all keys waits for a bounded time (R0210).
      const std::string by = rule.within == 0 || OneIn(2) ? "k" : "\"all\"";
      rule.more += "suppress: { by: ['" + by + "'], for: " + Number(1, 6) + "s }\n";
    }
    if (OneIn(5)) rule.more += Exceptions(seen);
    if (OneIn(8) && counts && rule.more.find("exceptions") == std::string::npos)
      rule.more += "exceptions:\n  - { name: few, where: 'match_count() < 2' }\n";
    // P10 counts what such matches share, and the reference has them one by one.
    const bool shares = any_ && !cross_ && rule.match == "all" && rule.after_match == "no_skip";
    // When a match says `truncated` for the sake of a window hangs on when it goes out.
    if (windows_ > 0 && (rule.after_match != "no_skip" || greedy_)) {
      if (!small)
        rule.more +=
            "limits: { partial_matches: 30" + std::string(counts ? "" : ", matches: 40") + " }\n";
    } else if (!small)
      rule.more += counts ? CountLimits() : shares ? NodeLimits() : Limits();
    if (OneIn(8)) DropKey(rule);
    return rule;
  }

 private:
  int Between(int low, int high) { return choices_.Between(low, high); }
  bool OneIn(int n) { return choices_.OneIn(n); }
  std::string Number(int low, int high) { return std::to_string(Between(low, high)); }
  std::string Stream() { return "s" + Number(0, streams_ - 1); }
  std::string AnyStep() { return "S" + Number(0, steps_ - 1); }
  std::string Contiguity() {
    const auto contiguity = choices_.OneOf<std::string>({"strict", "any", "relaxed"});
    any_ = any_ || contiguity == "any";
    return contiguity;
  }

  std::string AfterMatch() {
    const std::string some = AnyStep();
    return choices_.OneOf<std::string>({"skip_to_next", "skip_past_last",
                                        "{ skip_to_first: " + some + " }",
                                        "{ skip_to_last: " + some + " }"});
  }

  std::string Limits() {
    const bool tight = OneIn(3);
    const std::string caps =
        tight
            ? choices_.OneOf<std::string>({"partial_matches: 3", "matches: 2, partial_matches: 20",
                                           "events: 5", "events: 9"})
            : std::string("partial_matches: 30, matches: 40");
    return "limits: { " + caps +
           ", on_limit: " + choices_.OneOf<std::string>({"evict_oldest", "reject_new"}) + " }\n";
  }

  // Of nodes, or of partial matches.
  std::string CountLimits() {
    return "limits: { " +
           choices_.OneOf<std::string>({"partial_matches: 3", "events: 5", "partial_matches: 8"}) +
           ", on_limit: " + choices_.OneOf<std::string>({"evict_oldest", "reject_new"}) + " }\n";
  }

  std::string NodeLimits() {
    return "limits: { " +
           choices_.OneOf<std::string>({"partial_matches: 3", "events: 5", "partial_matches: 8",
                                        "partial_matches: 7, matches: 3"}) +
           ", on_limit: " + choices_.OneOf<std::string>({"evict_oldest", "reject_new"}) + " }\n";
  }

  // Of which some end in an error, where a step took nothing, and some expire.
  std::string Exceptions(const std::vector<Seen>& seen) {
    std::string text = "exceptions:\n";
    int number = 0;
    for (const Seen& step : seen) {
      if (!OneIn(2)) continue;
      text += "  - { name: e" + std::to_string(number++) + ", where: '" +
              (step.list ? "size(" + step.name + ") > 1 && " + step.name + "[0].v > 2"
                         : step.name + ".v > 3") +
              "'";
      if (OneIn(2)) text += ", expires: '1970-01-01T00:00:" + Number(10, 40) + "Z'";
      text += " }\n";
    }
    return number == 0 ? "" : text;
  }

  static void DropKeys(std::vector<PlaceSpec>& places) {
    for (PlaceSpec& place : places) {
      place.by.clear();
      DropKeys(place.places);
    }
  }

  static void DropKey(RuleSpec& rule) {
    rule.by.clear();
    DropKeys(rule.places);
    for (const std::string_view own : {", by: account", "    by: account\n"}) {
      for (size_t at; (at = rule.more.find(own)) != std::string::npos;)
        rule.more.erase(at, own.size());
    }
    const size_t suppress = rule.more.find("suppress");
    if (suppress != std::string::npos)
      rule.more.erase(suppress, rule.more.find('\n', suppress) + 1 - suppress);
  }

  // Adds `count` places and, now and then, a `not` between two of them.
  void AddPlaces(std::vector<PlaceSpec>& places, int count, int depth, bool list,
                 std::vector<Seen>& seen) {
    for (int i = 0; i < count; ++i) {
      if (i > 0 && OneIn(5)) {
        places.push_back(Not(seen, 0));
        if (OneIn(4)) places.back().contiguity = "strict";
      }
      PlaceSpec place = Place(depth, list, seen, true);
      if (i > 0) {
        const bool has_own = place.kind != Kind::kAllOf;  // its members have
        if (OneIn(3) && has_own) place.contiguity = Contiguity();
        if (OneIn(4) && has_own) place.within = Between(1, 8);
      }
      places.push_back(std::move(place));
    }
  }

  PlaceSpec Place(int depth, bool list, std::vector<Seen>& seen, bool may_be_optional) {
    PlaceSpec place;
    if (depth < 2 && steps_ < 5 && OneIn(4))
      place.kind = choices_.OneOf<Kind>({Kind::kGroup, Kind::kAnyOf, Kind::kAllOf});
    if (OneIn(3)) Repeat(place);
    place.optional = may_be_optional && OneIn(4);
    const bool inner_list = list || place.repeats();
    const size_t before = seen.size();
    switch (place.kind) {
      case Kind::kGroup:
        AddPlaces(place.places, Between(1, 3), depth + 1, inner_list, seen);
        break;
      case Kind::kAnyOf:
      case Kind::kAllOf:
        Branches(place, depth, inner_list, seen);
        break;
      case Kind::kStep:
      case Kind::kNot:
        Step(place, inner_list, seen);
        break;
    }
    for (size_t i = before; i < seen.size(); ++i)
      seen[i].optional = seen[i].optional || place.optional || place.kind == Kind::kAnyOf;
    return place;
  }

  // Alternatives and members see what is before all of them, and not each other.
  void Branches(PlaceSpec& place, int depth, bool list, std::vector<Seen>& seen) {
    const std::vector<Seen> before = seen;
    const bool member = place.kind == Kind::kAllOf;
    const int count = Between(2, 3);
    for (int i = 0; i < count; ++i) {
      std::vector<Seen> own = before;
      place.places.push_back(Place(depth + 1, list, own, member && OneIn(2)));
      PlaceSpec& branch = place.places.back();
      if (member && branch.kind != Kind::kAllOf && OneIn(3)) branch.contiguity = Contiguity();
      if (member && branch.kind != Kind::kAllOf && OneIn(4)) branch.within = Between(1, 8);
      seen.insert(seen.end(), own.begin() + static_cast<std::ptrdiff_t>(before.size()), own.end());
    }
  }

  void Repeat(PlaceSpec& place) {
    place.min = Between(1, 3);
    place.max = OneIn(2) ? 0 : std::max(2, place.min + Between(0, 2));
    if (OneIn(2)) place.inside = Contiguity();
    if (OneIn(5)) place.repeat_within = Between(1, 8);
    place.greedy = OneIn(4);
    greedy_ = greedy_ || place.greedy;
    if (!OneIn(5)) return;
    place.until = "t == \"c\" && v > 1";
    if (place.kind != Kind::kStep || OneIn(3)) place.until_stream = Stream();
  }

  void Step(PlaceSpec& step, bool list, std::vector<Seen>& seen) {
    step.name = "S" + std::to_string(steps_++);
    step.stream = Stream();
    if (OneIn(4)) step.by = "account";
    Condition(seen, step.repeats() ? step.name : "", step);
    seen.push_back({.name = step.name, .list = list, .optional = step.optional});
  }

  PlaceSpec Not(const std::vector<Seen>& seen, int within) {
    PlaceSpec place{.kind = Kind::kNot};
    place.stream = Stream();
    place.within = within;
    if (OneIn(4)) place.by = "account";
    Condition(seen, "", place);
    return place;
  }

  // `self`: the name of a step that repeats.
  void Condition(const std::vector<Seen>& seen, const std::string& self, PlaceSpec& place) {
    place.where = choices_.OneOf<std::string>({"t == \"a\"", "t == \"b\"", "", "t != \"c\"",
                                               "v > 3", "t == \"a\" || v == 0", "has(w) && w > 2",
                                               "w < 4", "t in [\"a\", \"c\"]"});
    if (windows_ > 0 && OneIn(2)) {
      const std::string measure = Measure();
      place.where = place.where.empty() ? measure
                    : OneIn(6)          ? "(" + place.where + ") || " + measure
                                        : "(" + place.where + ") && " + measure;
    }
    if (!OneIn(3)) return;
    const std::string cross = Cross(seen, self);
    if (cross.empty()) return;
    cross_ = true;
    place.where = place.where.empty() ? cross : "(" + place.where + ") && (" + cross + ")";
  }

  std::string AnyWindow() { return "W" + Number(0, windows_ - 1); }

  // A condition that reads a window.
  std::string Measure() {
    const std::string window = AnyWindow();
    return choices_.OneOf<std::string>(
        {window + ".n >= " + Number(1, 4), window + ".n < " + Number(1, 4),
         window + ".total > " + Number(2, 9), window + ".kinds > 1", "v == " + window + ".most",
         window + ".mean > 2.0", window + ".last != t", window + ".n * 2 > " + window + ".total",
         window + ".low.contains(\"a\")", "!(" + window + ".mean < 3.0)"});
  }

  std::string Windows() {
    std::string text = "windows:\n";
    for (int i = 0; i < windows_; ++i) {
      text += "  - name: W" + std::to_string(i) + "\n";
      const auto source = [&] {
        return "on: " + Stream() + (OneIn(3) ? ", by: account" : "") +
               choices_.OneOf<std::string>(
                   {"", ", where: 'v > 1'", ", where: 't != \"b\"'", ", where: 'has(w)'"});
      };
      if (OneIn(3)) {
        text += "    any_of: [ { name: p, " + source() + " }, { name: q, " + source() + " } ]\n";
      } else {
        std::string one = source();
        for (size_t comma; (comma = one.find(", ")) != std::string::npos;)
          one.replace(comma, 2, "\n    ");
        text += "    " + one + "\n";
      }
      text += "    window: { sliding: " + Number(1, 8) + "s }\n" +
              "    values: { n: count(), total: sum(v), kinds: count_distinct(t), most: max(v), " +
              "mean: avg(w), last: last(t), low: 'first(t) + string(min(v)) + " +
              "string([1, 2].map(i, i + count()).sum())' }\n";
    }
    return text;
  }

  // A condition that looks at what was taken.
  std::string Cross(const std::vector<Seen>& seen, const std::string& self) {
    std::vector<std::string> all;
    for (const Seen& step : seen) {
      if (step.list) {
        all.push_back("size(" + step.name + ") < 3");
        all.push_back("v >= " + step.name + "[0].v");
        all.push_back(step.name + ".map(e, e.v).sum() + v > 6");
        all.push_back(step.name + ".exists(e, e.t == t)");
      } else {
        all.push_back("t == " + step.name + ".t");
        all.push_back("v > " + step.name + ".v");
        if (windows_ > 0) all.push_back(AnyWindow() + ".n > " + step.name + ".v");
        if (windows_ > 0) all.push_back(step.name + ".v == " + AnyWindow() + ".most");
        if (step.optional) all.push_back("!has(" + step.name + ".v) || " + step.name + ".v != v");
      }
    }
    if (!self.empty()) all.push_back("size(" + self + ") == 0 || v >= " + self + "[0].v");
    if (all.empty()) return "";
    return all[static_cast<size_t>(Between(0, static_cast<int>(all.size()) - 1))];
  }

  Choices& choices_;
  const int streams_;
  int steps_ = 0;
  bool any_ = false;     // some contiguity is
  bool cross_ = false;   // some condition looks at what was taken
  bool greedy_ = false;  // some repeat is
  int windows_ = 0;
};

void RandomFields(Choices& choices, ScenarioEvent& event) {
  // K1: 1 and "1" are one key; a key that is missing, or not text, drops the event.
  const int key = choices.Between(0, 2);
  const auto text = [&](const char* name) {
    if (choices.OneIn(20)) return;
    if (choices.OneIn(20)) {
      event.fields[name] = choices.OneIn(2) ? FieldValue(true) : FieldValue(0.5);
    } else if (choices.OneIn(2)) {
      event.fields[name] = int64_t{key};
    } else {
      event.fields[name] = std::to_string(key);
    }
  };
  text("k");
  text("account");
  if (choices.OneIn(10)) event.fields["account"] = int64_t{(key + 1) % 3};
  event.fields["t"] = std::string(1, static_cast<char>('a' + choices.Between(0, 2)));
  event.fields["v"] = int64_t{choices.Between(0, 5)};
  if (choices.OneIn(2)) {
    event.fields["w"] = choices.OneIn(8) ? FieldValue(std::string("x"))
                                         : FieldValue(int64_t{choices.Between(0, 5)});
  }
}

}  // namespace

std::vector<ScenarioStream> RandomStreams(Choices& choices) {
  std::vector<ScenarioStream> streams;
  const int count = choices.Between(1, 3);
  for (int i = 0; i < count; ++i) {
    streams.push_back({.name = "s" + std::to_string(i),
                       .partitions = static_cast<uint32_t>(choices.Between(1, 3)),
                       .max_out_of_orderness = choices.Between(0, 3) * kSecond});
    if (choices.OneIn(8)) streams.back().dedup = {{"v"}, choices.Between(1, 4) * kSecond};
  }
  return streams;
}

RuleSpec RandomRule(Choices& choices, int streams, bool small, bool windows) {
  return RuleMaker(choices, streams, windows).Make(small);
}

std::vector<ScenarioEvent> RandomEvents(Choices& choices,
                                        const std::vector<ScenarioStream>& streams, int count) {
  std::vector<ScenarioEvent> events;
  std::map<std::pair<uint32_t, uint32_t>, int64_t> offsets;
  int64_t now = 0;
  for (int i = 0; i < count && !choices.used_up(); ++i) {
    ScenarioEvent event;
    event.stream = static_cast<uint32_t>(choices.Between(0, static_cast<int>(streams.size()) - 1));
    event.partition = static_cast<uint32_t>(
        choices.Between(0, static_cast<int>(streams[event.stream].partitions) - 1));
    event.offset = offsets[{event.stream, event.partition}]++;
    now += choices.Between(0, 2) * kSecond / 2;
    // Now and then behind, now and then by more than the bound: late.
    const bool behind = choices.OneIn(4);
    event.time = behind ? std::max<int64_t>(0, now - choices.Between(0, 4) * kSecond) : now;
    RandomFields(choices, event);
    events.push_back(std::move(event));
  }
  return events;
}

namespace {

Case MakeCase(Choices& choices, bool windows) {
  Case made;
  made.scenario.streams = RandomStreams(choices);
  made.rule = RandomRule(choices, static_cast<int>(made.scenario.streams.size()), choices.OneIn(3),
                         windows);
  const bool small = made.rule.more.find("limits") == std::string::npos;
  made.scenario.events = RandomEvents(choices, made.scenario.streams,
                                      small ? choices.Between(3, 12) : choices.Between(10, 50));
  made.Write();
  return made;
}

}  // namespace

Case RandomCase(Choices& choices) { return MakeCase(choices, false); }
Case RandomMeasuredCase(Choices& choices) { return MakeCase(choices, true); }

}  // namespace telltale::model
