// Rules over windows and terms as they are read: sources, windows, the values that expressions
// name, and what does not go together.
#include <gtest/gtest.h>

#include <string>

#include "rules/load/load.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

LoadResult LoadText(const std::string& text) {
  Stream declared{"payments", "pay", {}, kMillisecond};
  declared.fields[{"amount"}] = Type::Of(TypeKind::kDouble);
  declared.fields[{"items"}] = Type::Of(TypeKind::kInt);
  return Load({std::make_shared<const SourceFile>("a.yml", text)},
              std::make_shared<const StreamCatalog>(
                  std::vector<Stream>{{"logins", "auth.logins", {}, kMillisecond},
                                      {"devices", "auth.devices", {}, kMillisecond},
                                      declared}));
}

Rule One(const std::string& text) {
  const LoadResult result = LoadText(text);
  EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
  if (result.rules == nullptr || result.rules->rules.size() != 1) return {};
  return result.rules->rules[0];
}

std::string Codes(const std::string& text) {
  std::string codes;
  const LoadResult result = LoadText(text);
  for (const Diagnostic& entry : result.diagnostics.list())
    codes += (codes.empty() ? "" : " ") + std::string(entry.code.id);
  return codes;
}

// A rule over payments with this `having`.
std::string Having(const std::string& having, const std::string& more = "") {
  return "id: r\nby: user\naggregate: { on: payments, window: { sliding: 10m }, having: '" +
         having + "' }\n" + more;
}

// The rule's calls, by the names of their functions and what is evaluated for the first source.
std::string Calls(const Rule& rule) {
  if (!rule.aggregate) return "no aggregate";
  std::string text;
  for (const AggregateCall& call : rule.aggregate->calls) {
    text += (text.empty() ? "" : " ") + std::string(AggregateName(call.function));
    if (call.function == AggregateFunction::kPercentile)
      text += std::to_string(static_cast<int>(call.percentile));
    if (call.arguments.empty()) continue;
    text += "(";
    for (const Expression& argument : call.arguments.front())
      text += (text.ends_with('(') ? "" : ",") + argument.text.text();
    text += "):" + call.type.ToString();
  }
  return text;
}

TEST(Windows, AreReadWithAllTheirParts) {
  const auto window = [](const std::string& text) {
    return One("id: r\nby: u\naggregate: { on: logins, having: count() > 3, window: " + text +
               " }\n")
        .aggregate->window;
  };
  const Window sliding = window("{ sliding: 10m }");
  EXPECT_EQ(sliding.kind, WindowKind::kSliding);
  EXPECT_EQ(FormatDuration(sliding.size), "10m");
  const Window tumbling = window("{ tumbling: 1d, offset: 6h, zone: Europe/Paris }");
  EXPECT_EQ(tumbling.kind, WindowKind::kTumbling);
  EXPECT_EQ(FormatDuration(tumbling.every), "1d");
  EXPECT_EQ(FormatDuration(tumbling.offset), "6h");
  EXPECT_EQ(tumbling.zone, "Europe/Paris");
  const Window hopping = window("{ hopping: 10m, every: 2m }");
  EXPECT_EQ(hopping.kind, WindowKind::kHopping);
  EXPECT_EQ(FormatDuration(hopping.size), "10m");
  EXPECT_EQ(FormatDuration(hopping.every), "2m");
  const Window session = window("{ session: 30m, longest: 8h }");
  EXPECT_EQ(session.kind, WindowKind::kSession);
  EXPECT_EQ(FormatDuration(session.size), "30m");
  EXPECT_EQ(FormatDuration(*session.longest), "8h");
}

TEST(Windows, WhatExpressionsNameIsOneValueEach) {
  const Rule rule = One(Having(
      "count() > 3 && sum(amount) > 10.0 && sum( amount ) < 1e6 && median(amount) > 1.0",
      "alert: { title: '{{count()}} of {{user}}', fields: { p: 'percentile(amount, 50)', "
      "f: first(city), t: 'count_distinct(city, items)', n: sum(items), s: window.start } }\n"));
  EXPECT_EQ(Calls(rule),
            "count sum(amount):double percentile50(amount):double first(city):dyn "
            "count_distinct(city,items):int sum(items):int window.start");
  EXPECT_EQ(ToString(*rule.aggregate->having->root),
            "(((window#0 > 3) && (window#1 > 10.0)) && ((window#1 < 1e+06) && (window#2 > 1.0)))");
  EXPECT_TRUE(rule.HoldsState());
  EXPECT_EQ(rule.aggregate->evidence, 10u);
}

std::string Compared(const std::string& baseline, const std::string& having) {
  return "id: r\nby: user\naggregate: { on: payments, window: { sliding: 1h }, baseline: { " +
         baseline + " }, having: '" + having + "' }\n";
}

TEST(Windows, ABaselineHasCallsOfItsOwn) {
  const Rule rule = One(
      Compared("of: 'sum(amount) / max(amount)', every: 1h, over: 7d",
               "sum(amount) > 3.0 * baseline.avg && baseline.panes >= 24 && baseline.avg > 0.0"));
  ASSERT_TRUE(rule.aggregate && rule.aggregate->baseline);
  EXPECT_EQ(Calls(rule), "sum(amount):double baseline.avg baseline.panes");
  EXPECT_EQ(rule.aggregate->calls[1].type, Type::Of(TypeKind::kDouble));
  EXPECT_EQ(rule.aggregate->calls[2].type, Type::Of(TypeKind::kInt));
  const Baseline& baseline = *rule.aggregate->baseline;
  EXPECT_EQ(ToString(*baseline.of.root), "(window#0 / window#1)");
  ASSERT_EQ(baseline.calls.size(), 2u);
  EXPECT_EQ(baseline.calls[1].function, AggregateFunction::kMax);
  EXPECT_EQ(FormatDuration(baseline.every), "1h");
  EXPECT_EQ(FormatDuration(baseline.over), "1w");
  EXPECT_EQ(baseline.panes(), 168);
}

TEST(Windows, WhatABaselineIsMadeOfIsPartOfTheFingerprint) {
  const auto fingerprint = [](const std::string& baseline) {
    return One(Compared(baseline, "count() > 3.0 * baseline.avg")).fingerprint;
  };
  const Fingerprint one = fingerprint("of: count(), every: 1h, over: 7d");
  EXPECT_EQ(one, fingerprint("over: 168h, every: 60m, of: ' count( )'"));
  EXPECT_NE(one, fingerprint("of: count(), every: 1h, over: 8d"));
  EXPECT_NE(one, fingerprint("of: count(), every: 2h, over: 7d"));
  EXPECT_NE(one, fingerprint("of: count() + 1, every: 1h, over: 7d"));
  EXPECT_NE(fingerprint("of: sum(amount), every: 1h, over: 7d"),
            fingerprint("of: sum(items), every: 1h, over: 7d"));
}

TEST(Windows, AFieldOrAKeyMayBeCalledBaseline) {
  EXPECT_EQ(Calls(One(Having("sum(baseline.avg) > 3.0"))), "sum(baseline.avg):dyn");
  EXPECT_EQ(Codes("id: r\nby: baseline.avg\naggregate: { on: logins, window: { sliding: 1h }, "
                  "having: 'count() > 3 && baseline.avg != \"x\"' }\n"),
            "");
  EXPECT_EQ(Codes("id: r\nby: user\non: logins\nwhere: baseline.avg > 3.0\n"), "");
}

TEST(Windows, AnExceptionMayReadTheBaseline) {
  EXPECT_EQ(Codes(Compared("of: count(), every: 1h, over: 7d", "count() > 30") +
                  "exceptions: [ { name: e, where: 'baseline.panes < 3' } ]\n"),
            "");
}

TEST(Windows, ArgumentsAreAboutEverySource) {
  const Rule rule =
      One("id: r\nby: user\naggregate:\n  any_of:\n    - { on: payments, where: amount > 5.0 }\n"
          "    - { on: logins, by: account, name: web }\n"
          "  window: { tumbling: 1m }\nemit: every_window\n"
          "alert: { fields: { s: sum(amount), m: max(items) } }\n");
  ASSERT_TRUE(rule.aggregate.has_value());
  ASSERT_EQ(rule.steps.size(), 2u);
  EXPECT_EQ(rule.steps[0].name, "payments");
  EXPECT_EQ(rule.steps[1].name, "web");
  EXPECT_FALSE(rule.aggregate->having.has_value());
  EXPECT_EQ(rule.aggregate->emit, Emit::kEveryWindow);
  EXPECT_EQ(rule.aggregate->evidence, 0u);
  ASSERT_EQ(rule.aggregate->calls.size(), 2u);
  const AggregateCall& sum = rule.aggregate->calls[0];
  ASSERT_EQ(sum.arguments.size(), 2u);
  EXPECT_EQ(sum.arguments[0][0].type().ToString(), "double");
  EXPECT_EQ(sum.arguments[1][0].type().ToString(), "dyn");  // logins declare no amount
  EXPECT_EQ(sum.arguments[1][0].reads.front().stream, 0u);
  EXPECT_EQ(sum.type.ToString(), "dyn");
}

TEST(Windows, MacrosMayHoldAggregates) {
  const Rule rule = One("macros: { 'share(c)': 'double(count_if(c)) / double(count())' }\n---\n" +
                        Having("share(city == \"Paris\") > 0.5"));
  EXPECT_EQ(Calls(rule), "count_if(c):int count");
}

TEST(Windows, AggregatesStandWhereThereIsAWindow) {
  EXPECT_EQ(Codes("id: r\non: logins\nwhere: count() > 3\n"), "R0411");
  EXPECT_EQ(Codes(Having("sum(avg(amount)) > 3.0")), "R0411");
  EXPECT_EQ(Codes(Having("[1.0].exists(i, sum(amount * i) > 3.0)")), "R0411");
  EXPECT_EQ(Codes(Having("count() > 3", "alert: { fields: { a: amount } }\n")), "R0401");
  EXPECT_EQ(Codes("id: r\non: logins\nwhere: '[1, 2].sum() > 3'\n"), "");
}

TEST(Windows, ArgumentsAreOfTheRightTypesAndNumber) {
  EXPECT_EQ(Codes(Having("count(amount) > 3")), "R0404");
  EXPECT_EQ(Codes(Having("sum() > 3")), "R0404");
  EXPECT_EQ(Codes(Having("sum(amount > 3.0) > 3")), "R0403");
  EXPECT_EQ(Codes(Having("count_if(amount) > 3")), "R0403");
  EXPECT_EQ(Codes(Having("count_distinct([city]) > 3")), "R0403");
  EXPECT_EQ(Codes(Having("percentile(amount, 101) > 3.0")), "R0410");
  EXPECT_EQ(Codes(Having("percentile(amount, items) > 3.0")), "R0410");
  EXPECT_EQ(Codes(Having("count()")), "R0406");
}

TEST(Windows, WhatIsAboutSequencesDoesNotGoWithThem) {
  const std::string rule = Having("count() > 3");
  EXPECT_EQ(Codes(rule + "within: 5m\n"), "R0215");
  EXPECT_EQ(Codes(rule + "match: first\n"), "R0215");
  EXPECT_EQ(Codes(rule + "on: logins\n"), "R0215");
  EXPECT_EQ(Codes(rule + "new_terms: { on: logins, field: x, history: 1d }\n"), "R0215");
  EXPECT_EQ(Codes(rule + "sequence: [{ a: { on: logins } }]\n"), "R0215");
  EXPECT_EQ(Codes(rule + "limits: { matches: 3 }\n"), "R0215");
  EXPECT_EQ(Codes(rule + "limits: { events: 3 }\n"), "");
  EXPECT_EQ(Codes("id: r\non: logins\nemit: every_window\n"), "R0229");
  EXPECT_EQ(Codes("id: r\non: logins\nemit: settled\n"), "");
}

TEST(Windows, EarlyGoesWithAnyWay) {
  EXPECT_EQ(Codes(Having("count() > 3") + "emit: early\n"), "");
  EXPECT_EQ(Codes(Having("count() > 3") + "emit: [early]\n"), "");
  const std::string tumbling =
      "id: r\nby: u\naggregate: { on: logins, window: { tumbling: 1m }, having: count() > 3 }\n";
  EXPECT_EQ(Codes(tumbling + "emit: [early, as_reached]\n"), "");
  EXPECT_EQ(Codes(tumbling + "emit: [every_window, early]\n"), "");
  EXPECT_EQ(Codes(tumbling + "emit: [every_window]\n"), "");
  EXPECT_EQ(Codes(tumbling + "emit: [early, early]\n"), "R0215");
  EXPECT_EQ(Codes(tumbling + "emit: [early, settled]\n"), "R0215");
  EXPECT_EQ(Codes(tumbling + "emit: [as_reached, every_window]\n"), "R0215");
  EXPECT_EQ(Codes(tumbling + "emit: []\n"), "R0105");
  EXPECT_EQ(Codes(tumbling + "emit: [early, as_reached, every_window]\n"), "R0105");
  EXPECT_EQ(Codes(tumbling + "emit: [early, hourly]\n"), "R0104");
  EXPECT_EQ(Codes(Having("count() > 3") + "emit: [early, every_window]\n"), "R0229");
}

TEST(Windows, EarlyNeedsNoWindow) {
  const std::string pattern =
      "id: r\nby: u\nsequence: [{ a: { on: logins } }, { b: { on: logins } }]\nwithin: 1m\n";
  EXPECT_EQ(Codes(pattern + "emit: early\n"), "");
  EXPECT_EQ(Codes(pattern + "emit: [early, as_reached]\n"), "R0229");
  EXPECT_EQ(Codes("id: r\nby: u\nnew_terms: { on: logins, field: x, history: 1d }\nemit: early\n"),
            "");
  // What alerts when it comes is never early, but where it waits to be suppressed in order.
  EXPECT_EQ(Codes("id: r\non: logins\nemit: early\n"), "R0928");
  EXPECT_EQ(Codes("id: r\nby: u\non: logins\nemit: early\nsuppress: { for: 1m }\n"), "");
}

// It changes no event that matches, so state and ids stay.
TEST(Windows, EarlyIsNoPartOfTheFingerprint) {
  const std::string rule = Having("count() > 3");
  EXPECT_TRUE(One(rule + "emit: early\n").early);
  EXPECT_EQ(One(rule).fingerprint, One(rule + "emit: early\n").fingerprint);
}

TEST(Windows, AMistakeIsToldOnce) {
  EXPECT_EQ(
      Codes("id: r\nby: u\naggregate: { on: nope, window: { sliding: 1m }, having: 'count() > "
            "3 && sum(x) > 4' }\nalert: { fields: { a: sum(x) } }\n"),
      "R0201");
  EXPECT_EQ(
      Codes("id: r\nby: u\naggregate: { on: logins, window: { slidng: 1m }, having: count() > "
            "3 }\n"),
      "R0102 R0101");
  EXPECT_EQ(Codes("id: r\nby: u\naggregate: { on: logins, window: 1m, having: count() > 3 }\n"),
            "R0103");
}

TEST(Windows, TheFingerprintIsOfAllThatCountsAndOfNothingElse) {
  const auto print = [](const std::string& text) { return ToHex(One(text).fingerprint); };
  const std::string rule = Having("count() > 3");
  EXPECT_NE(print(rule), print(Having("count() > 4")));
  EXPECT_NE(print(Having("sum(amount) > 3.0")), print(Having("max(amount) > 3.0")));
  EXPECT_NE(print(Having("sum(amount) > 3.0")), print(Having("sum(amount * 2.0) > 3.0")));
  EXPECT_NE(print(Having("percentile(amount, 90) > 3.0")),
            print(Having("percentile(amount, 99) > 3.0")));
  EXPECT_EQ(print(rule), print(rule + "alert: { title: '{{user}}' }\nlevel: high\n"));
  EXPECT_NE(print(rule), print(rule + "limits: { events: 5 }\n"));
}

TEST(NewTerms, AreReadOfEverySource) {
  const Rule rule =
      One("id: r\nby: user\nnew_terms: { any_of: [{ on: logins }, { on: devices, by: account }], "
          "field: [device.id, lowerAscii(city)], history: 30d }\n"
          "alert: { title: '{{has(logins.city)}}' }\n");
  ASSERT_TRUE(rule.new_terms.has_value());
  EXPECT_EQ(FormatDuration(rule.new_terms->history), "4w2d");
  ASSERT_EQ(rule.new_terms->fields.size(), 2u);
  ASSERT_EQ(rule.new_terms->fields[1].size(), 2u);
  EXPECT_EQ(rule.new_terms->fields[1][0].reads.front().stream, 1u);
  EXPECT_TRUE(rule.HoldsState());
}

TEST(NewTerms, TermsAreWhatCanBeToldApart) {
  const auto codes = [](const std::string& field) {
    return Codes("id: r\nby: user\nnew_terms: { on: payments, history: 1d, field: '" + field +
                 "' }\n");
  };
  EXPECT_EQ(codes("amount"), "");
  EXPECT_EQ(codes("amount > 3.0"), "");
  EXPECT_EQ(codes("[amount]"), "R0406");
  EXPECT_EQ(codes("count()"), "R0411");
}

TEST(WindowRules, AHalfLifeIsADurationThatItsWindowHas) {
  const auto half_life = [](const std::string& text) {
    const Rule rule = One(Having("decayed_sum(amount, " + text + ") > 1.0"));
    return rule.aggregate && rule.aggregate->calls.size() == 1
               ? FormatDuration(rule.aggregate->calls[0].half_life)
               : "none";
  };
  EXPECT_EQ(half_life("\"5m\""), "5m");
  EXPECT_EQ(half_life("duration(\"1m30s\")"), "1m30s");
  EXPECT_EQ(half_life("\"10s\""), "10s") << "sixty of them are the window";
  EXPECT_EQ(Codes(Having("decayed_sum(amount, \"9s\") > 1.0")), "R0414");
  EXPECT_EQ(Codes(Having("decayed_sum(amount, 5) > 1.0")), "R0410");
  EXPECT_EQ(Codes(Having("decayed_sum(amount, \"soon\") > 1.0")), "R0410");
  EXPECT_EQ(Codes(Having("decayed_sum(amount, \"1us\") > 1.0")), "R0410");
  EXPECT_EQ(Codes(Having("decayed_sum(amount, amount) > 1.0")), "R0410");
  EXPECT_EQ(Codes(Having("decayed_sum(amount) > 1.0")), "R0404");
  EXPECT_EQ(Codes(Having("decayed_sum(user == \"a\", \"5m\") > 1.0")), "R0403");
  EXPECT_EQ(Codes("id: r\nby: user\naggregate: { on: payments, window: { session: 1m }, "
                  "having: 'decayed_sum(amount, \"5m\") > 1.0' }\n"),
            "R0414");
}

TEST(WindowRules, HalfLivesTellCallsApart) {
  const Rule rule =
      One(Having("decayed_sum(amount, \"5m\") > decayed_sum(amount, \"1m\") && "
                 "decayed_sum(amount, \"300s\") > 1.0"));
  EXPECT_EQ(Calls(rule), "decayed_sum(amount):double decayed_sum(amount):double");
  const auto print = [](const std::string& half_life) {
    return One(Having("decayed_sum(amount, \"" + half_life + "\") > 1.0")).fingerprint;
  };
  EXPECT_NE(print("5m"), print("6m"));
  EXPECT_EQ(print("5m"), print("300s"));
}

}  // namespace
}  // namespace telltale::rules
