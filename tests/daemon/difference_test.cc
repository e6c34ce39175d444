// What `telltale diff` says: by meaning, by part, and what becomes of the state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "daemon/explain/difference.h"
#include "rules/model/canonical.h"
#include "tests/daemon/explain_rules.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::explain {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// "place part: before -> after" of each change of meaning, then of each of output.
std::vector<std::string> Parts(const RuleChange& change) {
  std::vector<std::string> parts;
  for (const auto* list : {&change.meaning, &change.output}) {
    for (const PartChange& part : *list) {
      parts.push_back(part.place + (part.place.empty() ? "" : " ") + part.part + ": " +
                      part.before + " -> " + part.after);
    }
  }
  return parts;
}

Difference Between(const std::string& before, const std::string& after) {
  const TestRules old_rules(before);
  const TestRules new_rules(after);
  return Compare(old_rules.set(), new_rules.set());
}

constexpr char kRule[] = R"(id: r
title: Old
by: user_id
sequence:
  - login: { on: logins, where: 'result == "ok"' }
  - not: { on: logins, where: 'mfa == 1' }
  - pay: { on: transactions, by: payer.id, where: 'device == login.device', within: 5m }
within: 1h
)";

// The one change of the rule that `replaced` becomes `by` in it.
RuleChange Change(const std::string& replaced, const std::string& by) {
  std::string text = kRule;
  const size_t at = text.find(replaced);
  EXPECT_NE(at, std::string::npos) << replaced;
  text.replace(at, replaced.size(), by);
  const Difference difference = Between(kRule, text);
  EXPECT_EQ(difference.changes.size(), 1u);
  return difference.changes.empty() ? RuleChange{} : difference.changes.front();
}

// W3: what windows are called is no part of their meaning.
TEST(Compare, NamesWindowsAndTheirSources) {
  const std::string rule =
      "id: r\nby: user_id\nwindows:\n  - { name: w, on: logins, where: a == 1, window: { sliding: "
      "10m "
      "}, values: { n: count(), s: sum(x) } }\nsequence:\n  - login: { on: logins, where: w.n > "
      "w.s "
      "}\n  - device: { on: devices }\nwithin: 1h\n";
  const auto changed = [&](const std::string& replaced, const std::string& by) {
    std::string text = rule;
    text.replace(text.find(replaced), replaced.size(), by);
    const Difference difference = Between(rule, text);
    return difference.changes.empty() ? std::vector<std::string>()
                                      : Parts(difference.changes.front());
  };
  EXPECT_THAT(changed("10m", "20m"), ElementsAre("window 'w' window: sliding 10m -> sliding 20m"));
  EXPECT_THAT(changed("a == 1", "a == 2"), ElementsAre("source 'w' where: a == 1 -> a == 2"));
  EXPECT_THAT(changed("sum(x)", "sum(y)"), ElementsAre("window 'w' value: sum(x) -> sum(y)"));
  EXPECT_THAT(changed("w.n > w.s", "w.n > w.n"),
              ElementsAre("step 'login' where: w.n > w.s -> w.n > w.n"));
  std::string renamed = rule;
  for (size_t at; (at = renamed.find("w.")) != std::string::npos;) renamed.replace(at, 2, "u.");
  renamed.replace(renamed.find("name: w"), 7, "name: u");
  EXPECT_THAT(Between(rule, renamed).changes, IsEmpty());
}

TEST(Compare, FindsNothingInLayoutOrderAndComments) {
  const Difference difference =
      Between(kRule,
              "# moved\nwithin: 60m\ntitle: 'Old'\nby: [user_id]\nsequence:\n"
              "  - login:\n      where: >-\n        result==\n        'ok'\n      on: logins\n"
              "  - not: { where: 'mfa == 1', on: logins }\n"
              "  - pay: { on: transactions, by: payer.id, where: '(device == login.device)', "
              "within: 300s }\n"
              "id: r\n");
  EXPECT_THAT(difference.changes, IsEmpty());
  EXPECT_EQ(difference.unchanged, 1u);
}

TEST(Compare, TellsOfWindowsInTheirOwnWords) {
  const auto rule = [](const std::string& window, const std::string& having) {
    return "id: r\nby: user_id\naggregate: { on: transactions, window: { " + window +
           " }, having: '" + having + "' }\n";
  };
  const Difference difference = Between(rule("sliding: 10m", "sum(amount) > 5.0"),
                                        rule("hopping: 1h, every: 5m", "max(amount) > 6.0"));
  ASSERT_EQ(difference.changes.size(), 1u);
  EXPECT_THAT(Parts(difference.changes[0]),
              ElementsAre("aggregate window: sliding 10m -> hopping 1h/5m",
                          "aggregate having: (sum(amount) > 5.0) -> (max(amount) > 6.0)",
                          "aggregate value: sum(amount) -> max(amount)"));
}

TEST(Compare, TellsOfBaselinesInTheirOwnWords) {
  const auto rule = [](const std::string& baseline) {
    return "id: r\nby: user_id\naggregate: { on: transactions, window: { sliding: 1h }, baseline: "
           "{ " +
           baseline + " }, having: 'sum(amount) > 5.0 * baseline.avg' }\n";
  };
  const Difference difference = Between(rule("of: sum(amount), every: 1h, over: 7d"),
                                        rule("of: sum(amount) + 1.0, every: 1d, over: 30d"));
  ASSERT_EQ(difference.changes.size(), 1u);
  EXPECT_THAT(
      Parts(difference.changes[0]),
      ElementsAre("aggregate baseline.of: sum(amount) -> sum(amount) + 1.0",
                  "aggregate baseline.every: 1h -> 1d", "aggregate baseline.over: 1w -> 4w2d"));
  EXPECT_EQ(difference.changes[0].state, StateEffect::kReset);
}

TEST(Compare, TellsWhatCameAndWent) {
  const Difference difference = Between(
      "- { id: a, on: logins }\n- { id: b, on: devices }\n- { id: d, on: logins, where: x }",
      "- { id: b, on: devices }\n- { id: c, on: transactions }\n"
      "- { id: e, on: logins, where: (x), title: T }");
  ASSERT_EQ(difference.changes.size(), 3u);
  EXPECT_EQ(difference.changes[0].kind, ChangeKind::kRemoved);
  EXPECT_EQ(difference.changes[0].state, StateEffect::kDropped);
  EXPECT_EQ(difference.changes[1].kind, ChangeKind::kAdded);
  EXPECT_EQ(difference.changes[1].state, StateEffect::kBegins);
  EXPECT_EQ(difference.changes[2].kind, ChangeKind::kRenamed);
  EXPECT_EQ(difference.changes[2].old_id, "d");
  EXPECT_EQ(difference.changes[2].id, "e");
  EXPECT_EQ(difference.changes[2].state, StateEffect::kReset);
  EXPECT_THAT(Parts(difference.changes[2]), ElementsAre("title: d -> T"));
  EXPECT_EQ(difference.unchanged, 1u);
}

TEST(Compare, NamesThePartThatDiffers) {
  EXPECT_THAT(Parts(Change("within: 1h", "within: 30m")), ElementsAre("within: 1h -> 30m"));
  EXPECT_THAT(Parts(Change("within: 1h\n", "")), ElementsAre("within: 1h -> none"));
  EXPECT_THAT(Parts(Change("within: 1h", "within: 1h\nmatch: latest")),
              ElementsAre("match: all -> latest"));
  EXPECT_THAT(Parts(Change("within: 1h", "within: 1h\nafter_match: { skip_to_last: pay }")),
              ElementsAre("after_match: no_skip -> { skip_to_last: pay }"));
  EXPECT_THAT(Parts(Change("within: 1h", "within: 1h\nlimits: { events: 7 }")),
              ElementsAre(HasSubstr("events: 7, ")));
  EXPECT_THAT(Parts(Change("within: 1h", "within: 1h\nwarm_up: assume_empty")),
              ElementsAre("warm_up: quiet -> assume_empty"));
  EXPECT_THAT(Parts(Change("'result == \"ok\"'", "result != \"ok\"")),
              ElementsAre("step 'login' where: result == \"ok\" -> result != \"ok\""));
  EXPECT_THAT(Parts(Change(", where: 'result == \"ok\"'", "")),
              ElementsAre("step 'login' where: result == \"ok\" -> "));
  EXPECT_THAT(Parts(Change("'mfa == 1'", "mfa == 2")),
              ElementsAre("not logins where: mfa == 1 -> mfa == 2"));
  EXPECT_THAT(Parts(Change("within: 5m", "within: 6m, repeat: { min: 2 }")),
              ElementsAre("step 'pay' within: 5m -> 6m", "step 'pay' repeat: 1 -> 2 or more"));
  EXPECT_THAT(Parts(Change("within: 1h", "  - end: { on: logins, optional: true }\nwithin: 1h")),
              ElementsAre("step 'end' :  -> on: logins, optional: true",
                          "names of steps: login, pay -> login, pay, end"));
  EXPECT_THAT(Parts(Change("by: payer.id", "by: payee.id")),
              ElementsAre("step 'pay' by: payer.id -> payee.id"));
  EXPECT_THAT(Parts(Change("by: user_id", "by: email")), ElementsAre("by: user_id -> email"));
}

TEST(Compare, NamesThePartThatDiffersInEveryShape) {
  EXPECT_THAT(
      Parts(Change("within: 5m",
                   "within: 5m, contiguity: strict, repeat: { max: 3, within: "
                   "1s, inside: any, greedy: true, until: x == 1 }")),
      ElementsAre("step 'pay' repeat: 1 -> 1 to 3", "step 'pay' contiguity:  -> strict",
                  "step 'pay' repeat.inside:  -> any", "step 'pay' repeat.within:  -> 1s",
                  "step 'pay' repeat.greedy:  -> true",
                  "until transactions :  -> on: transactions, by: payer.id, where: x == 1"));
  EXPECT_THAT(Parts(Change("within: 1h",
                           "within: 1h\nuntil: { on: devices }\non_timeout: { from: "
                           "login }")),
              ElementsAre("on_timeout:  -> { from: login }", "until devices :  -> on: devices"));
  EXPECT_THAT(Parts(Change("within: 1h",
                           "  - any_of: { steps: [a: { on: logins }, group: [b: { on: logins "
                           "}, c: { on: devices }]], optional: true }\nwithin: 1h")),
              ElementsAre("any_of [a, group [b, c]] :  -> steps: [a, group [b, c]], optional: true",
                          "step 'a' :  -> on: logins", "group [b, c] :  -> steps: [b, c]",
                          "step 'b' :  -> on: logins", "step 'c' :  -> on: devices",
                          "names of steps: login, pay -> login, pay, a, b, c"));
  const auto grouped = [](const std::string& items) {
    return Between(
        "id: r\nby: u\nwithin: 1h\nsequence: [ group: [ a: { on: logins }, b: { on: "
        "logins } ], c: { on: logins } ]",
        "id: r\nby: u\nwithin: 1h\nsequence: [ " + items + " ]");
  };
  const Difference moved =
      grouped("group: [ a: { on: logins }, b: { on: logins }, c: { on: logins } ]");
  ASSERT_EQ(moved.changes.size(), 1u);
  EXPECT_THAT(Parts(moved.changes[0]), ElementsAre("group [a, b, c] steps: [a, b] -> [a, b, c]"));
}

TEST(Compare, TellsAStepThatCameOnceThoughOthersMoved) {
  EXPECT_THAT(Parts(Change("  - login", "  - seen: { on: devices, by: id }\n  - login")),
              ElementsAre("step 'seen' :  -> on: devices, by: id",
                          "names of steps: login, pay -> seen, login, pay"));
  EXPECT_THAT(Parts(Change("  - not: { on: logins, where: 'mfa == 1' }\n", "")),
              ElementsAre("not logins : on: logins, where: mfa == 1 -> "));
}

TEST(Compare, KeepsStateWhereOnlyTheOutputDiffers) {
  const RuleChange change = Change("title: Old", "title: New\nlevel: high\ntags: [a, b]");
  EXPECT_EQ(change.kind, ChangeKind::kOutput);
  EXPECT_EQ(change.state, StateEffect::kKept);
  EXPECT_THAT(Parts(change),
              ElementsAre("title: Old -> New", "level: medium -> high", "tags:  -> a, b"));
  EXPECT_THAT(Parts(Change("within: 1h",
                           "within: 1h\nsuppress: { for: 1h }\n"
                           "alert: { title: 'To {{pay.to}}', fields: { a: pay.x } }")),
              ElementsAre("alert.title:  -> To {{pay.to}}", "alert.fields:  -> a: pay.x",
                          "suppress.by:  -> user_id", "suppress.for:  -> 1h"));
  EXPECT_THAT(Parts(Change("within: 1h",
                           "within: 1h\nexceptions: [ { name: n, where: 'user_id == \"u\"', "
                           "expires: 2030-01-01 } ]\nalert: { risk_score: { base: 5, add: [ { "
                           "where: 'pay.x == 1', score: 7 } ] }, entities: { user: user_id } }")),
              ElementsAre("alert.risk_score: 0 -> 5, 7 where pay.x == 1",
                          "alert.entities:  -> user: user_id",
                          "exceptions:  -> n: user_id == \"u\" until 2030-01-01T00:00:00+00:00"));
  // A step's name is no part of the meaning.
  const std::string renamed = R"(id: r
title: Old
by: user_id
sequence:
  - entry: { on: logins, where: 'result == "ok"' }
  - not: { on: logins, where: 'mfa == 1' }
  - pay: { on: transactions, by: payer.id, where: 'device == entry.device', within: 5m }
within: 1h
)";
  const Difference difference = Between(kRule, renamed);
  ASSERT_EQ(difference.changes.size(), 1u);
  EXPECT_EQ(difference.changes[0].kind, ChangeKind::kOutput);
  EXPECT_THAT(Parts(difference.changes[0]),
              ElementsAre("names of steps: login, pay -> entry, pay"));
}

TEST(Compare, KnowsThatAParkedRuleHoldsNothing) {
  EXPECT_EQ(Change("title: Old", "title: Old\nmode: \"off\"").state, StateEffect::kDropped);
  EXPECT_EQ(Change("title: Old", "title: Old\nmode: shadow").state, StateEffect::kKept);
  std::string off = std::string(kRule) + "mode: \"off\"\n";
  const Difference difference = Between(off, kRule);
  ASSERT_EQ(difference.changes.size(), 1u);
  EXPECT_EQ(difference.changes[0].state, StateEffect::kBegins);
}

// Each difference of fingerprints has at least one part that says so.
TEST(Compare, LeavesNoChangeUnexplained) {
  const std::vector<std::string> bodies = {
      "on: logins",
      "on: devices",
      "on: logins\nwhere: a == 1",
      "on: logins\nwhere: a == 1.0",
      "sequence: [ x: { on: logins }, y: { on: logins } ]",
      "sequence: [ y: { on: logins }, x: { on: logins, repeat: 2 } ]",
      "sequence: [ x: { on: logins }, not: { on: devices, within: 1m } ]",
      "sequence: [ not: { on: devices, within: 1m }, x: { on: logins } ]",
      "sequence: [ x: { on: transactions, where: amount > 1.0 } ]",
      "sequence: [ x: { on: transactions }, y: { on: logins, where: u == x.u } ]",
      "sequence: [ y: { on: transactions }, x: { on: transactions }, z: { on: logins, where: u == "
      "x.u } ]",
      "sequence: [ x: { on: logins }, y: { on: logins }, z: { on: logins } ]",
      "sequence: [ x: { on: logins }, group: [ y: { on: logins }, z: { on: logins } ] ]",
      "sequence: [ group: [ x: { on: logins }, y: { on: logins } ], z: { on: logins } ]",
      "sequence: [ group: [ x: { on: logins }, y: { on: logins }, z: { on: logins } ] ]",
      "sequence: [ all_of: [ x: { on: logins }, y: { on: logins }, z: { on: logins } ] ]",
      "sequence: [ any_of: [ x: { on: logins }, y: { on: logins } ], z: { on: logins } ]",
      "sequence: [ any_of: [ x: { on: logins }, group: [ y: { on: logins }, z: { on: logins } ] ] "
      "]",
      "sequence: [ x: { on: logins }, y: { on: logins, contiguity: strict }, z: { on: logins } ]",
      "sequence: [ x: { on: logins }, y: { on: logins, repeat: { until: { on: devices } } } ]",
      "sequence: [ x: { on: logins }, y: { on: logins, repeat: {} } ]\nuntil: { on: devices }",
      "sequence: [ x: { on: logins }, y: { on: logins, repeat: { greedy: true, max: 9 } } ]",
      "sequence: [ x: { on: logins }, y: { on: logins, repeat: { inside: any, max: 9 } } ]"};
  for (const std::string& old_body : bodies) {
    for (const std::string& new_body : bodies) {
      for (const char* more : {"", "\nby: k", "\nby: [k, l]", "\nwithin: 1h"}) {
        const TestRules old_rules("id: r\n" + old_body);
        const TestRules new_rules("id: r\n" + new_body + more);
        const bool same =
            old_rules.set().rules[0].fingerprint == new_rules.set().rules[0].fingerprint;
        const Difference difference = Compare(old_rules.set(), new_rules.set());
        size_t parts = 0;
        for (const RuleChange& change : difference.changes) parts += change.meaning.size();
        EXPECT_EQ(parts == 0, same) << old_body << "\n---\n" << new_body << more;
      }
    }
  }
}

TEST(CanonicalLines, ArePrintedByTheCanonicalForm) {
  const TestRules rules(kRule);
  const rules::Rule& rule = rules.set().rules[0];
  EXPECT_EQ(
      rules::CanonicalForm(rule, *rules.set().streams),
      "v2;key=1;within=3600000000000;match=all;after=no_skip;limits=1000,10000,1000,"
      "evict_oldest;warm_up=quiet\n"
      "step;on=logins;by=[event.user_id];where=(event.result == \"ok\");within=-;repeat=1..1\n"
      "not;on=logins;by=[event.user_id];where=(event.mfa == 1);within=-\n"
      "step;on=transactions;by=[event.payer.id];where=(event.device == step#0.device);"
      "within=300000000000;repeat=1..1\n");
}

TEST(ToText, IsForPeopleAndToJsonForMachines) {
  const Difference difference =
      Between(kRule + std::string("---\n{ id: gone, on: logins }\n"),
              "id: r\ntitle: \"New \\\"one\\\"\"\nby: user_id\nsequence:\n"
              "  - login: { on: logins, where: 'result == \"ok\" && country != home_country' }\n"
              "  - pay: { on: transactions, by: payer.id, where: 'device == login.device', "
              "within: 5m }\nwithin: 2h\n");
  EXPECT_EQ(ToText(difference),
            "removed gone: its state is dropped\n"
            "changed r: its state starts anew\n"
            "    within: 1h -> 2h\n"
            "    step 'login', where:\n"
            "      - result == \"ok\"\n"
            "      + result == \"ok\" && country != home_country\n"
            "    not logins: removed: on: logins, where: mfa == 1\n"
            "    title: Old -> New \"one\"\n"
            "1 removed, 1 changed, 0 unchanged\n");
  EXPECT_THAT(
      ToJson(difference),
      AllOf(HasSubstr("{\"changes\":[{\"kind\":\"removed\",\"id\":\"gone\",\"title\":\"gone\","
                      "\"state\":\"dropped\",\"meaning\":[],\"output\":[]},"),
            HasSubstr("{\"place\":\"\",\"part\":\"within\",\"before\":\"1h\",\"after\":\"2h\"}"),
            HasSubstr("\"after\":\"New \\\"one\\\"\"}]}],\"unchanged\":0}\n")));
}

class DiffCommand : public testing::Test {
 protected:
  DiffCommand() {
    folder_.Write("telltale.yml",
                  "streams: { logins: { time: { field: ts } } }\nrules: [ old.yml ]\n");
    folder_.Write("old.yml", "id: r\non: logins\n");
    folder_.Write("new.yml", "id: r\non: logins\nwhere: a == 1\n");
    folder_.Write("bad.yml", "id: r\non: nothing\n");
  }
  support::ProcessResult Diff(std::vector<std::string> args) {
    args.insert(args.begin(), {support::Binary("telltale"), "diff"});
    support::ProcessOptions options;
    options.args = std::move(args);
    options.directory = folder_.path();
    return support::RunProcess(options, absl::Seconds(60));
  }
  support::TempDir folder_;
};

TEST_F(DiffCommand, ComparesFilesAndConfigs) {
  EXPECT_EQ(Diff({"old.yml", "old.yml"}).exit_code, 0);
  EXPECT_EQ(Diff({"old.yml", "old.yml"}).out, "1 unchanged\n");
  for (const char* old_side : {"old.yml", "telltale.yml", "old*.yml"}) {
    const support::ProcessResult result = Diff({old_side, "new.yml"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, HasSubstr("changed r: its state starts anew\n    step 'logins', where: "
                                      "added: a == 1\n"));
  }
  EXPECT_THAT(Diff({"--format", "json", "old.yml", "new.yml"}).out,
              HasSubstr("\"state\":\"reset\""));
}

TEST_F(DiffCommand, SaysWhatIsWrong) {
  const support::ProcessResult bad = Diff({"old.yml", "bad.yml"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("bad.yml:2:5"), HasSubstr("R0201"), Not(HasSubstr("R09"))));
  EXPECT_EQ(bad.out, "");
  EXPECT_EQ(Diff({"old.yml", "none.yml"}).exit_code, 2);
  const support::ProcessResult no_config = Diff({"-c", "none.yml", "old.yml", "new.yml"});
  EXPECT_EQ(no_config.exit_code, 3);
  EXPECT_EQ(no_config.err.find("C0117"), no_config.err.rfind("C0117")) << no_config.err;
  std::string many;
  for (int i = 0; i < 1100; ++i) absl::StrAppend(&many, "- { id: r", i, ", on: nothing }\n");
  folder_.Write("many.yml", many);
  EXPECT_THAT(Diff({"old.yml", "many.yml"}).err, HasSubstr("\n... and 100 more\n"));
  // Else a misspelt glob looks like rules that were all removed.
  const support::ProcessResult no_file = Diff({"old.yml", "none*.yml"});
  EXPECT_EQ(no_file.exit_code, 2);
  EXPECT_THAT(no_file.err, HasSubstr("no file matches 'none*.yml'"));
  EXPECT_EQ(Diff({"old.yml"}).exit_code, 3);
  EXPECT_EQ(Diff({"old.yml", "new.yml", "--format", "xml"}).exit_code, 3);
}

}  // namespace
}  // namespace telltale::explain
