// Larger rules and inputs at random: conditions across steps, windows, keys under several names,
// several streams and partitions, disorder within bounds and late events, limits and suppression.
// The seed of a failure is printed; TELLTALE_SEED=N tries that one alone, TELLTALE_MODEL_RUNS says
// how many are tried without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/model/agreement.h"

namespace telltale::model {
namespace {

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  Case Make() {
    Case made;
    const int streams = Between(1, 3);
    for (int i = 0; i < streams; ++i) {
      made.scenario.streams.push_back({.name = "s" + std::to_string(i),
                                       .partitions = static_cast<uint32_t>(Between(1, 3)),
                                       .max_out_of_orderness = Between(0, 3) * kSecond});
    }
    made.rule = Rule(streams);
    made.scenario.events = Events(made.scenario.streams);
    made.Write();
    return made;
  }

 private:
  int Between(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<uint64_t>(high - low + 1));
  }
  bool OneIn(int n) { return Between(1, n) == 1; }
  template <typename T>
  T OneOf(std::initializer_list<T> all) {
    return *(all.begin() + Between(0, static_cast<int>(all.size()) - 1));
  }

  std::string Local() {
    return OneOf<std::string>({"", "t == \"a\"", "t == \"b\"", "t != \"c\"", "v > 3",
                               "t == \"a\" || v == 0", "has(w) && w > 2", "w < 4",
                               "t in [\"a\", \"c\"]"});
  }

  // Conditions that look at what the steps before have taken.
  std::string Cross(const std::vector<ItemSpec>& before, bool self_repeats,
                    const std::string& self) {
    std::vector<std::string> all;
    for (const ItemSpec& item : before) {
      if (item.absence) continue;
      const bool list = item.min != 1 || item.max != 1;
      if (list) {
        all.push_back("size(" + item.name + ") < 3");
        all.push_back("v >= " + item.name + "[0].v");
        all.push_back(item.name + ".map(e, e.v).sum() + v > 6");
        all.push_back(item.name + ".exists(e, e.t == t)");
      } else {
        all.push_back("t == " + item.name + ".t");
        all.push_back("v > " + item.name + ".v");
        if (item.optional) all.push_back("!has(" + item.name + ".v) || " + item.name + ".v != v");
      }
    }
    if (self_repeats) all.push_back("size(" + self + ") == 0 || v >= " + self + "[0].v");
    if (all.empty()) return "";
    return all[static_cast<size_t>(Between(0, static_cast<int>(all.size()) - 1))];
  }

  void Condition(const std::vector<ItemSpec>& before, ItemSpec& item) {
    item.where = Local();
    const bool repeats = !item.absence && (item.min != 1 || item.max != 1);
    if (!OneIn(3)) return;
    const std::string cross = Cross(before, repeats, item.name);
    if (cross.empty()) return;
    item.where = item.where.empty() ? cross : "(" + item.where + ") && (" + cross + ")";
  }

  ItemSpec Step(int number, int streams, const std::vector<ItemSpec>& before) {
    ItemSpec step;
    const bool alternative = !before.empty() && !before.back().absence && OneIn(5);
    step.name = (alternative ? std::string(kAlternative) : "S") + std::to_string(number);
    step.stream = "s" + std::to_string(Between(0, streams - 1));
    step.optional = !alternative && OneIn(4);
    if (OneIn(3)) {
      step.min = Between(1, 3);
      step.max = OneIn(2) ? 0 : step.min + Between(0, 2);
    }
    if (OneIn(4)) step.within = Between(1, 8);
    if (OneIn(4)) step.by = "account";
    Condition(alternative ? BeforePlace(before) : before, step);
    return step;
  }

  // What an alternative may look at: no other one of its place, of which a match has only one.
  static std::vector<ItemSpec> BeforePlace(std::vector<ItemSpec> before) {
    while (before.back().name.starts_with(kAlternative)) before.pop_back();
    before.pop_back();
    return before;
  }

  ItemSpec Not(int streams, const std::vector<ItemSpec>& before, int within) {
    ItemSpec item;
    item.absence = true;
    item.stream = "s" + std::to_string(Between(0, streams - 1));
    item.within = within;
    if (OneIn(4)) item.by = "account";
    Condition(before, item);
    return item;
  }

  // Of which some end in an error, where an optional step took nothing, and some expire.
  std::string Exceptions(const std::vector<ItemSpec>& items) {
    std::string text = "exceptions:\n";
    int number = 0;
    for (const ItemSpec& item : items) {
      if (item.absence || !OneIn(2)) continue;
      const bool list = item.min != 1 || item.max != 1;
      text += "  - { name: e" + std::to_string(number++) + ", where: '" +
              (list ? "size(" + item.name + ") > 1 && " + item.name + "[0].v > 2"
                    : item.name + ".v > 3") +
              "'";
      if (OneIn(2))
        text += ", expires: '1970-01-01T00:00:" + std::to_string(Between(10, 40)) + "Z'";
      text += " }\n";
    }
    return number == 0 ? "" : text;
  }

  RuleSpec Rule(int streams) {
    RuleSpec rule;
    const int steps = Between(1, 5);
    if (OneIn(5)) rule.items.push_back(Not(streams, {}, Between(1, 6)));
    for (int i = 0; i < steps; ++i) {
      rule.items.push_back(Step(i, streams, rule.items));
      if (i + 1 < steps && OneIn(5)) rule.items.push_back(Not(streams, rule.items, 0));
    }
    if (OneIn(5)) rule.items.push_back(Not(streams, rule.items, Between(1, 6)));
    if (!OneIn(4)) rule.within = Between(2, 12);
    rule.match = OneOf<std::string>({"all", "all", "first", "latest"});
    const std::string some = "S" + std::to_string(Between(0, steps - 1));
    // Which of several alternatives to skip to, a match may not have.
    const bool alternatives =
        std::any_of(rule.items.begin(), rule.items.end(),
                    [](const ItemSpec& item) { return item.name.starts_with(kAlternative); });
    if (OneIn(2) && alternatives) {
      rule.after_match = OneOf<std::string>({"skip_to_next", "skip_past_last"});
    } else if (OneIn(2)) {
      rule.after_match =
          OneOf<std::string>({"skip_to_next", "skip_past_last", "{ skip_to_first: " + some + " }",
                              "{ skip_to_last: " + some + " }"});
    }
    if (OneIn(2)) rule.more += "warm_up: assume_empty\n";
    if (OneIn(5))
      rule.more += "suppress: { by: [k], for: " + std::to_string(Between(1, 6)) + "s }\n";
    if (OneIn(5)) rule.more += Exceptions(rule.items);
    if (OneIn(5)) {
      rule.more +=
          "limits: { " +
          OneOf<std::string>({"partial_matches: 3", "matches: 2", "events: 5", "events: 9"}) +
          ", on_limit: " + OneOf<std::string>({"evict_oldest", "reject_new"}) + " }\n";
    }
    if (OneIn(8)) rule.by.clear();
    if (rule.by.empty()) {
      for (ItemSpec& item : rule.items) item.by.clear();
      const size_t suppress = rule.more.find("suppress");
      if (suppress != std::string::npos) rule.more.erase(suppress);
    }
    return rule;
  }

  std::vector<ScenarioEvent> Events(const std::vector<ScenarioStream>& streams) {
    std::vector<ScenarioEvent> events;
    std::map<std::pair<uint32_t, uint32_t>, int64_t> offsets;
    int64_t now = 0;
    const int count = Between(5, 60);
    for (int i = 0; i < count; ++i) {
      ScenarioEvent event;
      event.stream = static_cast<uint32_t>(Between(0, static_cast<int>(streams.size()) - 1));
      event.partition =
          static_cast<uint32_t>(Between(0, static_cast<int>(streams[event.stream].partitions) - 1));
      event.offset = offsets[{event.stream, event.partition}]++;
      now += Between(0, 2) * kSecond / 2;
      // Now and then behind, now and then by more than the bound: late.
      event.time = OneIn(4) ? std::max<int64_t>(0, now - Between(0, 4) * kSecond) : now;
      Fields(event);
      events.push_back(std::move(event));
    }
    return events;
  }

  void Fields(ScenarioEvent& event) {
    // K1: 1 and "1" are one key; a key that is missing, or not text, drops the event.
    const int key = Between(0, 2);
    const auto text = [&](const char* name) {
      if (OneIn(20)) return;
      if (OneIn(20)) {
        event.fields[name] = OneIn(2) ? FieldValue(true) : FieldValue(0.5);
      } else if (OneIn(2)) {
        event.fields[name] = int64_t{key};
      } else {
        event.fields[name] = std::to_string(key);
      }
    };
    text("k");
    text("account");
    if (OneIn(10)) event.fields["account"] = int64_t{(key + 1) % 3};
    event.fields["t"] = std::string(1, static_cast<char>('a' + Between(0, 2)));
    event.fields["v"] = int64_t{Between(0, 5)};
    if (OneIn(2))
      event.fields["w"] =
          OneIn(8) ? FieldValue(std::string("x")) : FieldValue(int64_t{Between(0, 5)});
  }

  std::mt19937_64 random_;  // the standard fixes its numbers
};

uint64_t Runs() {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : 4'000;
}

TEST(Random, TheEngineAgreesWithTheReference) {
  constexpr uint64_t kNoSeed = 0;
  const uint64_t only = Seed(kNoSeed);
  const uint64_t begin = only != kNoSeed ? only : 1;
  const uint64_t end = only != kNoSeed ? only + 1 : Runs() + 1;
  uint64_t loaded = 0;
  uint64_t matching = 0;
  for (uint64_t seed = begin; seed < end; ++seed) {
    const Case made = Maker(seed).Make();
    const EngineSetting setting{.workers = static_cast<uint32_t>(1 + seed % 3),
                                .threads = false,
                                .batch_events = static_cast<uint32_t>(1 + seed % 7),
                                .flush_every = static_cast<uint32_t>(1 + seed % 5),
                                .index_from = seed % 4 < 3 ? static_cast<uint32_t>(seed % 4) : 16};
    const Agreement agreement = Compare(made.scenario, setting);
    if (agreement == Agreement::kDoesNotLoad) continue;
    ++loaded;
    const auto rules = Compile(made.scenario);
    const EngineResult plain = RunEngine(made.scenario, rules, setting);
    matching += plain.alerts.empty() ? 0 : 1;
    // All state encoded, destroyed and decoded now and then, and all that waits found by an index,
    // or none of it: the same bytes come out, and the same errors are counted.
    EngineSetting recoding = setting;
    recoding.index_from = setting.index_from == 0 ? 1'000'000 : 0;
    recoding.recode_percent = 40;
    recoding.recode_seed = seed;
    const EngineResult recoded = RunEngine(made.scenario, rules, recoding);
    EXPECT_EQ(recoded.recode_error, "") << "TELLTALE_SEED=" << seed;
    EXPECT_EQ(recoded.condition_errors, plain.condition_errors) << "TELLTALE_SEED=" << seed;
    EXPECT_TRUE(recoded.Bodies() == plain.Bodies())
        << "TELLTALE_SEED=" << seed << ": state does not come back\n"
        << Print(made.scenario) << Print(plain.Outcomes()) << "not\n"
        << Print(recoded.Outcomes());
    if (agreement == Agreement::kSame) continue;
    ADD_FAILURE() << "TELLTALE_SEED=" << seed << "\n" << Explain(made, setting);
    break;
  }
  if (HasFailure()) return;
  std::cout << loaded << " of " << end - begin << " rules loaded, " << matching
            << " of them alert\n";
  EXPECT_TRUE(only != kNoSeed || loaded * 2 > end - begin)
      << "most rules do not load: the generator has lost its way";
}

}  // namespace
}  // namespace telltale::model
