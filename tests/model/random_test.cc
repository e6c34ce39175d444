// Larger rules and inputs at random (random_rule.h): groups, alternatives, any order, contiguity,
// conditions across steps, windows, `until`, timeouts, keys under several names, several streams
// and partitions, disorder within bounds and late events, skipping, limits and suppression. The
// seed of a failure is printed; TELLTALE_SEED=N tries that one alone, TELLTALE_MODEL_RUNS says how
// many are tried without it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/model/agreement.h"
#include "tests/model/random_rule.h"

namespace telltale::model {
namespace {

constexpr int kMostTold = 3;  // differences

uint64_t Runs(uint64_t otherwise) {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : otherwise;
}

// All state encoded, destroyed and decoded now and then, all keys but the last one at rest, and all
// that waits found by an index, or none of it: the same bytes come out, and the same errors are
// counted.
void ExpectRecoded(const Scenario& scenario, const EngineSetting& setting, uint64_t seed) {
  EngineSetting recoding = setting;
  recoding.index_from = setting.index_from == 0 ? 1'000'000 : 0;
  recoding.warm_keys = 1;
  recoding.recode_percent = 40;
  recoding.recode_seed = seed;
  EXPECT_EQ(RecodingDifference(scenario, setting, recoding), "") << "TELLTALE_SEED=" << seed;
}

void ExpectAgreement(Case (*make)(Choices&), uint64_t runs) {
  constexpr uint64_t kNoSeed = 0;
  const uint64_t only = Seed(kNoSeed);
  const uint64_t begin = only != kNoSeed ? only : 1;
  const uint64_t end = only != kNoSeed ? only + 1 : Runs(runs) + 1;
  uint64_t loaded = 0;
  uint64_t matching = 0;
  uint64_t timing_out = 0;
  int differing = 0;
  for (uint64_t seed = begin; seed < end; ++seed) {
    Choices choices(seed);
    const Case made = make(choices);
    const EngineSetting setting{.workers = static_cast<uint32_t>(1 + seed % 3),
                                .threads = false,
                                .batch_events = static_cast<uint32_t>(1 + seed % 7),
                                .flush_every = static_cast<uint32_t>(1 + seed % 5),
                                .index_from = seed % 4 < 3 ? static_cast<uint32_t>(seed % 4) : 16,
                                .warm_keys = static_cast<uint32_t>(1 + seed % 3)};
    const Comparison comparison = CompareRuns(made.scenario, setting);
    if (comparison.agreement == Agreement::kDoesNotLoad) {
      if (only != kNoSeed) std::cout << made.scenario.rules << comparison.diagnostics;
      continue;
    }
    ++loaded;
    matching += comparison.matches != 0 ? 1 : 0;
    timing_out += comparison.timeouts != 0 ? 1 : 0;
    ExpectRecoded(made.scenario, setting, seed);
    if (comparison.agreement == Agreement::kSame) continue;
    ADD_FAILURE() << "TELLTALE_SEED=" << seed << "\n" << Explain(made, setting);
    if (++differing == kMostTold) break;
  }
  if (testing::Test::HasFailure()) return;
  std::cout << loaded << " of " << end - begin << " rules loaded, " << matching
            << " of them match, " << timing_out << " time out\n";
  EXPECT_TRUE(only != kNoSeed || loaded * 2 > end - begin)
      << "most rules do not load: the generator has lost its way";
  EXPECT_TRUE(only != kNoSeed || (matching * 4 > loaded && timing_out * 40 > loaded))
      << "rules on which little happens prove little";
}

TEST(Random, TheEngineAgreesWithTheReference) { ExpectAgreement(RandomCase, 4'000); }

// W3: steps, `not`s and `until`s ask for counts, sums and their like over the events of their key,
// some of them beside what earlier steps have taken.
TEST(Random, SequencesThatReadWindowsAgreeToo) { ExpectAgreement(RandomMeasuredCase, 2'000); }

}  // namespace
}  // namespace telltale::model
