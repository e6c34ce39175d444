// What `check` says can never happen never happens: random sequences of which it warns, run over
// random events. A step that is never taken (R0917) is in no alert, a rule that can never match
// (R0907) has none, and without a 'not' that bars nothing (R0914) the alerts are the same.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "rules/load/load.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

constexpr uint32_t kSeeds = 1500;
constexpr int kRuns = 12;

// Sequences with one item a line, of shapes in which such warnings are frequent.
class RuleWriter {
 public:
  explicit RuleWriter(uint32_t seed) : random_(seed) {}

  std::vector<std::string> Items() {
    std::vector<std::string> items = {Step()};
    for (size_t more = 1 + Any(3); more > 0; --more) {
      if (OneIn(4) && !items.back().starts_with("not")) items.push_back("not: { " + What() + " }");
      items.push_back(OneIn(4) ? "any_of: [" + Alternatives() + "]" : Step());
    }
    // Behind all that is greedy, so that the matches of an event are known together.
    items.push_back("last: { " + What() + " }");
    return items;
  }

  std::string More() {
    std::string more = "within: 20s\n";
    if (OneIn(3)) more += "match: latest\n";
    if (OneIn(6)) more += "until: { " + What() + " }\n";
    return more;
  }

  std::vector<TestEvent> Events() {
    std::vector<TestEvent> events;
    int64_t time = 0;
    for (int i = 0; i < 10; ++i) {
      time += static_cast<int64_t>(Any(4)) * 1000;
      events.push_back({.stream = static_cast<uint32_t>(Any(2)),
                        .time_ms = time,
                        .fields = {{"k", int64_t{1}}, {"v", static_cast<int64_t>(1 + Any(2))}}});
    }
    return events;
  }

 private:
  size_t Any(size_t size) { return std::uniform_int_distribution<size_t>(0, size - 1)(random_); }
  bool OneIn(size_t of) { return Any(of) == 0; }
  std::string Pick(const std::vector<std::string>& of) { return of[Any(of.size())]; }

  std::string What() {
    return Pick({"on: a", "on: b"}) + Pick({"", ", where: v == 1", ", where: v == 2"});
  }

  std::string Alternatives() {
    std::string text;
    for (size_t i = 0; i < 2 + Any(2); ++i)
      text += (i == 0 ? "s" : ", s") + std::to_string(names_++) + ": { " + What() + " }";
    return text;
  }

  std::string Step() {
    std::string text = "s" + std::to_string(names_++) + ": { " + What();
    if (names_ > 1) text += Pick({"", "", ", contiguity: strict", ", contiguity: any"});
    if (OneIn(4)) text += ", optional: true";
    if (OneIn(2)) text += ", repeat: { min: " + Pick({"1", "2"}) + Repeat() + " }";
    return text + " }";
  }

  std::string Repeat() {
    return Pick({"", "", ", max: 3"}) + Pick({"", ", greedy: true", ", greedy: true"}) +
           Pick({"", "", ", inside: strict"}) + (OneIn(4) ? ", until: { " + What() + " }" : "");
  }

  std::mt19937 random_;
  uint32_t names_ = 0;
};

std::string RuleOf(const std::vector<std::string>& items, const std::string& more) {
  std::string text = "id: r\nby: k\nsequence:\n";
  for (const std::string& item : items) text += "  - " + item + "\n";
  return text + more;
}

constexpr size_t kFirstItem = 3;  // the line, from 0

size_t LineOf(const std::string& text, const rules::Span& span) {
  return static_cast<size_t>(
      std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(span.begin), '\n'));
}

// What the warnings claim of a rule.
struct Claims {
  bool never_matches = false;
  std::set<std::string> never_taken;
  std::vector<size_t> bar_nothing;  // items

  bool empty() const { return !never_matches && never_taken.empty() && bar_nothing.empty(); }
};

Claims ClaimsOf(const std::string& text) {
  Claims claims;
  const rules::LoadResult result = rules::Load(
      {std::make_shared<const rules::SourceFile>("r.yml", text)}, TestStreams({"a", "b"}));
  if (result.rules == nullptr) return claims;
  for (const rules::Diagnostic& told : result.diagnostics.list()) {
    if (told.code == rules::kNeverMatches) claims.never_matches = true;
    if (told.code == rules::kUnreachableStep)
      claims.never_taken.insert(told.message.substr(1, told.message.find('\'', 1) - 1));
    if (told.code == rules::kIdleAbsence)
      claims.bar_nothing.push_back(LineOf(text, told.span) - kFirstItem);
  }
  return claims;
}

// The events, and which steps of each alert took which of them.
std::string Shown(const std::vector<TestEvent>& events, const std::vector<Alert>& alerts) {
  std::string text;
  for (const TestEvent& event : events) {
    text += std::string(event.stream == 0 ? " a" : " b") +
            std::to_string(std::get<int64_t>(event.fields.at("v"))) + "@" +
            std::to_string(event.time_ms);
  }
  for (const Alert& alert : alerts) {
    text += "\n ";
    for (const Evidence& evidence : alert.evidence) {
      text += " " + alert.rule->steps[evidence.step].name + "@" +
              std::to_string(evidence.time / 1'000'000);
    }
  }
  return text;
}

std::vector<std::string> Shown(const std::string& text, const std::vector<TestEvent>& events) {
  return Summaries(RunRules(text, {"a", "b"}, events));
}

TEST(Warnings, SayWhatIsSo) {
  size_t never = 0;
  size_t untaken = 0;
  size_t idle = 0;
  for (uint32_t seed = 0; seed < kSeeds; ++seed) {
    RuleWriter writer(seed);
    const std::vector<std::string> items = writer.Items();
    const std::string more = writer.More();
    const std::string text = RuleOf(items, more);
    const Claims claims = ClaimsOf(text);
    if (claims.empty()) continue;
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
    never += claims.never_matches ? 1 : 0;
    untaken += claims.never_taken.size();
    idle += claims.bar_nothing.size();
    for (int run = 0; run < kRuns; ++run) {
      const std::vector<TestEvent> events = writer.Events();
      const std::vector<Alert> alerts = RunRules(text, {"a", "b"}, events);
      if (claims.never_matches) {
        EXPECT_TRUE(alerts.empty());
      }
      for (const Alert& alert : alerts) {
        for (const Evidence& evidence : alert.evidence) {
          const std::string& step = alert.rule->steps[evidence.step].name;
          EXPECT_FALSE(claims.never_taken.contains(step)) << step << "\n" << Shown(events, alerts);
        }
      }
      for (const size_t item : claims.bar_nothing) {
        std::vector<std::string> without = items;
        without.erase(without.begin() + static_cast<ptrdiff_t>(item));
        EXPECT_EQ(Shown(RuleOf(without, more), events), Summaries(alerts)) << items[item];
      }
      if (HasFailure()) return;
    }
  }
  // Of each there is more than a handful.
  EXPECT_GT(never, 20u);
  EXPECT_GT(untaken, 20u);
  EXPECT_GT(idle, 20u);
}

}  // namespace
}  // namespace telltale::engine
