#include "rules/load/sigma/filter.h"

#include <algorithm>
#include <string>
#include <utility>

namespace telltale::rules::sigma {
namespace {

std::optional<std::vector<LocatedText>> ReadRules(const Node& node, ValueReader& values) {
  if (node.is_scalar() && (node.text.text() == "any" || node.text.text() == "all"))
    return std::nullopt;
  if (node.kind == NodeKind::kSequence && !values.Sequence(node, "'rules'"))
    return std::vector<LocatedText>{};
  return values.Texts(node, "'rules'").value_or(std::vector<LocatedText>{});
}

}  // namespace

std::optional<Filter> ReadFilter(const Node& node, ReadContext& context) {
  const size_t told = context.diagnostics.errors();
  ValueReader values(kRuleCodes, context.diagnostics);
  const Metadata metadata = ReadMetadata(node, "a filter", values);
  Filter filter;
  filter.logsource = ReadLogsource(node, metadata.span, "a filter", context.diagnostics).name;
  const Node& body = *node.Find("filter");
  if (std::optional<ReadDetection> read = ReadDetectionMap(body, {"rules"}, context)) {
    filter.remains = std::make_shared<const Detection>(
        read->negated ? std::move(read->detection) : Detection::Not(std::move(read->detection)));
  }
  if (body.kind == NodeKind::kMap) {
    if (const Node* rules = values.Required(body, "rules", body.span, "'filter'"))
      filter.rules = ReadRules(*rules, values);
  }
  if (context.diagnostics.errors() > told) return std::nullopt;
  return filter;
}

void Apply(const Filter& filter, std::vector<RuleDraft>& drafts, Diagnostics& diagnostics) {
  if (!filter.rules) {
    for (RuleDraft& draft : drafts) {
      if (draft.logsource.name.Has(filter.logsource)) draft.remains.push_back(filter.remains);
    }
    return;
  }
  std::vector<std::string> known;
  for (const LocatedText& name : *filter.rules) {
    const auto named = std::find_if(drafts.begin(), drafts.end(), [&](const RuleDraft& draft) {
      return draft.metadata.id == name.text() || draft.metadata.name == name.text();
    });
    if (named == drafts.end()) {
      if (known.empty()) known = NamesOf(drafts);
      diagnostics
          .Warning(kFilterWithoutEffect, name.Whole(),
                   "there is no Sigma rule '" + name.text() + "' for this filter to act on")
          .suggestion = Nearest(name.text(), known);
    } else if (!named->logsource.name.Has(filter.logsource)) {
      diagnostics.Warning(kFilterWithoutEffect, name.Whole(),
                          "the filter does not act on this rule: its logsource { " +
                              named->logsource.name.ToString() + " } is not { " +
                              filter.logsource.ToString() + " }");
    } else {
      named->remains.push_back(filter.remains);
    }
  }
}

}  // namespace telltale::rules::sigma
