// Reloads and ordered start and stop, with the daemon's parts as fakes.
#include <string>
#include <vector>

#include "daemon/app/reload.h"
#include "daemon/app/steps.h"
#include "daemon/telemetry/log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace telltale::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

rules::Rule MakeRule(const std::string& id, uint64_t fingerprint) {
  rules::Rule rule;
  rule.id = id;
  rule.fingerprint = {fingerprint, 0};
  return rule;
}

std::shared_ptr<const rules::RuleSet> MakeSet(std::vector<rules::Rule> rules) {
  auto set = std::make_shared<rules::RuleSet>();
  set->rules = std::move(rules);
  return set;
}

class ReloadTest : public ::testing::Test {
 protected:
  ReloadCoordinator::Hooks Hooks() {
    ReloadCoordinator::Hooks hooks;
    hooks.load = [this] { return next_; };
    hooks.check = [this](const std::vector<rules::SourcePtr>&) { return next_; };
    hooks.compile = [](std::shared_ptr<const rules::RuleSet> set)
        -> absl::StatusOr<std::shared_ptr<const engine::CompiledRules>> {
      auto compiled = std::make_shared<engine::CompiledRules>();
      compiled->rules = std::move(set);
      return compiled;
    };
    hooks.apply = [this](std::shared_ptr<const engine::CompiledRules> compiled)
        -> absl::StatusOr<ReloadCoordinator::Switched> {
      if (!apply_.ok()) return apply_;
      applied_.push_back(compiled->rules);
      return ReloadCoordinator::Switched{777, 1 + applied_.size()};
    };
    hooks.stats = [this] { return stats_; };
    return hooks;
  }

  rules::LoadResult next_;
  absl::Status apply_;
  engine::EngineStats stats_;
  std::vector<std::shared_ptr<const rules::RuleSet>> applied_;
  ReloadCoordinator coordinator_{MakeSet({MakeRule("a", 1), MakeRule("b", 2), MakeRule("c", 3)}),
                                 Hooks()};
};

TEST_F(ReloadTest, SaysWhatWasAddedChangedAndRemoved) {
  next_.rules = MakeSet({MakeRule("a", 1), MakeRule("b", 9), MakeRule("d", 4)});
  stats_.generation = 1;
  stats_.rules = {{.id = "a", .partial_matches = 1},
                  {.id = "b", .partial_matches = 10},
                  {.id = "c", .partial_matches = 100}};
  for (bool dry_run : {true, false}) {
    ReloadOutcome outcome = coordinator_.Reload(dry_run);
    EXPECT_TRUE(outcome.accepted);
    EXPECT_THAT(outcome.added, ElementsAre("d"));
    EXPECT_THAT(outcome.changed, ElementsAre("b"));
    EXPECT_THAT(outcome.removed, ElementsAre("c"));
    EXPECT_THAT(outcome.unchanged, ElementsAre("a"));
    EXPECT_EQ(outcome.dropped_partial_matches, 110);
    EXPECT_EQ(outcome.generation, dry_run ? 1u : 2u);
    EXPECT_EQ(outcome.switch_time, dry_run ? engine::kMinTime : 777);
    EXPECT_EQ(applied_.size(), dry_run ? 0u : 1u);
  }
  EXPECT_EQ(coordinator_.current(), next_.rules);
  EXPECT_EQ(coordinator_.figures().applied, 1u);
  EXPECT_EQ(coordinator_.figures().last_succeeded, true);

  coordinator_.Reload(false);  // the same once more
  EXPECT_EQ(coordinator_.figures().unchanged, 1u);
}

TEST_F(ReloadTest, AWrongSetChangesNothing) {
  auto before = coordinator_.current();
  next_.diagnostics.Error(rules::Code{"R0100", "wrong"}, {}, "wrong");
  ReloadOutcome outcome = coordinator_.Reload(false);
  EXPECT_FALSE(outcome.accepted);
  EXPECT_TRUE(outcome.failure.ok());
  EXPECT_TRUE(outcome.diagnostics.has_errors());
  EXPECT_THAT(applied_, IsEmpty());
  EXPECT_EQ(coordinator_.current(), before);
  EXPECT_EQ(coordinator_.figures().refused, 1u);
  EXPECT_EQ(coordinator_.figures().last_succeeded, false);
}

TEST_F(ReloadTest, IsLoggedWhoeverAskedForIt) {
  std::string log;
  telemetry::LogOptions options;
  options.format = telemetry::LogFormat::kText;
  options.write = [&log](std::string_view line) { log += line; };
  telemetry::ConfigureLog(options);
  next_.rules = MakeSet({MakeRule("a", 1)});
  coordinator_.Reload(/*dry_run=*/true);
  EXPECT_EQ(log, "");
  coordinator_.Reload(/*dry_run=*/false);
  telemetry::ConfigureLog({});
  EXPECT_THAT(log, ::testing::HasSubstr("rules reloaded generation=2 added=0 changed=0 removed=2"));
}

TEST_F(ReloadTest, AnEngineThatDoesNotTakeTheSetIsOurFailure) {
  auto before = coordinator_.current();
  next_.rules = MakeSet({MakeRule("d", 4)});
  apply_ = absl::DeadlineExceededError("too busy");
  ReloadOutcome outcome = coordinator_.Reload(false);
  EXPECT_FALSE(outcome.accepted);
  EXPECT_EQ(outcome.failure, apply_);
  EXPECT_EQ(coordinator_.current(), before);
}

TEST_F(ReloadTest, ValidateComparesAndChangesNothing) {
  next_.rules = MakeSet({});
  ReloadOutcome outcome = coordinator_.Validate({});
  EXPECT_TRUE(outcome.accepted);
  EXPECT_TRUE(outcome.dry_run);
  EXPECT_THAT(outcome.removed, ElementsAre("a", "b", "c"));
  EXPECT_THAT(applied_, IsEmpty());
  EXPECT_EQ(coordinator_.figures().last_succeeded, std::nullopt);
}

TEST(StepsTest, StopsInTheReverseOrder) {
  std::vector<std::string> done;
  auto start = [&](const std::string& name) {
    return [&done, name] {
      done.push_back("+" + name);
      return absl::OkStatus();
    };
  };
  auto stop = [&](const std::string& name, absl::Status status) {
    return [&done, name, status] {
      done.push_back("-" + name);
      return status;
    };
  };
  Steps steps;
  EXPECT_TRUE(steps.Start("a", start("a"), stop("a", absl::OkStatus())).ok());
  EXPECT_TRUE(steps.Start("b", start("b"), stop("b", absl::InternalError("no"))).ok());
  EXPECT_TRUE(steps.Start("c", start("c"), nullptr).ok());
  EXPECT_EQ(steps.StopAll(), absl::InternalError("b: no"));
  EXPECT_THAT(done, ElementsAre("+a", "+b", "+c", "-b", "-a"));
  EXPECT_TRUE(steps.StopAll().ok());
}

TEST(StepsTest, WhereOneDoesNotStartThoseBeforeItStop) {
  std::vector<std::string> done;
  Steps steps;
  EXPECT_TRUE(steps
                  .Start(
                      "a", [] { return absl::OkStatus(); },
                      [&] {
                        done.push_back("-a");
                        return absl::OkStatus();
                      })
                  .ok());
  absl::Status status = steps.Start(
      "b", [] { return absl::UnavailableError("port in use"); }, nullptr);
  EXPECT_EQ(status, absl::UnavailableError("b: port in use"));
  EXPECT_THAT(done, ElementsAre("-a"));
}

}  // namespace
}  // namespace telltale::app
