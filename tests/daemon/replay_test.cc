// `telltale replay` and `telltale check` from the outside, by the built binary.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale {
namespace {

using support::ProcessResult;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kConfig[] = R"(streams:
  logins: { topic: auth.logins, time: { field: ts, max_out_of_orderness: 1s } }
  transactions: { topic: pay.tx, time: { field: at, unit: rfc3339 }, fields: { amount: double } }
  kafka_timed: { time: { source: kafka } }
workers: 2
)";

constexpr char kRule[] = R"(id: login-then-transfer
by: user
sequence:
  - login: { on: logins, where: 'result == "ok"' }
  - transfer: { on: transactions, where: 'amount > 100.0' }
within: 10m
)";

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    folder_.Write("telltale.yml", kConfig);
    folder_.Write("rule.yml", kRule);
  }

  ProcessResult Telltale(std::vector<std::string> args, std::string input = "/dev/null") {
    args.insert(args.begin(), support::Binary("telltale"));
    support::ProcessOptions options;
    options.args = std::move(args);
    options.directory = folder_.path();
    options.stdin_path = std::move(input);
    return support::RunProcess(options, absl::Seconds(60));
  }
  ProcessResult Replay(std::vector<std::string> args, std::string input = "/dev/null") {
    args.insert(args.begin(), {"replay", "--rules", "rule.yml"});
    return Telltale(std::move(args), std::move(input));
  }
  std::string Read(std::string_view name) { return support::ReadFile(folder_.File(name)); }

  support::TempDir folder_;
};

// The value of a member of an alert that is text or a number, as it stands.
std::string Member(const std::string& json, const std::string& name) {
  const size_t at = json.find(absl::StrCat("\"", name, "\":"));
  if (at == std::string::npos) return "?";
  const size_t begin = at + name.size() + 3;
  return json.substr(begin, json.find_first_of(",}", begin) - begin);
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

TEST_F(ReplayTest, PrintsAlertsInSettledOrderWithOffsetsThatAreLineNumbers) {
  folder_.Write("logins.ndjson",
                "{\"ts\":1000,\"user\":\"u1\",\"result\":\"ok\"}\r\n\n  \n"
                "{\"ts\":9000,\"user\":\"u2\",\"result\":\"ok\"}\n"
                "{\"ts\":9500,\"user\":\"u3\",\"result\":\"no\"}");
  folder_.Write("tx.ndjson",
                "{\"at\":\"1970-01-01T00:00:05Z\",\"user\":\"u1\",\"amount\":500}\n"
                "{\"at\":\"1970-01-01T00:00:05.5Z\",\"user\":\"u1\",\"amount\":50}\n"
                "{\"at\":\"1970-01-01T00:00:20Z\",\"user\":\"u2\",\"amount\":101}");
  const ProcessResult result = Replay({"transactions=tx.ndjson", "logins=logins.ndjson"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> alerts = Lines(result.out);
  ASSERT_EQ(alerts.size(), 2u) << result.out;
  EXPECT_THAT(alerts[0],
              HasSubstr("\"key\":{\"user\":\"u1\"},\"time\":\"1970-01-01T00:00:05.000Z\""));
  EXPECT_THAT(alerts[0], HasSubstr("\"topic\":\"auth.logins\",\"partition\":0,\"offset\":0,"));
  EXPECT_THAT(alerts[1],
              HasSubstr("\"key\":{\"user\":\"u2\"},\"time\":\"1970-01-01T00:00:20.000Z\""));
  EXPECT_THAT(alerts[1], HasSubstr("\"topic\":\"auth.logins\",\"partition\":0,\"offset\":3,"));
  EXPECT_THAT(alerts[1], HasSubstr("\"topic\":\"pay.tx\",\"partition\":0,\"offset\":2,"));
  EXPECT_THAT(result.err,
              HasSubstr("2 alerts, 0 suppressed; 6 lines, 6 events, 0 late, 0 dead letters"));
  EXPECT_THAT(result.err, Not(HasSubstr("\x1b")));  // no terminal, no progress
}

// Lists and tables from files, macros, exceptions, risk and entities, and an override of all that.
TEST_F(ReplayTest, DefinitionsAndTablesComeFromFiles) {
  folder_.Write("telltale.yml",
                std::string(kConfig) + "tables: { users: { file: data/users.csv, key: user } }\n");
  folder_.Write("rule.yml",
                std::string(kRule) +
                    "alert: { risk_score: { base: 10, add: [ { where: is_vip, score: 5 } ] } }\n"
                    "---\n"
                    "macros: { is_vip: user in lists.vips }\n"
                    "---\n"
                    "lists: { vips: { file: data/vips.txt }, tests: [u2] }\n"
                    "---\n"
                    "id: login-then-transfer\n"
                    "override: append\n"
                    "exceptions:\n"
                    "  - { name: tests, where: user in lists.tests }\n"
                    "  - { name: home, where: 'login.country == tables.users[user].country' }\n"
                    "alert: { entities: { user: user, host: login.host } }\n");
  std::filesystem::create_directory(folder_.File("data"));
  folder_.Write("data/vips.txt", "# ours\nu1\n");
  folder_.Write("data/users.csv", "user,country\nu1,DE\nu3,FR\n");
  std::string logins;
  std::string transfers;
  for (int i = 1; i <= 4; ++i) {
    absl::StrAppend(&logins, "{\"ts\":1000,\"user\":\"u", i,
                    "\",\"result\":\"ok\",\"country\":\"FR\",\"host\":\"h", i, "\"}\n");
    absl::StrAppend(&transfers, "{\"at\":\"1970-01-01T00:00:05Z\",\"user\":\"u", i,
                    "\",\"amount\":500}\n");
  }
  folder_.Write("logins.ndjson", logins);
  folder_.Write("tx.ndjson", transfers);
  const ProcessResult result = Replay({"transactions=tx.ndjson", "logins=logins.ndjson"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> alerts = Lines(result.out);
  ASSERT_EQ(alerts.size(), 2u) << result.out << result.err;
  EXPECT_THAT(alerts[0], HasSubstr(R"("key":{"user":"u1"})"));
  EXPECT_THAT(alerts[0],
              HasSubstr(R"("risk_score":15,"entities":[{"type":"user","id":"u1","risk_score":15},)"
                        R"({"type":"host","id":"h1","risk_score":15}])"));
  EXPECT_THAT(alerts[1], HasSubstr(R"("key":{"user":"u4"})"));
  EXPECT_THAT(alerts[1], HasSubstr(R"("risk_score":10,)"));
  EXPECT_THAT(result.err, HasSubstr("2 kept back by exceptions"));
}

TEST_F(ReplayTest, ExplainsAKeyRuleByRule) {
  folder_.Write("explained.yml",
                "id: two\ntitle: Two\nby: user\nwithin: 1m\nsequence:\n"
                "  - a: { on: logins, where: 'x == 1' }\n"
                "  - b: { on: logins, where: 'x == 2' }\n"
                "---\n"
                "id: pair\nby: [user, x]\non: logins\n"
                "---\n"
                "id: untouched\nby: other\nwithin: 1m\n"
                "sequence: [ a: { on: logins }, b: { on: logins } ]\n");
  folder_.Write("explained.ndjson",
                "{\"ts\": 10000, \"user\": \"ann\", \"x\": 1}\n"
                "{\"ts\": 11000, \"user\": \"bob\", \"x\": 2}\n"
                "{\"ts\": 12000, \"user\": \"ann\", \"x\": 2}\n"
                "{\"ts\": 13000, \"user\": \"ann\", \"x\": 1}\n"
                "{\"ts\": 14000, \"user\": \"ann\", \"x\": 3}\n");
  const auto explain = [&](std::vector<std::string> options) {
    options.insert(options.end(), {"--rules", "explained.yml", "logins=explained.ndjson"});
    options.insert(options.begin(), "replay");
    return Telltale(options);
  };
  EXPECT_EQ(explain({"--explain", "ann"}).out, R"(rule two: Two
  key ann: 1 alert: 1970-01-01T00:00:12.000Z
  4 events of the key
  all steps were done 1 time: 'a' took logins-0@0 (1970-01-01T00:00:10.000Z), 'b' took logins-0@2 (1970-01-01T00:00:12.000Z)
  'a' took logins-0@3 (1970-01-01T00:00:13.000Z)
  step 'b' was never passed  explained.yml:7:5
    logins-0@4 (1970-01-01T00:00:14.000Z) does not fit
      x == 2 is false  explained.yml:7:30
        x is 3
no event of the key: untouched
)");
  EXPECT_THAT(explain({"--explain", "bob", "--rule", "two"}).out,
              HasSubstr("key bob: no alert\n  1 event of the key\n  no event began it"));
  EXPECT_THAT(explain({"--explain", "ann", "--explain", "3"}).out,
              HasSubstr("rule pair: pair\n  key ann, 3: 1 alert: "));
  EXPECT_THAT(explain({"--explain", "ann", "--rule", "tow"}).err, HasSubstr("did you mean 'two'?"));
  EXPECT_THAT(explain({"--explain", "1", "--explain", "2", "--explain", "3"}).err,
              HasSubstr("no rule that runs has a key of 3 parts"));
  EXPECT_THAT(explain({"--explain", "ann", "--rule", "pair"}).err,
              HasSubstr("the key of rule 'pair' has 2 parts, and here are 1"));
  EXPECT_EQ(explain({"--rule", "two"}).exit_code, 3);
}

TEST_F(ReplayTest, AStreamWithoutAFileIsEmptyAndNoAlertsAreNoFailure) {
  folder_.Write("logins.ndjson", "{\"ts\":1000,\"user\":\"u1\",\"result\":\"ok\"}\n");
  folder_.Write("empty.ndjson", "");
  for (const char* other : {"logins=logins.ndjson", "transactions=empty.ndjson"}) {
    const ProcessResult result = Replay({other});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr("0 alerts"));
  }
}

TEST_F(ReplayTest, ReadsStandardInput) {
  folder_.Write("tx.ndjson", "{\"at\":\"1970-01-01T00:00:05Z\",\"user\":\"u1\",\"amount\":500}\n");
  const std::string logins =
      folder_.Write("logins.ndjson", "{\"ts\":1000,\"user\":\"u1\",\"result\":\"ok\"}\n");
  const ProcessResult result = Replay({"transactions=tx.ndjson", "logins=-"}, logins);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Lines(result.out).size(), 1u);
}

TEST_F(ReplayTest, WritesWhatItCouldNotUseWithReasons) {
  folder_.Write("logins.ndjson",
                "{\"ts\":9000,\"user\":\"u1\",\"result\":\"ok\"}\n"
                "nonsense \"quoted\"\n"
                "{\"ts\":7500,\"user\":\"u1\"}\n"
                "\n"
                "{\"ts\":8000,\"user\":\"u1\"}\n"
                "{\"ts\":1,\"user\":\"\xFF\"}\n"
                "{\"user\":\"u1\"}\n"
                "{\"ts\":1,\"user\":");
  const ProcessResult result =
      Replay({"logins=logins.ndjson", "--late", "late.ndjson", "--dead-letters=dead.ndjson"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(
      Lines(Read("late.ndjson")),
      ElementsAre(
          R"({"stream":"logins","line":2,"reason":"late","delay":"500ms","raw":"{\"ts\":7500,\"user\":\"u1\"}"})"));
  EXPECT_THAT(
      Lines(Read("dead.ndjson")),
      ElementsAre(
          R"({"stream":"logins","line":1,"reason":"not_json","raw":"nonsense \"quoted\""})",
          R"({"stream":"logins","line":5,"reason":"invalid_utf8","raw_base64":"eyJ0cyI6MSwidXNlciI6Iv8ifQ=="})",
          R"({"stream":"logins","line":6,"reason":"no_time","raw":"{\"user\":\"u1\"}"})",
          R"({"stream":"logins","line":7,"reason":"truncated","raw":"{\"ts\":1,\"user\":"})"));
  EXPECT_THAT(
      result.err,
      HasSubstr("logins: 7 lines, 2 events, 1 late, 4 dead letters (invalid_utf8 1, truncated 1, "
                "not_json 1, no_time 1)"));
}

TEST_F(ReplayTest, TheStreamSaysHowLargeARecordMayBe) {
  folder_.Write("telltale.yml",
                absl::StrReplaceAll(kConfig, {{"topic: auth.logins,", "max_record: 1KiB,"}}));
  const auto record = [](size_t size) {
    std::string text = "{\"ts\":1,\"user\":\"";
    text.append(size - text.size() - 2, 'u');
    return absl::StrCat(text, "\"}\n");
  };
  folder_.Write("logins.ndjson", absl::StrCat(record(1024), record(1025)));
  folder_.Write("tx.ndjson", absl::StrCat("{\"at\":\"1970-01-01T00:00:05Z\",\"x\":\"",
                                          std::string(2000, 'x'), "\"}\n"));
  const ProcessResult result = Replay({"logins=logins.ndjson", "transactions=tx.ndjson"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              HasSubstr("logins: 2 lines, 1 events, 0 late, 1 dead letters (too_large 1)"));
  EXPECT_THAT(result.err, HasSubstr("3 lines, 2 events, 0 late, 1 dead letters"));
}

TEST_F(ReplayTest, TheAnswerDoesNotHangOnWorkersOrTheOrderOfTheFiles) {
  std::string logins;
  std::string transactions;
  for (int i = 0; i < 20'000; ++i) {
    absl::StrAppend(&logins, "{\"ts\":", i * 10 + (i * 7919) % 900, ",\"user\":\"u", i % 97,
                    "\",\"result\":\"ok\"}\n");
    absl::StrAppendFormat(
        &transactions,
        "{\"at\":\"1970-01-01T00:%02d:%02d.%03dZ\",\"user\":\"u%d\",\"amount\":%d}\n", i / 6000,
        i / 100 % 60, i % 100 * 10, i % 89, i % 200);
  }
  folder_.Write("logins.ndjson", logins);
  folder_.Write("tx.ndjson", transactions);
  const ProcessResult first = Replay({"logins=logins.ndjson", "transactions=tx.ndjson"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_GT(Lines(first.out).size(), 100u);
  for (const int workers : {1, 5}) {
    folder_.Write("other.yml", absl::StrReplaceAll(
                                   kConfig, {{"workers: 2", absl::StrCat("workers: ", workers)}}));
    const ProcessResult other =
        Replay({"-c", "other.yml", "transactions=tx.ndjson", "logins=logins.ndjson"});
    EXPECT_EQ(other.exit_code, 0) << other.err;
    EXPECT_TRUE(other.out == first.out);
  }
}

TEST_F(ReplayTest, RulesInShadowModeAlertBesideTheOthers) {
  folder_.Write("rule.yml", absl::StrCat(kRule, "mode: shadow\n"));
  folder_.Write("logins.ndjson", "{\"ts\":1000,\"user\":\"u1\",\"result\":\"ok\"}\n");
  folder_.Write("tx.ndjson", "{\"at\":\"1970-01-01T00:00:05Z\",\"user\":\"u1\",\"amount\":500}\n");
  const ProcessResult result =
      Replay({"logins=logins.ndjson", "transactions=tx.ndjson", "--shadow", "shadow.ndjson"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("0 alerts, 0 suppressed, 1 in shadow mode"));
  EXPECT_EQ(Member(Read("shadow.ndjson"), "kind"), "\"match\"");
}

TEST_F(ReplayTest, RulesThatDoNotLoadAreTwo) {
  folder_.Write("rule.yml", "id: x\nsequence:\n  - a: { on: logns }\n");
  folder_.Write("logins.ndjson", "");
  const ProcessResult result = Replay({"logins=logins.ndjson"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("rule.yml:3:"));
  EXPECT_THAT(result.err, HasSubstr("did you mean 'logins'?"));
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_EQ(Telltale({"replay", "--rules", "none.yml", "--", "logins=logins.ndjson"}).exit_code, 2);
}

TEST_F(ReplayTest, AWrongCommandLineOrConfigIsThree) {
  folder_.Write("logins.ndjson", "");
  const struct {
    std::vector<std::string> args;
    const char* message;
  } cases[] = {
      {{}, "there is no STREAM=FILE to read"},
      {{"login=logins.ndjson"}, "the config declares no stream 'login' (did you mean 'logins'?)"},
      {{"logins=none.ndjson"}, "cannot read 'none.ndjson': No such file"},
      {{"logins=."}, "cannot read '.': Is a directory"},
      {{"logins=logins.ndjson", "logins=logins.ndjson"}, "stream 'logins' has two files"},
      {{"kafka_timed=logins.ndjson", "logins=logins.ndjson"},
       "telltale.yml:4:18: error[C0120]: stream 'kafka_timed' is timed by Kafka's own timestamps"},
      {{"logins=logins.ndjson", "--latr", "x"},
       "there is no option '--latr' (did you mean '--late'?)"},
      {{"logins=logins.ndjson", "--late", "none/x"}, "cannot write 'none/x'"},
      {{"logins=logins.ndjson", "-c", "none.yml"}, "none.yml"},
      {{"logins=-", "transactions=-"}, "standard input can be read for one stream only"},
      {{"logins=logins.ndjson", "--late", "./logins.ndjson"},
       "--late would overwrite './logins.ndjson', which is the input of 'logins'"},
      {{"logins=logins.ndjson", "--shadow", "rule.yml"}, "which is a rule file"},
      {{"logins=logins.ndjson", "--late", "new", "--dead-letters", "./new"},
       "--dead-letters would overwrite './new', which is written by --late"},
  };
  for (const auto& test : cases) {
    const ProcessResult result = Replay(test.args);
    EXPECT_EQ(result.exit_code, 3) << test.message;
    EXPECT_THAT(result.err, HasSubstr(test.message));
    EXPECT_THAT(result.out, IsEmpty());
  }
  EXPECT_THAT(Telltale({"replay", "logins=logins.ndjson"}).err, HasSubstr("there are no rules"));
  EXPECT_EQ(Read("rule.yml"), kRule);
  EXPECT_EQ(
      Replay({"logins=logins.ndjson", "--late", "/dev/null", "--shadow", "/dev/null"}).exit_code,
      0);
}

TEST_F(ReplayTest, CheckTellsAllMistakesAndTheVerdict) {
  const ProcessResult good = Telltale({"check", "rule.yml"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_EQ(good.out, "1 rule in 1 file: 0 errors, 0 warnings\n");
  folder_.Write("bad.yml", "id: x\nsequence:\n  - a: { on: logns }\nwithin: 5 minuts\n");
  const ProcessResult bad = Telltale({"check", "rule.yml", "bad.yml"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.yml:3:"));
  EXPECT_THAT(bad.err, HasSubstr("bad.yml:4:"));
  EXPECT_THAT(bad.err, HasSubstr("the rules do not load: 2 errors"));
  folder_.Write(
      "warned.yml",
      absl::StrCat("id: y\nby: user\nsequence:\n  - a: { on: logins }\n  - b: { on: logins }\n"));
  EXPECT_EQ(Telltale({"check", "warned.yml"}).exit_code, 0);
  EXPECT_EQ(Telltale({"check", "--strict", "warned.yml"}).exit_code, 1);
  EXPECT_EQ(Telltale({"check", "--format", "xml"}).exit_code, 3);
  const ProcessResult config = Telltale({"check"});  // of `run` it lacks almost everything
  EXPECT_EQ(config.exit_code, 3);
  EXPECT_THAT(config.err, HasSubstr("the config does not load"));
}

TEST_F(ReplayTest, CheckTellsTheMistakesOfTheConfigAndOfTheRulesAtOnce) {
  const std::string config =
      "kafka: { bootstrap.servers: x }\ngroup: g\nalerts: { topic: a }\nrules: bad.yml\n";
  folder_.Write("bad.yml", "id: x\non: logns\n");
  folder_.Write("c.yml", absl::StrCat(config, "workres: 2\nstreams: { logins: {} }\n"));
  const ProcessResult both = Telltale({"check", "-c", "c.yml"});
  EXPECT_EQ(both.exit_code, 3);
  EXPECT_THAT(both.err, HasSubstr("c.yml:5:1: error[C0101]"));
  EXPECT_THAT(both.err, HasSubstr("bad.yml:2:5: error[R0201]"));
  EXPECT_THAT(both.err, HasSubstr("the config does not load: 2 errors, 0 warnings"));
  const ProcessResult run = Telltale({"run", "-c", "c.yml"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("\"code\":\"C0101\""));
  EXPECT_THAT(run.err, HasSubstr("\"code\":\"R0201\""));
  // Where a stream is wrong, what rules say of streams cannot be judged.
  folder_.Write("c.yml", absl::StrCat(config, "streams: { logins: { topc: x } }\n"));
  const ProcessResult streams = Telltale({"check", "-c", "c.yml"});
  EXPECT_THAT(streams.err, HasSubstr("the config does not load: 1 error, 0 warnings"));
}

// Sigma's own files over a topic of Sysmon: logsources told apart by EventID, fields at their
// paths, a filter, and a correlation, whose bound is not met.
TEST_F(ReplayTest, RunsRulesOfSigma) {
  folder_.Write("sigma.yml", R"(streams:
  sysmon:
    time: { field: Event.System.TimeCreated.#attributes.SystemTime, unit: rfc3339 }
    logsource:
      - product: windows
        category: process_creation
        where: Event.System.EventID == 1
        fields: { "*": "Event.EventData.{field}" }
      - { product: windows, service: sysmon, fields: { EventID: Event.System.EventID } }
)");
  std::filesystem::create_directories(folder_.File("rules"));
  folder_.Write("rules/whoami.yml", R"(title: Whoami
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
name: whoami
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: '\whoami.exe' }
  filter_admin: { User|startswith: adm_ }
  condition: selection and not 1 of filter_*
fields: [User, CommandLine]
level: high
)");
  folder_.Write("rules/more.yml", R"(title: Our scanner
logsource: { product: windows }
filter: { rules: [whoami], scanner: { User: scanner }, condition: scanner }
---
title: Dns
logsource: { product: windows, service: sysmon }
detection: { s: { EventID: 22 }, condition: s }
---
title: Nobody reads this
logsource: { product: linux }
detection: { s: { a: 1 }, condition: s }
---
title: Many
correlation:
  { type: event_count, generate: true, rules: [whoami], group-by: [User], timespan: 5m, condition: { gte: 3 } }
)");
  const auto event = [](int second, int id, const std::string& image, const std::string& user) {
    return absl::StrFormat(
        R"({"Event":{"System":{"EventID":%d,"TimeCreated":{"#attributes":{"SystemTime":"2026-03-01T10:00:%02dZ"}}},"EventData":{"Image":"%s","User":"%s"}}})"
        "\n",
        id, second, image, user);
  };
  const std::string whoami = R"(C:\\Windows\\System32\\WHOAMI.EXE)";
  folder_.Write("events.ndjson", event(1, 1, whoami, "eve") + event(2, 3, whoami, "eve") +
                                     event(3, 1, whoami, "adm_1") + event(4, 1, whoami, "scanner") +
                                     event(5, 1, "cmd.exe", "eve") + event(6, 22, "", "eve"));
  const ProcessResult result =
      Telltale({"replay", "-c", "sigma.yml", "--rules", "rules", "sysmon=events.ndjson"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> alerts = Lines(result.out);
  ASSERT_EQ(alerts.size(), 2u) << result.out << result.err;
  EXPECT_THAT(alerts[0], HasSubstr("929a690e-bef0-4204-a928-ef5e620d6fcc"));
  EXPECT_THAT(alerts[0], HasSubstr("\"fields\":{\"User\":\"eve\"}"));
  EXPECT_THAT(alerts[0], HasSubstr("\"offset\":0,"));
  EXPECT_THAT(alerts[1], HasSubstr("\"dns\""));
  EXPECT_THAT(result.err, HasSubstr("warning[R0961]: no stream serves { product: linux }"));
}

TEST_F(ReplayTest, CheckCountsWhatItDoesNotShow) {
  std::string many;
  for (int i = 0; i < 1500; ++i) absl::StrAppend(&many, "- { id: r", i, ", on: logns }\n");
  folder_.Write("many.yml", many);
  EXPECT_THAT(Telltale({"check", "many.yml"}).err,
              HasSubstr("... and 500 more\nthe rules do not load: 1500 errors, 0 warnings\n"));
}

TEST_F(ReplayTest, TheFrontDoorHelps) {
  const ProcessResult help = Telltale({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("  replay"));
  EXPECT_THAT(Telltale({"replay", "--help"}).out, HasSubstr("Usage: telltale replay"));
  EXPECT_EQ(Telltale({"help", "check"}).out, Telltale({"check", "-h"}).out);
  for (const char* command : {"list", "status", "reload"}) {
    EXPECT_THAT(Telltale({command, "--help"}).out,
                testing::ContainsRegex("  --timeout SECONDS  +how long to wait for it .30.\n"
                                       "(      --.*\n)*\nExit codes: 0 "));
  }
  EXPECT_THAT(Telltale({"--version"}).out, testing::StartsWith("telltale "));
  const ProcessResult typo = Telltale({"rplay"});
  EXPECT_EQ(typo.exit_code, 3);
  EXPECT_THAT(typo.err, HasSubstr("did you mean 'replay'?"));
  EXPECT_EQ(Telltale({}).exit_code, 3);
}

}  // namespace
}  // namespace telltale
