// Rules over windows and new terms at random (random_window.h), and Sigma's correlations: every
// kind of window, emit and aggregate, keys of several elements and missing ones, several streams
// and partitions, equal times, silences, disorder within bounds and late events, limits, exceptions
// and suppression. The engine has any number of shards and sizes of batches, and its state goes
// through bytes now and then. The seed of a failure is printed; TELLTALE_SEED=N tries that one
// alone, TELLTALE_MODEL_RUNS says how many are tried without it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "tests/model/agreement.h"
#include "tests/model/random_correlation.h"
#include "tests/model/random_window.h"

namespace telltale::model {
namespace {

constexpr int kMostTold = 3;  // differences

uint64_t Runs() {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : 3'000;
}

EngineSetting SettingFor(uint64_t seed) {
  return {.workers = static_cast<uint32_t>(1 + seed % 3),
          .threads = false,
          .batch_events = static_cast<uint32_t>(1 + seed % 7),
          .flush_every = static_cast<uint32_t>(1 + seed % 5),
          .warm_keys = static_cast<uint32_t>(1 + seed % 3)};
}

// All state encoded, destroyed and decoded now and then: the same bytes come out, ids included, and
// the same errors are counted.
void ExpectRecoded(const Scenario& scenario, uint64_t seed) {
  EngineSetting recoding = SettingFor(seed + 1);
  recoding.recode_percent = 40;
  recoding.recode_seed = seed;
  EXPECT_EQ(RecodingDifference(scenario, SettingFor(seed), recoding), "")
      << "TELLTALE_SEED=" << seed;
  std::set<engine::Hash128> ids;
  for (const engine::Alert& alert :
       RunEngine(scenario, Compile(scenario), SettingFor(seed)).alerts) {
    EXPECT_TRUE(ids.insert(alert.id).second) << "TELLTALE_SEED=" << seed << ": an id comes twice";
  }
}

template <typename Spec>
std::string Smallest(const CaseOf<Spec>& found, const EngineSetting& setting) {
  const CaseOf<Spec> small = Shrink<Spec>(found, [&](const CaseOf<Spec>& smaller) {
    return Compare(smaller.scenario, setting) == Agreement::kDiffers;
  });
  return Difference(small.scenario, setting);
}

// "sliding on_change", "session with baseline", "new_terms".
std::string SortOf(const WindowSpec& rule) {
  if (!rule.terms.empty()) return "new_terms";
  const size_t begin = rule.window.find_first_not_of("{ ");
  return rule.window.substr(begin, rule.window.find(':') - begin) + " " +
         (rule.baseline.empty() ? rule.emit : "with baseline");
}
std::string SortOf(const CorrelationSpec& rule) { return rule.type; }

// Runs the cases that `make` makes of so many seeds.
template <typename Spec>
void ExpectAgreement(CaseOf<Spec> (*make)(Choices&), uint64_t runs) {
  constexpr uint64_t kNoSeed = 0;
  const uint64_t only = Seed(kNoSeed);
  const uint64_t begin = only != kNoSeed ? only : 1;
  const uint64_t end = only != kNoSeed ? only + 1 : runs + 1;
  uint64_t loaded = 0;
  uint64_t telling = 0;
  std::map<std::string, uint64_t> by_sort;  // of those
  int differing = 0;
  for (uint64_t seed = begin; seed < end && differing < kMostTold; ++seed) {
    Choices choices(seed);
    const CaseOf<Spec> made = make(choices);
    const Comparison comparison = CompareRuns(made.scenario, SettingFor(seed));
    if (comparison.agreement == Agreement::kDoesNotLoad) {
      if (only != kNoSeed) std::cout << made.scenario.rules << comparison.diagnostics;
      continue;
    }
    ++loaded;
    telling += comparison.matches != 0 ? 1 : 0;
    by_sort[SortOf(made.rule)] += comparison.matches != 0 ? 1 : 0;
    ExpectRecoded(made.scenario, seed);
    if (comparison.agreement == Agreement::kSame) continue;
    ADD_FAILURE() << "TELLTALE_SEED=" << seed << "\n" << Smallest(made, SettingFor(seed));
    ++differing;
  }
  if (testing::Test::HasFailure()) return;
  std::cout << loaded << " of " << end - begin << " rules loaded, " << telling
            << " of them have results\n";
  EXPECT_TRUE(only != kNoSeed || loaded * 4 > (end - begin) * 3)
      << "many rules do not load: the generator has lost its way";
  EXPECT_TRUE(only != kNoSeed || telling * 2 > loaded)
      << "rules on which little happens prove little";
  // The sanitizers try too few for each sort to be among them.
  constexpr uint64_t kEnough = 1'000;
  for (const auto& [sort, count] : by_sort)
    EXPECT_TRUE(telling < kEnough || count * 200 > telling) << sort << ": " << count;
}

TEST(WindowRandom, TheEngineAgreesWithTheReference) { ExpectAgreement(&RandomWindowCase, Runs()); }

TEST(WindowRandom, CorrelationsAreWhatTheReferenceSays) {
  ExpectAgreement(&RandomCorrelationCase, Runs() / 3);
}

}  // namespace
}  // namespace telltale::model
