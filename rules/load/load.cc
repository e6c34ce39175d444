#include "rules/load/load.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "rules/load/rule_reader.h"
#include "rules/load/yaml/reader.h"

namespace telltale::rules {
namespace {

class Loader {
 public:
  Loader(const StreamCatalog& streams, Diagnostics& diagnostics)
      : streams_(streams), diagnostics_(diagnostics) {}

  void File(const SourcePtr& file) {
    for (const Node& document : ReadYaml(file, diagnostics_)) Document(document);
  }

  std::vector<Rule> TakeRules() {
    std::sort(rules_.begin(), rules_.end(),
              [](const Rule& a, const Rule& b) { return a.id < b.id; });
    return std::move(rules_);
  }

 private:
  void Document(const Node& node) {
    switch (node.kind) {
      case NodeKind::kNull:
        return;  // nothing but comments
      case NodeKind::kMap:
        return OneRule(node);
      case NodeKind::kSequence:
        for (const Node& item : node.items) {
          if (item.kind == NodeKind::kMap)
            OneRule(item);
          else
            NotARule(item);
        }
        return;
      default:
        return NotARule(node);
    }
  }

  void NotARule(const Node& node) {
    diagnostics_.Error(
        kNotARule, node.span,
        std::string("a document is a rule or a list of rules, and this is ") + KindName(node.kind));
  }

  void OneRule(const Node& node) {
    RememberId(node);
    std::optional<Rule> rule = ReadRule(node, streams_, diagnostics_);
    if (rule) rules_.push_back(*std::move(rule));
  }

  // Also of rules with other mistakes.
  void RememberId(const Node& node) {
    const Node* id = node.Find("id");
    if (id == nullptr || !id->is_scalar() || id->kind == NodeKind::kNull) return;
    const auto [first, is_new] = ids_.try_emplace(id->text.text(), id->span);
    if (is_new) return;
    Diagnostic& error = diagnostics_.Error(kDuplicateRule, id->span,
                                           "the rule id '" + id->text.text() + "' is taken");
    error.labels.push_back({first->second, "by this rule"});
  }

  const StreamCatalog& streams_;
  Diagnostics& diagnostics_;
  std::vector<Rule> rules_;
  std::unordered_map<std::string, Span> ids_;
};

}  // namespace

LoadResult Load(const std::vector<SourcePtr>& files, std::shared_ptr<const StreamCatalog> streams) {
  LoadResult result;
  Loader loader(*streams, result.diagnostics);
  for (const SourcePtr& file : files) loader.File(file);
  result.diagnostics.Sort();
  if (result.diagnostics.has_errors()) return result;
  auto rules = std::make_shared<RuleSet>();
  rules->streams = std::move(streams);
  rules->rules = loader.TakeRules();
  result.rules = std::move(rules);
  return result;
}

}  // namespace telltale::rules
