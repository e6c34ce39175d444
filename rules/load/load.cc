#include "rules/load/load.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "rules/load/allowances.h"
#include "rules/load/checks/alert_check.h"
#include "rules/load/checks/metric_check.h"
#include "rules/load/definitions/definition_reader.h"
#include "rules/load/definitions/placeholder_lists.h"
#include "rules/load/documents.h"
#include "rules/load/overrides.h"
#include "rules/load/own_keys.h"
#include "rules/load/rule_reader.h"
#include "rules/load/sigma/sigma.h"
#include "rules/load/tests/test_file.h"
#include "rules/load/tests/test_reader.h"
#include "rules/model/alert_reads.h"

namespace telltale::rules {
namespace {

// Reads the rules of all kinds of documents, and sees to it that their ids are unique.
class Loader {
 public:
  Loader(const ReadInputs& inputs, Diagnostics& diagnostics)
      : inputs_(inputs), diagnostics_(diagnostics) {}

  void Read(const Documents& documents) {
    for (const Node& node : documents.rules) OneRule(node);
    Sigma(documents);
    WarnOfSame();
    std::sort(rules_.begin(), rules_.end(),
              [](const Rule& a, const Rule& b) { return a.id < b.id; });
    CheckMetrics(rules_, diagnostics_);
    if (diagnostics_.has_errors()) return;
    LinkAlerts(rules_, inputs_.streams);
    CheckAlertReads(rules_, inputs_.streams, blocks_, diagnostics_);
  }

  // After all the rules, which the file may speak of.
  void TestFile(const SourcePtr& file) {
    if (by_id_.empty()) {
      for (const auto& id : ids_) by_id_.emplace(id.first, nullptr);
      for (const Rule& rule : rules_) by_id_[rule.id] = &rule;
    }
    ReadTestFile(file, by_id_, inputs_, diagnostics_, tests_);
  }

  // Once all is told.
  void ApplyAllowances() { allowances_.Apply(diagnostics_); }

  std::vector<RuleTest> TakeTests() { return std::move(tests_); }

  std::vector<Rule> TakeRules() { return std::move(rules_); }

 private:
  void Sigma(const Documents& documents) {
    const PlaceholderLists lists(inputs_.definitions, inputs_.uses);
    sigma::SigmaRules read = sigma::ReadSigma(
        {documents.detections, documents.correlations, documents.filters}, inputs_.streams,
        lists.placeholders(),
        [this](const std::string& id, const Span& span) { ClaimId(id, span); }, diagnostics_);
    for (size_t i = 0; i < read.rules.size(); ++i) {
      const Diagnostics::Scope scope(diagnostics_, "rule '" + read.rules[i].id + "'");
      ReadOwnKeys(*read.nodes[i], inputs_, diagnostics_, read.rules[i]);
      const Node* tests = read.nodes[i]->Find("tests");
      if (tests != nullptr && tests->kind == NodeKind::kSequence) {
        ReadTests(*tests, {.ids = {read.rules[i].id}, .rules = {&read.rules[i]}, .in_rule = true},
                  inputs_, diagnostics_, tests_);
      }
      rules_.push_back(std::move(read.rules[i]));
    }
    for (const Node* node : read.unserved) {
      const Diagnostics::Scope scope(diagnostics_, "rule");
      Rule nowhere;  // what it says is checked all the same
      ReadOwnKeys(*node, inputs_, diagnostics_, nowhere);
    }
  }

  void OneRule(const Node& node) {
    RememberId(node);
    std::vector<std::string> allowed = allowances_.Read(node, diagnostics_);
    std::optional<Rule> rule = ReadRule(node, inputs_, diagnostics_);
    if (const Node* tests = node.Find("tests")) Tests(node, *tests, rule ? &*rule : nullptr);
    if (!rule) return;
    rule->allowed = std::move(allowed);
    if (rule->mode == Mode::kBuildingBlock) blocks_.insert(rule->id);
    rules_.push_back(*std::move(rule));
  }

  // Two rules that find the same: one was copied, and its id was changed only.
  void WarnOfSame() {
    std::map<Fingerprint, const Rule*> first;
    for (const Rule& rule : rules_) {
      if (rule.mode != Mode::kLive) continue;
      const auto [known, is_new] = first.try_emplace(rule.fingerprint, &rule);
      if (is_new || known->second->id == rule.id) continue;  // R0107
      Diagnostic& warning = diagnostics_.Warning(
          kSameAsAnother, rule.span,
          "the rule '" + rule.id + "' finds what '" + known->second->id + "' finds");
      warning.labels.push_back({known->second->span, "this rule"});
    }
  }

  void Tests(const Node& node, const Node& tests, const Rule* rule) {
    const Node* id = node.Find("id");
    const std::string name = id != nullptr && id->is_scalar() ? id->text.text() : "";
    const Diagnostics::Scope scope(diagnostics_, "rule '" + name + "'");
    ReadTests(tests, {.ids = {name}, .rules = {rule}, .in_rule = true}, inputs_, diagnostics_,
              tests_);
  }

  // Also of rules with other mistakes.
  void RememberId(const Node& node) {
    const Node* id = node.Find("id");
    if (id == nullptr || !id->is_scalar() || id->kind == NodeKind::kNull) return;
    ClaimId(id->text.text(), id->span);
  }

  void ClaimId(const std::string& id, const Span& span) {
    const auto [first, is_new] = ids_.try_emplace(id, span);
    if (is_new) return;
    Diagnostic& error =
        diagnostics_.Error(kDuplicateRule, span, "the rule id '" + id + "' is taken");
    error.labels.push_back({first->second, "by this rule"});
  }

  const ReadInputs& inputs_;
  Diagnostics& diagnostics_;
  std::vector<Rule> rules_;
  std::vector<RuleTest> tests_;
  std::unordered_map<std::string, Span> ids_;
  std::set<std::string> blocks_;  // of those that are no Sigma
  Allowances allowances_;
  RulesById by_id_;  // for test files
};

}  // namespace

LoadResult Load(const std::vector<SourcePtr>& files, const LoadInputs& inputs) {
  LoadResult result;
  Documents documents = CollectDocuments(files, result.diagnostics);
  Definitions definitions = ReadDefinitions(documents.definitions, inputs.data, result.diagnostics);
  definitions.tables =
      inputs.tables != nullptr ? inputs.tables : std::make_shared<const TableCatalog>();
  ApplyOverrides(documents, result.diagnostics);
  Uses uses;
  const ReadInputs shared{*inputs.streams, definitions, uses, inputs.now};
  Loader loader(shared, result.diagnostics);
  loader.Read(documents);
  for (const SourcePtr& file : inputs.test_files) loader.TestFile(file);
  // What rules with mistakes use is not all known.
  if (!result.diagnostics.has_errors()) WarnOfUnused(definitions, uses, result.diagnostics);
  loader.ApplyAllowances();
  std::vector<SourcePtr> all = files;
  all.insert(all.end(), inputs.test_files.begin(), inputs.test_files.end());
  result.diagnostics.Sort(all);
  if (result.diagnostics.has_errors()) return result;
  auto rules = std::make_shared<RuleSet>();
  rules->streams = inputs.streams;
  rules->rules = loader.TakeRules();
  rules->lists = std::move(definitions.lists);
  rules->tables = std::move(definitions.tables);
  result.tests = loader.TakeTests();
  result.rules = std::move(rules);
  return result;
}

LoadResult Load(const std::vector<SourcePtr>& files, std::shared_ptr<const StreamCatalog> streams) {
  return Load(files, LoadInputs{.streams = std::move(streams)});
}

}  // namespace telltale::rules
