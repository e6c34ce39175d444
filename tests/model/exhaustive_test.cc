// Every small pattern against every small input. An input is a word of up to six letters, a second
// apart, each word a key of its own: all 1,093 words over {a, b, c}. Patterns are those of
// small_patterns.h, each once: two that differ in the names of letters alone are one, and letters
// that a pattern does not name are one letter, so that where it names one (or none) the words over
// two letters (or one) are all there are.
//
// The whole is five parts, the first three of 150,114, 216,876 and 54,853 tries, which together
// took 1.6 hours of one core (2.6 GHz):
//
//   1. Shapes: every list of up to three steps over {a, b, any} in every contiguity, as it is; in
//      every quantifier (20 of them) where it has one or two steps, in most (12) where three.
//   2. Absences: every list of up to three steps in every contiguity and the basic quantifiers (5),
//      with a `not` at every place, in every form, of every letter; of up to two steps in all
//      quantifiers.
//   3. Modes: every list of up to two steps in the basic quantifiers, in each of the ways in which
//      rules choose, skip and end (63); with each `not` of part 2 in every eighth of them, another
//      for each; and every list of three steps in one of them.
//   4. A sample of all that at once of three steps: every quantifier, each `not`, each mode.
//   5. A sample of the same of four steps.
//
// One try in TELLTALE_MODEL_STRIDE of the first three parts is made, from TELLTALE_SEED on, so that
// runs with the seeds below the stride are together the whole:
//
//   TELLTALE_MODEL_STRIDE=1 build/release/bin/model_exhaustive_test
//
// TELLTALE_MODEL_LETTERS says how long words are, TELLTALE_MODEL_SAMPLE about how many are tried of
// parts 4 and 5 each. Each test says at its end how many agreed.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "tests/model/agreement.h"
#include "tests/model/choices.h"
#include "tests/model/small_patterns.h"

namespace telltale::model {
namespace {

#ifdef NDEBUG
constexpr uint64_t kLetters = 6;
constexpr uint64_t kTriesOfCi = 150;  // about so many of each test
#else
constexpr uint64_t kLetters = 4;  // sanitizers take their time
constexpr uint64_t kTriesOfCi = 100;
#endif

uint64_t Given(const char* variable, uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

// All words of up to so many letters; a word is a key.
Scenario AllWords(size_t length, size_t letters) {
  Scenario scenario;
  scenario.streams = {{.name = "s", .partitions = 1, .max_out_of_orderness = 0}};
  std::vector<std::string> words = {""};
  for (size_t begin = 0, end = 1; words.back().size() < length; begin = end, end = words.size()) {
    for (size_t i = begin; i < end; ++i) {
      for (size_t letter = 0; letter < letters; ++letter)
        words.push_back(words[i] + static_cast<char>('a' + letter));
    }
  }
  for (size_t place = 0; place < length; ++place) {
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

class Exhaustive : public testing::Test {
 protected:
  static constexpr size_t kMostTold = 3;      // differences
  static constexpr uint64_t kManyTries = 20;  // of which most load

  Exhaustive() {
    const uint64_t length = Given("TELLTALE_MODEL_LETTERS", kLetters);
    for (size_t letters = 1; letters <= tried_.size(); ++letters)
      tried_[letters - 1].scenario = AllWords(length, letters);
  }

  // Of a part that has about so many tries: without a stride those that CI has time for.
  void OneInOfWhole(uint64_t tries) {
    stride_ = std::max<uint64_t>(1, Given("TELLTALE_MODEL_STRIDE", tries / kTriesOfCi));
    seed_ = Seed(0) % stride_;
  }

  bool Turn() { return offered_++ % stride_ == seed_; }
  bool GoesOn() const { return differing_ < kMostTold; }

  void Check(const std::vector<PlaceSpec>& places, RuleSpec rule = {}) {
    rule.places = places;
    rule.more = "warm_up: assume_empty\n";
    Case& tried = tried_[LettersFor(rule) - 1];
    tried.rule = std::move(rule);
    tried.Write();
    const EngineSetting setting{
        .workers = 1, .threads = false, .batch_events = 256, .flush_every = 97};
    switch (Compare(tried.scenario, setting)) {
      case Agreement::kSame:
        ++same_;
        break;
      case Agreement::kDoesNotLoad:
        ++not_loading_;
        break;
      case Agreement::kDiffers:
        ++differing_;
        ADD_FAILURE() << "try " << offered_ - 1 << ":\n" << Explain(tried, setting);
    }
  }

  void Shapes(size_t length, Quantifiers quantifiers) {
    StepLists(length, quantifiers).ForEach([&](const StepLists::List& list) {
      if (Turn()) Check(list.Make());
      return GoesOn();
    });
  }

  void Absences(size_t length, Quantifiers quantifiers) {
    StepLists(length, quantifiers).ForEach([&](const StepLists::List& list) {
      const size_t nots = CountNots(list);
      for (size_t i = 0; i < nots; ++i) {
        if (Turn()) Check(WithNot(list, i));
      }
      return GoesOn();
    });
  }

  void ModesOf(size_t length) {
    constexpr size_t kWithNot = 8;  // one mode in so many
    StepLists(length, Quantifiers::kBasic).ForEach([&](const StepLists::List& list) {
      const std::vector<RuleSpec> modes = Modes(list);
      for (const RuleSpec& mode : modes) {
        if (Turn()) Check(list.Make(), mode);
      }
      const size_t nots = CountNots(list);
      for (size_t i = 0; i < nots; ++i) {
        for (size_t m = (list.number + i) % kWithNot; m < modes.size(); m += kWithNot) {
          if (Turn()) Check(WithNot(list, i), modes[m]);
        }
      }
      return GoesOn();
    });
  }

  void OneModeOf(size_t length) {
    StepLists(length, Quantifiers::kBasic).ForEach([&](const StepLists::List& list) {
      if (!Turn()) return GoesOn();
      const std::vector<RuleSpec> modes = Modes(list);
      Check(list.Make(), modes[list.number % modes.size()]);
      return GoesOn();
    });
  }

  // Everything at once: a `not` in three of four, and a mode.
  void Sample(size_t length) {
    const StepLists lists(length, Quantifiers::kAll);
    // Odd, so that the forms of the first step do not come in step with it.
    const uint64_t stride = lists.end() / (2 * Given("TELLTALE_MODEL_SAMPLE", kTriesOfCi)) | 1;
    for (uint64_t number = Seed(0) % stride; number < lists.end() && GoesOn(); number += stride) {
      const std::optional<StepLists::List> list = lists.At(number);
      if (!list) continue;
      Choices choices(number + 1);
      const std::vector<RuleSpec> modes = Modes(*list);
      const auto any_of = [&](size_t size) {
        return static_cast<size_t>(choices.Between(0, static_cast<int>(size) - 1));
      };
      ++offered_;
      Check(choices.OneIn(4) ? list->Make() : WithNot(*list, any_of(CountNots(*list))),
            modes[any_of(modes.size())]);
    }
  }

  void TearDown() override {
    std::cout << same_ << " tries agree, " << differing_ << " differ, " << not_loading_
              << " are refused, of " << offered_ << "; "
              << static_cast<double>(std::clock() - began_) / CLOCKS_PER_SEC << " s of CPU\n";
    if (same_ + not_loading_ < kManyTries) return;
    EXPECT_GT(same_, not_loading_);
  }

 private:
  std::array<Case, 3> tried_;  // by the number of letters, from one on
  uint64_t stride_ = 1;
  uint64_t seed_ = 0;
  uint64_t offered_ = 0;
  uint64_t same_ = 0;
  uint64_t differing_ = 0;
  uint64_t not_loading_ = 0;
  const std::clock_t began_ = std::clock();
};

TEST_F(Exhaustive, ShapesOfUpToThreeSteps) {
  OneInOfWhole(150'000);
  for (size_t length = 1; length <= 2; ++length) Shapes(length, Quantifiers::kAll);
  Shapes(3, Quantifiers::kMost);
}

TEST_F(Exhaustive, Absences) {
  OneInOfWhole(250'000);
  for (size_t length = 1; length <= 2; ++length) Absences(length, Quantifiers::kAll);
  Absences(3, Quantifiers::kBasic);
}

TEST_F(Exhaustive, Modes) {
  OneInOfWhole(70'000);
  for (size_t length = 1; length <= 2; ++length) ModesOf(length);
  OneModeOf(3);
}

TEST_F(Exhaustive, SomeOfThreeStepsWithEverything) { Sample(3); }

TEST_F(Exhaustive, SomeOfFourSteps) { Sample(4); }

}  // namespace
}  // namespace telltale::model
