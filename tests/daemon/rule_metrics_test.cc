// Rules that fill Prometheus series: what a result adds to which, bounds, reloads, the text.
#include "daemon/telemetry/rule_metrics.h"

#include <memory>
#include <string>
#include <vector>

#include "daemon/telemetry/metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/load/load.h"

namespace telltale::telemetry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::shared_ptr<const rules::RuleSet> Set(const std::string& text) {
  const rules::LoadResult loaded =
      rules::Load({std::make_shared<const rules::SourceFile>("a.yml", text)},
                  std::make_shared<const rules::StreamCatalog>(
                      std::vector<rules::Stream>{{"clicks", "clicks", {}, 1'000'000}}));
  EXPECT_NE(loaded.rules, nullptr) << Render(loaded.diagnostics);
  return loaded.rules;
}

std::string Counter(const std::string& more = "", const std::string& id = "views") {
  return "id: " + id + "\nby: page\non: clicks\noutput:\n  metric: { name: views_total, " +
         "type: counter, help: Views., labels: { page: page }" + more + " }\n";
}

std::string Gauge(const std::string& more = "") {
  return "id: slow\nby: page\naggregate: { on: clicks, window: { tumbling: 1m } }\n"
         "emit: every_window\noutput:\n  metric: { name: p99, type: gauge, help: Slow., "
         "value: 'percentile(ms, 99)', labels: { page: page }" +
         more + " }\n";
}

class RuleMetricsTest : public testing::Test {
 protected:
  void Use(const std::string& text) {
    rules_ = Set(text);
    metrics_.Expect(*rules_);
    metrics_.KeepOnly(*rules_);
  }
  engine::Alert Result(std::vector<std::pair<std::string, std::string>> fields, int64_t time = 0,
                       uint64_t id = 0, size_t rule = 0) const {
    engine::Alert alert;
    alert.rules = rules_;
    alert.rule = &rules_->rules[rule];
    alert.fields = std::move(fields);
    alert.time = time;
    alert.id = {id, id};
    return alert;
  }
  void Take(std::vector<std::pair<std::string, std::string>> fields, int64_t time = 0,
            uint64_t id = 0) {
    metrics_.Take(Result(std::move(fields), time, id));
  }
  // "LABEL,LABEL=VALUE" of the first rule.
  std::vector<std::string> Series() const {
    std::vector<std::string> lines;
    const std::vector<RuleMetricFigures> all = metrics_.Figures();
    if (all.empty()) return {"no rule"};
    for (const RuleMetricFigures::Series& series : all[0].series) {
      std::string line;
      for (const std::string& label : series.labels) line += (line.empty() ? "" : ",") + label;
      lines.push_back(line + "=" + std::to_string(series.value).substr(0, 4));
    }
    return lines;
  }
  std::string Text() const {
    Snapshot snapshot;
    snapshot.rule_metrics = metrics_.Figures();
    return ToText(ToMetrics(snapshot, {}));
  }

  std::shared_ptr<const rules::RuleSet> rules_;
  std::vector<std::string> full_;
  RuleMetrics metrics_{[this](const rules::Rule& rule) { full_.push_back(rule.id); }};
};

TEST_F(RuleMetricsTest, ResultsAddUpByTheirLabels) {
  Use(Counter());
  Take({{"page", "\"/a\""}});
  Take({{"page", "\"/b\""}});
  Take({{"page", "\"/a\""}});
  EXPECT_THAT(Series(), ElementsAre("/a=2.00", "/b=1.00"));
}

TEST_F(RuleMetricsTest, ACounterAddsItsValue) {
  Use(Counter(", value: clicks.n"));
  Take({{"page", "\"/a\""}, {"value", "2.5"}});
  Take({{"page", "\"/a\""}, {"value", "1"}});
  Take({{"page", "\"/a\""}, {"value", "-1"}});
  Take({{"page", "\"/a\""}, {"value", "\"many\""}});
  Take({{"page", "\"/a\""}});  // its expression ended in an error
  EXPECT_THAT(Series(), ElementsAre("/a=3.50"));
  EXPECT_EQ(metrics_.Figures()[0].negative, 1u);
  EXPECT_EQ(metrics_.Figures()[0].without_number, 2u);
}

TEST_F(RuleMetricsTest, AGaugeIsTheLatestWhateverTheOrder) {
  Use(Gauge());
  const auto take = [&](const std::string& value, int64_t time, uint64_t id) {
    Take({{"page", "\"/a\""}, {"value", value}}, time, id);
  };
  take("-5.0", -1000, 1);
  EXPECT_THAT(Series(), ElementsAre("/a=-5.0"));
  take("7", 2000, 1);
  take("3", 1000, 9);
  take("8", 2000, 5);
  take("9", 2000, 4);
  EXPECT_THAT(Series(), ElementsAre("/a=8.00"));
}

TEST_F(RuleMetricsTest, LabelsAreTextAsPartsOfKeysAre) {
  Use(Counter());
  for (const char* page : {"17", "17.0", "\"17\""}) Take({{"page", page}});
  Take({{"page", "true"}});
  Take({{"page", "1.5"}});
  Take({{"page", "null"}});
  Take({});
  Take({{"page", "\"a\\n\\\"\\\\\\u0001\""}});
  EXPECT_THAT(Series(),
              ElementsAre("=2.00", "1.5=1.00", "17=3.00", "a\n\"\\\x01=1.00", "true=1.00"));
  Take({{"page", "[1]"}});
  Take({{"page", "{\"a\":1}"}});
  Take({{"page", '"' + std::string(1025, 'x') + '"'}});
  EXPECT_EQ(metrics_.Figures()[0].without_label, 3u);
  EXPECT_THAT(Text(), HasSubstr(R"(views_total{rule="views",page="a\n\"\\)"));
}

TEST_F(RuleMetricsTest, WhatGoesBeyondTheBoundIsCountedAndToldOnce) {
  Use(Counter(", max_series: 2"));
  for (const char* page : {"1", "2", "3", "1", "4"}) Take({{"page", page}});
  EXPECT_THAT(Series(), ElementsAre("1=2.00", "2=1.00"));
  EXPECT_EQ(metrics_.Figures()[0].beyond_max_series, 2u);
  EXPECT_THAT(full_, ElementsAre("views"));
  EXPECT_THAT(Text(), HasSubstr("telltale_rule_metric_dropped_results_total{rule=\"views\","
                                "metric=\"views_total\",reason=\"max_series\"} 2"));
  EXPECT_THAT(Text(), HasSubstr("telltale_rule_metric_series{rule=\"views\","
                                "metric=\"views_total\"} 2"));
}

TEST_F(RuleMetricsTest, SeriesStayAsLongAsTheirMetricDoes) {
  Use(Counter());
  Take({{"page", "\"/a\""}});
  Use(Counter(", max_series: 5") + "where: page != \"/b\"\n");
  EXPECT_THAT(Series(), ElementsAre("/a=1.00")) << "another condition";
  Use(Counter() + "---\n" + Gauge());
  EXPECT_EQ(metrics_.Figures().size(), 2u);
  EXPECT_THAT(Text(), HasSubstr("views_total{rule=\"views\",page=\"/a\"} 1"));
  Use(Gauge());
  EXPECT_THAT(Text(), Not(HasSubstr("views_total")));
  Use(Counter());
  EXPECT_THAT(Series(), ElementsAre()) << "it has begun anew";
  Take({{"page", "\"/a\""}});
  Use("id: views\nby: page\non: clicks\noutput: { metric: { name: views_total, type: counter } "
      "}\n");
  EXPECT_THAT(Series(), ElementsAre()) << "other labels are other series";
}

// While a set is under way to the shards, results of both may come.
TEST_F(RuleMetricsTest, ResultsOfTheNextSetAreKeptAndShownOnceItRuns) {
  Use(Counter());
  const auto next =
      Set("id: views\nby: page\non: clicks\noutput: { metric: { name: views_total, "
          "type: counter, labels: { host: clicks.host } } }\n");
  metrics_.Expect(*next);
  engine::Alert of_next = Result({{"host", "\"h\""}});
  of_next.rules = next;
  of_next.rule = &next->rules[0];
  metrics_.Take(of_next);
  Take({{"page", "\"/a\""}});
  EXPECT_EQ(metrics_.Figures().size(), 1u);
  EXPECT_THAT(Series(), ElementsAre("/a=1.00"));
  metrics_.KeepOnly(*next);
  Take({{"page", "\"/a\""}});
  EXPECT_THAT(Series(), ElementsAre("h=1.00"));
}

TEST_F(RuleMetricsTest, RulesShareAName) {
  Use(Counter() + "---\n" + Counter("", "others") + "where: page == \"/x\"\n");
  metrics_.Take(Result({{"page", "\"/a\""}}, 0, 0, 0));
  metrics_.Take(Result({{"page", "\"/a\""}}, 0, 0, 1));
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("# HELP views_total Views.\n# TYPE views_total counter\n"
                              "views_total{rule=\"others\",page=\"/a\"} 1\n"
                              "views_total{rule=\"views\",page=\"/a\"} 1\n"));
  EXPECT_EQ(text.find("# TYPE views_total"), text.rfind("# TYPE views_total"));
}

TEST_F(RuleMetricsTest, ARuleThatIsOffHasNoSeries) {
  Use(Counter() + "mode: off\n");
  EXPECT_THAT(metrics_.Figures(), ElementsAre());
}

}  // namespace
}  // namespace telltale::telemetry
