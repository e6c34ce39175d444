// Every key of the language is accepted where it is right and refused where it is misused: a table
// with one of each, held against the vocabulary, so that no key can come without them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/load/load.h"
#include "rules/load/vocabulary/definition_keys.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/load/vocabulary/sequence_keys.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/vocabulary/window_keys.h"

namespace telltale::rules {
namespace {

struct KeyCase {
  const KeySet& (*keys)();
  const char* key;
  const char* accepted;
  const char* refused;
  const char* code;  // of the mistake in `refused`, which is the only one
};

// The beginnings of rules that most cases go on with.
#define RULE "id: a\non: logins\n"
#define KEYED "id: a\nby: user\non: logins\n"
#define STEP "id: a\nby: user\nwithin: 1h\nsequence:\n  - s: { on: logins"
#define TWO \
  "id: a\nby: user\nwithin: 1h\nsequence:\n  - s: { on: logins }\n  - t: { on: devices }\n"
#define NOT "id: a\nby: user\nsequence:\n  - s: { on: logins }\n  - not: { on: devices"
#define BETWEEN \
  "id: a\nby: user\nwithin: 1h\nsequence:\n  - s: { on: logins }\n  - not: { on: devices"
#define MORE TWO "  - u: { on: logins, "
#define MANY(word, more) \
  TWO "  - " word ": { steps: [u: { on: logins }, v: { on: devices }], " more " }"
#define WINDOW(window) \
  "id: a\nby: user\naggregate: { on: logins, having: count() > 3, window: " window " }\n"
#define AGGREGATE(more) \
  "id: a\nby: user\naggregate: { window: { sliding: 1m }, having: count() > 3, " more " }\n"
#define BASELINE(baseline)                                                                   \
  "id: a\nby: user\naggregate: { on: logins, window: { sliding: 1m }, baseline: { " baseline \
  " }, having: count() > 3.0 * baseline.avg }\n"
#define TERMS(more) "id: a\nby: user\nnew_terms: { on: logins, " more " }\n"
#define SOURCE(source) AGGREGATE("any_of: [{ " source " }]")
#define STEP_WINDOW(more)                          \
  "id: a\nby: user\nwithin: 1h\nwindows: [{ " more \
  " }]\nsequence:\n  - s: { on: logins, where: w.n > 1 }\n  - t: { on: devices }\n"
#define METRIC(more) RULE "output: { metric: { name: m_total, type: counter, " more " } }\n"
#define USE "---\n" RULE "where: x in lists.l\n"

const std::vector<KeyCase>& Cases() {
  static const std::vector<KeyCase> cases = {
      {RuleKeys, "id", RULE, "id: a b\non: logins\n", "R0108"},
      {RuleKeys, "title", RULE "title: A title", RULE "title: [a]", "R0103"},
      {RuleKeys, "description", RULE "description: text", RULE "description: {a: b}", "R0103"},
      {RuleKeys, "status", RULE "status: test", RULE "status: tset", "R0104"},
      {RuleKeys, "level", RULE "level: high", RULE "level: higher", "R0104"},
      {RuleKeys, "tags", RULE "tags: [attack.t1078]", RULE "tags: [[a]]", "R0103"},
      {RuleKeys, "runbook", RULE "runbook: https://x", RULE "runbook: ''", "R0111"},
      {RuleKeys, "references", RULE "references: [https://x]", RULE "references: {}", "R0103"},
      {RuleKeys, "author", RULE "author: me", RULE "author: {a: b}", "R0103"},
      {RuleKeys, "date", RULE "date: 2026-03-01", RULE "date: [2026]", "R0103"},
      {RuleKeys, "modified", RULE "modified: 2026-03-01", RULE "modified: []", "R0103"},
      {RuleKeys, "license", RULE "license: MIT", RULE "license:", "R0111"},
      {RuleKeys, "falsepositives", RULE "falsepositives: [x]", RULE "falsepositives: [{}]",
       "R0103"},
      {RuleKeys, "mode", RULE "mode: shadow", RULE "mode: dark", "R0104"},
      {RuleKeys, "by", KEYED, RULE "by: []", "R0111"},
      {RuleKeys, "missing_key", KEYED "missing_key: group", KEYED "missing_key: keep", "R0104"},
      {RuleKeys, "on", RULE, "id: a\non: logns\n", "R0201"},
      {RuleKeys, "where", RULE "where: x == 1", RULE "where: x = 1", "R0303"},
      {RuleKeys, "detection", RULE "detection: { x|contains: y }",
       RULE "detection: { x|contain: y }", "R0203"},
      {RuleKeys, "include", "id: a\non: alerts\ninclude: suppressed\n", RULE "include: suppressed",
       "R0243"},
      {RuleKeys, "sequence", TWO, "id: a\nsequence: []\n", "R0111"},
      {RuleKeys, "within", TWO, RULE "within: 10", "R0106"},
      {RuleKeys, "match", TWO "match: latest", TWO "match: last", "R0104"},
      {RuleKeys, "after_match", TWO "after_match: skip_to_next", TWO "after_match: skip", "R0104"},
      {RuleKeys, "limits", TWO "limits: { events: 9 }", TWO "limits: 9", "R0103"},
      {RuleKeys, "warm_up", TWO "warm_up: assume_empty", TWO "warm_up: empty", "R0104"},
      {RuleKeys, "suppress", KEYED "suppress: { for: 1h }", KEYED "suppress: 1h", "R0103"},
      {RuleKeys, "alert", RULE "alert: { title: x }", RULE "alert: x", "R0103"},
      {RuleKeys, "allow", RULE "allow: R0904", RULE "allow: [[R0904]]", "R0103"},
      {RuleKeys, "exceptions", RULE "exceptions: [{ name: n, where: logins.x == 1 }]",
       RULE "exceptions: 1", "R0103"},

      {StepKeys, "on", STEP " }", "id: a\nby: user\nwithin: 1h\nsequence:\n  - s: { on: x }",
       "R0201"},
      {StepKeys, "where", STEP ", where: x == 1 }", STEP ", where: 1 }", "R0406"},
      {StepKeys, "detection", STEP ", detection: { x: y } }", STEP ", detection: { x|re: '(' } }",
       "R0407"},
      {StepKeys, "include", TWO "  - u: { on: alerts, include: suppressed }",
       STEP ", include: shadow }", "R0104"},
      {StepKeys, "by", STEP ", by: account }", STEP ", by: [a, b] }", "R0211"},
      {StepKeys, "within", TWO "  - u: { on: logins, within: 5m }", STEP ", within: 5x }", "R0106"},
      {StepKeys, "repeat", STEP ", repeat: 2 }", STEP ", repeat: 0 }", "R0208"},
      {StepKeys, "optional", TWO "  - u: { on: logins, optional: true }", STEP ", optional: 1 }",
       "R0103"},

      {NotKeys, "on", NOT ", within: 1h }",
       "id: a\nby: user\nwithin: 1h\nsequence:\n"
       "  - s: { on: logins }\n  - not: { on: nowhere }",
       "R0201"},
      {NotKeys, "where", NOT ", within: 1h, where: x == 1 }", NOT ", within: 1h, where: '(' }",
       "R0307"},
      {NotKeys, "by", NOT ", within: 1h, by: account }", NOT ", within: 1h, by: [a, b] }", "R0211"},
      {NotKeys, "detection", NOT ", within: 1h, detection: { x: y } }",
       NOT ", within: 1h, detection: {} }", "R0111"},
      {NotKeys, "include",
       "id: a\nby: user\nwithin: 1h\nsequence:\n  - s: { on: logins }\n"
       "  - not: { on: alerts, include: suppressed }",
       NOT ", within: 1h, include: suppressed }", "R0243"},
      {NotKeys, "within", NOT ", within: 1h }", NOT ", within: soon }", "R0106"},

      {StepKeys, "contiguity", TWO "  - u: { on: logins, contiguity: any }",
       TWO "  - u: { on: logins, contiguity: next }", "R0104"},
      {NotKeys, "contiguity", BETWEEN ", contiguity: strict }\n  - t: { on: logins }",
       BETWEEN ", contiguity: any }\n  - t: { on: logins }", "R0218"},
      {RuleKeys, "until", TWO "until: { on: logins, where: x == 1 }", TWO "until: x == 1", "R0103"},
      {RuleKeys, "on_timeout", TWO "on_timeout: { from: s }", TWO "on_timeout: s", "R0103"},
      {RuleKeys, "aggregate", AGGREGATE("on: logins"), "id: a\naggregate: 5m\n", "R0103"},
      {RuleKeys, "new_terms", TERMS("field: x, history: 1d"), "id: a\nnew_terms: x\n", "R0103"},
      {RuleKeys, "emit", AGGREGATE("on: logins") "emit: settled",
       AGGREGATE("on: logins") "emit: on_chnge", "R0104"},
      {AggregateKeys, "on", AGGREGATE("on: logins"), AGGREGATE("on: logns"), "R0201"},
      {AggregateKeys, "where", AGGREGATE("on: logins, where: x == 1"),
       AGGREGATE("on: logins, where: x = 1"), "R0303"},
      {AggregateKeys, "detection", AGGREGATE("on: logins, detection: { x: y }"),
       AGGREGATE("on: logins, detection: {}"), "R0111"},
      {AggregateKeys, "include", AGGREGATE("on: alerts, include: suppressed"),
       AGGREGATE("on: alerts, include: all"), "R0104"},
      {AggregateKeys, "any_of", AGGREGATE("any_of: [{ on: logins }, { on: devices }]"),
       AGGREGATE("on: logins, any_of: [{ on: devices }]"), "R0215"},
      {AggregateKeys, "window", AGGREGATE("on: logins"),
       "id: a\naggregate: { on: logins, having: count() > 3 }\n", "R0102"},
      {AggregateKeys, "having", AGGREGATE("on: logins"),
       "id: a\naggregate: { on: logins, having: count(), window: { sliding: 1m } }\n", "R0406"},
      {AggregateKeys, "baseline", BASELINE("of: count(), every: 1h, over: 7d"),
       AGGREGATE("on: logins, baseline: 7d"), "R0103"},
      {BaselineKeys, "of", BASELINE("of: sum(x) + 1, every: 1h, over: 7d"),
       BASELINE("of: '1', every: 1h, over: 7d"), "R0234"},
      {BaselineKeys, "every", BASELINE("of: count(), every: 1h, over: 7d"),
       BASELINE("of: count(), every: 1s, over: 7d"), "R0234"},
      {BaselineKeys, "over", BASELINE("of: count(), every: 1h, over: 2h"),
       BASELINE("of: count(), every: 1h, over: 3h30m"), "R0234"},
      {AggregateKeys, "on_empty", AGGREGATE("on: logins, on_empty: true"),
       AGGREGATE("on: logins, on_empty: 1"), "R0103"},
      {AggregateKeys, "evidence", AGGREGATE("on: logins, evidence: 0"),
       AGGREGATE("on: logins, evidence: 1001"), "R0105"},
      {RuleKeys, "windows",
       STEP_WINDOW("name: w, on: logins, window: { sliding: 1m }, values: { n: count() }"),
       TWO "windows: { w: 1m }", "R0103"},
      {StepWindowKeys, "name",
       STEP_WINDOW("name: w, on: logins, window: { sliding: 1m }, values: { n: count() }"),
       STEP_WINDOW("name: s, on: logins, window: { sliding: 1m }, values: { n: count() }"),
       "R0202"},
      {StepWindowKeys, "on",
       STEP_WINDOW("name: w, on: logins, window: { sliding: 1m }, values: { n: count() }"),
       STEP_WINDOW("name: w, on: logns, window: { sliding: 1m }, values: { n: count() }"), "R0201"},
      {StepWindowKeys, "where",
       STEP_WINDOW("name: w, on: logins, where: x == 1, window: { sliding: 1m }, values: { n: "
                   "count() }"),
       STEP_WINDOW("name: w, on: logins, where: s.x == 1, window: { sliding: 1m }, values: { n: "
                   "count() }"),
       "R0409"},
      {StepWindowKeys, "detection",
       STEP_WINDOW(
           "name: w, on: logins, detection: { x: y }, window: { sliding: 1m }, values: { n: "
           "count() }"),
       STEP_WINDOW("name: w, on: logins, detection: {}, window: { sliding: 1m }, values: { n: "
                   "count() }"),
       "R0111"},
      {StepWindowKeys, "include",
       STEP_WINDOW(
           "name: w, on: alerts, include: suppressed, window: { sliding: 1m }, values: { n: "
           "count() }"),
       STEP_WINDOW(
           "name: w, on: logins, include: suppressed, window: { sliding: 1m }, values: { n: "
           "count() }"),
       "R0243"},
      {StepWindowKeys, "by",
       STEP_WINDOW("name: w, on: logins, by: other, window: { sliding: 1m }, values: { n: count() "
                   "}"),
       STEP_WINDOW("name: w, on: logins, by: [a, b], window: { sliding: 1m }, values: { n: count() "
                   "}"),
       "R0211"},
      {StepWindowKeys, "any_of",
       STEP_WINDOW("name: w, any_of: [{ on: logins }, { on: devices }], window: { sliding: 1m }, "
                   "values: { n: count() }"),
       STEP_WINDOW("name: w, on: logins, any_of: [{ on: devices }], window: { sliding: 1m }, "
                   "values: { n: count() }"),
       "R0215"},
      {StepWindowKeys, "window",
       STEP_WINDOW("name: w, on: logins, window: { sliding: 1m }, values: { n: count() }"),
       STEP_WINDOW("name: w, on: logins, window: { tumbling: 1m }, values: { n: count() }"),
       "R0228"},
      {StepWindowKeys, "values",
       STEP_WINDOW("name: w, on: logins, window: { sliding: 1m }, values: { n: count() }"),
       STEP_WINDOW("name: w, on: logins, window: { sliding: 1m }, values: { n: count(1) }"),
       "R0404"},
      {WindowKeys, "sliding", WINDOW("{ sliding: 1m }"), WINDOW("{ sliding: 0s }"), "R0105"},
      {WindowKeys, "tumbling", WINDOW("{ tumbling: 1m }"), WINDOW("{ tumbling: 1m, sliding: 1m }"),
       "R0215"},
      {WindowKeys, "hopping", WINDOW("{ hopping: 10m, every: 1m }"), WINDOW("{ hopping: 10m }"),
       "R0102"},
      {WindowKeys, "session", WINDOW("{ session: 1m }"), WINDOW("{ session: soon }"), "R0106"},
      {WindowKeys, "every", WINDOW("{ hopping: 10m, every: 1m }"),
       WINDOW("{ hopping: 10m, every: 3m }"), "R0228"},
      {WindowKeys, "offset", WINDOW("{ tumbling: 1h, offset: 30m }"),
       WINDOW("{ tumbling: 1h, offset: 1h }"), "R0228"},
      {WindowKeys, "zone", WINDOW("{ tumbling: 1d, zone: Europe/Paris }"),
       WINDOW("{ tumbling: 1d, zone: Europe/Pris }"), "R0410"},
      {WindowKeys, "longest", WINDOW("{ session: 1m, longest: 1h }"),
       WINDOW("{ sliding: 1m, longest: 1h }"), "R0228"},
      {NewTermsKeys, "on", TERMS("field: x, history: 1d"),
       "id: a\nnew_terms: { field: x, history: 1d }\n", "R0102"},
      {NewTermsKeys, "where", TERMS("field: x, history: 1d, where: y == 1"),
       TERMS("field: x, history: 1d, where: '1'"), "R0406"},
      {NewTermsKeys, "detection", TERMS("field: x, history: 1d, detection: { y: 1 }"),
       TERMS("field: x, history: 1d, detection: []"), "R0111"},
      {NewTermsKeys, "include",
       "id: a\nby: user\nnew_terms: { on: alerts, include: suppressed, field: level, history: 1d "
       "}\n",
       TERMS("field: x, history: 1d, include: suppressed"), "R0243"},
      {NewTermsKeys, "any_of",
       "id: a\nby: user\nnew_terms: { any_of: [{ on: logins }], field: x, history: 1d }\n",
       "id: a\nby: user\nnew_terms: { any_of: x, field: x, history: 1d }\n", "R0103"},
      {NewTermsKeys, "field", TERMS("field: [x, y], history: 1d"),
       TERMS("field: '[x]', history: 1d"), "R0406"},
      {NewTermsKeys, "history", TERMS("field: x, history: 1d"), TERMS("field: x, history: 1"),
       "R0106"},
      {SourceKeys, "on", SOURCE("on: logins"), SOURCE("where: x == 1"), "R0102"},
      {SourceKeys, "name", SOURCE("on: logins, name: n"), SOURCE("on: logins, name: a b"), "R0204"},
      {SourceKeys, "where", SOURCE("on: logins, where: x == 1"), SOURCE("on: logins, where: '1'"),
       "R0406"},
      {SourceKeys, "detection", SOURCE("on: logins, detection: { x: y }"),
       SOURCE("on: logins, detection: {}"), "R0111"},
      {SourceKeys, "include", SOURCE("on: alerts, include: suppressed"),
       SOURCE("on: logins, include: suppressed"), "R0243"},
      {SourceKeys, "by", SOURCE("on: logins, by: account"), SOURCE("on: logins, by: [a, b]"),
       "R0211"},
      {TimeoutKeys, "from", TWO "on_timeout: { from: s }", TWO "on_timeout: { from: [s] }",
       "R0103"},
      {UntilKeys, "on", TWO "until: { on: logins }", TWO "until: { on: logns }", "R0201"},
      {UntilKeys, "where", TWO "until: { on: logins, where: x == 1 }",
       TWO "until: { on: logins, where: x == s.x }", "R0409"},
      {UntilKeys, "detection", TWO "until: { on: logins, detection: { x: y } }",
       TWO "until: { on: logins, detection: { x|is: y } }", "R0203"},
      {UntilKeys, "include", TWO "until: { on: alerts, include: suppressed }",
       TWO "until: { on: logins, include: suppressed }", "R0243"},
      {UntilKeys, "by", TWO "until: { on: logins, by: account }",
       TWO "until: { on: logins, by: [a, b] }", "R0211"},
      {RepeatUntilKeys, "on", MORE "repeat: { until: { on: devices } } }",
       MORE "repeat: { until: { on: [] } } }", "R0103"},
      {RepeatUntilKeys, "where", MORE "repeat: { until: { where: size(u) > 1 } } }",
       MORE "repeat: { until: { where: size(u) } } }", "R0406"},
      {RepeatUntilKeys, "detection", MORE "repeat: { until: { detection: { x: y } } } }",
       MORE "repeat: { until: { detection: [] } } }", "R0111"},
      {RepeatUntilKeys, "include", MORE "repeat: { until: { on: alerts, include: suppressed } } }",
       MORE "repeat: { until: { include: suppressed } } }", "R0243"},
      {RepeatUntilKeys, "by", MORE "repeat: { until: { on: devices, by: account } } }",
       MORE "repeat: { until: { by: [a, b] } } }", "R0211"},

      {GroupKeys, "steps", MANY("group", "optional: true"), TWO "  - group: { steps: [] }",
       "R0111"},
      {GroupKeys, "contiguity", MANY("group", "contiguity: any"),
       MANY("group", "contiguity: followed_by"), "R0104"},
      {GroupKeys, "within", MANY("group", "within: 5m"), MANY("group", "within: 5"), "R0106"},
      {GroupKeys, "optional", MANY("group", "optional: true"), MANY("group", "optional: yes"),
       "R0103"},
      {GroupKeys, "repeat", MANY("group", "repeat: 2"), MANY("group", "repeat: 0"), "R0208"},
      {AnyOfKeys, "steps", MANY("any_of", "optional: true"), TWO "  - any_of: { steps: 2 }",
       "R0103"},
      {AnyOfKeys, "contiguity", MANY("any_of", "contiguity: any"),
       MANY("any_of", "contiguity: [any]"), "R0103"},
      {AnyOfKeys, "within", MANY("any_of", "within: 5m"), MANY("any_of", "within: 5"), "R0106"},
      {AnyOfKeys, "optional", MANY("any_of", "optional: true"), MANY("any_of", "optional: 1"),
       "R0103"},
      {AnyOfKeys, "repeat", MANY("any_of", "repeat: 2"), MANY("any_of", "repeat: twice"), "R0103"},
      {AllOfKeys, "steps", MANY("all_of", "optional: true"), TWO "  - all_of: { optional: true }",
       "R0212"},
      {AllOfKeys, "optional", MANY("all_of", "optional: true"), MANY("all_of", "optional: 1"),
       "R0103"},
      {AllOfKeys, "repeat", MANY("all_of", "repeat: 2"), MANY("all_of", "repeat: -1"), "R0105"},

      {RepeatKeys, "inside", MORE "repeat: { inside: any } }", MORE "repeat: { inside: all } }",
       "R0104"},
      {RepeatKeys, "within", MORE "repeat: { within: 5s } }", MORE "repeat: { within: 5 } }",
       "R0106"},
      {RepeatKeys, "greedy", MORE "repeat: { greedy: true } }", MORE "repeat: { greedy: 1 } }",
       "R0103"},
      {RepeatKeys, "until", MORE "repeat: { until: x == 1 } }", MORE "repeat: { until: x = 1 } }",
       "R0303"},
      {GroupRepeatKeys, "min", MANY("group", "repeat: { min: 2 }"),
       MANY("group", "repeat: { min: 0 }"), "R0208"},
      {GroupRepeatKeys, "max", MANY("group", "repeat: { max: 2 }"),
       MANY("group", "repeat: { min: 3, max: 2 }"), "R0208"},
      {GroupRepeatKeys, "inside", MANY("any_of", "repeat: { inside: strict }"),
       MANY("any_of", "repeat: { max: 1, inside: strict }"), "R0219"},
      {GroupRepeatKeys, "within", MANY("any_of", "repeat: { within: 5s }"),
       MANY("any_of", "repeat: { within: 5x }"), "R0106"},
      {GroupRepeatKeys, "greedy", MANY("group", "repeat: { max: 5, greedy: true }"),
       MANY("group", "repeat: { greedy: very }"), "R0103"},
      {GroupRepeatKeys, "until", MANY("group", "repeat: { until: { on: logins } }"),
       MANY("group", "repeat: { until: x == 1 }"), "R0103"},
      {RepeatKeys, "min", STEP ", repeat: { min: 2 } }", STEP ", repeat: { min: 0 } }", "R0208"},
      {RepeatKeys, "max", STEP ", repeat: { max: 2 } }", STEP ", repeat: { max: -1 } }", "R0105"},

      {AfterMatchKeys, "skip_to_first", TWO "after_match: { skip_to_first: t }",
       TWO "after_match: { skip_to_first: x }", "R0209"},
      {AfterMatchKeys, "skip_to_last", TWO "after_match: { skip_to_last: t }",
       TWO "after_match: { skip_to_last: x }", "R0209"},

      {LimitKeys, "partial_matches", TWO "limits: { partial_matches: 1 }",
       TWO "limits: { partial_matches: 0 }", "R0105"},
      {LimitKeys, "events", TWO "limits: { events: 2 }", TWO "limits: { events: many }", "R0103"},
      {LimitKeys, "matches", TWO "limits: { matches: 1 }", TWO "limits: { matches: -1 }", "R0105"},
      {LimitKeys, "on_limit", TWO "limits: { on_limit: reject_new }",
       TWO "limits: { on_limit: panic }", "R0104"},

      {SuppressKeys, "by", KEYED "suppress: { by: [user, logins.ip], for: 1h }",
       KEYED "suppress: { by: nothing.ip, for: 1h }", "R0401"},
      {SuppressKeys, "for", KEYED "suppress: { for: 1h }", KEYED "suppress: { for: 0s }", "R0105"},

      {AlertKeys, "title", RULE "alert: { title: 'x {{logins.x}}' }",
       RULE "alert: { title: 'x {{logins.x' }", "R0109"},
      {AlertKeys, "risk_score", RULE "alert: { risk_score: 100 }",
       RULE "alert: { risk_score: 101 }", "R0105"},
      {AlertKeys, "fields", RULE "alert: { fields: { a: logins.x } }",
       RULE "alert: { fields: { a: nothing } }", "R0401"},
      {AlertKeys, "entities", RULE "alert: { entities: [{ type: user, id: logins.x }] }",
       RULE "alert: { entities: user }", "R0103"},

      {RuleKeys, "output", RULE "output: { topic: t }",
       RULE "output: { topic: t }\nalert: { title: x }", "R0215"},
      {OutputKeys, "topic", RULE "output: { topic: t }", RULE "output: { topic: a b }", "R0230"},
      {OutputKeys, "key", RULE "output: { topic: t, key: logins.x }",
       RULE "output: { topic: t, key: nothing }", "R0401"},
      {OutputKeys, "fields", RULE "output: { topic: t, fields: { a: logins.x } }",
       RULE "output: { topic: t, fields: [a] }", "R0103"},
      {OutputKeys, "metric", METRIC(""), RULE "output: { metric: m_total }", "R0103"},
      {MetricKeys, "name", METRIC(""), RULE "output: { metric: { name: m-total, type: counter } }",
       "R0232"},
      {MetricKeys, "type", METRIC(""),
       RULE "output: { metric: { name: m_total, type: histogram } }", "R0104"},
      {MetricKeys, "help", METRIC("help: text"), METRIC("help: [a]"), "R0103"},
      {MetricKeys, "value", METRIC("value: logins.x"), METRIC("value: '\"a\"'"), "R0406"},
      {MetricKeys, "labels", METRIC("labels: { a: logins.x }"), METRIC("labels: { a: '[1]' }"),
       "R0406"},
      {MetricKeys, "max_series", METRIC("max_series: 5"), METRIC("max_series: 0"), "R0105"},
      {RiskKeys, "base", RULE "alert: { risk_score: { base: 10 } }",
       RULE "alert: { risk_score: { base: 101 } }", "R0105"},
      {RiskKeys, "add",
       RULE "alert: { risk_score: { base: 1, add: [{ where: logins.x == 1, score: 5 }] } }",
       RULE "alert: { risk_score: { base: 1, add: 5 } }", "R0103"},
      {RiskModifierKeys, "where",
       RULE "alert: { risk_score: { base: 1, add: [{ where: logins.x == 1, score: 5 }] } }",
       RULE "alert: { risk_score: { base: 1, add: [{ where: '1', score: 5 }] } }", "R0406"},
      {RiskModifierKeys, "score",
       RULE "alert: { risk_score: { base: 1, add: [{ where: logins.x == 1, score: -5 }] } }",
       RULE "alert: { risk_score: { base: 1, add: [{ where: logins.x == 1, score: x }] } }",
       "R0103"},

      {EntityKeys, "type", RULE "alert: { entities: [{ type: user, id: logins.x }] }",
       RULE "alert: { entities: [{ type: [], id: logins.x }] }", "R0103"},
      {EntityKeys, "id", RULE "alert: { entities: [{ type: user, id: logins.x }] }",
       RULE "alert: { entities: [{ type: user, id: nothing }] }", "R0401"},
      {EntityKeys, "risk_score",
       RULE "alert: { entities: [{ type: user, id: logins.x, risk_score: 5 }] }",
       RULE "alert: { entities: [{ type: user, id: logins.x, risk_score: 500 }] }", "R0105"},

      {ExceptionKeys, "name", RULE "exceptions: [{ name: n, where: logins.x == 1 }]",
       RULE "exceptions: [{ name: [], where: logins.x == 1 }]", "R0103"},
      {ExceptionKeys, "where", RULE "exceptions: [{ name: n, where: logins.x == 1 }]",
       RULE "exceptions: [{ name: n, where: 1 }]", "R0406"},
      {ExceptionKeys, "expires",
       RULE "exceptions: [{ name: n, where: logins.x == 1, expires: 2199-01-01 }]",
       RULE "exceptions: [{ name: n, where: logins.x == 1, expires: soon }]", "R0714"},

      {DefinitionKeys, "lists", "lists: { l: [a] }\n" USE, "lists: [a]\n", "R0103"},
      {DefinitionKeys, "macros", "macros: { m: x == 1 }\n---\n" RULE "where: m",
       "macros: { m: x = 1 }\n", "R0303"},
      {DefinitionKeys, "description", "description: d\nlists: { l: [a] }\n" USE,
       "description: []\nlists: { l: [a] }\n" USE, "R0103"},

      {ListKeys, "values", "lists: { l: { values: [a] } }\n" USE,
       "lists: { l: { values: [[a]] } }\n" USE, "R0706"},
      {ListKeys, "file", "lists: { l: { file: f.csv } }\n" USE,
       "lists: { l: { file: none } }\n" USE, "R0703"},
      {ListKeys, "column", "lists: { l: { file: f.csv, column: a } }\n" USE,
       "lists: { l: { file: f.csv, column: z } }\n" USE, "R0705"},
      {ListKeys, "delimiter", "lists: { l: { file: f.csv, column: 'a,b', delimiter: ';' } }\n" USE,
       "lists: { l: { file: f.csv, column: a, delimiter: ';;' } }\n" USE, "R0104"},
      {ListKeys, "type", "lists: { l: { values: [1], type: int } }\n" USE,
       "lists: { l: { values: [1], type: integer } }\n" USE, "R0104"},
      {RuleKeys, "tests",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       KEYED "tests: []", "R0111"},
      {TestKeys, "name",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       KEYED "tests: [ { events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]", "R0102"},
      {TestKeys, "description",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], "
             "description: d } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], "
             "description: [] } ]",
       "R0103"},
      {TestKeys, "base",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], base: "
             "2026-03-01T10:00:00Z } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], base: "
             "2026-03-01 } ]",
       "R0601"},
      {TestKeys, "events",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       KEYED "tests: [ { name: n, events: {}, alerts: [] } ]", "R0103"},
      {TestKeys, "alerts",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: {} } ]",
       "R0103"},
      {TestKeys, "late",
       KEYED
       "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], late: 0 } ]",
       KEYED
       "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], late: 1 } ]",
       "R0603"},
      {TestKeys, "dead_letters",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], "
             "dead_letters: [0] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], "
             "dead_letters: [x] } ]",
       "R0603"},
      {TestKeys, "warm_up",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], "
             "warm_up: quiet } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], "
             "warm_up: cold } ]",
       "R0104"},
      {TestKeys, "end",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], end: "
             "drain } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], end: "
             "drained } ]",
       "R0104"},
      {TestKeys, "lists",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], lists: "
             "{ l: [a] } } ]\n---\nlists: { l: [b] }\n",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], lists: "
             "{ m: [a] } } ]",
       "R0709"},
      {TestKeys, "tables",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], tables: "
             "{ users: { u: { x: 1 } } } } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [], tables: "
             "{ people: {} } } ]",
       "R0709"},
      {TestEventKeys, "at",
       KEYED "tests: [ { name: n, events: [ { at: 1s, on: logins, record: {} } ], alerts: [] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 1, on: logins, record: {} } ], alerts: [] } ]",
       "R0601"},
      {TestEventKeys, "on",
       KEYED "tests: [ { name: n, events: [ { at: 1s, on: logins, record: {} } ], alerts: [] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 1s, record: {} } ], alerts: [] } ]", "R0102"},
      {TestEventKeys, "partition",
       KEYED "tests: [ { name: n, events: [ { at: 1s, on: logins, partition: 3, record: {} } ], "
             "alerts: [] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 1s, on: logins, partition: -1, record: {} } ], "
             "alerts: [] } ]",
       "R0105"},
      {TestEventKeys, "kafka_time",
       KEYED
       "tests: [ { name: n, events: [ { kafka_time: 1s, on: logins, record: {} } ], alerts: [] } ]",
       KEYED "tests: [ { name: n, events: [ { kafka_time: soon, on: logins, record: {} } ], "
             "alerts: [] } ]",
       "R0601"},
      {TestEventKeys, "record",
       KEYED
       "tests: [ { name: n, events: [ { at: 1s, on: logins, record: { on: x } } ], alerts: [] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 1s, on: logins, record: { x: .nan } } ], alerts: "
             "[] } ]",
       "R0604"},
      {ExpectedAlertKeys, "key",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { key: u "
             "} ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { key: "
             "[u, v] } ] } ]",
       "R0605"},
      {ExpectedAlertKeys, "at",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { at: 1s "
             "} ] } ]",
       KEYED
       "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { at: 1 } ] } ]",
       "R0601"},
      {ExpectedAlertKeys, "evidence",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "evidence: [0] } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "evidence: [1] } ] } ]",
       "R0603"},
      {ExpectedAlertKeys, "title",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { title: "
             "t } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { title: "
             "[] } ] } ]",
       "R0103"},
      {ExpectedAlertKeys, "risk_score",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "risk_score: 100 } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "risk_score: 101 } ] } ]",
       "R0105"},
      {ExpectedAlertKeys, "level",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { level: "
             "low } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { level: "
             "lower } ] } ]",
       "R0104"},
      {ExpectedAlertKeys, "fields",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { fields: "
             "{} } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { fields: "
             "{ x: 1 } } ] } ]",
       "R0605"},
      {ExpectedAlertKeys, "rule",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { rule: a "
             "} ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { rule: b "
             "} ] } ]",
       "R0605"},
      {ExpectedAlertKeys, "kind",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { kind: "
             "match } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { kind: "
             "find } ] } ]",
       "R0104"},
      {ExpectedAlertKeys, "reached",
       TWO "on_timeout: { from: s }\ntests: [ { name: n, events: [ { at: 0s, on: logins, user: u } "
           "], alerts: [ { kind: timeout, reached: s } ] } ]",
       TWO "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { reached: "
           "s } ] } ]",
       "R0605"},
      {ExpectedAlertKeys, "suppressed",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "suppressed: 2 } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "suppressed: -2 } ] } ]",
       "R0105"},
      {ExpectedAlertKeys, "truncated",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "truncated: true } ] } ]",
       KEYED "tests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { "
             "truncated: 1 } ] } ]",
       "R0103"},
      {TestFileKeys, "rule",
       "rule: a\ntests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       "rule: b\ntests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       "R0607"},
      {TestFileKeys, "rules",
       "rules: [a]\ntests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } "
       "]",
       "rules: []\ntests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       "R0111"},
      {TestFileKeys, "tests",
       "rule: a\ntests: [ { name: n, events: [ { at: 0s, on: logins, user: u } ], alerts: [] } ]",
       "rule: a\ntests: x", "R0103"},
  };
  return cases;
}

#undef RULE
#undef KEYED
#undef STEP
#undef TWO
#undef NOT
#undef USE

class OneFile : public DataFiles {
 public:
  DataFile Read(std::string_view name, const SourceFile&) override {
    if (name != "f.csv") return {nullptr, "No such file or directory"};
    return {std::make_shared<const SourceFile>("f.csv", "a,b\n1,2\n"), ""};
  }
};

LoadResult LoadText(const char* text) {
  OneFile files;
  const auto streams = std::make_shared<const StreamCatalog>(
      std::vector<Stream>{{"logins", "l", {}, 1'000'000}, {"devices", "d", {}, 1'000'000}});
  const auto tables = std::make_shared<const TableCatalog>(
      std::map<std::string, TableDeclaration, std::less<>>{{"users", {}}});
  const auto file = std::make_shared<const SourceFile>("a.yml", text);
  if (std::string_view(text).starts_with("rule")) {  // a file of tests
    const auto tested =
        std::make_shared<const SourceFile>("b.yml", "id: a\nby: user\non: logins\n");
    return Load({tested}, {.streams = streams, .test_files = {file}});
  }
  return Load({file}, {.streams = streams, .tables = tables, .data = &files});
}

std::string ErrorCodes(const LoadResult& result) {
  std::string codes;
  for (const Diagnostic& entry : result.diagnostics.list()) {
    if (entry.severity == Severity::kError) codes += std::string(entry.code.id) + " ";
  }
  return codes;
}

TEST(EveryKey, IsAcceptedAndItsMisuseIsRefused) {
  for (const KeyCase& c : Cases()) {
    const std::string key = std::string(c.keys().owner) + ": " + c.key;
    EXPECT_NE(std::string_view(c.accepted).find(c.key), std::string_view::npos) << key;
    const LoadResult accepted = LoadText(c.accepted);
    EXPECT_NE(accepted.rules, nullptr) << key << "\n" << Render(accepted.diagnostics);
    const LoadResult refused = LoadText(c.refused);
    EXPECT_EQ(ErrorCodes(refused), std::string(c.code) + " ") << key << "\n"
                                                              << Render(refused.diagnostics);
  }
}

TEST(EveryKey, HasACase) {
  std::set<const KeySet*> sets;
  std::set<std::pair<const KeySet*, std::string>> covered;
  for (const KeyCase& c : Cases()) {
    sets.insert(&c.keys());
    EXPECT_TRUE(covered.emplace(&c.keys(), c.key).second) << c.keys().owner << ": " << c.key;
  }
  for (const KeySet* set : sets) {
    for (const Key& key : set->known) {
      EXPECT_TRUE(covered.contains({set, key.name}))
          << "the key '" << key.name << "' of " << set->owner
          << " has no line in Cases(): give it a text that is accepted and one that is refused";
    }
  }
  // A key set without any line at all is seen by its declaration.
  const std::regex declaration(R"(const KeySet& (\w+)\(\);)");
  size_t declared = 0;
  for (const auto& file : std::filesystem::directory_iterator(std::string(TELLTALE_SOURCE_DIR) +
                                                              "/rules/load/vocabulary")) {
    if (file.path().extension() != ".h") continue;
    std::ifstream stream(file.path());
    const std::string header{std::istreambuf_iterator<char>(stream), {}};
    declared += static_cast<size_t>(
        std::distance(std::sregex_iterator(header.begin(), header.end(), declaration), {}));
  }
  EXPECT_EQ(declared, sets.size())
      << "rules/load/vocabulary declares a key set of which no key has a line in Cases()";
}

}  // namespace
}  // namespace telltale::rules
