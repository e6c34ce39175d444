// Every small pattern against every small input: steps over {a, b, any} that stand alone, repeat or
// are optional, with a `not` at each place, in each match mode and with each after_match, on all
// words of five letters over {a, b, c}, each word a key of its own. One pattern in
// TELLTALE_MODEL_STRIDE is tried (1: all of them, which takes hours), from TELLTALE_SEED on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "tests/model/agreement.h"

namespace telltale::model {
namespace {

constexpr int kLetters = 5;
#ifdef NDEBUG
constexpr uint64_t kStride = 389;
#else
constexpr uint64_t kStride = 6'007;  // sanitizers take their time
#endif

Scenario AllWords() {
  Scenario scenario;
  scenario.streams = {{.name = "s", .partitions = 1, .max_out_of_orderness = 0}};
  int words = 1;
  for (int i = 0; i < kLetters; ++i) words *= 3;
  for (int place = 0; place < kLetters; ++place) {
    for (int word = 0, power = 1; word < words; ++word) {
      power = 1;
      for (int i = 0; i < place; ++i) power *= 3;
      const std::string letter(1, static_cast<char>('a' + word / power % 3));
      scenario.events.push_back({.stream = 0,
                                 .partition = 0,
                                 .offset = static_cast<int64_t>(scenario.events.size()),
                                 .time = place * kSecond,
                                 .fields = {{"k", int64_t{word}}, {"t", letter}}});
    }
  }
  return scenario;
}

std::vector<ItemSpec> StepForms() {
  std::vector<ItemSpec> forms;
  for (const char* where : {"t == \"a\"", "t == \"b\"", ""}) {
    const auto add = [&](int min, int max, bool optional) {
      ItemSpec item;
      item.where = where;
      item.min = min;
      item.max = max;
      item.optional = optional;
      forms.push_back(item);
    };
    add(1, 1, false);
    add(1, 1, true);
    add(1, 0, false);
    add(2, 2, false);
    add(1, 2, false);
    add(1, 0, true);
    add(2, 3, true);
  }
  return forms;
}

// Calls `use` with every list of up to three steps.
template <typename Use>
void ForEachSteps(const Use& use) {
  const std::vector<ItemSpec> forms = StepForms();
  for (size_t length = 1; length <= 3; ++length) {
    std::vector<size_t> choice(length, 0);
    while (true) {
      std::vector<ItemSpec> steps;
      for (const size_t form : choice) {
        steps.push_back(forms[form]);
        steps.back().name = "S" + std::to_string(steps.size());
      }
      use(steps);
      size_t digit = 0;
      while (digit < length && ++choice[digit] == forms.size()) choice[digit++] = 0;
      if (digit == length) break;
    }
  }
}

ItemSpec Not(const char* where, int within) {
  ItemSpec item;
  item.absence = true;
  item.where = where;
  item.within = within;
  return item;
}

// Every rule over these steps.
std::vector<RuleSpec> Variants(const std::vector<ItemSpec>& steps) {
  std::vector<std::vector<ItemSpec>> lists = {steps};
  for (size_t place = 0; place <= steps.size(); ++place) {
    const bool between = place != 0 && place != steps.size();
    for (const char* where : {"t == \"c\"", "t == \"b\""}) {
      std::vector<ItemSpec> with = steps;
      with.insert(with.begin() + static_cast<std::ptrdiff_t>(place), Not(where, between ? 0 : 2));
      lists.push_back(with);
    }
  }
  std::vector<std::string> skips = {"no_skip", "skip_to_next", "skip_past_last"};
  for (const ItemSpec& step : steps) {
    if (step.optional) continue;
    skips.push_back("{ skip_to_first: " + step.name + " }");
    skips.push_back("{ skip_to_last: " + step.name + " }");
  }
  std::vector<RuleSpec> rules;
  for (const auto& items : lists) {
    for (const char* match : {"all", "first", "latest"}) {
      for (const std::string& skip : skips) {
        for (const int within : {0, 3}) {
          RuleSpec rule;
          rule.items = items;
          rule.match = match;
          rule.after_match = skip;
          rule.within = within;
          rule.more = "warm_up: assume_empty\n";
          rules.push_back(rule);
        }
      }
    }
  }
  return rules;
}

TEST(Exhaustive, EverySmallPatternOnEverySmallInput) {
  const char* given = std::getenv("TELLTALE_MODEL_STRIDE");
  const uint64_t stride =
      std::max<uint64_t>(1, given != nullptr ? std::strtoull(given, nullptr, 10) : kStride);
  const uint64_t offset = Seed(0) % stride;
  Case tried;
  tried.scenario = AllWords();
  const EngineSetting setting{
      .workers = 1, .threads = false, .batch_events = 256, .flush_every = 97};
  uint64_t number = 0;
  int same = 0;
  int differing = 0;
  ForEachSteps([&](const std::vector<ItemSpec>& steps) {
    if (differing >= 3) return;
    for (const RuleSpec& rule : Variants(steps)) {
      if (number++ % stride != offset) continue;
      tried.rule = rule;
      tried.Write();
      const Agreement agreement = Compare(tried.scenario, setting);
      if (agreement == Agreement::kSame) ++same;
      if (agreement != Agreement::kDiffers) continue;
      ++differing;
      ADD_FAILURE() << "pattern " << number - 1 << ":\n" << Explain(tried, setting);
      if (differing >= 3) return;
    }
  });
  std::cout << same << " of " << number << " patterns tried, on " << tried.scenario.events.size()
            << " events each\n";
  EXPECT_GT(same, 0);
}

}  // namespace
}  // namespace telltale::model
