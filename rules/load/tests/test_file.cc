#include "rules/load/tests/test_file.h"

#include <optional>
#include <utility>

#include "rules/load/tests/test_reader.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/yaml/reader.h"

namespace telltale::rules {
namespace {

class TestFileReader {
 public:
  TestFileReader(const RulesById& rules, const ReadInputs& inputs, Diagnostics& diagnostics,
                 std::vector<RuleTest>& tests)
      : rules_(rules),
        inputs_(inputs),
        diagnostics_(diagnostics),
        values_(kRuleCodes, diagnostics),
        tests_(tests) {}

  void Document(const Node& node) {
    if (node.kind == NodeKind::kNull) return;
    if (node.kind == NodeKind::kMap) return Tests(node);
    if (node.kind != NodeKind::kSequence) return NoTests(node);
    for (const Node& item : node.items) {
      if (item.kind == NodeKind::kMap) {
        Tests(item);
      } else {
        NoTests(item);
      }
    }
  }

 private:
  void NoTests(const Node& node) {
    diagnostics_.Error(kNotTests, node.span,
                       std::string("a document of a test file is { rule: ID, tests: [...] }, or a "
                                   "list of these, and this is ") +
                           KindName(node.kind));
  }

  void Tests(const Node& node) {
    const Span place = node.entries.empty() ? node.span : node.entries.front().key.Whole();
    if (node.Find("sequence") != nullptr || node.Find("id") != nullptr) {
      diagnostics_.Error(kNotTests, place,
                         "this is a rule, and the file's name makes it one of tests: rules stand "
                         "in files that do not end in .test.yml");
      return;
    }
    values_.Map(node, TestFileKeys());
    const std::optional<TestedRules> tested = Tested(node, place);
    const Node* tests = values_.Required(node, "tests", place, "a document of tests");
    if (tests == nullptr || !tested) return;
    ReadTests(*tests, *tested, inputs_, diagnostics_, tests_);
  }

  std::optional<TestedRules> Tested(const Node& node, const Span& place) {
    const Node* one = node.Find("rule");
    const Node* several = node.Find("rules");
    if ((one == nullptr) == (several == nullptr)) {
      diagnostics_.Error(one == nullptr ? kMissingKey : kConflictingKeys, place,
                         "a document of tests names its 'rule', or the 'rules' that run together");
      return std::nullopt;
    }
    const auto ids = values_.Texts(one == nullptr ? *several : *one, one ? "'rule'" : "'rules'");
    if (!ids) return std::nullopt;
    if (ids->empty()) {
      diagnostics_.Error(kEmptyValue, several->span, "'rules' is empty");
      return std::nullopt;
    }
    TestedRules tested;
    bool all_known = true;
    for (const LocatedText& id : *ids) {
      const auto found = rules_.find(id.text());
      if (found == rules_.end()) {
        all_known = false;
        Unknown(id);
        continue;
      }
      tested.ids.push_back(found->first);
      tested.rules.push_back(found->second);
    }
    if (!all_known) return std::nullopt;
    return tested;
  }

  void Unknown(const LocatedText& id) {
    std::vector<std::string> known;
    for (const auto& rule : rules_) known.push_back(rule.first);
    diagnostics_
        .Error(kUnknownTestedRule, id.Whole(), "there is no rule '" + id.text() + "' to test")
        .suggestion = Nearest(id.text(), known);
  }

  const RulesById& rules_;
  const ReadInputs& inputs_;
  Diagnostics& diagnostics_;
  ValueReader values_;
  std::vector<RuleTest>& tests_;
};

}  // namespace

void ReadTestFile(const SourcePtr& file, const RulesById& rules, const ReadInputs& inputs,
                  Diagnostics& diagnostics, std::vector<RuleTest>& tests) {
  TestFileReader reader(rules, inputs, diagnostics, tests);
  for (const Node& document : ReadYaml(file, diagnostics)) reader.Document(document);
}

}  // namespace telltale::rules
