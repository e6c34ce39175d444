// Rules and events for tests that are worked out by hand. One stream a letter, so that no condition
// is needed; an event is written `letter`, `letter@seconds` (without: one second after the one
// before it), or with a digit behind the letter: it then fits only where the match's first event
// has that digit too.
//
// Owner: the test. Thread: any. Errors: a rule that does not load fails the test with its
// diagnostics.
#ifndef TELLTALE_TESTS_MODEL_LETTERS_H_
#define TELLTALE_TESTS_MODEL_LETTERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "rules/model/rule.h"
#include "tests/model/reference_matcher.h"

namespace telltale::model {

// The streams.
inline constexpr const char* kLetters[] = {"a", "b", "c", "x", "y"};

// "id: r" and "by: k" stand before the body.
rules::Rule LetterRule(const std::string& body);

class LetterHistory : public History {
 public:
  explicit LetterHistory(const std::string& text);
  size_t size() const override { return times_.size(); }
  int64_t time(size_t event) const override { return times_[event]; }
  bool Fits(const rules::Selector& selector, size_t event, const Taken& taken) const override;

 private:
  std::vector<uint32_t> streams_;
  std::vector<int64_t> times_;
  std::vector<char> tags_;
};

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_LETTERS_H_
