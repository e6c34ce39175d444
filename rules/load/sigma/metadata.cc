#include "rules/load/sigma/metadata.h"

#include "rules/load/vocabulary/choices.h"
#include "rules/model/rule_id.h"

namespace telltale::rules::sigma {
namespace {

// The first way in which a document of Sigma 1 differs in kind.
void RefuseAction(const Node& node, Diagnostics& diagnostics) {
  for (const Entry& entry : node.entries) {
    if (entry.key.text() != "action") continue;
    diagnostics
        .Error(kSigmaOne, entry.key.Whole(),
               "'action' (rule collections) is Sigma 1's, and is no more")
        .notes.push_back("write each rule out, as a document of its own");
  }
}

std::string OptionalText(const Node& node, std::string_view key, ValueReader& values) {
  const Node* value = FindValue(node, key);
  if (value == nullptr) return "";
  const std::optional<LocatedText> text = values.Text(*value, "'" + std::string(key) + "'");
  return text ? text->text() : "";
}

void ReadId(const Node& node, const std::string& what, ValueReader& values, Metadata& metadata) {
  metadata.span = node.entries.empty() ? node.span : node.entries.front().key.Whole();
  if (const Node* id = FindValue(node, "id")) values.Text(*id, "'id'");
  for (const char* key : {"id", "name", "title"}) {
    const Node* value = FindValue(node, key);
    if (value == nullptr || !value->is_scalar() || value->text.text().empty()) continue;
    metadata.span = value->span;
    const bool title = std::string_view(key) == "title";
    const bool given = std::string_view(key) == "id";
    metadata.id =
        !title && IsRuleId(value->text.text()) ? value->text.text() : RuleIdOf(value->text.text());
    if (metadata.id.empty() || (given && !IsRuleId(value->text.text()))) {
      values.diagnostics().Error(
          kBadRuleId, value->span,
          given ? "an id is letters, digits, '-', '_' and '.', a letter or digit first, at most " +
                      std::to_string(kLongestRuleId)
                : what + " without an 'id' gets it from its " + key +
                      ", and this has no letter or digit for one");
    }
    return;
  }
}

}  // namespace

const Node* FindValue(const Node& node, std::string_view key) {
  const Node* value = node.Find(key);
  return value == nullptr || value->kind == NodeKind::kNull ? nullptr : value;
}

Metadata ReadMetadata(const Node& node, const std::string& what, ValueReader& values) {
  Metadata metadata;
  RefuseAction(node, values.diagnostics());
  ReadId(node, what, values, metadata);
  metadata.title = OptionalText(node, "title", values);
  if (FindValue(node, "title") == nullptr) {
    values.diagnostics().Error(kMissingKey, metadata.span, what + " needs 'title'");
  }
  metadata.name = OptionalText(node, "name", values);
  metadata.description = OptionalText(node, "description", values);
  if (const Node* status = FindValue(node, "status")) {
    metadata.status =
        values.Word<Status>(*status, "'status'", StatusWords()).value_or(Status::kUnspecified);
  }
  if (const Node* level = FindValue(node, "level")) {
    metadata.level = values.Word<Level>(*level, "'level'", LevelWords());
  }
  if (const Node* tags = FindValue(node, "tags")) {
    for (const LocatedText& tag :
         values.Texts(*tags, "'tags'").value_or(std::vector<LocatedText>{}))
      metadata.tags.push_back(tag.text());
  }
  if (const Node* taxonomy = FindValue(node, "taxonomy");
      taxonomy != nullptr && taxonomy->text.text() != "sigma") {
    values.diagnostics().Warning(kForeignTaxonomy, taxonomy->span,
                                 "fields and logsources are taken as they are written: the "
                                 "taxonomy '" +
                                     taxonomy->text.text() + "' is not known here");
  }
  return metadata;
}

}  // namespace telltale::rules::sigma
