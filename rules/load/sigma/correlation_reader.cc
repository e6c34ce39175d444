#include "rules/load/sigma/correlation_reader.h"

#include <algorithm>
#include <limits>
#include <set>

#include "rules/load/sigma/correlation_condition.h"
#include "rules/load/sigma/sigma_keys.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::rules::sigma {
namespace {

// <number><unit>; empty: it is none.
std::optional<int64_t> ParseTimespan(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  int64_t number = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9' || number > kLongestDuration) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  int64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = kSecond;
      break;
    case 'm':
      unit = 60 * kSecond;
      break;
    case 'h':
      unit = 3600 * kSecond;
      break;
    case 'd':
      unit = kDay;
      break;
    case 'w':
      unit = 7 * kDay;
      break;
    default:
      return std::nullopt;
  }
  if (number == 0 || number > kLongestDuration / unit) return std::nullopt;
  return number * unit;
}

class Reader {
 public:
  Reader(const Node& node, Diagnostics& diagnostics)
      : node_(node), diagnostics_(diagnostics), values_(kRuleCodes, diagnostics) {}

  CorrelationDraft Run() {
    const size_t told = diagnostics_.errors();
    const Metadata metadata = ReadMetadata(node_, "a correlation", values_);
    Correlation& correlation = draft_.correlation;
    correlation.id = metadata.id;
    correlation.name = metadata.name;
    correlation.title = metadata.title;
    correlation.description = metadata.description;
    correlation.status = metadata.status;
    correlation.level = metadata.level;
    correlation.tags = metadata.tags;
    correlation.span = metadata.span;
    const Node& body = *node_.Find("correlation");
    if (values_.Map(body, CorrelationKeys())) Body(body);
    draft_.good = diagnostics_.errors() == told;
    return std::move(draft_);
  }

 private:
  void Body(const Node& body) {
    const Node* type = values_.Required(body, "type", body.span, "'correlation'");
    const auto known = type == nullptr ? std::nullopt : ReadType(*type);
    if (const Node* rules = FindValue(body, "rules")) {
      draft_.lists_rules = true;
      draft_.rules = values_.Texts(*rules, "'rules'").value_or(std::vector<LocatedText>{});
      if (rules->kind == NodeKind::kSequence) values_.Sequence(*rules, "'rules'");
    }
    if (const Node* group = FindValue(body, "group-by")) {
      draft_.group_by = values_.Texts(*group, "'group-by'").value_or(std::vector<LocatedText>{});
      for (const LocatedText& name : draft_.group_by)
        draft_.correlation.group_by.push_back(name.text());
    }
    if (const Node* timespan = values_.Required(body, "timespan", body.span, "'correlation'"))
      ReadTimespan(*timespan);
    if (const Node* aliases = FindValue(body, "aliases")) ReadAliases(*aliases);
    ReadGenerate(FindValue(body, "generate"));
    ReadGenerate(FindValue(node_, "generate"));
    if (known) ReadCondition(body, *known);
    // One over rules that does not parse was told.
    const Node* condition = FindValue(body, "condition");
    const bool names_rules = condition != nullptr && condition->is_scalar();
    if (!draft_.lists_rules && !names_rules) {
      diagnostics_.Error(kMissingKey, body.span, "'correlation' needs 'rules'");
    }
  }

  std::optional<CorrelationType> ReadType(const Node& node) {
    const auto type = values_.Word<CorrelationType>(node, "'type'", CorrelationTypeWords());
    if (type) draft_.correlation.type = *type;
    return type;
  }

  void ReadTimespan(const Node& node) {
    const std::optional<LocatedText> text = values_.Text(node, "'timespan'");
    if (!text) return;
    const std::optional<int64_t> timespan = ParseTimespan(text->text());
    if (timespan) {
      draft_.correlation.timespan = *timespan;
      return;
    }
    Diagnostic& error =
        diagnostics_.Error(kBadTimespan, node.span, "'" + text->text() + "' is not a timespan");
    error.notes.push_back("a timespan is a number and one of s m h d w: 90m");
    if (text->text().ends_with('M') || text->text().ends_with('y'))
      error.notes.push_back("months and years have no fixed length: count in days");
  }

  void ReadAliases(const Node& node) {
    if (node.kind != NodeKind::kMap) {
      diagnostics_.Error(
          kWrongKind, node.span,
          "'aliases' must be a map, and this is " + std::string(KindName(node.kind)));
      return;
    }
    for (const Entry& entry : node.entries) {
      if (entry.value.kind != NodeKind::kMap) {
        diagnostics_.Error(kWrongKind, entry.value.span,
                           "an alias must be a map of rules and their fields, and this is " +
                               std::string(KindName(entry.value.kind)));
        continue;
      }
      CorrelationDraft::Alias alias{entry.key, {}};
      for (const Entry& of_rule : entry.value.entries) {
        const auto field = values_.Text(of_rule.value, "the field of '" + of_rule.key.text() + "'");
        if (field) alias.fields.emplace_back(of_rule.key, field->text());
      }
      draft_.aliases.push_back(std::move(alias));
    }
  }

  void ReadGenerate(const Node* node) {
    if (node == nullptr) return;
    draft_.correlation.generate =
        values_.Bool(*node, "'generate'").value_or(draft_.correlation.generate);
  }

  void ReadCondition(const Node& body, CorrelationType type) {
    const Node* condition = FindValue(body, "condition");
    if (condition == nullptr) {
      if (!IsTemporal(type))
        diagnostics_.Error(kMissingKey, body.span, "'correlation' needs 'condition'");
      return;
    }
    if (condition->kind == NodeKind::kMap)
      return ReadBounds(*condition, values_, draft_.correlation);
    const std::optional<LocatedText> text = values_.Text(*condition, "'condition'");
    if (!text) return;
    if (!IsTemporal(type)) {
      diagnostics_.Error(kBadCorrelation, condition->span,
                         std::string(CorrelationTypeName(type)) +
                             " needs bounds: { gte: 10 }; an expression over rules is of temporal "
                             "and temporal_ordered");
      return;
    }
    draft_.condition = ParseCondition(*text, ConditionOf::kCorrelation, diagnostics_);
  }

  const Node& node_;
  Diagnostics& diagnostics_;
  ValueReader values_;
  CorrelationDraft draft_;
};

class Resolver {
 public:
  Resolver(CorrelationDraft& draft, const References& references,
           const std::vector<std::string>& correlations, Diagnostics& diagnostics)
      : draft_(draft),
        references_(references),
        correlations_(correlations),
        diagnostics_(diagnostics),
        result_(std::move(draft.correlation)) {}

  Correlation Run() {
    for (const LocatedText& name : draft_.rules) Rule(name.text(), name.Whole(), true);
    if (draft_.condition) {
      result_.condition = Expression(*draft_.condition);
      Unasked();
    } else if (IsTemporal(result_.type)) {
      Temporal();
    }
    for (const CorrelationDraft::Alias& alias : draft_.aliases) Alias(alias);
    for (const LocatedText& group : draft_.group_by) Complete(group);
    return std::move(result_);
  }

 private:
  // Where the rule stands in `rules`.
  std::optional<uint32_t> Rule(const std::string& name, const Span& span, bool listed) {
    const auto found = references_.find(name);
    if (found == references_.end()) {
      std::vector<std::string> known;
      for (const auto& [reference, id] : references_) known.push_back(reference);
      diagnostics_.Error(kUnknownRule, span, "there is no Sigma rule or correlation '" + name + "'")
          .suggestion = Nearest(name, known);
      return std::nullopt;
    }
    const auto place = std::find(result_.rules.begin(), result_.rules.end(), found->second);
    if (place != result_.rules.end()) {
      if (listed) {
        diagnostics_.Error(kBadCorrelation, span, "the rule '" + name + "' stands here twice");
      }
      return static_cast<uint32_t>(place - result_.rules.begin());
    }
    if (!listed && draft_.lists_rules) {
      diagnostics_.Error(kUnknownRule, span, "'rules' does not list '" + name + "'");
      return std::nullopt;
    }
    result_.rules.push_back(found->second);
    return static_cast<uint32_t>(result_.rules.size() - 1);
  }

  CorrelationExpr Expression(const Condition& condition) {
    CorrelationExpr expr;
    switch (condition.kind) {
      case Condition::Kind::kName:
      case Condition::Kind::kQuantity:
        if (const auto rule = Rule(condition.name, condition.span, false)) {
          expr.rule = *rule;
          asked_.insert(*rule);
        }
        return expr;
      case Condition::Kind::kAnd:
        expr.kind = CorrelationExpr::Kind::kAnd;
        break;
      case Condition::Kind::kOr:
        expr.kind = CorrelationExpr::Kind::kOr;
        break;
      case Condition::Kind::kNot:
        expr.kind = CorrelationExpr::Kind::kNot;
        break;
    }
    for (const Condition& part : condition.parts) expr.parts.push_back(Expression(part));
    return expr;
  }

  void Unasked() {
    if (result_.rules.size() != draft_.rules.size()) return;  // one of them was told
    for (uint32_t i = 0; i < draft_.rules.size(); ++i) {
      if (asked_.contains(i)) continue;
      diagnostics_.Error(kBadCorrelation, draft_.rules[i].Whole(),
                         "the condition does not ask for '" + draft_.rules[i].text() + "'");
    }
  }

  // Without a condition all rules have to be seen.
  void Temporal() {
    const auto rules = static_cast<double>(result_.rules.size());
    if (result_.bounds.empty()) result_.bounds.push_back({Bound::kGreaterEqual, rules});
    for (const CorrelationBound& bound : result_.bounds) {
      const bool too_many =
          (bound.bound == Bound::kGreater && bound.value >= rules) ||
          ((bound.bound == Bound::kGreaterEqual || bound.bound == Bound::kEqual) &&
           bound.value > rules);
      if (!too_many || rules == 0) continue;
      diagnostics_.Warning(kNeverMatches, result_.span,
                           "the condition asks for more than the " +
                               std::to_string(result_.rules.size()) +
                               " rules there are: the correlation can never match");
    }
  }

  void Alias(const CorrelationDraft::Alias& alias) {
    for (const auto& [name, field] : alias.fields) {
      const auto found = references_.find(name.text());
      const bool listed = found != references_.end() &&
                          std::find(result_.rules.begin(), result_.rules.end(), found->second) !=
                              result_.rules.end();
      if (listed) {
        result_.aliases[alias.name.text()][found->second] = field;
        continue;
      }
      std::vector<std::string> known;
      for (const LocatedText& rule : draft_.rules) known.push_back(rule.text());
      diagnostics_
          .Error(kAliasOfAbsentRule, name.Whole(),
                 "the alias '" + alias.name.text() + "' names '" + name.text() +
                     "', which is none of the correlation's rules")
          .suggestion = Nearest(name.text(), known);
    }
  }

  // An alias to group by needs a field of each rule, but for correlations, which have it as theirs.
  void Complete(const LocatedText& group) {
    const auto alias = result_.aliases.find(group.text());
    if (alias == result_.aliases.end()) return;
    for (const std::string& rule : result_.rules) {
      const bool correlation =
          std::find(correlations_.begin(), correlations_.end(), rule) != correlations_.end();
      if (correlation || alias->second.contains(rule)) continue;
      diagnostics_.Error(kAliasOfAbsentRule, group.Whole(),
                         "the alias '" + group.text() + "' says no field for rule '" + rule + "'");
    }
  }

  CorrelationDraft& draft_;
  const References& references_;
  const std::vector<std::string>& correlations_;
  Diagnostics& diagnostics_;
  Correlation result_;
  std::set<uint32_t> asked_;
};

}  // namespace

CorrelationDraft ReadCorrelation(const Node& node, Diagnostics& diagnostics) {
  return Reader(node, diagnostics).Run();
}

Correlation Resolve(CorrelationDraft& draft, const References& references,
                    const std::vector<std::string>& correlations, Diagnostics& diagnostics) {
  return Resolver(draft, references, correlations, diagnostics).Run();
}

}  // namespace telltale::rules::sigma
