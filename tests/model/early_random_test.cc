// Rules with `emit: early` (T5) at random, of those of random_test and window_random_test:
// patterns, absences, windows, new terms, suppression, exceptions and limits, over several streams
// and partitions with disorder. All that is said of each alert, one after the other, is what the
// reference says on every prefix of the events, whatever the number of shards, with threads and
// without, also where state goes through bytes now and then; and what is final is what the same
// rule says without `emit: early`, to the byte. The seed of a failure is printed; TELLTALE_SEED=N
// tries that one alone, TELLTALE_MODEL_RUNS says how many are tried without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "tests/model/agreement.h"
#include "tests/model/early_reference.h"
#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"

namespace telltale::model {
namespace {

constexpr int kMostTold = 3;  // differences

uint64_t Runs() {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : 1'000;
}

void TellEarly(RuleSpec& rule) { rule.more += "emit: early\n"; }
void TellEarly(WindowSpec& rule) {
  rule.emit = rule.emit.empty() ? "early" : "[early, " + rule.emit + "]";
}

// Of the engine's settings only those on which the moments of watermarks hang.
EngineSetting SettingFor(uint64_t seed) {
  return {.workers = static_cast<uint32_t>(1 + seed % 3),
          .threads = seed % 5 == 0,
          .batch_events = 1'000'000,
          .flush_every = static_cast<uint32_t>(1 + seed % 7),
          .warm_keys = static_cast<uint32_t>(1 + seed % 3)};
}

// More disorder than others need: events change their times with ones that come a little later.
void Disorder(Choices& choices, Scenario& scenario) {
  for (ScenarioStream& stream : scenario.streams) {
    stream.max_out_of_orderness =
        std::max(stream.max_out_of_orderness, choices.Between(3, 20) * kSecond);
  }
  std::vector<ScenarioEvent>& events = scenario.events;
  for (size_t i = 0; i + 1 < events.size(); ++i) {
    if (choices.OneIn(2)) continue;
    const size_t other =
        std::min(events.size() - 1, i + static_cast<size_t>(choices.Between(1, 8)));
    std::swap(events[i].time, events[other].time);
  }
}

struct Figures {
  uint64_t loaded = 0;
  uint64_t early = 0;  // runs in which something was told early
  uint64_t retracting = 0;
  uint64_t again = 0;  // something comes again that was taken back
};

void Count(const std::vector<Story>& stories, Figures& figures) {
  bool early = false;
  bool retracted = false;
  bool again = false;
  for (const Story& story : stories) {
    for (size_t i = 0; i < story.size(); ++i) {
      early = early || story[i].status == engine::AlertStatus::kEarly;
      const bool is_retracted = story[i].status == engine::AlertStatus::kRetracted;
      retracted = retracted || is_retracted;
      again = again || (is_retracted && i + 1 < story.size());
    }
  }
  ++figures.loaded;
  figures.early += early ? 1 : 0;
  figures.retracting += retracted ? 1 : 0;
  figures.again += again ? 1 : 0;
}

// What differs from the reference; empty: nothing.
std::string StoryDifference(const Scenario& scenario, const EngineSetting& setting) {
  const auto rules = Compile(scenario);
  if (rules == nullptr) return "";
  const std::vector<Story> expected = RunEarlyReference(scenario, *rules, setting.flush_every);
  const EngineResult run = RunEngine(scenario, rules, setting);
  if (!run.recode_error.empty()) return run.recode_error;
  const std::vector<Story> found = StoriesOf(run.delivered);
  if (found == expected) return Untellable(found);
  std::vector<Story> missing;
  std::vector<Story> spurious;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(spurious));
  return "only expected:\n" + Print(missing) + "only told by the engine:\n" + Print(spurious);
}

// The bodies of what is final, without what `emit: early` adds.
std::vector<std::string> FinalBodies(const Scenario& scenario, const EngineSetting& setting) {
  EngineResult run = RunEngine(scenario, Compile(scenario), setting);
  for (engine::Alert& alert : run.alerts) alert.revision = 0;
  return run.Bodies();
}

template <typename Spec>
void ExpectStories(CaseOf<Spec> (*make)(Choices&), Figures& figures, uint64_t runs = Runs()) {
  constexpr uint64_t kNoSeed = 0;
  const uint64_t only = Seed(kNoSeed);
  const uint64_t begin = only != kNoSeed ? only : 1;
  const uint64_t end = only != kNoSeed ? only + 1 : runs + 1;
  int differing = 0;
  for (uint64_t seed = begin; seed < end && differing < kMostTold; ++seed) {
    Choices choices(seed);
    CaseOf<Spec> settled = make(choices);
    Disorder(choices, settled.scenario);
    CaseOf<Spec> made = settled;
    TellEarly(made.rule);
    made.Write();
    const auto rules = Compile(made.scenario);
    if (rules == nullptr) continue;
    EngineSetting setting = SettingFor(seed);
    setting.recode_percent = seed % 2 == 0 ? 40 : 0;
    setting.recode_seed = seed;
    Count(RunEarlyReference(made.scenario, *rules, setting.flush_every), figures);
    EXPECT_EQ(FinalBodies(made.scenario, setting), FinalBodies(settled.scenario, setting))
        << "TELLTALE_SEED=" << seed;
    // Where batches bring watermarks of their own, other things are early, and all is well-told.
    EngineSetting small = setting;
    small.batch_events = static_cast<uint32_t>(1 + seed % 4);
    EXPECT_EQ(Untellable(StoriesOf(RunEngine(made.scenario, rules, small).delivered)), "")
        << "TELLTALE_SEED=" << seed;
    if (StoryDifference(made.scenario, setting).empty()) continue;
    ++differing;
    const CaseOf<Spec> smallest = Shrink<Spec>(made, [&](const CaseOf<Spec>& smaller) {
      return !StoryDifference(smaller.scenario, setting).empty();
    });
    ADD_FAILURE() << "TELLTALE_SEED=" << seed << "\n"
                  << Print(smallest.scenario) << StoryDifference(smallest.scenario, setting);
  }
  std::cout << figures.loaded << " rules loaded, " << figures.early << " tell early, "
            << figures.retracting << " take back, " << figures.again << " say again\n";
  if (only != kNoSeed || testing::Test::HasFailure()) return;
  EXPECT_GT(figures.early * 5, figures.loaded) << "rules that tell nothing early prove little";
  EXPECT_GT(figures.retracting * 18, figures.loaded);
  // The sanitizers try too few for something that rare.
  EXPECT_TRUE(figures.loaded < 300 || figures.again * 400 > figures.loaded);
}

TEST(EarlyRandom, PatternsTellWhatTheReferenceSaysOfEachPrefix) {
  Figures figures;
  ExpectStories(&RandomCase, figures);
}

TEST(EarlyRandom, WindowsTellWhatTheReferenceSaysOfEachPrefix) {
  Figures figures;
  ExpectStories(&RandomWindowCase, figures);
}

TEST(EarlyRandom, SequencesThatReadWindowsTellWhatTheReferenceSaysOfEachPrefix) {
  Figures figures;
  ExpectStories(&RandomMeasuredCase, figures, Runs() / 2);
}

}  // namespace
}  // namespace telltale::model
