// The schema of rule files against the loader: over thousands of documents, valid ones and such
// with a mistake somewhere, what one takes the other takes.
#include "rules/load/schema/rule_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "rules/load/load.h"
#include "rules/load/vocabulary/definition_keys.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/load/vocabulary/sequence_keys.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/vocabulary/window_keys.h"
#include "tests/rules/schema_judge.h"

namespace telltale::rules {
namespace {

using testing::HasSubstr;

// Between them they have every key.
constexpr std::array<const char*, 17> kSeeds = {
    "id: full\ntitle: T\ndescription: D\nstatus: stable\nlevel: high\ntags: [a, b]\n"
    "runbook: https://x\nreferences: [r]\nauthor: A\ndate: 2026-01-01\nmodified: 2026-01-02\n"
    "license: MIT\nfalsepositives: none\nmode: shadow\nby: user\nmissing_key: group\nwithin: "
    "1h\nmatch: latest\n"
    "after_match: skip_past_last\nlimits: { partial_matches: 10, events: 20, matches: 3, "
    "on_limit: reject_new }\nwarm_up: assume_empty\nsuppress: { by: [user], for: 1h }\n"
    "alert: { title: 'x {{user}}', risk_score: 80, fields: { f: b.y }, entities: { user: user } }\n"
    "exceptions: [ { name: n, where: 'user == \"u\"', expires: 2030-01-01 } ]\n"
    "sequence:\n  - not: { on: devices, by: user, where: x == 1, within: 1d }\n"
    "  - a: { on: logins, where: y == 2, by: [user], within: 5m, repeat: { min: 2, max: 4 } }\n"
    "  - b: { on: logins, optional: true }\n  - c: { on: devices, repeat: 3 }\n",
    "id: single\non: logins\nwhere: a == 1\n",
    "id: skips\nby: [user, each(ips)]\nwithin: 500ms\nsequence: [ a: { on: logins }, b: { on: "
    "logins } ]\n"
    "after_match: { skip_to_last: a }\n"
    "alert: { risk_score: { base: 10, add: [ { where: 'a.x == 1', score: -5 } ] },\n"
    "  entities: [ { type: user, id: user, risk_score: 3 } ] }\n",
    "lists: { l: [a, 1, 2.5], n-o: [c], m: { values: [b], type: string } }\n"
    "macros: { is_x: 'x == 1', 'gt(v)': 'amount > v' }\ndescription: D\n",
    "[ { id: one, on: logins }, { id: two, on: devices } ]",
    "id: shapes\nby: user\nwithin: 1h\nuntil: { on: devices, where: z == 1, by: user }\n"
    "on_timeout: { from: a }\nsequence:\n  - a: { on: logins }\n"
    "  - not: { on: devices, contiguity: strict }\n"
    "  - b: { on: logins, contiguity: any, within: 5m, repeat: { min: 1, max: 3, inside: strict,\n"
    "      within: 10s, greedy: true, until: { on: devices, where: w == 1, by: user } } }\n"
    "  - group: [ c: { on: logins, repeat: { until: x == 1 } }, d: { on: devices } ]\n",
    "id: nested\nby: user\nwithin: 1h\nsequence:\n"
    "  - group: { steps: [ a: { on: logins }, b: { on: devices } ], optional: true,\n"
    "      repeat: { max: 3, inside: any, within: 1s, greedy: false, until: { on: logins } } }\n"
    "  - any_of: { steps: [ c: { on: logins }, group: [ d: { on: devices }, e: { on: logins } ] "
    "],\n"
    "      contiguity: strict, within: 9s, repeat: 2 }\n"
    "  - all_of: [ f: { on: logins }, g: { on: devices } ]\n"
    "  - all_of: { steps: [ h: { on: logins }, i: { on: devices } ], optional: true, repeat: { "
    "max: 2 } }\n"
    "  - j: { on: logins }\n",
    "title: A Sigma rule\nid: 0f06a3a5-6a09-413f-8743-e6cf35561297\nname: a\nstatus: test\n"
    "level: high\ntags: [attack.t1078]\nauthor: [A]\nextra: { any: thing }\nrelated: ~\n"
    "logsource: { product: windows, category: ~, definition: [x] }\n"
    "detection:\n  selection: { Image|endswith|all: [a, b], User|re|i: x.*, Port: [1, null] }\n"
    "  words: [curl, 17, { A|contains: b }]\n  timeframe: 5m\n  condition: selection and words\n"
    "fields: [User]\nmode: shadow\nrunbook: r\nalert: { title: T }\nsuppress: { for: 1h }\n"
    "exceptions: [ { name: n, where: 'User == \"u\"' } ]\n",
    "title: S\nlogsource: { service: s }\nalert: off\ntests: none\nmode: 17\n"
    "detection: { a: { A: b }, condition: [a, not a] }\n",
    "[ { title: A, name: a, logsource: { product: p }, detection: { s: { A: b }, condition: s } "
    "},\n"
    "  { title: C, name: c, correlation: { type: value_count, rules: [a], group-by: [u], timespan: "
    "15m,\n      aliases: { u: { a: User } }, generate: true, condition: { gte: 3, field: A } } "
    "},\n"
    "  { title: D, generate: ~, correlation: { type: temporal, rules: [a, c], timespan: 1h,\n"
    "      condition: ~ } },\n"
    "  { title: E, correlation: { type: temporal_ordered, timespan: 1h, condition: a and c } },\n"
    "  { title: F, correlation: { type: value_percentile, rules: a, timespan: 1d,\n"
    "      condition: { gt: 1.5, lt: 9, field: A, percentile: 95 } } },\n"
    "  { title: G, logsource: { product: p }, filter: { rules: [a], s: { A|cidr: 10.0.0.0/8 },\n"
    "      condition: not s } } ]",
    "title: G\nlogsource: { product: p }\nfilter: { rules: any, s: [x, y], condition: not s }\n",
    "id: detected\nby: user\nwithin: 1h\nsequence:\n  - a: { on: logins, detection: { A|contains: "
    "x } }\n"
    "  - not: { on: logins, detection: [word, { B: 1 }] }\n"
    "  - b: { on: devices, detection: { s: { C|gt: 3 }, condition: s } }\n",
    "id: spraying\nby: ip\naggregate: { on: logins, where: x == 1, detection: { A: b }, on_empty: "
    "false,\n"
    "  window: { sliding: 10m }, having: count() > 20, evidence: 5 }\n",
    "id: views\nby: page\nemit: every_window\naggregate:\n  any_of: [ { on: logins, name: l, "
    "where: x == 1, by: "
    "p },\n    { on: devices, detection: { A: b } } ]\n"
    "  window: { hopping: 1h, every: 5m, offset: 1m }\n",
    "id: seen\nby: user\nnew_terms: { on: logins, where: x == 1, field: [device, ip], history: 30d "
    "}\n",
    "id: busy\nby: user\nwithin: 1h\nwindows:\n  - { name: w, on: logins, where: x == 1, by: u, "
    "window: { sliding: 10m }, values: { n: count(), s: sum(y) } }\n"
    "sequence: [ a: { on: logins, where: w.n > w.s }, b: { on: devices } ]\n",
    "id: 17\nby: user\nsequence: [ a: { on: logins, repeat: { min: 2 } } ]\nwithin: 1h30m\n",
};

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  void Change(Node& node) {
    // Down to some node, and there one change.
    Node* at = &node;
    while (!Children(*at).empty() && !Chance(4)) {
      const std::vector<Node*> children = Children(*at);
      at = children[Any(children.size())];
    }
    if (at->kind == NodeKind::kMap && !at->entries.empty() && !Chance(3)) return ChangeMap(*at);
    if (at->kind == NodeKind::kSequence && !at->items.empty() && Chance(2)) {
      at->items.erase(at->items.begin() + static_cast<ptrdiff_t>(Any(at->items.size())));
      return;
    }
    *at = Value();
  }

 private:
  size_t Any(size_t size) { return std::uniform_int_distribution<size_t>(0, size - 1)(random_); }
  bool Chance(size_t of) { return Any(of) == 0; }

  static std::vector<Node*> Children(Node& node) {
    std::vector<Node*> children;
    for (Node& item : node.items) children.push_back(&item);
    for (Entry& entry : node.entries) children.push_back(&entry.value);
    return children;
  }

  void ChangeMap(Node& map) {
    Entry& entry = map.entries[Any(map.entries.size())];
    switch (Any(4)) {
      case 0:
        map.entries.erase(map.entries.begin() + (&entry - map.entries.data()));
        return;
      case 1:
        if (LocatedText name(Name()); map.Find(name.text()) == nullptr) entry.key = name;
        return;
      case 2:
        if (LocatedText name(Name()); map.Find(name.text()) == nullptr)
          map.entries.push_back({name, Value()});
        return;
      default:
        entry.value = Value();
    }
  }

  std::string Name() {
    static const std::vector<std::string> names = {
        "added",      "where",     "on",         "id",        "within",     "title",
        "a b",        "event",     "greedy",     "until",     "by",         "min",
        "not",        "tags",      "level",      "for",       "sequence",   "x1",
        "1x",         "fields",    "group",      "any_of",    "all_of",     "steps",
        "repeat",     "inside",    "contiguity", "optional",  "on_timeout", "from",
        "A|contains", "A|contain", "condition",  "logsource", "product",    "rules",
        "timespan",   "type",      "gte",        "generate",  "action",     "detection",
        "timeframe",  "aggregate", "new_terms",  "window",    "having",     "history",
        "sliding",    "every",     "windows",    "values",    "name"};
    return names[Any(names.size())];
  }

  Node Value() {
    static const std::vector<std::string> values = {"null",       "true",
                                                    "17",         "0",
                                                    "-3",         "1.5",
                                                    "\"\"",       "\" \"",
                                                    "word",       "15m",
                                                    "0s",         "1m1h",
                                                    "[]",         "{}",
                                                    "[word]",     "[null]",
                                                    "off",        "stable",
                                                    "x == 1",     "[[word]]",
                                                    "{ a: b }",   "10000001",
                                                    "{ min: 1 }", "{ on: logins }",
                                                    "all",        "[{ name: n, where: x }]",
                                                    "{ a: 1 }",   "event_count",
                                                    "not s"};
    std::vector<Node> parsed = Parsed(values[Any(values.size())]);
    return std::move(parsed.front());
  }

  std::mt19937 random_;
};

// Codes that speak of the structure of a document.
bool IsStructural(const Diagnostic& diagnostic) {
  static const std::set<std::string_view> codes = {"R0101", "R0102", "R0103", "R0104", "R0105",
                                                   "R0106", "R0108", "R0110", "R0111", "R0203",
                                                   "R0204", "R0212", "R0243", "R0533", "R0534"};
  return codes.contains(diagnostic.code.id);
}

enum class Verdict { kTaken, kRefused, kUnclear };

// Unclear: it is refused for what its words mean, or not read whole.
Verdict Judge(const std::string& text) {
  static const auto streams = [] {
    Stream logins{"logins", "l", {}, 1'000'000};
    for (const LogsourceName& name :
         {LogsourceName{.product = "windows"}, {.product = "p"}, {.service = "s"}})
      logins.logsources.push_back({.name = name});
    return std::make_shared<const StreamCatalog>(
        std::vector<Stream>{logins, {"devices", "d", {}, 1'000'000}});
  }();
  const LoadResult result = Load({CaseFile(text)}, streams);
  bool unserved = false;
  for (const Diagnostic& diagnostic : result.diagnostics.list()) {
    if (diagnostic.severity == Severity::kError && IsStructural(diagnostic))
      return Verdict::kRefused;
    unserved = unserved || diagnostic.code.id == kUnservedLogsource.id;
  }
  // What is ours in a rule that does not run is not read.
  return result.diagnostics.has_errors() || unserved ? Verdict::kUnclear : Verdict::kTaken;
}

TEST(RuleSchema, JudgesAsTheLoaderDoes) {
  SchemaCases cases;
  for (uint32_t seed = 0; seed < 4800; ++seed) {
    std::vector<Node> documents = Parsed(kSeeds[seed % kSeeds.size()]);
    Node& document = documents.front();
    Mutator mutator(seed);
    for (uint32_t changes = seed < kSeeds.size() ? 0 : 1 + seed % 3; changes > 0; --changes)
      mutator.Change(document);
    const std::string json = ToJson(document);
    const Verdict verdict = Judge(json);
    if (seed < kSeeds.size()) {
      EXPECT_EQ(static_cast<int>(verdict), static_cast<int>(Verdict::kTaken)) << json;
    }
    if (verdict == Verdict::kUnclear) continue;
    cases.Add(json, verdict == Verdict::kTaken);
  }
  EXPECT_GT(cases.accepted(), 250u);
  EXPECT_GT(cases.refused(), 1200u);
  cases.ExpectJudged(RuleSchema());
}

TEST(TestFileSchema, JudgesAsTheLoaderDoes) {
  const auto streams =
      std::make_shared<const StreamCatalog>(std::vector<Stream>{{"logins", "l", {}, 1'000'000}});
  SchemaCases cases;
  for (const char* text : {
           "{ rule: r, tests: [ { name: a, events: [], alerts: [] } ] }",
           "[ { rules: [r, q], tests: [ { name: a, events: [], alerts: [] } ] } ]",
           "{ rule: r, tests: [ { name: a, description: b, base: 2024-01-01T00:00:00Z, end: drain,"
           " events: [ { at: 0s, on: logins, a: 1 } ], alerts: [ { at: 0s } ], late: [],"
           " warm_up: quiet } ] }",
           "{ tests: [ { name: a, events: [], alerts: [] } ] }",
           "{ rule: r, rules: [q], tests: [ { name: a, events: [], alerts: [] } ] }",
           "{ rule: r, tests: [] }",
           "{ rule: r }",
           "{ rule: r, test: [ { name: a, events: [], alerts: [] } ] }",
           "{ rule: r, tests: [ { name: a, events: [] } ] }",
           "{ rule: r, tests: [ { name: a, events: [], alerts: [], end: never } ] }",
           "{ rule: r, tests: [ { name: a, events: [], alerts: [ { when: 0s } ] } ] }",
           "{ rule: r, tests: [ { name: a, events: {}, alerts: [] } ] }",
           "{ rule: r, tests: [ { name: a, events: [], alerts: [], late: one } ] }",
           "text",
           "{ id: r, on: logins }",
       }) {
    const LoadResult result = Load(
        {CaseFile("[ { id: r, on: logins }, { id: q, on: logins } ]")},
        {.streams = streams,
         .test_files = {std::make_shared<const SourceFile>("case.test.yml", std::string(text))}});
    cases.Add(ToJson(Parsed(text).front()), !result.diagnostics.has_errors());
  }
  EXPECT_EQ(cases.accepted(), 3u);
  cases.ExpectJudged(TestFileSchema());
  for (const KeySet* keys : {&TestFileKeys(), &TestKeys(), &ExpectedAlertKeys()}) {
    for (const Key& key : keys->known)
      EXPECT_THAT(TestFileSchema(), HasSubstr("\"" + key.name + "\": {")) << keys->owner;
  }
}

TEST(RuleSchema, HasEveryKeyWithWhatItIsFor) {
  const std::string schema = RuleSchema();
  for (const KeySet* keys :
       {&RuleKeys(),         &StepKeys(),        &NotKeys(),       &GroupKeys(),
        &AnyOfKeys(),        &AllOfKeys(),       &RepeatKeys(),    &GroupRepeatKeys(),
        &UntilKeys(),        &RepeatUntilKeys(), &TimeoutKeys(),   &AfterMatchKeys(),
        &LimitKeys(),        &SuppressKeys(),    &AlertKeys(),     &RiskKeys(),
        &RiskModifierKeys(), &EntityKeys(),      &ExceptionKeys(), &DefinitionKeys(),
        &ListKeys(),         &AggregateKeys(),   &WindowKeys(),    &NewTermsKeys(),
        &SourceKeys(),       &BaselineKeys()}) {
    for (const Key& key : keys->known) {
      EXPECT_THAT(schema, HasSubstr("\"" + key.name + "\": {")) << keys->owner;
    }
  }
  EXPECT_THAT(schema, HasSubstr("\"$schema\": \"http://json-schema.org/draft-07/schema#\""));
  EXPECT_THAT(schema, HasSubstr("\"enum\": [\n"));
}

}  // namespace
}  // namespace telltale::rules
