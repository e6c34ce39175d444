// Every small pattern against every small input. Patterns have one to three steps over {a, b, any}:
// once, optional, or repeated (1 or more, 2, 1 or 2; reluctant, greedy, optional) in each
// contiguity inside, each step in each contiguity to the one before; with no `not`, or one at each
// place, in each of its forms. Each is tried as it is, and with one of the ways in which rules
// choose, skip and end. Inputs are all words of up to six letters over {a, b, c}, each word a key
// of its own. Patterns of four steps are sampled.
//
// One pattern in TELLTALE_MODEL_STRIDE is tried, from TELLTALE_SEED on, so that runs with different
// seeds below the stride are parts of the whole; a stride of 1 is all of them, which takes days:
// with up to three steps there are 1,954,860 lists of steps, with 26 tries of each but the
// shortest. TELLTALE_MODEL_LETTERS says how long words are. Each test says at its end how many
// agreed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "tests/model/agreement.h"

namespace telltale::model {
namespace {

#ifdef NDEBUG
constexpr uint64_t kLetters = 6;
constexpr uint64_t kStride = 150'001;
#else
constexpr uint64_t kLetters = 4;  // sanitizers take their time
constexpr uint64_t kStride = 200'003;
#endif
// So many times rarer are patterns of four steps than their number would have it.
constexpr uint64_t kRarer = 2'003;

uint64_t Given(const char* variable, uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

// All words of up to so many letters; a word is a key.
Scenario AllWords(size_t letters) {
  Scenario scenario;
  scenario.streams = {{.name = "s", .partitions = 1, .max_out_of_orderness = 0}};
  std::vector<std::string> words = {""};
  for (size_t begin = 0, end = 1; words.back().size() < letters; begin = end, end = words.size()) {
    for (size_t i = begin; i < end; ++i) {
      for (const char letter : {'a', 'b', 'c'}) words.push_back(words[i] + letter);
    }
  }
  for (size_t place = 0; place < letters; ++place) {
    for (const std::string& word : words) {
      if (word.size() <= place) continue;
      scenario.events.push_back({.stream = 0,
                                 .partition = 0,
                                 .offset = static_cast<int64_t>(scenario.events.size()),
                                 .time = static_cast<int64_t>(place) * kSecond,
                                 .fields = {{"k", word}, {"t", std::string(1, word[place])}}});
    }
  }
  return scenario;
}

std::vector<PlaceSpec> Quantified() {
  std::vector<PlaceSpec> forms;
  const auto add = [&](int min, int max, bool optional, bool greedy, const char* inside) {
    PlaceSpec step;
    step.min = min;
    step.max = max;
    step.optional = optional;
    step.greedy = greedy;
    step.inside = inside;
    forms.push_back(step);
  };
  add(1, 1, false, false, "");
  add(1, 1, true, false, "");
  for (const char* inside : {"", "strict", "any"}) {
    add(1, 0, false, false, inside);
    add(2, 2, false, false, inside);
    add(1, 2, false, false, inside);
    add(1, 0, true, false, inside);
    add(1, 0, false, true, inside);
    add(1, 2, true, true, inside);
  }
  return forms;
}

// What a step can be; `contiguous`: in each contiguity to the one before.
std::vector<PlaceSpec> StepForms(bool contiguous) {
  std::vector<PlaceSpec> forms;
  for (const char* where : {"t == \"a\"", "t == \"b\"", ""}) {
    for (PlaceSpec step : Quantified()) {
      step.where = where;
      for (const char* contiguity : {"", "strict", "any"}) {
        step.contiguity = contiguity;
        if (contiguous || step.contiguity.empty()) forms.push_back(step);
      }
    }
  }
  return forms;
}

PlaceSpec Not(const char* where, int within, const char* contiguity) {
  PlaceSpec place{.kind = PlaceSpec::Kind::kNot};
  place.where = where;
  place.within = within;
  place.contiguity = contiguity;
  return place;
}

// Without a `not`, and with one at each place.
std::vector<std::vector<PlaceSpec>> WithNots(const std::vector<PlaceSpec>& steps) {
  std::vector<std::vector<PlaceSpec>> lists = {steps};
  for (size_t place = 0; place <= steps.size(); ++place) {
    const bool between = place != 0 && place != steps.size();
    for (const char* where : {"t == \"c\"", "t == \"b\""}) {
      for (const char* contiguity : {"", "strict"}) {
        if (!between && *contiguity != '\0') continue;
        std::vector<PlaceSpec> with = steps;
        with.insert(with.begin() + static_cast<std::ptrdiff_t>(place),
                    Not(where, between ? 0 : 2, contiguity));
        lists.push_back(with);
      }
    }
  }
  return lists;
}

// The ways in which rules choose, skip and end.
std::vector<RuleSpec> Modes(const std::string& last) {
  std::vector<RuleSpec> modes;
  for (const int within : {0, 3}) {
    for (const char* match : {"all", "first", "latest"}) {
      for (const std::string& skip :
           {std::string("no_skip"), std::string("skip_to_next"), std::string("skip_past_last"),
            "{ skip_to_first: " + last + " }", "{ skip_to_last: " + last + " }"}) {
        for (const bool ends : {false, true}) {
          RuleSpec rule;
          rule.within = within;
          rule.match = match;
          rule.after_match = skip;
          if (ends && within != 0) rule.timeout_from = "S1";
          if (ends && within == 0) rule.until = "{ on: s, where: 't == \"c\"' }";
          modes.push_back(rule);
        }
      }
    }
  }
  return modes;
}

class Exhaustive : public testing::Test {
 protected:
  Exhaustive() {
    stride_ = std::max<uint64_t>(1, Given("TELLTALE_MODEL_STRIDE", kStride));
    tried_.scenario = AllWords(Given("TELLTALE_MODEL_LETTERS", kLetters));
    for (const ScenarioEvent& event : tried_.scenario.events) words_ += event.time == 0 ? 1 : 0;
  }

  // Tries the patterns of `length` steps.
  void Try(size_t length, uint64_t stride) {
    const std::vector<PlaceSpec> first = StepForms(false);
    const std::vector<PlaceSpec> others = StepForms(true);
    uint64_t patterns = first.size();
    for (size_t i = 1; i < length; ++i) patterns *= others.size();
    for (uint64_t number = Seed(0) % stride; number < patterns * kTries; number += stride) {
      if (differing_ >= 3) return;
      std::vector<PlaceSpec> steps;
      uint64_t rest = number / kTries;
      for (size_t i = 0; i < length; ++i) {
        const std::vector<PlaceSpec>& forms = i == 0 ? first : others;
        steps.push_back(forms[rest % forms.size()]);
        steps.back().name = "S" + std::to_string(i + 1);
        rest /= forms.size();
      }
      TryPattern(steps, number);
    }
  }

  void Tell() const {
    std::cout << same_ << " patterns agree, " << differing_ << " differ, " << not_loading_
              << " are refused; on " << words_ << " words each\n";
  }

  uint64_t stride_ = 1;
  uint64_t same_ = 0;
  uint64_t differing_ = 0;
  uint64_t not_loading_ = 0;
  uint64_t words_ = 0;

 private:
  static constexpr uint64_t kTries = 16;  // of a list of steps: its `not`s and modes

  // The try of that number of a list of steps. Every `not` is tried as it is and with a mode.
  void TryPattern(const std::vector<PlaceSpec>& steps, uint64_t number) {
    const std::vector<std::vector<PlaceSpec>> lists = WithNots(steps);
    const std::vector<RuleSpec> modes = Modes(steps.back().name);
    const uint64_t list = number % kTries;
    for (uint64_t i = list; i < lists.size() * 2; i += kTries) {
      tried_.rule = i % 2 == 0 ? RuleSpec() : modes[(number / kTries + i) % modes.size()];
      tried_.rule.places = lists[i / 2];
      tried_.rule.more = "warm_up: assume_empty\n";
      Check(number);
    }
  }

  void Check(uint64_t number) {
    const EngineSetting setting{
        .workers = 1, .threads = false, .batch_events = 256, .flush_every = 97};
    tried_.Write();
    switch (Compare(tried_.scenario, setting)) {
      case Agreement::kSame:
        ++same_;
        break;
      case Agreement::kDoesNotLoad:
        ++not_loading_;
        break;
      case Agreement::kDiffers:
        ++differing_;
        ADD_FAILURE() << "try " << number << ":\n" << Explain(tried_, setting);
    }
  }

  Case tried_;
};

TEST_F(Exhaustive, PatternsOfUpToThreeSteps) {
  Try(1, std::max<uint64_t>(1, stride_ / 40'000));
  Try(2, std::max<uint64_t>(1, stride_ / 200));
  Try(3, stride_);
  Tell();
  EXPECT_GT(same_, not_loading_);
}

TEST_F(Exhaustive, SomePatternsOfFourSteps) {
  Try(4, stride_ * kRarer);
  Tell();
  EXPECT_GT(same_, not_loading_);
}

}  // namespace
}  // namespace telltale::model
