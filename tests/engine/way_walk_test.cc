// The ways that are found through events are the matches by the definition, whatever the sequence:
// random ones of every construct, over random events.
#include "engine/reading/way_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/model/reference_run.h"
#include "tests/model/scenario.h"

namespace telltale::engine {
namespace {

using model::Scenario;

// By their offsets, ascending: the same events under other names are one match (P6).
using Matches = std::set<std::vector<int64_t>>;

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  Scenario Make() {
    Scenario made;
    made.streams = {{"s", 1, 0}, {"other", 1, 0}};
    std::string places = Places(Between(1, 3), 2);
    if (OneIn(5))
      places =
          absl::StrCat("{ not: { ", Selector(), ", within: ", Between(1, 3), "s } }, ", places);
    if (OneIn(5))
      places =
          absl::StrCat(places, ", { not: { ", Selector(), ", within: ", Between(1, 4), "s } }");
    made.rules = absl::StrCat("id: r\nby: k\nsequence: [ ", places, " ]\nwithin: ", Between(3, 20),
                              "s\nlimits: { partial_matches: 100000, events: 1000000, matches: "
                              "100000 }\nwarm_up: assume_empty\n");
    if (OneIn(6)) absl::StrAppend(&made.rules, "until: { ", Selector(), " }\n");
    const int size = Between(2, 7);
    int64_t time = 0;
    for (int i = 0; i < size; ++i) {
      time += Between(0, 2) * model::kSecond;
      made.events.push_back({.stream = OneIn(6) ? 1u : 0u,
                             .partition = 0,
                             .offset = i,
                             .time = time,
                             .fields = {{"k", OneIn(8) ? "v" : "u"}, {"t", Letter()}}});
    }
    return made;
  }

 private:
  int Between(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<uint64_t>(high - low + 1));
  }
  bool OneIn(int n) { return Between(1, n) == 1; }
  std::string Letter() { return std::string(1, static_cast<char>('a' + Between(0, 2))); }
  std::string Contiguity() { return Between(0, 2) == 0 ? "strict" : OneIn(2) ? "any" : "relaxed"; }
  std::string Selector() {
    const std::string stream = OneIn(8) ? "other" : "s";
    return absl::StrCat("on: ", stream, ", where: 't == \"", Letter(), "\"'");
  }

  // What a step and a group have in common; each begins with a comma.
  std::string Quantities(bool first, bool member) {
    std::string text;
    if (!first && !member && OneIn(3)) absl::StrAppend(&text, ", contiguity: ", Contiguity());
    if (!first && !member && OneIn(5)) absl::StrAppend(&text, ", within: ", Between(1, 4), "s");
    if (OneIn(5)) absl::StrAppend(&text, ", optional: true");
    if (OneIn(3)) {
      const int min = Between(1, 2);
      absl::StrAppend(&text, ", repeat: { min: ", min);
      if (!OneIn(3)) absl::StrAppend(&text, ", max: ", min + Between(0, 2));
      if (OneIn(2)) absl::StrAppend(&text, ", inside: ", Contiguity());
      // What greedy repeats inside of other places mean is for the tests of the automaton.
      if (around_ == 0 && OneIn(3)) absl::StrAppend(&text, ", greedy: true");
      if (OneIn(4)) absl::StrAppend(&text, ", within: ", Between(1, 3), "s");
      if (OneIn(4)) absl::StrAppend(&text, ", until: { ", Selector(), " }");
      absl::StrAppend(&text, " }");
    }
    return text;
  }

  std::string Places(int count, int depth) {
    std::vector<std::string> places;
    for (int i = 0; i < count; ++i) {
      places.push_back(Place(depth, i == 0, false));
      if (i + 1 < count && OneIn(4)) {
        places.push_back(
            absl::StrCat("{ not: { ", Selector(), OneIn(3) ? ", contiguity: strict" : "", " } }"));
      }
    }
    return absl::StrJoin(places, ", ");
  }

  std::string Place(int depth, bool first, bool member) {
    const int kind = depth == 0 ? 0 : Between(0, 7);
    if (kind == 5) {
      ++around_;
      const std::string steps = Places(Between(1, 3), depth - 1);
      --around_;
      return absl::StrCat("{ group: { steps: [ ", steps, " ]", Quantities(first, member), " } }");
    }
    if (kind == 6 || kind == 7) {
      std::vector<std::string> members;
      ++around_;
      for (int i = Between(2, 3); i > 0; --i)
        members.push_back(Place(depth - 1, kind == 6, kind == 6));
      --around_;
      return absl::StrCat("{ ", kind == 6 ? "any_of" : "all_of", ": [ ",
                          absl::StrJoin(members, ", "), " ] }");
    }
    return absl::StrCat("{ s", ++steps_, ": { ", Selector(), Quantities(first, member), " } }");
  }

  std::mt19937_64 random_;
  int steps_ = 0;
  int around_ = 0;  // how many places are around the one under way
};

class Found final : public WayObserver {
 public:
  explicit Found(const std::vector<const Event*>& events) : events_(events) {}
  void OnComplete(const Way& way) override {
    last_.clear();
    for (const Way::Link& link : way.events) last_.push_back(events_[link.event]->offset);
    ++found_[last_];
  }
  void OnBroken(const Way&, uint32_t, size_t) override { --found_[last_]; }
  Matches matches() const {
    Matches all;
    for (const auto& [events, count] : found_) {
      if (count > 0) all.insert(events);
    }
    return all;
  }

 private:
  const std::vector<const Event*>& events_;
  std::vector<int64_t> last_;
  std::map<std::vector<int64_t>, int> found_;
};

Matches Walked(const Scenario& scenario, const CompiledRules& compiled) {
  std::vector<std::vector<uint64_t>> blocks;
  model::EventMaker maker(compiled);
  for (const model::ScenarioEvent& event : scenario.events) {
    const Event& made = maker.Make(event);
    blocks.emplace_back(made.byte_size / sizeof(uint64_t));
    std::copy_n(reinterpret_cast<const char*>(&made), made.byte_size,
                reinterpret_cast<char*>(blocks.back().data()));
  }
  std::vector<const Event*> events;
  for (const auto& block : blocks) events.push_back(reinterpret_cast<const Event*>(block.data()));
  std::sort(events.begin(), events.end(),
            [](const Event* a, const Event* b) { return Before(*a, *b); });
  const RuleReading reading =
      RuleReading::Make(compiled.rules->rules[0], compiled.layouts, *compiled.inputs).value();
  Scratch scratch;
  Matches all;
  for (const Key& key : reading.KeysOf(events, scratch)) {
    Found found(events);
    WayWalk walk(reading, events, key, scratch);
    walk.All(found);
    EXPECT_FALSE(walk.exhausted());
    all.merge(found.matches());
  }
  return all;
}

std::string EventsText(const Scenario& scenario) {
  std::string text;
  for (const model::ScenarioEvent& event : scenario.events) {
    absl::StrAppend(&text, event.offset, ": ", scenario.streams[event.stream].name, " at ",
                    event.time / model::kSecond, "s");
    for (const auto& [name, value] : event.fields)
      absl::StrAppend(&text, " ", name, "=", std::get<std::string>(value));
    absl::StrAppend(&text, "\n");
  }
  return text;
}

TEST(WayWalk, FindsWhatMatchesByTheDefinition) {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  const char* seed = std::getenv("TELLTALE_SEED");
  const uint64_t first = seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1;
  const uint64_t count = seed != nullptr   ? 1
                         : runs != nullptr ? std::strtoull(runs, nullptr, 10)
                                           : 2000;
  uint64_t tried = 0;
  uint64_t matched = 0;
  for (uint64_t s = first; s < first + count; ++s) {
    const Scenario scenario = Maker(s).Make();
    const auto compiled = model::Compile(scenario);
    if (compiled == nullptr) continue;  // refused, or of what this engine does not have
    ++tried;
    Matches matches;
    for (const model::Outcome& outcome : model::RunReference(scenario, *compiled).outcomes) {
      std::vector<int64_t> offsets;
      for (const auto& taken : outcome.evidence) offsets.push_back(taken.offset);
      matches.insert(std::move(offsets));
    }
    if (!matches.empty()) ++matched;
    ASSERT_EQ(Walked(scenario, *compiled), matches) << "seed " << s << "\n"
                                                    << scenario.rules << EventsText(scenario);
  }
  EXPECT_TRUE(seed != nullptr || tried > count / 4) << tried;
  EXPECT_TRUE(seed != nullptr || matched > tried / 10) << matched;
}

}  // namespace
}  // namespace telltale::engine
