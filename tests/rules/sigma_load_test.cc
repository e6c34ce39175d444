// Whole files of Sigma, as users have them: what they become, in any order, and what is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "rules/load/cel/cel.h"
#include "tests/rules/sigma_cases.h"

namespace telltale::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Two Windows streams, one of which serves several logsources, and a web server.
std::shared_ptr<const StreamCatalog> Streams() {
  const auto path = [](const char* text) { return ParsePath(text).value(); };
  FieldMapping event_data;
  event_data.otherwise = path("Event.EventData.{field}");
  FieldMapping with_names = event_data;
  with_names.names["EventID"] = path("Event.System.EventID");
  Stream sysmon;
  sysmon.name = "sysmon";
  sysmon.topic = "sysmon";
  Diagnostics diagnostics;
  const StreamCatalog typed({sysmon});
  Scope scope;
  scope.streams = &typed;
  scope.event = 0;
  const auto where = [&](int id) {
    return Compile(LocatedText("Event.System.EventID == " + std::to_string(id)), scope,
                   Type::Of(TypeKind::kBool), diagnostics);
  };
  sysmon.logsources = {
      {{"windows", "process_creation", ""}, where(1), event_data},
      {{"windows", "network_connection", ""}, where(3), event_data},
      {{"windows", "", "sysmon"}, {}, with_names},
  };
  Stream security;
  security.name = "security";
  security.topic = "security";
  FieldMapping flat;
  flat.names["Image"] = path("NewProcessName");
  security.logsources = {{{"windows", "process_creation", "security"}, {}, flat}};
  Stream web;
  web.name = "web";
  web.topic = "web";
  web.logsources = {{{"", "webserver", ""}, {}, {}}};
  return std::make_shared<const StreamCatalog>(
      std::vector<Stream>{std::move(sysmon), std::move(security), std::move(web)});
}

constexpr char kWhoami[] = R"(title: Whoami Execution
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
status: test
description: Detects a whoami.exe execution
references:
    - https://example.org/whoami
author: A. Author, B. Author
date: 2019-10-23
modified: 2024/01/02
tags:
    - attack.discovery
    - attack.t1033
logsource:
    category: process_creation
    product: windows
    definition: command lines have to be logged
detection:
    selection_img:
        - Image|endswith: '\whoami.exe'
        - OriginalFileName: whoami.exe
    filter_main_admin:
        User|startswith: adm_
    condition: selection_img and not 1 of filter_main_*
fields:
    - CommandLine
    - Image
falsepositives:
    - Admin activity
level: high
regression_tests_path: none/of/our/business
custom: { any: [thing] }
)";

TEST(SigmaFile, BecomesARuleOnEachStreamThatServesIt) {
  const LoadResult result = LoadSigma({kWhoami}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_TRUE(result.diagnostics.empty()) << Render(result.diagnostics);
  ASSERT_EQ(result.rules->rules.size(), 1u);
  const Rule& rule = result.rules->rules[0];
  EXPECT_EQ(rule.id, "929a690e-bef0-4204-a928-ef5e620d6fcc");
  EXPECT_EQ(rule.title, "Whoami Execution");
  EXPECT_EQ(rule.description, "Detects a whoami.exe execution");
  EXPECT_EQ(rule.status, Status::kTest);
  EXPECT_EQ(rule.level, Level::kHigh);
  EXPECT_THAT(rule.tags, ElementsAre("attack.discovery", "attack.t1033"));
  EXPECT_EQ(rule.mode, Mode::kLive);
  EXPECT_FALSE(rule.HoldsState());
  EXPECT_TRUE(rule.key_names.empty());
  ASSERT_EQ(rule.steps.size(), 2u);
  EXPECT_EQ(rule.steps[0].name, "sysmon");
  EXPECT_EQ(rule.steps[1].name, "security");
  ASSERT_EQ(rule.pattern.places.size(), 1u);
  EXPECT_EQ(rule.pattern.places[0].kind, Place::Kind::kAnyOf);
  EXPECT_EQ(
      ToString(*rule.steps[0].selector.where->root),
      R"(((event.Event.System.EventID == 1) && ((@sigma.is(event.Event.EventData.Image, ["*\\\\whoami.exe"]) || @sigma.is(event.Event.EventData.OriginalFileName, ["whoami.exe"])) && (!@sigma.is(event.Event.EventData.User, ["adm_*"])))))");
  EXPECT_EQ(
      ToString(*rule.steps[1].selector.where->root),
      R"(((@sigma.is(event.NewProcessName, ["*\\\\whoami.exe"]) || @sigma.is(event.OriginalFileName, ["whoami.exe"])) && (!@sigma.is(event.User, ["adm_*"]))))");
  ASSERT_EQ(rule.alert.fields.size(), 2u);
  EXPECT_EQ(rule.alert.fields[1].first, "Image");
  EXPECT_EQ(ToString(*rule.alert.fields[1].second.root),
            "(has(step#0) ? step#0.Event.EventData.Image : step#1.NewProcessName)");
}

// A rule that names little is served by several entries of one stream.
TEST(SigmaFile, EntriesOfOneStreamAreOneStep) {
  const std::string rule = R"(title: Any
logsource: { product: windows }
detection: { s: { User: x }, condition: s }
fields: [EventID]
)";
  const LoadResult result = LoadSigma({rule}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const std::vector<Step>& steps = result.rules->rules[0].steps;
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(
      ToString(*steps[0].selector.where->root),
      R"(((((event.Event.System.EventID == 1) || (event.Event.System.EventID == 3)) && @sigma.is(event.Event.EventData.User, ["x"])) || @sigma.is(event.Event.EventData.User, ["x"])))");
  EXPECT_EQ(ToString(*result.rules->rules[0].alert.fields[0].second.root),
            "(has(step#0) ? (has(step#0.Event.EventData.EventID) ? "
            "step#0.Event.EventData.EventID : step#0.Event.System.EventID) : step#1.EventID)");
}

TEST(SigmaFile, WithoutIdIsNamedByItsNameOrTitle) {
  const std::string body =
      "logsource: { category: webserver }\ndetection: { s: { a: 1 }, condition: s }\n";
  const LoadResult result = LoadSigma(
      {"title: 'SQL Injection, in URI'\n" + body, "title: T\nname: web_scan\n" + body}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  ASSERT_EQ(result.rules->rules.size(), 2u);
  EXPECT_EQ(result.rules->rules[0].id, "sql-injection-in-uri");
  EXPECT_EQ(result.rules->rules[1].id, "web_scan");
  EXPECT_EQ(result.rules->rules[1].name, "web_scan");
}

TEST(SigmaFile, ThatNoStreamServesIsOneWarning) {
  const std::string rule = R"(title: Auditd
logsource: { product: linux, service: auditd }
detection: { s: { type: EXECVE }, condition: s }
)";
  const LoadResult result = LoadSigma({rule}, Streams());
  ASSERT_NE(result.rules, nullptr);
  EXPECT_TRUE(result.rules->rules.empty());
  ASSERT_EQ(result.diagnostics.list().size(), 1u);
  EXPECT_EQ(result.diagnostics.list()[0].severity, Severity::kWarning);
  EXPECT_EQ(result.diagnostics.list()[0].message,
            "no stream serves { product: linux, service: auditd }: the rule does not run");
}

TEST(SigmaFile, StandsBesideOurOwnRules) {
  const std::string mixed = R"(id: ours
on: web
where: status == 500
---
title: Sigma
logsource: { category: webserver }
detection: { s: { status: 500 }, condition: s }
---
- { id: listed, on: web }
- title: In a list
  logsource: { category: webserver }
  detection: { s: { status: 404 }, condition: s }
)";
  const LoadResult result = LoadSigma({mixed}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  std::vector<std::string> ids;
  for (const Rule& rule : result.rules->rules) ids.push_back(rule.id);
  EXPECT_THAT(ids, ElementsAre("in-a-list", "listed", "ours", "sigma"));
}

// Metadata is no part of what a rule means; what it detects is.
TEST(SigmaFile, FingerprintIsOfTheDetection) {
  const auto print = [](const std::string& text) {
    const LoadResult result = LoadSigma({text}, Streams());
    EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
    return ToHex(result.rules->rules[0].fingerprint);
  };
  const std::string rule = kWhoami;
  std::string retitled = rule;
  retitled.replace(0, rule.find('\n'), "title: Another title");
  EXPECT_EQ(print(rule), print(retitled));
  std::string other = rule;
  other.replace(other.find("adm_"), 4, "usr_");
  EXPECT_NE(print(rule), print(other));
}

// --- Our own language ---

TEST(SigmaDetection, InAStepOfOurOwn) {
  const LoadResult result = LoadSigma({R"(id: mixed
by: user
sequence:
  - login:
      on: web
      where: status == 200
      detection:
        user_agent|contains: curl
  - not: { on: web, detection: { bot: { agent: bot }, human: { agent: me }, condition: bot and not human } }
  - fetch: { on: web, detection: [ { path|endswith: .zip }, { path|endswith: .7z } ] }
within: 1h
)"},
                                      Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const Rule& rule = result.rules->rules[0];
  EXPECT_EQ(ToString(*rule.steps[0].selector.where->root),
            R"(((event.status == 200) && @sigma.is(event.user_agent, ["*curl*"])))");
  EXPECT_EQ(ToString(*rule.absences[0].selector.where->root),
            R"((@sigma.is(event.agent, ["bot"]) && (!@sigma.is(event.agent, ["me"]))))");
  EXPECT_EQ(ToString(*rule.steps[1].selector.where->root),
            R"((@sigma.is(event.path, ["*.zip"]) || @sigma.is(event.path, ["*.7z"])))");
}

TEST(SigmaDetection, OfARuleOverSingleEvents) {
  const LoadResult result =
      LoadSigma({"id: r\non: web\ndetection: { status|gte: 500 }\n"}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_EQ(ToString(*result.rules->rules[0].steps[0].selector.where->root),
            "@sigma.gte(event.status, [500])");
}

TEST(SigmaDetection, UnknownModifierOfAStep) {
  const LoadResult result = LoadSigma({R"(id: ato-new-device
by: user_id
sequence:
  - login:
      on: web
      detection:
        user_agent|contain: curl
  - next: { on: web }
within: 1h
)"},
                                      Streams());
  EXPECT_THAT(Render(result.diagnostics),
              HasSubstr("f1.yml:7:20: error[R0203]: unknown modifier 'contain' (did you mean "
                        "'contains'?)\n   7 |         user_agent|contain: curl\n     |             "
                        "       ^^^^^^^\n   = rule 'ato-new-device', step 'login'\n"));
}

TEST(SigmaDetection, ExpandsPlaceholdersFromLists) {
  const LoadResult result = LoadSigma({"lists: { Servers: [srv*, db1, 17] }\n",
                                       R"(title: T
logsource: { category: webserver }
detection:
  s: { host|expand: '%Servers%', url|contains|expand: '/%Servers%/' }
  condition: s
)"},
                                      Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_TRUE(result.diagnostics.empty()) << Render(result.diagnostics);
  EXPECT_EQ(
      ToString(*result.rules->rules[0].steps[0].selector.where->root),
      R"((@sigma.is(event.host, ["srv*", "db1", "17"]) && @sigma.is(event.url, ["*/srv*/*", "*/db1/*", "*/17/*"])))");
}

// Sigma's own repository has placeholders such as %Jump-Hosts%.
TEST(SigmaDetection, APlaceholderMayHaveADashInItsName) {
  const LoadResult result = LoadSigma({"lists: { Jump-Hosts: [jump1, jump2] }\n",
                                       R"(title: T
logsource: { category: webserver }
detection:
  s: { host|expand: '%Jump-Hosts%' }
  condition: s
)"},
                                      Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_TRUE(result.diagnostics.empty()) << Render(result.diagnostics);
  EXPECT_EQ(ToString(*result.rules->rules[0].steps[0].selector.where->root),
            R"(@sigma.is(event.host, ["jump1", "jump2"]))");
}

// A vendor's rule is tuned without being touched.
TEST(SigmaFile, TakesOverridesWithKeysOfOurs) {
  const std::string vendor = R"(title: Scanner
id: 44444444-4444-4444-8444-444444444444
logsource: { category: webserver }
detection: { s: { agent|contains: nikto }, condition: s }
level: low
alert: a word that is nothing to us
)";
  const std::string tuning = R"(id: 44444444-4444-4444-8444-444444444444
override: replace
level: high
mode: shadow
runbook: https://wiki.example/scan
alert: { title: 'Scan by {{web.ip}}', risk_score: 60 }
exceptions: [ { name: ours, where: ip == "10.0.0.1" } ]
suppress: { by: [web.ip], for: 1h }
)";
  const LoadResult result = LoadSigma({vendor, tuning}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const Rule& rule = result.rules->rules[0];
  EXPECT_EQ(rule.level, Level::kHigh);
  EXPECT_EQ(rule.mode, Mode::kShadow);
  EXPECT_EQ(rule.runbook, "https://wiki.example/scan");
  EXPECT_EQ(rule.alert.risk_score, 60);
  ASSERT_EQ(rule.exceptions.size(), 1u);
  EXPECT_TRUE(rule.suppress.has_value());
  EXPECT_EQ(LoadSigma({vendor}, Streams()).diagnostics.errors(), 0u);
}

// --- Filters ---

constexpr char kScan[] = R"(title: Scanner
id: 11111111-1111-4111-8111-111111111111
name: scanner
logsource: { category: webserver }
detection: { s: { agent|contains: nikto }, condition: s }
)";

std::string Filter(const std::string& rules, const std::string& condition) {
  return "title: F\nlogsource: { category: webserver }\nfilter:\n  rules: " + rules +
         "\n  selection: { ip: 10.0.0.1 }\n  condition: " + condition + "\n";
}

std::string Filtered(const std::vector<std::string>& files) {
  const LoadResult result = LoadSigma(files, Streams());
  if (result.rules == nullptr || result.rules->rules.empty()) return Render(result.diagnostics);
  return ToString(*result.rules->rules[0].steps[0].selector.where->root);
}

TEST(SigmaFilter, TakesOutOfTheRulesThatItNames) {
  const std::string out =
      R"((@sigma.is(event.agent, ["*nikto*"]) && (!@sigma.is(event.ip, ["10.0.0.1"]))))";
  EXPECT_EQ(Filtered({kScan, Filter("[scanner]", "selection")}), out);
  EXPECT_EQ(Filtered({Filter("scanner", "selection"), kScan}), out);
  EXPECT_EQ(Filtered({kScan, Filter("[11111111-1111-4111-8111-111111111111]", "selection")}), out);
  EXPECT_EQ(Filtered({kScan, Filter("any", "selection")}), out);
  // pySigma's habit says the same.
  EXPECT_EQ(Filtered({kScan, Filter("any", "not selection")}), out);
  EXPECT_EQ(Filtered({kScan, Filter("any", "not 1 of sel*")}), out);
}

// However many act on one rule, its condition has few levels.
TEST(SigmaFilter, SixtyThousandOfThemAreFine) {
  std::string filters;
  for (int i = 0; i < 60'000; ++i) {
    filters += "- {title: F, id: f" + std::to_string(i) +
               ", logsource: {category: webserver}, filter: {rules: any, s: {ip: 10.0.0.1}, "
               "condition: s}}\n";
  }
  const LoadResult result = LoadSigma({kScan, filters}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_EQ(result.rules->rules.size(), 1u);
}

TEST(SigmaFilter, TellsWhereItActsOnNothing) {
  LoadResult result = LoadSigma({kScan, Filter("[scaner]", "selection")}, Streams());
  ASSERT_NE(result.rules, nullptr);
  ASSERT_EQ(result.diagnostics.list().size(), 1u);
  EXPECT_EQ(result.diagnostics.list()[0].message,
            "there is no Sigma rule 'scaner' for this filter to act on");
  EXPECT_EQ(result.diagnostics.list()[0].suggestion, "scanner");
  result = LoadSigma({kScan, R"(title: F
logsource: { product: windows }
filter: { rules: [scanner], s: { ip: 10.0.0.1 }, condition: s }
)"},
                     Streams());
  ASSERT_EQ(result.diagnostics.list().size(), 1u);
  EXPECT_THAT(result.diagnostics.list()[0].message, HasSubstr("does not act on this rule"));
}

// --- Correlations ---

constexpr char kFailed[] = R"(title: Failed login
id: 22222222-2222-4222-8222-222222222222
name: failed_login
logsource: { category: webserver }
detection: { s: { path: /login, status: 401 }, condition: s }
)";
constexpr char kSuccess[] = R"(title: Login
name: login
logsource: { category: webserver }
detection: { s: { path: /login, status: 200 }, condition: s }
)";

std::string Correlation(const std::string& body) {
  return "title: C\nname: c\ncorrelation:\n" + Indented(body);
}

// The rule that evaluates the correlation `c`, which is all that there is beside its rules.
Rule CorrelationRule(const std::vector<std::string>& files, const std::string& id = "c") {
  const LoadResult result = LoadSigma(files, Streams());
  EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
  if (result.rules == nullptr) return {};
  for (const Rule& rule : result.rules->rules) {
    if (rule.id == id) return rule;
  }
  ADD_FAILURE() << "no rule " << id;
  return {};
}

// What its window is asked, with its values by their functions.
std::string Asked(const Rule& rule) {
  std::string text = ToString(*rule.aggregate->having->root);
  for (size_t i = 0; i < rule.aggregate->calls.size(); ++i) {
    const AggregateCall& call = rule.aggregate->calls[i];
    std::string value(AggregateName(call.function));
    for (const uint32_t sources : call.sources) value += "/" + std::to_string(sources);
    if (call.percentile != 0) value += std::to_string(static_cast<int>(call.percentile));
    for (size_t k = 0; !call.arguments.empty() && k < call.arguments[0].size(); ++k)
      value += (k == 0 ? " " : ",") + ToString(*call.arguments[0][k].root);
    const std::string name = "window#" + std::to_string(i);
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, name.size(), "[" + value + "]");
  }
  return text;
}

TEST(SigmaCorrelation, OfEveryTypeIsAWindow) {
  const std::string rules = "rules: [failed_login]\ngroup-by: [user]\ntimespan: 5m\n";
  const struct {
    const char* body;
    const char* asked;
  } kCases[] = {
      {"type: event_count\ncondition: { gte: 10 }", "([count] >= 10)"},
      {"type: event_count\ncondition: { gt: 10, lte: 20 }", "(([count] > 10) && ([count] <= 20))"},
      {"type: value_count\ncondition: { field: ip, gt: 3 }", "([count_distinct event.ip] > 3)"},
      {"type: value_count\ncondition: { field: [ip, host], neq: 3 }",
       "([count_distinct event.ip,event.host] != 3)"},
      {"type: value_sum\ncondition: { field: bytes, gt: 1.5e6 }", "([sum event.bytes] > 1500000)"},
      {"type: value_avg\ncondition: { field: bytes, lt: 2.5 }", "([avg event.bytes] < 2.5)"},
      {"type: value_median\ncondition: { field: bytes, eq: -2 }",
       "([percentile50 event.bytes] == -2)"},
      {"type: value_percentile\ncondition: { field: bytes, gte: 2, percentile: 95 }",
       "([percentile95 event.bytes] >= 2)"},
      {"type: temporal", "([seen/1] > 0)"},
      {"type: temporal_ordered\ncondition: { gte: 1 }", "[ordered/1]"},
  };
  for (const auto& c : kCases) {
    const Rule rule = CorrelationRule({kFailed, Correlation(rules + c.body)});
    ASSERT_TRUE(rule.aggregate.has_value()) << c.body;
    EXPECT_EQ(Asked(rule), c.asked) << c.body;
    EXPECT_EQ(rule.aggregate->window.kind, WindowKind::kSliding);
    EXPECT_EQ(rule.aggregate->window.size, 300 * 1'000'000'000LL);
    EXPECT_THAT(rule.key_names, ElementsAre("user"));
    EXPECT_EQ(rule.mode, Mode::kLive);
    ASSERT_EQ(rule.steps.size(), 1u);
    EXPECT_EQ(ToString(*rule.steps[0].selector.by[0].root), "event.user");
  }
}

TEST(SigmaCorrelation, AsksWhichRulesWereSeen) {
  const std::string both =
      "rules: [failed_login, login]\ntimespan: 5m\ngroup-by: [who]\n"
      "aliases: { who: { failed_login: user, login: account } }\n";
  const auto rule = [&](const std::string& more) {
    return CorrelationRule({kFailed, kSuccess, Correlation(both + more)});
  };
  const Rule all = rule("type: temporal");
  EXPECT_EQ(Asked(all), "(([seen/1] > 0) && ([seen/2] > 0))");
  ASSERT_EQ(all.steps.size(), 2u);
  EXPECT_EQ(all.steps[0].name, "failed_login");
  EXPECT_EQ(ToString(*all.steps[0].selector.by[0].root), "event.user");
  EXPECT_EQ(ToString(*all.steps[1].selector.by[0].root), "event.account");
  EXPECT_EQ(Asked(rule("type: temporal_ordered")), "[ordered/1/2]");
  const auto shown = [&](const std::string& more) {
    return rule(more).aggregate->having->text.text();
  };
  EXPECT_EQ(shown("type: temporal"), "seen(failed_login) > 0 && seen(login) > 0");
  EXPECT_EQ(shown("type: temporal_ordered"), "ordered(failed_login, login)");
  EXPECT_EQ(shown("type: temporal\ncondition: failed_login or not login"),
            "seen(failed_login) > 0 || !(seen(login) > 0)");
  EXPECT_EQ(
      shown("type: value_percentile\ncondition: { field: ip, lt: 2, gte: 1, percentile: 95 }"),
      "percentile(ip, 95) < 2 && percentile(ip, 95) >= 1");
  EXPECT_EQ(Asked(rule("type: temporal\ncondition: failed_login and not login")),
            "(([seen/1] > 0) && (!([seen/2] > 0)))");
  EXPECT_EQ(Asked(rule("type: temporal\ncondition: { lte: 1 }")),
            "(((([seen/1] > 0) ? 1 : 0) + (([seen/2] > 0) ? 1 : 0)) <= 1)");
  EXPECT_EQ(rule("type: temporal\ncondition: { gte: 2 }").aggregate->calls.size(), 2u);
}

TEST(SigmaCorrelation, ChainsAliasesAndExtendedConditionsInAnyOrder) {
  const std::string chain = R"(title: Brute force
id: 33333333-3333-4333-8333-333333333333
name: brute_force
correlation: { type: event_count, rules: [22222222-2222-4222-8222-222222222222], group-by: [ip], timespan: 1h, condition: { gte: 100 } }
level: low
---
title: Breach
level: high
correlation:
  type: temporal_ordered
  rules: [brute_force, login]
  group-by: [address]
  timespan: 2d
  aliases:
    address: { brute_force: ip, login: client.ip }
  condition: brute_force or login
)";
  for (const auto& files : {std::vector<std::string>{chain, kFailed, kSuccess},
                            std::vector<std::string>{kSuccess, kFailed, chain}}) {
    const LoadResult result = LoadSigma(files, Streams());
    ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
    const auto breach = std::find_if(result.rules->rules.begin(), result.rules->rules.end(),
                                     [](const Rule& rule) { return rule.id == "breach"; });
    ASSERT_NE(breach, result.rules->rules.end());
    EXPECT_EQ(breach->level, Level::kHigh);
    ASSERT_EQ(breach->steps.size(), 2u);
    EXPECT_EQ(ToString(*breach->steps[1].selector.by[0].root), "event.client.ip");
    EXPECT_EQ(breach->aggregate->having->text.text(), "seen(brute_force) > 0 || seen(login) > 0");
    // The rules that only feed correlations are silent.
    EXPECT_THAT(result.diagnostics.list(), IsEmpty()) << Render(result.diagnostics);
    for (const Rule& rule : result.rules->rules)
      EXPECT_EQ(rule.mode, rule.id == "breach" ? Mode::kLive : Mode::kBuildingBlock);
  }
}

// V3: which of its rules have to be in order, and which must not be there.
TEST(SigmaCorrelation, AConditionMayAskForSomeOfItsRulesInOrder) {
  const std::string kThird =
      "title: Third\nname: third\nlogsource: { category: webserver }\n"
      "detection: { s: { c: d }, condition: s }\n";
  // Of the rules that the condition asks for, or of all where it counts them.
  const auto shown = [&](const std::string& condition) {
    std::string names;
    for (const std::string name : {"failed_login", "login", "third"}) {
      const std::string rest = std::regex_replace(condition, std::regex("failed_login"), "f");
      const bool asked =
          name == "failed_login" ? rest != condition : rest.find(name) != std::string::npos;
      if (asked || condition.front() == '{') names += (names.empty() ? "" : ", ") + name;
    }
    const LoadResult result =
        LoadSigma({kFailed, kSuccess, kThird,
                   Correlation("type: temporal_ordered\nrules: [" + names +
                               "]\ntimespan: 5m\ncondition: " + condition + "\n")},
                  Streams());
    if (result.rules == nullptr) return Render(result.diagnostics);
    for (const Rule& rule : result.rules->rules) {
      if (rule.aggregate) return rule.aggregate->having->text.text();
    }
    return std::string("none");
  };
  EXPECT_EQ(shown("third and failed_login"), "ordered(failed_login, third)")
      << "in the order of the rules";
  EXPECT_EQ(shown("failed_login and (login or third)"),
            "ordered(failed_login, login) || ordered(failed_login, third)");
  EXPECT_EQ(shown("failed_login and third and not login"),
            "ordered(failed_login, third) && !(seen(login) > 0)");
  EXPECT_EQ(shown("failed_login or (failed_login and login)"), "seen(failed_login) > 0");
  EXPECT_EQ(shown("not (failed_login and login)"),
            "!(seen(failed_login) > 0) || !(seen(login) > 0)");
  EXPECT_EQ(shown("failed_login and not failed_login"), "false");
  EXPECT_EQ(shown("failed_login and login and third"), "ordered(failed_login, login, third)");
  EXPECT_EQ(shown("{ gte: 2 }"),
            "ordered(failed_login, login) || ordered(failed_login, third) || "
            "ordered(login, third)");
  EXPECT_EQ(shown("{ gte: 3 }"), "ordered(failed_login, login, third)");
  EXPECT_EQ(shown("{ lt: 1 }"), "!(seen(failed_login) > 0 || seen(login) > 0 || seen(third) > 0)");
}

// A5: a correlation over another one reads its alerts, by the names of its key.
TEST(SigmaCorrelation, OverCorrelationsReadsTheirAlerts) {
  const std::string text = R"(title: Brute force
id: brute
name: brute_force
correlation: { type: event_count, rules: [failed_login], group-by: [ip], timespan: 1h, condition: { gte: 100 } }
level: low
---
title: Breach
id: breach
correlation:
  type: temporal_ordered
  rules: [brute_force, login]
  group-by: [address]
  timespan: 2d
  aliases:
    address: { brute_force: ip, login: client.ip }
---
title: Breaches
id: breaches
correlation: { type: value_count, rules: [breach], group-by: [address], timespan: 7d, condition: { field: level, gte: 1 } }
)";
  const LoadResult result = LoadSigma({kFailed, kSuccess, text}, Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_TRUE(result.diagnostics.empty()) << Render(result.diagnostics);
  const auto rule = [&](const std::string& id) -> const Rule& {
    const auto& rules = result.rules->rules;
    return *std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.id == id; });
  };
  const Rule& breach = rule("breach");
  ASSERT_EQ(breach.steps.size(), 2u);
  const Selector& alerts = breach.steps[0].selector;
  EXPECT_EQ(alerts.stream, result.rules->streams->alerts());
  EXPECT_EQ(ToString(*alerts.where->root),
            "((event.rule.id == \"brute\") && (event.alert.suppressed == false))");
  EXPECT_EQ(ToString(*alerts.by[0].root), "event.ip");
  EXPECT_EQ(ToString(*breach.steps[1].selector.by[0].root), "event.client.ip");
  EXPECT_EQ(breach.mode, Mode::kBuildingBlock);
  EXPECT_TRUE(breach.feeds && breach.Runs());
  const Rule& brute = rule("brute");
  EXPECT_TRUE(brute.feeds && brute.Runs());
  EXPECT_EQ(rule("breaches").mode, Mode::kLive);
  EXPECT_FALSE(rule("22222222-2222-4222-8222-222222222222")
                   .Runs());  // its events are read where they come from
}

TEST(SigmaCorrelation, GenerateLetsItsRulesBeHeard) {
  const std::string body =
      "type: event_count\nrules: [failed_login]\ntimespan: 1m\ncondition: { gt: 1 }\n";
  const LoadResult result = LoadSigma(
      {kFailed, Correlation(body + "generate: true"), "title: D\ncorrelation:\n" + Indented(body)},
      Streams());
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_EQ(result.rules->rules[0].mode, Mode::kLive);
}

// Every message of one set, in order.
std::vector<std::string> Messages(const std::vector<std::string>& files) {
  std::vector<std::string> messages;
  const LoadResult result = LoadSigma(files, Streams());
  for (const Diagnostic& d : result.diagnostics.list()) {
    messages.push_back(std::string(d.code.id) + " " + d.message);
  }
  return messages;
}

TEST(SigmaRule, ItsOwnKeysAreCheckedThoughNoStreamServesIt) {
  const std::string rule =
      "title: R\nlogsource: { product: nothing }\ndetection: { s: { a: b }, condition: s }\n";
  EXPECT_THAT(Messages({rule + "suppress: { for: 1h }\nalert: { title: '{{R.a}}' }\n"}),
              ElementsAre("R0961 no stream serves { product: nothing }: the rule does not run"));
  const std::vector<std::string> told = Messages({rule + "suppress: { for: soon }\n"});
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told[1], HasSubstr("R0106"));
}

TEST(SigmaCorrelation, IsCheckedWhole) {
  const auto told = [](const std::string& body) {
    return Messages({kFailed, kSuccess, Correlation(body)});
  };
  const std::string base = "rules: [failed_login]\ntimespan: 5m\n";
  EXPECT_THAT(told(base + "type: event_count\ncondition: { gte: 1 }"), IsEmpty());
  EXPECT_THAT(told("type: event_count\nrules: [faild_login]\ntimespan: 5m\ncondition: { gte: 1 }"),
              ElementsAre("R0807 there is no Sigma rule or correlation 'faild_login'"));
  EXPECT_THAT(told(base + "type: event_cont\ncondition: { gte: 1 }"),
              ElementsAre("R0104 'type' cannot be 'event_cont'"));
  EXPECT_THAT(told(base + "type: event_count"),
              ElementsAre("R0102 'correlation' needs 'condition'"));
  EXPECT_THAT(told(base + "type: event_count\ncondition: ~"),
              ElementsAre("R0102 'correlation' needs 'condition'"));
  EXPECT_THAT(told("type: temporal\ntimespan: 1m\ncondition: failed_login and"),
              ElementsAre(HasSubstr("R0803")));
  EXPECT_THAT(told("type: event_count\nrules: [failed_login]\ncondition: { gte: 1 }"),
              ElementsAre("R0102 'correlation' needs 'timespan'"));
  EXPECT_THAT(told("type: event_count\nrules: [failed_login]\ntimespan: 1M\ncondition: { gte: 1 }"),
              ElementsAre("R0809 '1M' is not a timespan"));
  EXPECT_THAT(told(base + "type: event_count\ncondition: { field: a, gte: 1 }"),
              ElementsAre("R0810 event_count counts no values, and has no 'field'"));
  EXPECT_THAT(told(base + "type: value_sum\ncondition: { gte: 1 }"),
              ElementsAre("R0810 value_sum needs a 'field': whose values it looks at"));
  EXPECT_THAT(told(base + "type: value_sum\ncondition: { field: [a, b], gte: 1 }"),
              ElementsAre("R0810 value_sum looks at one field"));
  EXPECT_THAT(told(base + "type: event_count\ncondition: { gte: 1.5 }"),
              ElementsAre("R0810 'gte' takes a whole number from 0 on: it bounds a count"));
  EXPECT_THAT(told(base + "type: event_count\ncondition: {}"), ::testing::SizeIs(1));
  EXPECT_THAT(told(base + "type: event_count\ncondition: { gt: 5, lt: 6 }"),
              ElementsAre("R0907 no number meets these bounds: the correlation can never match"));
  EXPECT_THAT(told(base + "type: event_count\ncondition: { ge: 5 }"),
              ::testing::Contains(HasSubstr("R0101 unknown key 'ge'")));
  EXPECT_THAT(told(base + "type: event_count\ncondition: failed_login"),
              ElementsAre(HasSubstr("R0810 event_count needs bounds")));
  EXPECT_THAT(
      told(base + "type: value_percentile\ncondition: { field: a, gt: 1, percentile: 101 }"),
      ElementsAre("R0810 'percentile' takes a number from 0 to 100"));
  EXPECT_THAT(told(base + "type: temporal\ncondition: { gte: 2 }"),
              ElementsAre(HasSubstr("R0907")));
  EXPECT_THAT(told(base + "type: temporal\ncondition: failed_login and login"),
              ElementsAre("R0807 'rules' does not list 'login'"));
  EXPECT_THAT(told("type: temporal\nrules: [failed_login, login]\ntimespan: 1m\ncondition: login"),
              ElementsAre("R0810 the condition does not ask for 'failed_login'"));
  EXPECT_THAT(told("type: temporal\ntimespan: 1m\ncondition: failed_login and not login"),
              IsEmpty());
  EXPECT_THAT(told("type: temporal\ntimespan: 1m"),
              ElementsAre("R0102 'correlation' needs 'rules'"));
  EXPECT_THAT(told("type: temporal\nrules: [login, login]\ntimespan: 1m"),
              ElementsAre("R0810 the rule 'login' stands here twice"));
  EXPECT_THAT(
      told(base + "type: temporal\naliases: { ip: { login: x } }"),
      ElementsAre("R0811 the alias 'ip' names 'login', which is none of the correlation's rules"));
  EXPECT_THAT(told("type: temporal\nrules: [failed_login, login]\ntimespan: 1m\ngroup-by: ip\n"
                   "aliases: { ip: { login: x } }"),
              ElementsAre("R0811 the alias 'ip' says no field for rule "
                          "'22222222-2222-4222-8222-222222222222'"));
}

TEST(SigmaCorrelation, CyclesAreRefused) {
  const auto refer = [](const std::string& name, const std::string& to) {
    return "title: T\nname: " + name + "\ncorrelation: { type: event_count, rules: [" + to +
           "], timespan: 1m, condition: { gt: 1 } }\n";
  };
  EXPECT_THAT(Messages({refer("a", "a")}), ElementsAre("R0808 the correlation refers to itself"));
  EXPECT_THAT(Messages({refer("a", "b"), refer("b", "c"), refer("c", "a")}),
              ElementsAre("R0808 the correlation refers to 'a', which refers back to it"));
  EXPECT_THAT(Messages({refer("a", "b"), refer("b", "c, failed_login"), refer("c", "failed_login"),
                        kFailed}),
              IsEmpty());
  // A long chain is no deep recursion.
  std::vector<std::string> chain;
  for (int i = 0; i < 5000; ++i)
    chain.push_back(refer("n" + std::to_string(i), "n" + std::to_string(i + 1)));
  chain.push_back(refer("n5000", "failed_login"));
  chain.push_back(kFailed);
  EXPECT_THAT(Messages(chain), IsEmpty());
}

// --- What is told of detections ---

TEST(SigmaErrors, AreToldAllAtOnceAtTheirPlaces) {
  const LoadResult result = LoadSigma({R"(title: T
logsource: { category: webserver }
detection:
  selection:
    a|contians: x
    b|re: '(?=x)'
    c|cidr: 10.0.0.0/33
    d|lt: many
    e|exists: maybe
    f|base64: 'a*'
    g|expand: '%Servers%'
    h|contains: null
    i|hour: 24
    j: { k: l }
    l: []
  filter: {}
  condition: selektion or 1 of fitler*
)"},
                                      Streams());
  EXPECT_EQ(result.rules, nullptr);
  std::vector<std::string> told;
  for (const Diagnostic& d : result.diagnostics.list()) {
    const LineColumn place = d.span.file->Locate(d.span.begin);
    told.push_back(std::to_string(place.line) + ":" + std::to_string(place.column) + " " +
                   d.code.id);
  }
  EXPECT_THAT(told,
              ElementsAre("5:7 R0203", "6:11 R0407", "7:13 R0802", "8:11 R0802", "9:15 R0802",
                          "10:15 R0802", "11:15 R0805", "12:17 R0802", "13:13 R0802", "14:8 R0103",
                          "15:8 R0111", "16:11 R0111", "17:14 R0804", "17:27 R0804"))
      << Render(result.diagnostics);
}

TEST(SigmaErrors, OfDocuments) {
  EXPECT_THAT(Messages({"title: T\ndetection: { s: { a: 1 }, condition: s }\n"}),
              ElementsAre("R0102 a Sigma rule needs 'logsource': which events it is about"));
  EXPECT_THAT(
      Messages({"logsource: { category: webserver }\ndetection: { s: { a: 1 }, condition: s }\n"}),
      ElementsAre("R0102 a Sigma rule needs 'title'"));
  EXPECT_THAT(
      Messages(
          {"title: T\nlogsource: { definition: x }\ndetection: { s: { a: 1 }, condition: s }\n"}),
      ElementsAre("R0102 a logsource needs a 'product', a 'category' or a 'service'"));
  EXPECT_THAT(
      Messages({"title: T\nid: [a]\nlogsource: { category: webserver, product: '' }\n"
                "detection: { s: { a: 1 }, condition: s }\n"}),
      ElementsAre("R0103 'id' must be text, and this is a list", "R0111 'product' is empty"));
  EXPECT_THAT(
      Messages({"title: T\nlogsource: { category: webserver }\ndetection: { s: { a: 1 } }\n"}),
      ElementsAre("R0102 a detection needs a 'condition' over its search identifiers"));
  EXPECT_THAT(
      Messages({"action: global\ntitle: T\nlogsource: { category: webserver }\n"}),
      ::testing::Contains("R0806 'action' (rule collections) is Sigma 1's, and is no more"));
  EXPECT_THAT(Messages({kScan, kScan}),
              ElementsAre("R0107 the rule id '11111111-1111-4111-8111-111111111111' is taken"));
  EXPECT_THAT(Messages({std::string(kFailed) + "---\n" + kScan +
                        "---\ntitle: Z\nname: scanner\nlogsource: { category: webserver "
                        "}\ndetection: { s: { a: 1 }, condition: s }\n"}),
              ElementsAre("R0107 the name 'scanner' is taken"));
}

TEST(SigmaWarnings, OfWhatIsSurelyNotMeant) {
  const auto told = [](const std::string& detection) {
    return Messages(
        {"title: T\nlogsource: { category: webserver }\ndetection:\n" + Indented(detection)});
  };
  EXPECT_THAT(told("s: { a: 1 }\nfilter: { b: 1 }\n_x: { c: 1 }\ncondition: s"),
              ElementsAre("R0963 no condition asks for 'filter'"));
  EXPECT_THAT(told("s: { a: 1 }\ntimeframe: 5m\ncondition: s"), ElementsAre(HasSubstr("R0964")));
  EXPECT_THAT(told("s: { a|contains|all: x }\ncondition: s"), ElementsAre(HasSubstr("R0965")));
  EXPECT_THAT(told("s: { a|expand: x }\ncondition: s"), ElementsAre(HasSubstr("R0966")));
  EXPECT_THAT(Messages({"title: T\ntaxonomy: ours\nlogsource: { category: webserver }\n"
                        "detection: { s: { a: 1 }, condition: s }\n"}),
              ElementsAre(HasSubstr("R0968")));
}

// A vendor's file may have such keys in a shape of its own; an override is ours.
TEST(SigmaFile, OverridesAreHeldToOurKeys) {
  const std::string rule = "id: t\n" + RuleWith("selection: { a: 1 }");
  const auto codes = [](const std::vector<std::string>& texts) {
    const LoadResult result = LoadSigma(texts);
    std::string told;
    for (const Diagnostic& one : result.diagnostics.list())
      told += (told.empty() ? "" : " ") + std::string(one.code.id);
    return told;
  };
  EXPECT_EQ(codes({rule + "mode: detect\nalert: x\nlimits: 5\n"}), "");
  EXPECT_EQ(codes({rule, "id: t\noverride: replace\nmode: shadw\n"}), "R0104");
  EXPECT_EQ(codes({rule, "id: t\noverride: replace\nalert: x\nsuppress: 5\n"}), "R0103 R0103");
  EXPECT_EQ(codes({rule, "id: t\noverride: replace\nlimits: { events: 1 }\nby: a\n"}),
            "R0101 R0101");
  EXPECT_EQ(codes({rule, "id: t\noverride: replace\nlevle: high\ntitle: U\n"}), "R0101");
  EXPECT_EQ(codes({rule, "id: t\noverride: { exeptions: append }\nexeptions: []\n"}), "R0101");
}

TEST(SigmaFile, ARuleHasTests) {
  const std::string rule = "id: t\n" + RuleWith("selection: { a: 1 }");
  const std::string tests =
      "tests: [ { name: one, events: [ { on: s, at: 0s, a: 1 } ], alerts: [ {} ] } ]\n";
  const LoadResult own = LoadSigma({rule + tests});
  ASSERT_EQ(own.tests.size(), 1u) << Render(own.diagnostics);
  EXPECT_EQ(own.tests[0].rules, std::vector<std::string>{"t"});
  EXPECT_EQ(LoadSigma({rule, "id: t\noverride: append\n" + tests}).tests.size(), 1u);
}

}  // namespace
}  // namespace telltale::rules
