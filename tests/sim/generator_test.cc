// The generator's plan is true: what the rules of deploy/sample mean (by the reference) on its
// events is exactly what it says that it planted, and the engine finds the same.
#include "daemon/demo/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "daemon/config/config.h"
#include "daemon/config/rule_files.h"
#include "daemon/decode/json_decoder.h"
#include "rules/load/load.h"
#include "tests/model/engine_run.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

using demo::Generator;
using demo::GeneratorOptions;

class Sample : public testing::Test {
 protected:
  void SetUp() override {
    const config::ConfigResult read =
        config::LoadConfig(TELLTALE_SOURCE_DIR "/deploy/sample/telltale.yml");
    ASSERT_TRUE(read.config) << rules::Render(read.diagnostics);
    config_ = *read.config;
    const rules::LoadResult loaded =
        rules::Load(config::ReadRuleFiles(config_).files, config_.catalog);
    ASSERT_NE(loaded.rules, nullptr) << rules::Render(loaded.diagnostics);
    EXPECT_TRUE(loaded.diagnostics.list().empty()) << rules::Render(loaded.diagnostics);
    compiled_ = engine::CompileRules(loaded.rules).value();
    for (uint32_t stream = 0; stream < config_.streams.size(); ++stream) {
      decoders_.push_back(std::make_unique<decode::JsonDecoder>(stream, compiled_->layouts[stream],
                                                                config_.streams[stream].time));
    }
  }

  Feed FeedOfEvents(const Generator& generator, uint32_t partitions) {
    Feed feed;
    for (const config::StreamConfig& stream : config_.streams) {
      feed.streams.push_back({stream.name, partitions, stream.time.max_out_of_orderness});
    }
    feed.size = generator.events().size();
    feed.at = [this, &generator](size_t index) -> const engine::Event& {
      const demo::GeneratedEvent& event = generator.events()[index];
      const decode::Decoded decoded = decoders_[event.stream]->Decode(
          {.value = event.json, .partition = event.partition, .offset = event.offset});
      EXPECT_NE(decoded.event, nullptr) << event.json;
      EXPECT_EQ(decoded.event->time, event.time_ms * 1'000'000);
      return *decoded.event;
    };
    return feed;
  }

  // Without the steps, of which the plan does not speak.
  static std::vector<Outcome> WithoutSteps(std::vector<Outcome> outcomes) {
    for (Outcome& outcome : outcomes) {
      for (Outcome::Taken& taken : outcome.evidence) taken.step = 0;
    }
    std::sort(outcomes.begin(), outcomes.end());
    return outcomes;
  }

  static std::vector<Outcome> PlanOf(const Generator& generator) {
    std::vector<Outcome> plan;
    for (const demo::Planted& planted : generator.planted()) {
      Outcome outcome{planted.rule, {planted.user}, planted.alert_time_ms * 1'000'000, {}, 0};
      for (const size_t index : planted.evidence) {
        const demo::GeneratedEvent& event = generator.events()[index];
        outcome.evidence.push_back({0, event.stream, event.partition, event.offset});
      }
      plan.push_back(std::move(outcome));
    }
    std::sort(plan.begin(), plan.end());
    return plan;
  }

  void ExpectPlan(const GeneratorOptions& options) {
    const Generator generator(options);
    const Feed feed = FeedOfEvents(generator, options.partitions);
    const std::vector<Outcome> plan = PlanOf(generator);
    EXPECT_FALSE(plan.empty());
    const ReferenceResult meant = RunReference(feed, *compiled_);
    EXPECT_EQ(std::count(meant.late.begin(), meant.late.end(), true), 0);
    const std::vector<Outcome> expected = WithoutSteps(meant.outcomes);
    EXPECT_TRUE(expected == plan) << "seed " << options.seed << "\nplan:\n"
                                  << Print(plan) << "rules:\n"
                                  << Print(expected);
    const EngineResult found = RunEngine(feed, compiled_, {.workers = 3, .flush_every = 500});
    EXPECT_TRUE(WithoutSteps(found.Outcomes()) == plan) << "seed " << options.seed;
  }

  config::Config config_;
  std::shared_ptr<const engine::CompiledRules> compiled_;
  std::vector<std::unique_ptr<decode::JsonDecoder>> decoders_;
};

TEST_F(Sample, ThePlanIsWhatTheRulesMean) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    ExpectPlan({.seed = seed,
                .events = 20'000,
                .users = 1'000,
                .partitions = static_cast<uint32_t>(seed)});
  }
}

TEST_F(Sample, ALargeInputToo) { ExpectPlan({.seed = 42}); }

TEST_F(Sample, ASmallInputInOrderToo) {
  ExpectPlan({.seed = 7, .events = 500, .users = 3, .partitions = 1, .disorder_ms = 0});
}

TEST(GeneratorTest, TheSeedDecides) {
  const auto texts = [](uint64_t seed) {
    std::vector<std::string> all;
    const Generator generator({.seed = seed, .events = 2'000});
    for (const demo::GeneratedEvent& event : generator.events()) all.push_back(event.json);
    return all;
  };
  EXPECT_EQ(texts(3), texts(3));
  EXPECT_NE(texts(3), texts(4));
}

TEST(GeneratorTest, EveryShapeIsPlanted) {
  const Generator generator({.events = 200'000});
  std::set<std::string> shapes;
  for (const demo::Planted& planted : generator.planted())
    shapes.insert(planted.rule + planted.shape);
  EXPECT_GE(shapes.size(), 18u);
  std::set<std::string> misses;
  for (const demo::NearMiss& miss : generator.near_misses()) misses.insert(miss.rule + miss.shape);
  EXPECT_GE(misses.size(), 19u);
  EXPECT_NEAR(static_cast<double>(generator.events().size()), 200'000, 40'000);
}

TEST(GeneratorTest, DisorderIsThereAndWithinItsBound) {
  const Generator generator({.events = 20'000, .partitions = 2});
  int64_t greatest[demo::kDemoStreams][2] = {};
  int64_t behind = 0;
  for (const demo::GeneratedEvent& event : generator.events()) {
    int64_t& seen = greatest[event.stream][event.partition];
    behind = std::max(behind, seen - event.time_ms);
    EXPECT_GT(event.time_ms, seen - 5'000);
    seen = std::max(seen, event.time_ms);
  }
  EXPECT_GT(behind, 1'000);
}

}  // namespace
}  // namespace telltale::model
