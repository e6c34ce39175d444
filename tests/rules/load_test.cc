// Accepted rules: every key of the language once, and what the model holds after it.
#include "rules/load/load.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

std::shared_ptr<const StreamCatalog> Streams() {
  Stream transactions{"transactions", "pay.transactions", {}, kMillisecond};
  transactions.fields[{"amount"}] = Type::Of(TypeKind::kDouble);
  return std::make_shared<const StreamCatalog>(
      std::vector<Stream>{{"logins", "auth.logins", {}, kMillisecond},
                          {"devices", "auth.devices", {}, kMillisecond},
                          transactions});
}

LoadResult LoadText(std::string text) {
  return Load({std::make_shared<const SourceFile>("a.yml", std::move(text))}, Streams());
}

// The only rule of a file that has no errors.
Rule One(std::string text) {
  LoadResult result = LoadText(std::move(text));
  EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
  if (result.rules == nullptr || result.rules->rules.size() != 1) return {};
  return result.rules->rules[0];
}

std::string Codes(const LoadResult& result) {
  std::string codes;
  for (const Diagnostic& entry : result.diagnostics.list())
    codes += (codes.empty() ? "" : " ") + std::string(entry.code.id);
  return codes;
}

constexpr char kTakeover[] = R"(
title: New device, then a large transfer
id: ato-new-device-transfer
description: An account takeover.
status: stable
level: high
mode: shadow
tags: [attack.t1078, fraud.ato]
runbook: https://wiki.example/ato
references: [https://example.org]
author: Fraud team
date: 2026-03-01
modified: 2026-03-02
license: MIT
falsepositives: [holidays]
by: user_id
sequence:
  - login:    { on: logins, where: 'result == "success"' }
  - device:   { on: devices, by: account, where: 'action == "added"', within: 5m }
  - not:      { on: logins, where: 'has(mfa) && mfa == "passed"' }
  - transfer: { on: transactions, by: payer.id, where: 'amount > 1000.0 && device_id == device.id', repeat: { min: 2, max: 9 } }
  - extra:    { on: transactions, by: payer.id, optional: true }
within: 15m
match: latest
after_match: { skip_to_last: device }
limits: { partial_matches: 10, events: 100, matches: 5, on_limit: reject_new }
warm_up: assume_empty
alert:
  title: 'User {{user_id}}: {{size(transfer)}} transfers'
  risk_score: 80
  fields: { login_country: login.country, device: device.id }
suppress: { by: [user_id], for: 1h }
)";

TEST(Load, EveryKeyReachesTheModel) {
  const Rule rule = One(kTakeover);
  EXPECT_EQ(rule.id, "ato-new-device-transfer");
  EXPECT_EQ(rule.title, "New device, then a large transfer");
  EXPECT_EQ(rule.description, "An account takeover.");
  EXPECT_EQ(rule.status, Status::kStable);
  EXPECT_EQ(rule.level, Level::kHigh);
  EXPECT_EQ(rule.mode, Mode::kShadow);
  EXPECT_EQ(rule.tags, (std::vector<std::string>{"attack.t1078", "fraud.ato"}));
  EXPECT_EQ(rule.runbook, "https://wiki.example/ato");
  EXPECT_EQ(rule.key_names, std::vector<std::string>{"user_id"});
  ASSERT_EQ(rule.steps.size(), 4u);
  EXPECT_EQ(rule.steps[1].name, "device");
  ASSERT_EQ(rule.pattern.places.size(), 5u);
  EXPECT_EQ(rule.pattern.places[1].within, 300 * kSecond);
  EXPECT_EQ(ToString(*rule.steps[1].selector.by[0].root),
            ToString(*rule.steps[1].selector.by[0].root));
  EXPECT_TRUE(rule.pattern.places[2].IsNot());
  EXPECT_EQ(rule.pattern.places[3].repeat.min, 2u);
  EXPECT_EQ(rule.pattern.places[3].repeat.max, 9u);
  EXPECT_TRUE(rule.steps[2].list);
  EXPECT_TRUE(rule.pattern.places[4].optional);
  ASSERT_EQ(rule.absences.size(), 1u);
  EXPECT_EQ(rule.within, 900 * kSecond);
  EXPECT_EQ(rule.match, MatchMode::kLatest);
  EXPECT_EQ(rule.after_match.kind, SkipKind::kSkipToLast);
  EXPECT_EQ(rule.after_match.step, 1u);
  EXPECT_EQ(rule.limits.partial_matches, 10u);
  EXPECT_EQ(rule.limits.events, 100u);
  EXPECT_EQ(rule.limits.matches_per_event, 5u);
  EXPECT_EQ(rule.limits.on_limit, OnLimit::kRejectNew);
  EXPECT_EQ(rule.warm_up, WarmUp::kAssumeEmpty);
  ASSERT_TRUE(rule.alert.title.has_value());
  EXPECT_EQ(rule.alert.title->literals, (std::vector<std::string>{"User ", ": ", " transfers"}));
  EXPECT_EQ(rule.alert.title->holes.size(), 2u);
  EXPECT_EQ(rule.alert.risk_score, 80);
  EXPECT_EQ(rule.alert.fields.at(0).first, "login_country");
  ASSERT_TRUE(rule.suppress.has_value());
  EXPECT_EQ(rule.suppress->period, 3600 * kSecond);
  EXPECT_EQ(rule.suppress->names, std::vector<std::string>{"user_id"});
  EXPECT_NE(rule.fingerprint, Fingerprint{});
}

// P6: what is counted are the matches of `match: all`, but it is another rule.
TEST(Load, CountedMatches) {
  const std::string two =
      "id: r\nby: u\nsequence:\n  - a: { on: logins }\n  - b: { on: devices }\nwithin: 1m\n";
  const Rule counted = One(two + "match: count\nalert: { title: 'all {{match_count()}}' }\n");
  EXPECT_EQ(counted.match, MatchMode::kCount);
  EXPECT_TRUE(KeepsAll(counted.match));
  EXPECT_EQ(ToString(*counted.alert.title->holes.at(0).root), "match_count()");
  EXPECT_EQ(counted.alert.title->holes.at(0).type(), Type::Of(TypeKind::kInt));
  EXPECT_NE(counted.fingerprint, One(two).fingerprint);
  EXPECT_EQ(counted.fingerprint, One(two + "match: count\n").fingerprint);
}

TEST(Load, Defaults) {
  const Rule rule =
      One("id: r\nby: u\nsequence:\n  - a: { on: logins }\n  - b: { on: devices }\nwithin: 1m\n");
  EXPECT_EQ(rule.title, "r");
  EXPECT_EQ(rule.level, Level::kMedium);
  EXPECT_EQ(rule.mode, Mode::kLive);
  EXPECT_EQ(rule.match, MatchMode::kAll);
  EXPECT_EQ(rule.after_match.kind, SkipKind::kNoSkip);
  EXPECT_EQ(rule.warm_up, WarmUp::kQuiet);
  EXPECT_FALSE(rule.suppress.has_value());
  EXPECT_FALSE(rule.alert.title.has_value());
  EXPECT_FALSE(rule.steps[0].selector.where.has_value());
}

TEST(Load, ShortFormOfSingleEvents) {
  const Rule rule =
      One("id: r\non: logins\nwhere: 'result == \"failure\"'\nalert: { fields: { c: logins.country "
          "} }\n");
  ASSERT_EQ(rule.steps.size(), 1u);
  EXPECT_EQ(rule.steps[0].name, "logins");
  EXPECT_TRUE(rule.steps[0].selector.where.has_value());
  EXPECT_TRUE(rule.key_names.empty());
  const Rule keyed = One("id: r\non: logins\nby: user_id\nsuppress: { for: 1h }\n");
  EXPECT_EQ(keyed.steps[0].selector.by.size(), 1u);
  EXPECT_EQ(keyed.suppress->by.size(), 1u);
}

TEST(Load, RepeatForms) {
  const auto repeat = [](const std::string& text) {
    return One("id: r\nby: u\nwithin: 1m\nsequence: [{ a: { on: logins, repeat: " + text +
               " } }]\n")
        .pattern.places.at(0)
        .repeat;
  };
  EXPECT_EQ(repeat("3").min, 3u);
  EXPECT_EQ(repeat("3").max, 3u);
  EXPECT_EQ(repeat("{ min: 2 }").max, kUnbounded);
  EXPECT_EQ(repeat("{ max: 4 }").min, 1u);
  EXPECT_FALSE(repeat("1").repeats());
}

TEST(Load, AfterMatchForms) {
  const auto after = [](const std::string& text) {
    return One("id: r\nby: u\nwithin: 1m\nafter_match: " + text +
               "\nsequence: [{ a: { on: logins } }, { b: { on: logins } }]\n")
        .after_match;
  };
  EXPECT_EQ(after("no_skip").kind, SkipKind::kNoSkip);
  EXPECT_EQ(after("skip_to_next").kind, SkipKind::kSkipToNext);
  EXPECT_EQ(after("skip_past_last").kind, SkipKind::kSkipPastLast);
  EXPECT_EQ(after("{ skip_to_first: b }").kind, SkipKind::kSkipToFirst);
  EXPECT_EQ(after("{ skip_to_last: b }").step, 1u);
}

TEST(Load, NotAtTheHeadBetweenAndAtTheTail) {
  const Rule rule = One(R"(
id: r
by: u
sequence:
  - not: { on: devices, within: 1h }
  - a: { on: logins }
  - not: { on: devices }
  - b: { on: logins, within: 5m }
  - not: { on: devices, within: 2h }
  - not: { on: transactions, by: payer, within: 3h }
)");
  ASSERT_EQ(rule.absences.size(), 4u);
  std::string order;
  for (const Place& place : rule.pattern.places)
    order += (place.IsNot() ? "!" : "") + std::to_string(place.index);
  EXPECT_EQ(order, "!00!11!2!3");
  EXPECT_EQ(rule.absences[3].within, 3 * 3600 * kSecond);
}

TEST(Load, DocumentsListsAndOrder) {
  const LoadResult result = LoadText(
      "id: c\non: logins\n---\n- { id: b, on: logins }\n- { id: a, on: logins }\n---\n# "
      "nothing\n---\nid: d\non: logins\n");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  std::string ids;
  for (const Rule& rule : result.rules->rules) ids += rule.id;
  EXPECT_EQ(ids, "abcd");
}

TEST(Load, NothingIsAnEmptySet) {
  EXPECT_EQ(Load({}, Streams()).rules->rules.size(), 0u);
  EXPECT_EQ(LoadText("# no rules yet\n").rules->rules.size(), 0u);
}

TEST(Load, DuplicateIdsOverFilesNameBothPlaces) {
  const auto file = [](const char* path) {
    return std::make_shared<const SourceFile>(path, "id: r\non: logins\n");
  };
  const LoadResult result = Load({file("a.yml"), file("b.yml")}, Streams());
  EXPECT_EQ(result.rules, nullptr);
  ASSERT_EQ(Codes(result), "R0107");
  EXPECT_EQ(result.diagnostics.list()[0].span.file->path(), "b.yml");
  EXPECT_EQ(result.diagnostics.list()[0].labels.at(0).span.file->path(), "a.yml");
}

TEST(Load, AllMistakesAtOnce) {
  const LoadResult result = LoadText(R"(
id: r
levl: high
by: user_id
sequence:
  - a: { on: loginz, where: 'x ==' }
  - b: { on: devices, within: 5, where: 'a.x == 1 &&' }
  - not: { on: devices }
alert: { title: '{{a.x', fields: { f: 'g(' } }
---
id: r
)");
  EXPECT_EQ(result.rules, nullptr);
  // Each once, and nothing that only follows from another.
  EXPECT_EQ(Codes(result), "R0101 R0201 R0301 R0106 R0301 R0206 R0109 R0307 R0102 R0107")
      << Render(result.diagnostics);
}

TEST(Load, OneMistakeIsToldOnce) {
  EXPECT_EQ(Codes(LoadText("id: r\nby: u\nwithin: 1m\nsequence:\n  - a: { on: nope }\n  - b: { on: "
                           "logins, where: 'a.x == x' }\n"
                           "alert: { title: '{{a.x}}' }\n")),
            "R0201");
  EXPECT_EQ(Codes(LoadText("id: r\nby: 'u +'\nwithin: 1m\nsequence: [{ a: { on: logins } }, { b: { "
                           "on: logins } }]\n")),
            "R0301");
  EXPECT_EQ(Codes(LoadText("id: r\naggregate: { on: logins, window: { sliding: 1m } }\n")),
            "R0102");
  EXPECT_EQ(Codes(LoadText("title: x\ndetection: { a: b }\nlogsource: { product: x }\n")), "R0102");
}

// More the engine would refuse, which nobody should learn when the daemon starts.
TEST(Load, ASequenceIsAsLongAsAMatchCanHold) {
  const auto codes = [](int steps, int nots) {
    std::string rule = "id: r\nby: u\nwithin: 1h\nsequence:\n";
    for (int i = 0; i < steps; ++i) {
      rule += "  - s" + std::to_string(i) + ": { on: logins }\n";
      if (i + 1 == steps) break;
      for (int n = i == 0 ? nots - steps + 2 : 1; n > 0; --n) rule += "  - not: { on: devices }\n";
    }
    return Codes(LoadText(rule));
  };
  EXPECT_EQ(codes(30, 32), "");
  EXPECT_EQ(codes(31, 31), "R0105");
  EXPECT_EQ(codes(30, 33), "R0105");
}

TEST(Load, FieldsAndEntitiesOfAnAlertHaveNames) {
  const std::string rule = "id: r\non: logins\nalert: { ";
  EXPECT_EQ(Codes(LoadText(rule + "fields: { '': logins.x, ' ': logins.y } }\n")), "R0111 R0111");
  EXPECT_EQ(Codes(LoadText(rule + "entities: { '': logins.x } }\n")), "R0111");
  std::string entities;
  for (int i = 0; i < 100; ++i) entities += "t" + std::to_string(i) + ": logins.x, ";
  EXPECT_EQ(Codes(LoadText(rule + "entities: { " + entities + " } }\n")), "");
  EXPECT_EQ(Codes(LoadText(rule + "entities: { " + entities + " t: logins.x } }\n")), "R0105");
}

TEST(Load, PlacesInsideFoldedConditions) {
  const LoadResult result =
      LoadText("id: r\non: logins\nwhere: >-\n  result == \"success\"\n  && size(x,\n  y) > 1\n");
  ASSERT_EQ(result.diagnostics.list().size(), 1u) << Render(result.diagnostics);
  const Span& span = result.diagnostics.list()[0].span;
  EXPECT_EQ(span.file->Locate(span.begin).line, 5u) << Render(result.diagnostics);
}

TEST(Load, NamesInAlertsAreTheKeysAndSteps) {
  One("id: r\nby: [payer.id, lower]\nsequence: [{ a: { on: logins } }, { b: { on: logins } "
      "}]\nwithin: 1m\n"
      "alert: { title: '{{payer.id}} {{lower}} {{a.x}}' }\nsuppress: { by: [lower, payer.id, "
      "b.ip], for: 1m }\n");
  EXPECT_EQ(Codes(LoadText("id: r\nby: u\non: logins\nalert: { title: '{{result}}' }\n")), "R0401");
}

TEST(Load, EachIsAPartOfAKey) {
  const Rule rule =
      One("id: x\nby: [ 'each( emails )', user ]\nsequence:\n"
          "  - a: { on: logins }\n  - b: { on: devices, by: [ owner, each(users) ] }\n"
          "  - not: { on: logins, by: [ each(emails), user ] }\n  - c: { on: logins }\n"
          "within: 1m\nsuppress: { for: 1h }\nalert: { title: '{{emails}} {{user}}' }\n");
  EXPECT_EQ(rule.key_names, (std::vector<std::string>{"emails", "user"}));
  EXPECT_EQ(rule.steps.at(0).selector.each, 1u);
  EXPECT_EQ(rule.steps.at(1).selector.each, 2u);
  EXPECT_EQ(rule.absences.at(0).selector.each, 1u);
  ASSERT_EQ(rule.steps[0].selector.by.size(), 2u);
  EXPECT_EQ(ToString(*rule.steps[0].selector.by[0].root), "event.emails") << "the list is meant";
  EXPECT_EQ(rule.suppress->names, rule.key_names);
  EXPECT_FALSE(rule.group_missing_key);
}

TEST(Load, MissingKeysMayBeAGroup) {
  const std::string text =
      "id: x\nby: user\nsequence: [ a: { on: logins }, b: { on: logins } ]\nwithin: 1m\n";
  EXPECT_TRUE(One(text + "missing_key: group\n").group_missing_key);
  EXPECT_FALSE(One(text + "missing_key: drop\n").group_missing_key);
  // Of a part that may be null it can be asked whether it is.
  const std::string exception = "exceptions: [ { name: n, where: 'user == null' } ]\n";
  EXPECT_EQ(Codes(LoadText(text + "missing_key: group\n" + exception)), "");
  const std::string has = "exceptions: [ { name: n, where: 'has(user)' } ]\n";
  EXPECT_EQ(Codes(LoadText(text + "missing_key: group\n" + has)), "R0309");
}

TEST(Fingerprint, EachAndMissingKeysChangeIt) {
  const auto of = [](const std::string& by) {
    return One("id: x\n" + by +
               "\nsequence: [ a: { on: logins }, b: { on: logins } ]\nwithin: 1m\n")
        .fingerprint;
  };
  EXPECT_NE(of("by: u"), of("by: each(u)"));
  EXPECT_NE(of("by: u"), of("by: u\nmissing_key: group"));
  EXPECT_EQ(of("by: u"), of("by: u\nmissing_key: drop"));
  EXPECT_EQ(of("by: each(u)"), of("by: [ ' each( u ) ' ]"));
}

TEST(Load, ConditionsReferToEarlierStepsOnly) {
  const auto codes = [](const std::string& steps) {
    return Codes(LoadText("id: r\nby: u\nwithin: 1m\nsequence:\n" + steps));
  };
  EXPECT_EQ(codes("  - a: { on: logins, where: 'b.x == 1' }\n  - b: { on: devices }\n"), "R0409");
  EXPECT_EQ(codes("  - a: { on: logins, where: 'a.x == 1' }\n"), "R0409");
  EXPECT_EQ(codes("  - a: { on: logins, where: 'a.x == 1', repeat: 1 }\n"), "R0409");
  EXPECT_EQ(codes("  - a: { on: logins, where: 'size(b) == 0' }\n"
                  "  - b: { on: devices, repeat: 2, optional: true }\n  - c: { on: logins }\n"),
            "R0409");
  // A 'not' stands before the step that follows it, and after all where it trails.
  EXPECT_EQ(codes("  - not: { on: logins, where: 'a.x == x', within: 1m }\n  - a: { on: devices }\n"
                  "  - not: { on: logins, where: 'a.x == x' }\n"),
            "R0409");
  EXPECT_EQ(codes("  - a: { on: logins }\n  - not: { on: logins, where: 'a.x == b.x' }\n"
                  "  - b: { on: devices, where: 'a.x == x' }\n"),
            "R0409");
  // A key is of the event alone: what it names is no step.
  EXPECT_EQ(codes("  - a: { on: logins, by: b.id }\n  - b: { on: devices }\n"), "");
  EXPECT_EQ(codes("  - a: { on: transactions, where: 'amount > 1.0' }\n  - amount: { on: "
                  "transactions }\n"),
            "R0921");
  EXPECT_EQ(Codes(LoadText("id: r\non: logins\nwhere: logins.x == 1\n")), "R0409");
}

TEST(Load, InsideARepeatItsNameIsTheListSoFar) {
  One("id: r\nby: u\nwithin: 1m\nsequence: [{ a: { on: logins, repeat: 3, where: 'size(a) == 0 || "
      "a[0].ip == ip' } }]\n");
}

TEST(Fingerprint, LayoutAndWordsForPeopleDoNotChangeIt) {
  const Fingerprint fingerprint = One(kTakeover).fingerprint;
  std::string text = kTakeover;
  const auto replace = [](std::string where, const std::string& from, const std::string& to) {
    const size_t at = where.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? where : where.replace(at, from.size(), to);
  };
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"title: New device", "title: Old device"},
           {"level: high", "level: low"},
           {"mode: shadow", "mode: live"},
           {"risk_score: 80", "risk_score: 8"},
           {"for: 1h", "for: 2h"},
           {"'result == \"success\"'", "\"result  ==  'success'\""},
           {"User {{user_id}}", "{{user_id}}"},
           {"within: 15m", "within: 900s"}}) {
    EXPECT_EQ(One(replace(text, from, to)).fingerprint, fingerprint) << from;
  }
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"by: account", "by: account_id"},
           {"\"added\"", "\"removed\""},
           {"within: 5m", "within: 6m"},
           {"within: 15m", "within: 16m"},
           {"min: 2", "min: 3"},
           {"max: 9", "max: 8"},
           {"optional: true", "optional: false"},
           {"match: latest", "match: first"},
           {"skip_to_last: device", "skip_to_first: device"},
           {"skip_to_last: device", "skip_to_last: login"},
           {"partial_matches: 10", "partial_matches: 11"},
           {"reject_new", "evict_oldest"},
           {"assume_empty", "quiet"},
           {"- not:      { on: logins", "- not:      { on: devices"}}) {
    EXPECT_NE(One(replace(text, from, to)).fingerprint, fingerprint) << from;
  }
}

TEST(Fingerprint, TheShapeCountsAsItIsWritten) {
  std::map<Fingerprint, std::string> seen;
  for (const std::string sequence :
       {"a: { on: logins }, b: { on: logins }, c: { on: logins }",
        "group: [a: { on: logins }, b: { on: logins }], c: { on: logins }",
        "a: { on: logins }, group: [b: { on: logins }, c: { on: logins }]",
        "group: [a: { on: logins }, b: { on: logins }, c: { on: logins }]",
        "all_of: [a: { on: logins }, b: { on: logins }, c: { on: logins }]",
        "any_of: [a: { on: logins }, b: { on: logins }, c: { on: logins }]",
        "a: { on: logins }, b: { on: logins, contiguity: strict }, c: { on: logins }",
        "a: { on: logins }, b: { on: logins, contiguity: any }, c: { on: logins }",
        "a: { on: logins }, b: { on: logins, repeat: 2 }, c: { on: logins }",
        "a: { on: logins }, b: { on: logins, repeat: { min: 2, max: 2, inside: any } }, c: { on: "
        "logins }",
        "a: { on: logins }, b: { on: logins, repeat: { min: 2, max: 2, within: 1s } }, c: { on: "
        "logins }",
        "a: { on: logins }, b: { on: logins, within: 1s, repeat: 2 }, c: { on: logins }",
        "a: { on: logins }, b: { on: logins, repeat: { min: 2, max: 2, greedy: true } }, c: { on: "
        "logins }",
        "a: { on: logins }, b: { on: logins, repeat: { min: 2, max: 2, until: x == 1 } }, c: { on: "
        "logins }",
        "a: { on: logins }, b: { on: logins, repeat: { min: 2, max: 2, until: x == 2 } }, c: { on: "
        "logins }"}) {
    const Rule rule = One("id: r\nby: u\nwithin: 1m\nsequence: [" + sequence + "]\n");
    const auto [at, added] = seen.emplace(rule.fingerprint, sequence);
    EXPECT_TRUE(added) << sequence << " is taken for " << at->second;
  }
  for (const auto& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {"group: [a: { on: logins }, b: { on: logins }]",
            "group: { steps: [x: { on: logins }, y: { on: logins }], repeat: 1 }"},
           {"a: { on: logins }, b: { on: logins, repeat: { max: 3, until: x == 1 } }",
            "a: { on: logins }, b: { repeat: { until: { where: x == 1 }, max: 3, inside: relaxed "
            "}, "
            "on: logins, contiguity: relaxed, optional: false }"}}) {
    EXPECT_EQ(One("id: r\nby: u\nwithin: 1m\nsequence: [" + one + "]\n").fingerprint,
              One("id: r\nby: u\nwithin: 1m\nsequence: [" + other + "]\n").fingerprint)
        << one;
  }
}

TEST(Fingerprint, DeclaredTypesOfReadFieldsChangeIt) {
  const char* text = "id: r\non: transactions\nwhere: amount > 1.0\n";
  const auto with = [&](Type type) {
    Stream stream{"transactions",
                  "t",
                  {{{"amount"}, std::move(type)}, {{"other"}, Type::Of(TypeKind::kInt)}},
                  kMillisecond};
    const auto streams = std::make_shared<const StreamCatalog>(std::vector<Stream>{stream});
    const LoadResult result = Load({std::make_shared<const SourceFile>("a.yml", text)}, streams);
    EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
    return result.rules->rules.at(0).fingerprint;
  };
  EXPECT_NE(with(Type::Of(TypeKind::kDouble)), with(Type::Dyn()));
  EXPECT_EQ(with(Type::Dyn()), with(Type::Dyn()));
}

TEST(CanonicalForm, IsVersionedText) {
  const Rule rule =
      One("id: r\nby: u\nwithin: 1m\nsequence: [{ a: { on: logins, where: x == 1 } }, { not: { on: "
          "devices, by: v } }]\n");
  EXPECT_EQ(CanonicalForm(rule, *Streams()),
            "v2;key=1;within=60000000000;match=all;after=no_skip;limits=1000,10000,1000,evict_"
            "oldest;warm_up=quiet\n"
            "step;on=logins;by=[event.u];where=(event.x == 1);within=-;repeat=1..1\n"
            "not;on=devices;by=[event.v];where=true;within=-\n");
  const Rule nested = One(
      "id: r\nby: u\nwithin: 1m\nuntil: { on: devices }\non_timeout: { from: b }\n"
      "sequence: [{ any_of: { steps: [{ a: { on: logins } }, { group: [{ b: { "
      "on: logins } }, { not: { on: devices, contiguity: strict } }, { c: { on: logins, "
      "contiguity: "
      "any, within: 1s, repeat: { max: 2, inside: strict, within: 2s, greedy: true, until: x == 1 "
      "} } }] }], repeat: 2 } }, { d: { on: devices, optional: true } }]\n");
  EXPECT_EQ(CanonicalForm(nested, *Streams()),
            "v2;key=1;within=60000000000;match=all;after=no_skip;limits=1000,10000,1000,evict_"
            "oldest;warm_up=quiet;on_timeout=1\n"
            "until;on=devices;by=[event.u];where=true\n"
            "any_of;places=2;within=-;repeat=2..2\n"
            "step;on=logins;by=[event.u];where=true;within=-;repeat=1..1\n"
            "group;places=3;within=-;repeat=1..1\n"
            "step;on=logins;by=[event.u];where=true;within=-;repeat=1..1\n"
            "not;on=devices;by=[event.u];where=true;contiguity=strict;within=-\n"
            "step;on=logins;by=[event.u];where=true;contiguity=any;within=1000000000;repeat=1..2;"
            "inside=strict;repeat.within=2000000000;greedy\n"
            "until;on=logins;by=[event.u];where=(event.x == 1)\n"
            "step;on=devices;by=[event.u];where=true;within=-;repeat=1..1;optional\n");
  EXPECT_EQ(ToHex(Fingerprint{0x0123456789abcdef, 1}), "0123456789abcdef0000000000000001");
}

}  // namespace
}  // namespace telltale::rules
