// Random expressions, with their atoms written as constants and read from an event and from a step:
// folded, fused and plain evaluation must agree on every value and every error.
#include <gtest/gtest.h>

#include <random>

#include "tests/engine/condition_cases.h"

namespace telltale::engine {
namespace {

constexpr const char* kAtoms[] = {
    "0",      "1",     "-7",       "2u",       "1.5",         "9223372036854775807",
    "'a'",    "'abc'", "b'a'",     "true",     "false",       "null",
    "[1, 2]", "[]",    "['a', 1]", "{'a': 1}", "{'a': true}", "double('nan')"};
constexpr size_t kAtomCount = std::size(kAtoms);

enum class Form { kConstant, kEvent, kStep };

class Writer {
 public:
  Writer(uint64_t seed, Form form) : random_(seed), form_(form) {}

  std::string Expression(int depth) {
    switch (depth <= 0 ? 0 : Pick(13)) {
      case 0:
      case 1:
        return Atom();
      case 2:
      case 3:
        return "(" + Expression(depth - 1) + Choose({" && ", " || "}) + Expression(depth - 1) + ")";
      case 4:
      case 5:
        return "(" + Expression(depth - 1) +
               Choose({" == ", " != ", " < ", " <= ", " > ", " >= "}) + Expression(depth - 1) + ")";
      case 6:
        return "(" + Expression(depth - 1) + Choose({" + ", " - ", " * ", " / ", " % "}) +
               Expression(depth - 1) + ")";
      case 7:
        return "(" + Expression(depth - 1) + " ? " + Expression(depth - 1) + " : " +
               Expression(depth - 1) + ")";
      case 8:
        return "dyn(" + Choose({"!", "-"}) + "(" + Expression(depth - 1) + "))";
      case 9:
        return "(" + Expression(depth - 1) + " in " + Expression(depth - 1) + ")";
      case 10:
        return "dyn(size(" + Expression(depth - 1) + "))";
      case 11:
        return Expression(depth - 1) + "[" + Expression(depth - 1) + "]";
      default:
        return Macro(depth);
    }
  }

 private:
  std::string Macro(int depth) {
    const std::string variable = "x" + std::to_string(variables_++);
    const std::string range = Expression(depth - 1);
    const std::string name = Choose({"all", "exists", "exists_one", "filter", "map"});
    locals_.push_back(variable);
    const std::string body = Expression(depth - 1);
    locals_.pop_back();
    return "dyn(" + range + "." + name + "(" + variable + ", " + body + "))";
  }

  std::string Atom() {
    const size_t pick = Pick(kAtomCount + locals_.size());
    if (pick >= kAtomCount) return locals_[pick - kAtomCount];
    switch (form_) {
      case Form::kConstant:
        return std::string("dyn(") + kAtoms[pick] + ")";
      case Form::kEvent:
        return "v" + std::to_string(pick);
      case Form::kStep:
        return "first.v" + std::to_string(pick);
    }
    return "";
  }

  size_t Pick(size_t count) { return random_() % count; }
  std::string Choose(const std::vector<std::string>& words) { return words[Pick(words.size())]; }

  std::mt19937_64 random_;
  Form form_;
  int variables_ = 0;
  std::vector<std::string> locals_;
};

std::string AllAtoms() {
  std::string map = "{";
  for (size_t i = 0; i < kAtomCount; ++i) {
    map += (i == 0 ? "" : ", ") + ("'v" + std::to_string(i)) + "': dyn(" + kAtoms[i] + ")";
  }
  return map + "}";
}

TEST(ConditionFolding, AgreesWithEvaluation) {
  const std::string atoms = AllAtoms();
  int values = 0;
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    const int depth = 1 + static_cast<int>(seed % 4);
    const std::string text = Writer(seed, Form::kConstant).Expression(depth);
    CompiledCondition folded(text);
    if (!folded.ok()) continue;  // mostly: a static type clash
    const std::string expected = folded.Result({});
    if (expected.find("error") == std::string::npos) ++values;
    // A type that is known statically where the other form's is not may refuse it; then there is
    // nothing to compare.
    for (const Form form : {Form::kEvent, Form::kStep}) {
      CompiledCondition computed(Writer(seed, form).Expression(depth));
      if (!computed.ok()) continue;
      EXPECT_EQ(computed.Result({.event = atoms, .first = atoms}), expected)
          << text << "\n"
          << computed.program().ToString();
    }
  }
  EXPECT_GT(values, 500);
}

}  // namespace
}  // namespace telltale::engine
