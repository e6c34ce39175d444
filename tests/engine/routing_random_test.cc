// Routing against the plain reading of it: random rules and events; every step's and absence's own
// condition is evaluated on every event, and the errors that the router counts, and what it says an
// event fits, must be exactly that. The same rules are routed once more in a form that no index
// knows. The seed of a failure is printed; TELLTALE_SEED=N tries that one alone.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/condition/scratch.h"
#include "engine/pattern/pattern.h"
#include "engine/runtime/router.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

constexpr uint64_t kSeeds = 600;
constexpr int kEvents = 40;

// Rules as text, in two forms that mean the same: `indexed` says `f == c`, `plain` !(f != c).
struct RuleText {
  std::string indexed;
  std::string plain;
};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  RuleText Rules() {
    // Few fields and constants in some rule sets, so that conditions meet; many in others.
    fields_ = Between(1, 6);
    constants_ = Between(1, 8);
    RuleText rules;
    const int count = Between(1, 16);
    for (int i = 0; i < count; ++i) Append(rules, Rule(i));
    return rules;
  }

  TestEvent Event() {
    TestEvent event;
    event.stream = static_cast<uint32_t>(Between(0, 1));
    const int missing = Between(1, 4);
    if (!OneIn(5)) event.fields["k"] = std::string("key");
    for (int f = 0; f < fields_; ++f) {
      const std::string name = absl::StrCat("f", f);
      if (OneIn(missing)) continue;
      switch (Between(0, 9)) {
        case 0:
          event.fields[name] = ErrorCode::kBadFieldValue;
          break;
        case 1:
          event.fields[name] = nullptr;
          break;
        case 2:
          event.fields[name] = OneIn(2);
          break;
        case 3:
          event.fields[name] = Between(0, 2 * constants_) / 2.0;
          break;
        case 4:
        case 5:
          event.fields[name] = int64_t{Between(0, constants_)};
          break;
        case 6: {
          std::vector<std::string> list;
          for (int n = Between(0, 3); n > 0; --n)
            list.push_back(absl::StrCat(OneIn(2) ? "c" : "", Between(0, constants_)));
          event.fields[name] = std::move(list);
          break;
        }
        default:
          event.fields[name] = absl::StrCat(OneIn(4) ? "C" : "c", Between(0, constants_));
      }
    }
    return event;
  }

 private:
  int Between(int least, int greatest) {
    return least + static_cast<int>(random_() % static_cast<uint64_t>(greatest - least + 1));
  }
  bool OneIn(int n) { return Between(1, n) == 1; }

  static RuleText Same(const std::string& text) { return {.indexed = text, .plain = text}; }
  static void Append(RuleText& to, const RuleText& more) {
    to.indexed += more.indexed;
    to.plain += more.plain;
  }

  std::string Field() { return absl::StrCat("f", Between(0, fields_ - 1)); }
  std::string Constant() {
    return OneIn(3) ? absl::StrCat(Between(0, constants_ - 1))
                    : absl::StrCat("\"c", Between(0, constants_ - 1), "\"");
  }

  RuleText Conjunct() {
    const std::string f = Field();
    const std::string c = Constant();
    const int n = Between(0, 2);
    switch (Between(0, 15)) {
      case 0:
        return Same(absl::StrCat("has(", f, ")"));
      case 1:
        return Same(absl::StrCat("!has(", f, ")"));
      case 2:
        return Same(absl::StrCat(f, " != ", c));
      case 3:
        return Same(absl::StrCat(f, " > ", n));
      case 4:
        return Same(absl::StrCat("(", f, " == ", c, " || ", Field(), " == ", Constant(), ")"));
      case 5:
        return Same(absl::StrCat("(", f, " > ", n, " || has(", Field(), "))"));
      case 6:
        return Same(absl::StrCat(f, ".startsWith(\"c\")"));
      case 7:
        return Same(absl::StrCat(f, " in [", c, ", 1.5]"));
      case 8:
        return Same(absl::StrCat(f, " == ", Field()));
      case 9:
        return Same(absl::StrCat(f, " == ", OneIn(2) ? "1.5" : OneIn(2) ? "true" : "null"));
      case 10: {
        const std::string g = Field();
        return {.indexed = absl::StrCat("(", f, " == ", c, " && ", g, " > ", n, ")"),
                .plain = absl::StrCat("(!(", f, " != ", c, ") && ", g, " > ", n, ")")};
      }
      case 11:
        return {.indexed = absl::StrCat(c, " == ", f),
                .plain = absl::StrCat("!(", c, " != ", f, ")")};
      default:
        return {.indexed = absl::StrCat(f, " == ", c),
                .plain = absl::StrCat("!(", f, " != ", c, ")")};
    }
  }

  // Some conditions come again and again, so that rules share them.
  RuleText Shared() {
    if (pool_.empty() || OneIn(2)) pool_.push_back(Conjunct());
    return pool_[static_cast<size_t>(Between(0, static_cast<int>(pool_.size()) - 1))];
  }

  RuleText Where(bool after_a_step) {
    RuleText where;
    const int count = Between(0, 6);
    for (int i = 0; i < count; ++i) {
      if (i > 0) Append(where, Same(" && "));
      Append(where, Shared());
    }
    if (after_a_step && OneIn(3)) {
      if (count > 0) Append(where, Same(" && "));
      Append(where, Same(absl::StrCat(Field(), " == x.", Field())));
    }
    return where;
  }

  std::string SigmaValue() {
    switch (Between(0, 9)) {
      case 0:
        return "'*'";
      case 1:
        return absl::StrCat("'*", Between(0, constants_), "'");
      case 2:
        return OneIn(2) ? "'C*'" : "'C?'";
      case 3:
        return OneIn(3) ? "null" : OneIn(2) ? "true" : "''";
      case 4:
        return OneIn(2) ? "1.5" : "2.0";
      case 5:
      case 6:
        return OneIn(2) ? "1" : "'1'";
      default:
        return absl::StrCat(OneIn(2) ? "C" : "c", Between(0, constants_));
    }
  }

  std::string SigmaValues() {
    std::string values;
    for (int n = Between(1, 3); n > 0; --n)
      absl::StrAppend(&values, values.empty() ? "[" : ", ", SigmaValue());
    return values + "]";
  }

  // In Sigma's words; the plain form is not(not(it)), which no index looks into.
  RuleText Detection() {
    std::string detection;
    const int selections = Between(1, 3);
    for (int s = 0; s < selections; ++s) {
      absl::StrAppend(&detection, "s", s, ": { ");
      const int first = Between(0, fields_ - 1);
      const int last = std::min(fields_ - 1, first + Between(0, 1));
      for (int f = first; f <= last; ++f) {
        constexpr const char* kModifiers[] = {"", "", "", "|cased", "|startswith", "|endswith"};
        const int modifier = Between(0, 5);
        absl::StrAppend(&detection, f > first ? ", " : "", "f", f, kModifiers[modifier], ": ",
                        modifier > 3 ? std::string(OneIn(2) ? "'C'" : "'1'") : SigmaValues());
      }
      absl::StrAppend(&detection, " }, ");
    }
    const std::string condition = OneIn(2)   ? "1 of s*"
                                  : OneIn(2) ? "all of s*"
                                  : OneIn(2) ? "s0 and not 1 of s*"
                                             : "s0";
    return {.indexed = absl::StrCat(", detection: { ", detection, "condition: ", condition, " }"),
            .plain = absl::StrCat(", detection: { ", detection, "condition: not (not (", condition,
                                  ")) }")};
  }

  RuleText Item(const std::string& name, bool after_a_step, const std::string& more) {
    RuleText item = Same(absl::StrCat("  - ", name, ": { on: ", OneIn(3) ? "b" : "a"));
    if (OneIn(2)) Append(item, Detection());
    const RuleText where = Where(after_a_step);
    if (!where.indexed.empty()) {
      item.indexed += ", where: '" + where.indexed + "'";
      item.plain += ", where: '" + where.plain + "'";
    }
    Append(item, Same(more + " }\n"));
    return item;
  }

  RuleText Rule(int number) {
    const bool keyed = !OneIn(3);
    RuleText rule = Same(absl::StrCat("---\nid: r", 100 + number, "\ntitle: T\n"));
    if (keyed) Append(rule, Same("by: k\n"));
    if (OneIn(8)) Append(rule, Same(OneIn(2) ? "mode: off\n" : "mode: shadow\n"));
    const bool single = OneIn(2);
    if (single && keyed && OneIn(4)) Append(rule, Same("suppress: { by: [k], for: 5s }\n"));
    if (!single) Append(rule, Same("within: 10s\n"));
    Append(rule, Same("sequence:\n"));
    if (!single && OneIn(3)) Append(rule, Item("not", false, ", within: 1s"));
    Append(rule, Item("x", false, ""));
    if (single) return rule;
    if (OneIn(3)) Append(rule, Item("not", true, ""));
    Append(rule, Item("y", true, keyed && OneIn(3) ? ", by: f0" : ""));
    return rule;
  }

  std::mt19937_64 random_;  // the standard fixes its numbers
  int fields_ = 1;
  int constants_ = 1;
  std::vector<RuleText> pool_;
};

// What is asked of events by themselves, straight from the rules.
class Plain {
 public:
  explicit Plain(const CompiledRules& compiled) {
    for (const rules::Rule& rule : compiled.rules->rules) {
      if (!rule.Runs()) continue;
      for (uint32_t s = 0; s < rule.steps.size(); ++s)
        Add(rule.id, absl::StrCat("step ", s), rule.steps[s].selector, compiled);
      for (uint32_t a = 0; a < rule.absences.size(); ++a)
        Add(rule.id, absl::StrCat("not ", a), rule.absences[a].selector, compiled);
    }
  }

  // The roles that the event fits; those that err are counted.
  std::set<std::string> Fits(const Event& event) {
    std::set<std::string> fits;
    for (const Asked& role : roles_) {
      if (role.stream != event.stream) continue;
      bool no = false;
      bool error = false;
      for (const ProgramPtr& part : role.parts) {
        const Verdict verdict =
            Test(*part, Frame{.event = &event, .steps = nullptr, .key = nullptr}, scratch_);
        no = no || verdict == Verdict::kFalse;
        error = error || verdict == Verdict::kError;
      }
      if (no) continue;
      if (error) {
        ++errors_[role.rule];
      } else {
        fits.insert(role.rule + " " + role.name);
      }
    }
    return fits;
  }

  const std::map<std::string, uint64_t>& errors() const { return errors_; }
  size_t roles() const { return roles_.size(); }

 private:
  struct Asked {
    std::string rule;
    std::string name;
    uint32_t stream = 0;
    std::vector<ProgramPtr> parts;
  };

  void Add(const std::string& rule, const std::string& name, const rules::Selector& selector,
           const CompiledRules& compiled) {
    Asked role{.rule = rule, .name = name, .stream = selector.stream, .parts = {}};
    const SplitCondition split = Split(selector.where);
    if (selector.where && !split.cross) {  // as one
      role.parts.push_back(Compile(*selector.where, compiled.layouts).value());
    } else {
      for (const rules::Expression& part : split.local)
        role.parts.push_back(Compile(part, compiled.layouts).value());
    }
    roles_.push_back(std::move(role));
  }

  std::vector<Asked> roles_;
  std::map<std::string, uint64_t> errors_;
  Scratch scratch_;
};

// A router with what it has said, in the words of Plain.
class Routed {
 public:
  explicit Routed(const CompiledRules& compiled)
      : compiled_(compiled), router_(*compiled.routing) {}

  // The roles that the event fits and has a key for.
  std::set<std::string> Fits(const Event& event) {
    std::set<std::string> fits;
    for (const Destination& destination : router_.Route(event)) {
      for (uint32_t f = 0; f < destination.fit_count; ++f) {
        const Fit& fit = router_.fits()[destination.first_fit + f];
        const std::string& id = IdOf(destination.lane, fit.rule);
        for (uint32_t s = 0; s < 32; ++s) {
          if ((fit.steps >> s & 1) != 0) fits.insert(absl::StrCat(id, " step ", s));
          if ((fit.stops >> s & 1) != 0) fits.insert(absl::StrCat(id, " not ", s));
        }
      }
    }
    return fits;
  }

  std::map<std::string, uint64_t> Errors() const {
    std::map<std::string, uint64_t> errors;
    Each([&](const std::string& id, const Router::Counts& counts) {
      if (counts.condition_errors > 0) errors[id] += counts.condition_errors;
    });
    return errors;
  }
  uint64_t MissingKeys() const {
    uint64_t missing = 0;
    Each([&](const std::string&, const Router::Counts& counts) { missing += counts.missing_keys; });
    return missing;
  }

 private:
  const std::string& IdOf(uint32_t lane, uint32_t number) const {
    return compiled_.rules->rules[compiled_.routing->lanes[lane].rules[number]].id;
  }
  template <typename Visit>
  void Each(Visit visit) const {
    const auto counts = router_.counts();
    for (uint32_t lane = 0; lane < counts.size(); ++lane) {
      for (uint32_t number = 0; number < counts[lane].size(); ++number)
        visit(IdOf(lane, number), counts[lane][number]);
    }
  }

  const CompiledRules& compiled_;
  Router router_;
};

struct Tally {
  uint64_t roles = 0;
  uint64_t fits = 0;
  uint64_t errors = 0;
};

std::string Print(const std::map<std::string, uint64_t>& counts) {
  return absl::StrJoin(counts, " ", absl::PairFormatter(":"));
}

// Adds what was seen to `tally`; empty: all is well, else what is not.
std::string Try(uint64_t seed, Tally& tally) {
  Maker maker(seed);
  const RuleText text = maker.Rules();
  const auto streams = TestStreams({"a", "b"});
  const auto indexed = CompileText(text.indexed, streams);
  const auto plain = CompileText(text.plain, streams);
  if (indexed == nullptr || plain == nullptr) return "does not load:\n" + text.indexed;
  Plain expected(*indexed);
  Routed with(*indexed);
  Routed without(*plain);
  tally.roles += expected.roles();
  EventBuilder builder;
  uint64_t not_routed = 0;
  for (int i = 0; i < kEvents; ++i) {
    const Event& event = *Build(builder, *indexed, maker.Event(), i);
    const std::set<std::string> fits = expected.Fits(event);
    const std::set<std::string> got = with.Fits(event);
    if (got != without.Fits(event)) return "the index changes where an event goes";
    for (const std::string& role : got) {
      if (!fits.contains(role)) return absl::StrCat("event ", i, " does not fit ", role);
    }
    not_routed += fits.size() - got.size();
    tally.fits += got.size();
  }
  for (const auto& [id, count] : expected.errors()) tally.errors += count;
  if (with.Errors() != expected.errors())
    return absl::StrCat("errors ", Print(with.Errors()), "\nexpected ", Print(expected.errors()),
                        "\n", text.indexed);
  if (without.Errors() != expected.errors())
    return absl::StrCat("errors without an index ", Print(without.Errors()), "\nexpected ",
                        Print(expected.errors()), "\n", text.plain);
  // What fits and goes nowhere has no key.
  if (not_routed != with.MissingKeys() || not_routed != without.MissingKeys())
    return absl::StrCat(not_routed, " fits without a destination, ", with.MissingKeys(),
                        " keys missing");
  return "";
}

TEST(RoutingRandom, FindsAndCountsWhatEveryConditionSays) {
  const char* given = std::getenv("TELLTALE_SEED");
  const uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const uint64_t end = given != nullptr ? first + 1 : kSeeds + 1;
  Tally tally;
  for (uint64_t seed = first; seed < end; ++seed) {
    const std::string mistake = Try(seed, tally);
    ASSERT_EQ(mistake, "") << "TELLTALE_SEED=" << seed;
  }
  std::cout << tally.roles << " steps and absences, " << tally.fits << " fits, " << tally.errors
            << " errors\n";
  if (given != nullptr) return;
  EXPECT_GT(tally.fits, kSeeds) << "the generator has lost its way";
  EXPECT_GT(tally.errors, kSeeds) << "the generator has lost its way";
}

}  // namespace
}  // namespace telltale::engine
