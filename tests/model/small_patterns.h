// The small patterns that exhaustive_test tries, each once: what differs in the names of letters
// alone is one pattern, and what no input can tell apart is made in one way.
//
// Owner: the test. Thread: plain data. Units: whole seconds.
#ifndef TELLTALE_TESTS_MODEL_SMALL_PATTERNS_H_
#define TELLTALE_TESTS_MODEL_SMALL_PATTERNS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/model/rule_spec.h"

namespace telltale::model {

enum class Quantifiers {
  kAll,    // once, optional; 1 or more, 2, 1 or 2, optional and more, greedy, optional greedy 1 or
           // 2, all of these relaxed, strict and `any` inside
  kMost,   // of these 2, 1 or 2, optional and more, and optional greedy relaxed inside only
  kBasic,  // once, optional, 1 or more relaxed and `any` inside, greedy
};

// Every list of so many steps, S1, S2 ...: each takes an a, a b or any letter, in each quantity and
// each contiguity to the one before. The first letter that is named is a. A step that takes any
// letter is not strict: the next event is the first that fits.
class StepLists {
 public:
  StepLists(size_t length, Quantifiers quantifiers);

  // One of the lists, which is made when it is asked for.
  struct List {
    const StepLists* lists;
    uint64_t number;
    std::vector<PlaceSpec> Make() const { return lists->Make(number); }
    size_t letters() const { return lists->LettersOf(number); }  // that are named
  };
  // Until it returns false.
  void ForEach(const std::function<bool(const List&)>& use) const;

  // Some of the numbers below it are of no list: their list is there under other letters.
  uint64_t end() const;
  std::optional<List> At(uint64_t number) const;

 private:
  struct Form {
    PlaceSpec step;
    size_t letters = 0;  // it names the last of so many; 0: any letter
  };
  static std::vector<Form> Forms(Quantifiers quantifiers, bool contiguous);
  std::vector<PlaceSpec> Make(uint64_t number) const;
  size_t LettersOf(uint64_t number) const;
  template <typename Use>
  void ForEachForm(uint64_t number, const Use& use) const;

  const size_t length_;
  const std::vector<Form> first_;
  const std::vector<Form> others_;
};

// How many `not`s there are for a list: at each place, leading, between in both contiguities, or
// trailing, of each letter that the steps name or of another.
size_t CountNots(const StepLists::List& list);
std::vector<PlaceSpec> WithNot(const StepLists::List& list, size_t number);

// The ways in which rules choose, skip and end, of which `after_match` and `on_timeout` are about
// the last and the first step.
std::vector<RuleSpec> Modes(const StepLists::List& list);

// How many letters the input has to have: those that the rule names, and another, up to three.
size_t LettersFor(const RuleSpec& rule);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_SMALL_PATTERNS_H_
