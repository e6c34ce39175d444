// What the windows of a rule's sequence say of each event of a key (W3), each computed from scratch
// from the events up to it.
//
// Owner: the reference run of one key. Thread: one. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_TESTS_MODEL_ASKED_WINDOWS_H_
#define TELLTALE_TESTS_MODEL_ASKED_WINDOWS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "rules/model/key_parts.h"
#include "rules/model/rule.h"
#include "tests/model/reference_matcher.h"
#include "tests/model/rule_conditions.h"
#include "tests/model/window_reference.h"

namespace telltale::model {

class AskedWindows {
 public:
  // `events`: of the key, in total order; they outlive it.
  AskedWindows(RuleConditions& conditions, const rules::KeyParts& key,
               const std::vector<const engine::Event*>& events);

  // By call of all windows.
  const Tuple& ValuesAt(size_t event);
  // P10: whether a cap had acted when the match became known.
  bool Truncates(const Match& match) const;
  // The times of the events on which it acted, below the watermark.
  std::vector<int64_t> Hits(int64_t watermark) const;
  // C5: the earliest moment that some window looked at for the match.
  int64_t LooksBackTo(const Match& match) const;

 private:
  struct Member {
    size_t event = 0;
    WindowEvent said;
  };
  AskedWindow Ask(size_t window, size_t events, int64_t time) const;
  int64_t ReachOf(const rules::Selector& selector) const;

  const rules::Rule& rule_;
  const std::vector<const engine::Event*>& events_;
  std::vector<std::vector<Member>> members_;  // by window
  std::map<size_t, Tuple> values_;            // by event
};

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_ASKED_WINDOWS_H_
