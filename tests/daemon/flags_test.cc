#include "daemon/commands/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace telltale::commands {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Parsed {
  std::string config;
  bool json = false;
  int64_t events = 7;
  std::vector<std::string> rules;
  absl::StatusOr<std::vector<std::string>> rest;
};

Parsed Parse(const std::vector<std::string>& args) {
  Parsed parsed;
  Flags flags;
  flags.Text("config", 'c', &parsed.config)
      .Switch("json", &parsed.json)
      .Number("events", &parsed.events)
      .List("rules", &parsed.rules);
  parsed.rest = flags.Parse(args);
  return parsed;
}

TEST(FlagsTest, TakesEveryWayToWriteAnOption) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{"-c", "a.yml"},
                                               {"-ca.yml"},
                                               {"--config", "a.yml"},
                                               {"--config=a.yml"},
                                               {"-c", "b.yml", "--config=a.yml"}}) {
    const Parsed parsed = Parse(args);
    ASSERT_TRUE(parsed.rest.ok()) << parsed.rest.status();
    EXPECT_EQ(parsed.config, "a.yml");
    EXPECT_THAT(*parsed.rest, ElementsAre());
  }
}

TEST(FlagsTest, KeepsTheRestInOrderAndStopsAtTwoDashes) {
  const Parsed parsed = Parse(
      {"a=1", "--json", "-", "--events=-3", "--rules", "x", "--rules=y=z", "--", "--json", "-c"});
  ASSERT_TRUE(parsed.rest.ok()) << parsed.rest.status();
  EXPECT_THAT(*parsed.rest, ElementsAre("a=1", "-", "--json", "-c"));
  EXPECT_TRUE(parsed.json);
  EXPECT_EQ(parsed.events, -3);
  EXPECT_THAT(parsed.rules, ElementsAre("x", "y=z"));
}

TEST(FlagsTest, SaysWhatIsWrong) {
  const struct {
    std::vector<std::string> args;
    std::string message;
  } cases[] = {
      {{"--jsno"}, "there is no option '--jsno' (did you mean '--json'?)"},
      {{"-x"}, "there is no option '-x'"},
      {{"--config"}, "option '--config' wants a value"},
      {{"-c"}, "option '--config' wants a value"},
      {{"--config="}, "option '--config' is empty"},
      {{"--json=1"}, "option '--json' takes no value"},
      {{"--events", "many"}, "option '--events' wants a number, not 'many'"},
  };
  for (const auto& test : cases) {
    EXPECT_THAT(std::string(Parse(test.args).rest.status().message()), HasSubstr(test.message));
  }
}

}  // namespace
}  // namespace telltale::commands
