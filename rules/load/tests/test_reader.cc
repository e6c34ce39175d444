#include "rules/load/tests/test_reader.h"

#include <map>
#include <optional>
#include <utility>

#include "rules/load/tests/test_alerts.h"
#include "rules/load/tests/test_events.h"
#include "rules/load/tests/test_inputs.h"
#include "rules/load/tests/test_time.h"
#include "rules/load/vocabulary/test_keys.h"

namespace telltale::rules {
namespace {

class TestReader {
 public:
  TestReader(const TestedRules& tested, const ReadInputs& inputs, Diagnostics& diagnostics)
      : tested_(tested),
        inputs_(inputs),
        diagnostics_(diagnostics),
        values_(kRuleCodes, diagnostics) {}

  std::optional<RuleTest> Read(const Node& node) {
    const size_t told = diagnostics_.errors();
    if (!values_.Map(node, TestKeys())) return std::nullopt;
    RuleTest test;
    test.rules = tested_.ids;
    test.in_rule = tested_.in_rule;
    test.span = node.entries.empty() ? node.span : node.entries.front().key.Whole();
    Name(node, test);
    const Diagnostics::Scope scope(diagnostics_, "test '" + test.name + "'");
    if (const Node* base = node.Find("base"))
      test.base = ReadTestBase(*base, values_).value_or(kTestBase);
    Words(node, test);
    if (const Node* events = values_.Required(node, "events", test.span, "a test"))
      test.events = ReadTestEvents(*events, test.base, inputs_.streams, values_);
    if (const Node* alerts = values_.Required(node, "alerts", test.span, "a test"))
      test.alerts = ReadExpectedAlerts(*alerts, test, tested_, values_);
    if (const Node* late = node.Find("late"))
      test.late = ReadEventIndexes(*late, "'late'", test, values_);
    if (const Node* dead = node.Find("dead_letters"))
      test.dead_letters = ReadEventIndexes(*dead, "'dead_letters'", test, values_);
    if (const Node* lists = node.Find("lists")) ReadTestLists(*lists, inputs_, values_, test);
    if (const Node* tables = node.Find("tables")) ReadTestTables(*tables, inputs_, values_, test);
    if (diagnostics_.errors() > told) return std::nullopt;
    return test;
  }

 private:
  void Name(const Node& node, RuleTest& test) {
    if (const Node* description = node.Find("description"))
      values_.Text(*description, "'description'");
    const Node* name = values_.Required(node, "name", test.span, "a test");
    if (name == nullptr) return;
    test.span = name->span;
    const std::optional<LocatedText> text = values_.Text(*name, "'name'");
    if (!text) return;
    test.name = text->text();
    const auto [first, is_new] = names_.try_emplace(test.name, name->span);
    if (is_new) return;
    diagnostics_
        .Error(kDuplicateTest, name->span, "a test of this name is there: '" + test.name + "'")
        .labels.push_back({first->second, "it stands here"});
  }

  void Words(const Node& node, RuleTest& test) {
    if (const Node* warm_up = node.Find("warm_up")) {
      test.warm_up =
          values_
              .Word<WarmUp>(*warm_up, "'warm_up'",
                            {{"quiet", WarmUp::kQuiet}, {"assume_empty", WarmUp::kAssumeEmpty}})
              .value_or(WarmUp::kAssumeEmpty);
    }
    if (const Node* end = node.Find("end")) {
      test.drain =
          values_.Word<bool>(*end, "'end'", {{"infinity", false}, {"drain", true}}).value_or(false);
    }
  }

  const TestedRules& tested_;
  const ReadInputs& inputs_;
  Diagnostics& diagnostics_;
  ValueReader values_;
  std::map<std::string, Span> names_;
};

}  // namespace

void ReadTests(const Node& node, const TestedRules& tested, const ReadInputs& inputs,
               Diagnostics& diagnostics, std::vector<RuleTest>& tests) {
  if (!ValueReader(kRuleCodes, diagnostics).Sequence(node, "'tests'")) return;
  TestReader reader(tested, inputs, diagnostics);
  for (const Node& item : node.items) {
    std::optional<RuleTest> test = reader.Read(item);
    if (test) tests.push_back(*std::move(test));
  }
}

}  // namespace telltale::rules
