#include "rules/load/documents.h"

#include <string>
#include <string_view>
#include <utility>

#include "rules/load/yaml/reader.h"

namespace telltale::rules {
namespace {

bool HasAny(const Node& node, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (node.Find(key) != nullptr) return true;
  }
  return false;
}

std::vector<Node>& Place(Documents& documents, DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kDefinitions:
      return documents.definitions;
    case DocumentKind::kOverride:
      return documents.overrides;
    case DocumentKind::kDetection:
      return documents.detections;
    case DocumentKind::kCorrelation:
      return documents.correlations;
    case DocumentKind::kFilter:
      return documents.filters;
    case DocumentKind::kRule:
      break;
  }
  return documents.rules;
}

void Collect(Node node, Documents& documents, Diagnostics& diagnostics) {
  if (node.kind != NodeKind::kMap) {
    diagnostics.Error(
        kNotARule, node.span,
        std::string("a document is a rule or a list of rules, and this is ") + KindName(node.kind));
    return;
  }
  Place(documents, KindOf(node)).push_back(std::move(node));
}

}  // namespace

DocumentKind KindOf(const Node& node) {
  if (node.Find("override") != nullptr) return DocumentKind::kOverride;
  if (node.Find("correlation") != nullptr) return DocumentKind::kCorrelation;
  if (node.Find("filter") != nullptr) return DocumentKind::kFilter;
  // A rule of ours may have a detection, too: it says which stream it is about.
  if (HasAny(node, {"logsource", "action"}) ||
      (node.Find("detection") != nullptr && !HasAny(node, {"on", "sequence"}))) {
    return DocumentKind::kDetection;
  }
  if (HasAny(node, {"lists", "macros"}) && !HasAny(node, {"id", "title", "on", "sequence"})) {
    return DocumentKind::kDefinitions;
  }
  return DocumentKind::kRule;
}

Documents CollectDocuments(const std::vector<SourcePtr>& files, Diagnostics& diagnostics) {
  Documents documents;
  for (const SourcePtr& file : files) {
    for (Node& document : ReadYaml(file, diagnostics)) {
      if (document.kind == NodeKind::kNull) continue;  // nothing but comments
      if (document.kind != NodeKind::kSequence) {
        Collect(std::move(document), documents, diagnostics);
        continue;
      }
      for (Node& item : document.items) Collect(std::move(item), documents, diagnostics);
    }
  }
  return documents;
}

}  // namespace telltale::rules
