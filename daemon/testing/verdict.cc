#include "daemon/testing/verdict.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/decode/dead_letter.h"
#include "daemon/testing/alert_attributes.h"
#include "daemon/testing/why_not.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::testing {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// The greatest number of pairs of an expected alert and one that is as expected, by augmenting
// paths.
class Pairing {
 public:
  Pairing(const rules::RuleTest& test, const std::vector<engine::Alert>& got)
      : fits_(test.alerts.size()),
        of_expected_(test.alerts.size(), kNone),
        of_got_(got.size(), kNone) {
    for (size_t e = 0; e < test.alerts.size(); ++e) {
      for (size_t g = 0; g < got.size(); ++g) {
        if (AsExpected(test.alerts[e], got[g], test)) fits_[e].push_back(g);
      }
    }
    for (size_t e = 0; e < fits_.size(); ++e) {
      tried_.assign(got.size(), false);
      Augment(e);
    }
  }

  size_t of_expected(size_t e) const { return of_expected_[e]; }
  size_t of_got(size_t g) const { return of_got_[g]; }

 private:
  bool Augment(size_t e) {
    for (const size_t g : fits_[e]) {
      if (tried_[g]) continue;
      tried_[g] = true;
      if (of_got_[g] != kNone && !Augment(of_got_[g])) continue;
      of_got_[g] = e;
      of_expected_[e] = g;
      return true;
    }
    return false;
  }

  std::vector<std::vector<size_t>> fits_;  // by expected alert
  std::vector<size_t> of_expected_;
  std::vector<size_t> of_got_;
  std::vector<bool> tried_;
};

size_t Differences(const std::vector<Attribute>& attributes) {
  return static_cast<size_t>(std::count_if(attributes.begin(), attributes.end(),
                                           [](const Attribute& a) { return a.differs; }));
}

// Of those that are left over, the one that differs least, but not in rule or key: beside an alert
// of another key nobody would look for what is wrong.
size_t MostSimilar(const rules::ExpectedAlert& expected, const std::vector<engine::Alert>& got,
                   const std::vector<bool>& used, const rules::RuleTest& test) {
  size_t best = kNone;
  size_t least = kNone;
  for (size_t g = 0; g < got.size(); ++g) {
    if (used[g] || (expected.key && *expected.key != got[g].key) ||
        (expected.rule && *expected.rule != got[g].rule->id)) {
      continue;
    }
    const std::vector<Attribute> attributes = Compare(&expected, &got[g], test);
    const size_t differences = Differences(attributes);
    if (differences >= least) continue;
    least = differences;
    best = g;
  }
  return best;
}

void JudgeAlerts(const rules::RuleTest& test, const TestRun& run, Verdict& verdict) {
  const Pairing pairing(test, run.alerts);
  std::vector<bool> used(run.alerts.size());
  for (size_t g = 0; g < used.size(); ++g) used[g] = pairing.of_got(g) != kNone;
  for (size_t e = 0; e < test.alerts.size(); ++e) {
    if (pairing.of_expected(e) != kNone) continue;
    WrongAlert wrong{.expected = &test.alerts[e], .got = nullptr, .attributes = {}, .why = {}};
    const size_t near = MostSimilar(test.alerts[e], run.alerts, used, test);
    if (near != kNone) {
      wrong.got = &run.alerts[near];
      used[near] = true;
    } else {
      wrong.why = WhyNot(test.alerts[e], test, run);
    }
    wrong.attributes = Compare(wrong.expected, wrong.got, test);
    verdict.wrong.push_back(std::move(wrong));
  }
  for (size_t g = 0; g < used.size(); ++g) {
    if (used[g]) continue;
    verdict.wrong.push_back({.expected = nullptr,
                             .got = &run.alerts[g],
                             .attributes = Compare(nullptr, &run.alerts[g], test),
                             .why = {}});
  }
}

bool Holds(const std::vector<uint32_t>& indexes, uint32_t index) {
  return std::binary_search(indexes.begin(), indexes.end(), index);
}

void JudgeEvents(const rules::RuleTest& test, const TestRun& run, Verdict& verdict) {
  const rules::StreamCatalog& streams = *run.rules->rules->streams;
  const auto fault = [&](uint32_t index, std::string_view what) {
    verdict.event_faults.push_back(
        absl::StrCat(EventText(index, test, streams), std::string(what)));
  };
  for (uint32_t i = 0; i < test.events.size(); ++i) {
    const bool late = Holds(run.late, i);
    const bool dead = Holds(run.dead_letters, i);
    if (late && !Holds(test.late, i)) {
      fault(i, " came too late, and no rule sees it: the watermark of its partition had passed it");
    } else if (!late && Holds(test.late, i)) {
      fault(i, dead ? " was to come too late, and is a dead letter"
                    : " was to come too late, and is on time");
    }
    if (dead && !Holds(test.dead_letters, i)) {
      fault(i, absl::StrCat(" is a dead letter (",
                            std::string(decode::ReasonText(run.records[i].reason())),
                            "), and no rule sees it"));
    } else if (!dead && Holds(test.dead_letters, i)) {
      fault(i, " was to be a dead letter, and is an event");
    }
  }
}

}  // namespace

std::string TimeText(int64_t time, const rules::RuleTest& test) {
  int64_t distance = 0;
  if (__builtin_sub_overflow(time, test.base, &distance) ||
      distance == std::numeric_limits<int64_t>::min()) {
    return engine::FormatTime(time);
  }
  return distance < 0 ? "-" + rules::FormatDuration(-distance) : rules::FormatDuration(distance);
}

std::string EventText(uint32_t index, const rules::RuleTest& test,
                      const rules::StreamCatalog& streams) {
  const rules::TestEvent& event = test.events[index];
  std::string text = absl::StrCat("event ", index, " (", streams[event.stream].name);
  if (event.at) absl::StrAppend(&text, " at ", TimeText(*event.at, test));
  return text + ")";
}

std::string KeyText(const rules::KeyParts& key) {
  return key.empty() ? "(one for all)" : rules::ToText(key);
}

Verdict Judge(const rules::RuleTest& test, const TestRun& run) {
  Verdict verdict;
  JudgeAlerts(test, run, verdict);
  JudgeEvents(test, run, verdict);
  return verdict;
}

}  // namespace telltale::testing
