#include "tests/model/random_window.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tests/model/random_rule.h"

namespace telltale::model {
namespace {

class WindowMaker {
 public:
  WindowMaker(Choices& choices, int streams) : choices_(choices), streams_(streams) {}

  WindowSpec Make() {
    WindowSpec rule;
    Sources(rule);
    if (OneIn(6)) {
      Terms(rule);
    } else {
      Aggregate(rule);
    }
    if (!OneIn(3)) rule.more.push_back("warm_up: assume_empty");
    Key(rule);
    if (OneIn(5) && rule.by == "k")
      rule.more.push_back("suppress: { by: ['" + OneOf({"k", "\"all\""}) +
                          "'], for: " + Number(1, 6) + "s }");
    return rule;
  }

 private:
  int Between(int low, int high) { return choices_.Between(low, high); }
  bool OneIn(int n) { return choices_.OneIn(n); }
  std::string Number(int low, int high) { return std::to_string(Between(low, high)); }
  std::string OneOf(std::initializer_list<std::string> all) { return choices_.OneOf(all); }

  void Sources(WindowSpec& rule) {
    for (int count = Between(1, 3); count > 0; --count) {
      WindowSpec::Source source{.stream = "s" + Number(0, streams_ - 1)};
      source.where = OneOf({"", "", "t == \"a\"", "t != \"c\"", "v > 1", "w < 4", "has(w)"});
      if (OneIn(5)) source.by = "account";
      rule.sources.push_back(std::move(source));
    }
  }

  // What changes the key takes the place of the sources' own.
  void Key(WindowSpec& rule) {
    if (OneIn(4)) rule.more.push_back("missing_key: group");
    if (!OneIn(4)) return;
    rule.by = OneOf({"", "each(ks)", "[k, t]", "account"});
    for (WindowSpec::Source& source : rule.sources) source.by.clear();
    if (rule.by.empty()) std::erase(rule.more, "missing_key: group");
  }

  void Terms(WindowSpec& rule) {
    rule.terms = choices_.OneOf<std::vector<std::string>>({{"t"}, {"v"}, {"w"}, {"t", "v"}});
    rule.history = OneOf({"500ms", "1s", "2s", "5s", "20s"});
    if (OneIn(3)) rule.more.push_back("limits: { events: " + Number(1, 3) + " }");
  }

  void Aggregate(WindowSpec& rule) {
    const std::string size = Number(1, 6) + (OneIn(4) ? "500ms" : "s");
    const std::string kind = OneOf({"sliding", "sliding", "tumbling", "hopping", "session"});
    rule.emit = OneOf({"", "", "on_change"});
    sliding_ = kind == "sliding";
    if (kind == "sliding") {
      rule.window = "{ sliding: " + size + " }";
      if (OneIn(3)) rule.more.push_back("limits: { events: " + Number(1, 5) + " }");
    } else if (kind == "tumbling") {
      rule.window = "{ tumbling: " + size + Offset() + " }";
      if (OneIn(4)) rule.window = "{ tumbling: 8s, zone: Europe/Paris" + Offset() + " }";
      if (OneIn(2)) rule.emit = OneOf({"as_reached", "every_window"});
    } else if (kind == "hopping") {
      const int every = Between(1, 3);
      rule.window = "{ hopping: " + std::to_string(every * Between(2, 4)) +
                    "s, every: " + std::to_string(every) + "s" + Offset() + " }";
      if (OneIn(3)) rule.emit = "every_window";
    } else {
      rule.window = "{ session: " + Number(1, 3) + (OneIn(3) ? "500ms" : "s") +
                    (OneIn(3) ? ", longest: " + Number(4, 8) + "s" : "") + " }";
      if (OneIn(2)) rule.emit = OneOf({"as_reached", "every_window"});
    }
    if (OneIn(3)) Baseline(rule);
    rule.on_empty = kind != "session" && rule.emit != "as_reached" && OneIn(3);
    if (OneIn(3)) rule.evidence = Between(0, 4);
    const bool edge = rule.emit.empty() || rule.emit == "as_reached";
    if (edge || OneIn(3)) {
      for (int count = Between(1, 2); count > 0; --count) rule.having.push_back(Condition());
    }
    for (int count = Between(1, 4); count > 0; --count) rule.fields.push_back(Field());
    if (OneIn(5)) rule.more.push_back("exceptions: [ { name: e, where: '" + Condition() + "' } ]");
  }

  // Panes as long as events are apart, some of them longer than the window.
  void Baseline(WindowSpec& rule) {
    const int every = Between(1, 8);
    const std::string of =
        OneOf({"count()", "count()", "count()", "sum(v)", "min(v)", "max(w)", "avg(v)", "first(v)",
               "last(w) - first(w)", "count() + 1", "count_distinct(t)", "count_if(w < 3)",
               "median(v)", "sum(w) * 2", "count() > 1 ? count() : 0"});
    const bool days = rule.window.find("zone") != std::string::npos;
    const std::string unit = days ? "d" : "ms";
    const int pane = days ? Between(1, 2) : every * 500;
    rule.baseline = "{ of: '" + of + "', every: " + std::to_string(pane) + unit +
                    ", over: " + std::to_string(pane * Between(2, 9)) + unit + " }";
    compared_ = of == "avg(v)" ? Compared::kRoughly : Compared::kWholly;
  }

  // What a baseline is; of averages, which are no multiples of 1/1024, no deviation.
  std::string Usual() {
    if (compared_ == Compared::kWholly && OneIn(4)) return "baseline.stddev";
    return "baseline." + OneOf({"avg", "avg", "min", "max", "sum"});
  }

  std::string OverUsual() {
    const std::string usual = Usual();
    return OneOf({"count() > 2.0 * " + usual, "double(count()) >= " + usual,
                  "sum(v) > " + usual + " + 1.0", "baseline.panes >= " + Number(1, 3),
                  usual + " < " + Number(1, 5) + ".0", "!(" + usual + " >= 1.0)", usual + " == 0.0",
                  "count() > baseline.panes"});
  }

  std::string Offset() { return OneIn(3) ? ", offset: " + OneOf({"250ms", "500ms", "900ms"}) : ""; }

  // Of sliding windows alone.
  std::string Decayed(const std::string& x) {
    return "decayed_sum(" + x + ", \"" + OneOf({"300ms", "1s", "2500ms", "7s"}) + "\")";
  }

  std::string Argument() { return OneOf({"v", "v", "w", "v * 2", "v > 2 ? v : w"}); }

  std::string Condition() {
    if (compared_ != Compared::kNot && OneIn(2)) return OverUsual();
    const std::string few = Number(1, 3);
    const std::string some = Number(2, 9);
    const std::string x = Argument();
    if (sliding_ && OneIn(4)) return Decayed(x) + (OneIn(3) ? " < " : " >= ") + some + ".0";
    return OneOf({"count() >= " + few,
                  "count() == " + few,
                  "count() < " + few,
                  "(count() == 1 || count() == 3)",
                  "sum(" + x + ") >= " + some,
                  "sum(" + x + ") != " + some,
                  "avg(" + x + ") > 2.5",
                  "min(" + x + ") <= 1",
                  "max(" + x + ") == 5",
                  "stddev(" + x + ") > 1.0",
                  "percentile(" + x + ", 75) > 3.0",
                  "median(" + x + ") < 3.0",
                  "first(t) == \"a\"",
                  "last(" + x + ") > first(" + x + ")",
                  "count_distinct(t) >= 2",
                  "count_distinct(t, " + x + ") >= " + few,
                  "count_if(t == \"a\") >= " + few,
                  "count_if(w > 2) * 2 == count()",
                  "count_distinct(" + x + ") == count()",
                  "!(count() > 1)",
                  "window.end - window.start > duration(\"2s\") && count() > 1"});
  }

  std::string Field() {
    const std::string x = Argument();
    if (compared_ != Compared::kNot && OneIn(2)) return OneIn(4) ? "baseline.panes" : Usual();
    if (sliding_ && OneIn(4)) return Decayed(x);
    return OneOf({"count()", "sum(" + x + ")", "avg(" + x + ")", "min(" + x + ")", "max(" + x + ")",
                  "stddev(" + x + ")", "percentile(" + x + ", 25)", "median(" + x + ")",
                  "first(" + x + ")", "last(" + x + ")", "first(t)", "last(k)", "count_distinct(t)",
                  "count_distinct(t, v)", "count_if(w < 3)", "count_distinct(w)", "window.start",
                  "window.end", "double(count()) / 2.0"});
  }

  Choices& choices_;
  const int streams_;
  bool sliding_ = false;
  enum class Compared : uint8_t { kNot, kRoughly, kWholly } compared_ = Compared::kNot;
};

}  // namespace

WindowSpec RandomWindow(Choices& choices, int streams) {
  return WindowMaker(choices, streams).Make();
}

std::vector<ScenarioEvent> RandomWindowEvents(Choices& choices,
                                              const std::vector<ScenarioStream>& streams,
                                              int count) {
  constexpr int64_t kMillisecond = kSecond / 1000;
  std::vector<ScenarioEvent> events = RandomEvents(choices, streams, count);
  int64_t later = 0;
  for (ScenarioEvent& event : events) {
    if (choices.OneIn(12)) later += choices.Between(1, 24) * kSecond / 2;
    event.time += later;
    if (choices.OneIn(4)) event.time += choices.OneOf<int64_t>({1, 7, 16, 31, 100}) * kMillisecond;
    if (choices.OneIn(20)) event.time += choices.OneOf<int64_t>({-1, 1});
    if (choices.OneIn(8)) event.fields["v"] = choices.Between(-4, 10) * 0.5;
    if (choices.OneIn(15)) event.fields.erase("v");
    std::vector<ScalarValue> keys;
    for (int size = choices.Between(0, 3); size > 0; --size)
      keys.emplace_back(int64_t{choices.Between(0, 2)});
    event.fields["ks"] = std::move(keys);
  }
  return events;
}

WindowCase RandomWindowCase(Choices& choices) {
  WindowCase made;
  made.scenario.streams = RandomStreams(choices);
  made.rule = RandomWindow(choices, static_cast<int>(made.scenario.streams.size()));
  made.scenario.events =
      RandomWindowEvents(choices, made.scenario.streams, choices.Between(10, 60));
  made.Write();
  return made;
}

}  // namespace telltale::model
