#include "rules/load/tests/test_alerts.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "rules/load/tests/test_time.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/yaml/json_value.h"

namespace telltale::rules {
namespace {

// K1: integral doubles are written as integers.
std::optional<KeyPart> KeyPartOf(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return KeyPart();
    case NodeKind::kString:
      return KeyPart(node.text.text());
    case NodeKind::kInt:
      return KeyPart(std::to_string(node.integer));
    case NodeKind::kFloat:
      if (node.number == std::floor(node.number) && std::abs(node.number) < 1e15)
        return KeyPart(std::to_string(static_cast<int64_t>(node.number)));
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

class AlertReader {
 public:
  AlertReader(const Node& node, const RuleTest& test, const TestedRules& tested,
              ValueReader& values)
      : node_(node), test_(test), tested_(tested), values_(values) {}

  ExpectedAlert Read() {
    alert_.span = node_.entries.empty() ? node_.span : node_.entries.front().key.Whole();
    if (!values_.Map(node_, ExpectedAlertKeys())) return std::move(alert_);
    Rule();
    if (const Node* key = node_.Find("key")) Key(*key);
    if (const Node* at = node_.Find("at"))
      alert_.at = ReadTestTime(*at, "'at'", test_.base, values_);
    if (const Node* evidence = node_.Find("evidence")) Evidence(*evidence);
    if (const Node* title = node_.Find("title")) {
      if (const auto text = values_.Text(*title, "'title'")) alert_.title = text->text();
    }
    if (const Node* risk = node_.Find("risk_score"))
      alert_.risk_score = values_.Int(*risk, "'risk_score'", 0, kHighestRisk);
    if (const Node* suppressed = node_.Find("suppressed"))
      alert_.suppressed = values_.Int(*suppressed, "'suppressed'", 0, INT64_MAX);
    if (const Node* truncated = node_.Find("truncated"))
      alert_.truncated = values_.Bool(*truncated, "'truncated'");
    Words();
    if (const Node* fields = node_.Find("fields")) Fields(*fields);
    return std::move(alert_);
  }

 private:
  Diagnostic& Error(Code code, const Span& span, std::string message) {
    return values_.diagnostics().Error(code, span, std::move(message));
  }

  // The rules whose alert this may be; empty where one of them has mistakes of its own.
  std::vector<const rules::Rule*> Candidates() const {
    std::vector<const rules::Rule*> candidates;
    for (size_t i = 0; i < tested_.ids.size(); ++i) {
      if (alert_.rule && *alert_.rule != tested_.ids[i]) continue;
      if (tested_.rules[i] == nullptr) return {};
      candidates.push_back(tested_.rules[i]);
    }
    return candidates;
  }

  void Rule() {
    const Node* rule = node_.Find("rule");
    if (rule == nullptr) return;
    const std::optional<LocatedText> id = values_.Text(*rule, "'rule'");
    if (!id) return;
    if (std::find(tested_.ids.begin(), tested_.ids.end(), id->text()) == tested_.ids.end()) {
      Error(kImpossibleAlert, rule->span, "the test does not run the rule '" + id->text() + "'")
          .suggestion = Nearest(id->text(), tested_.ids);
      return;
    }
    alert_.rule = id->text();
  }

  void Words() {
    if (const Node* kind = node_.Find("kind")) {
      alert_.kind = values_.Word<std::string>(
          *kind, "'kind'",
          {{"match", "match"}, {"timeout", "timeout"}, {"window", "window"}, {"limit", "limit"}});
      RequireKind(*kind);
    }
    if (const Node* reached = node_.Find("reached")) Reached(*reached);
    if (const Node* level = node_.Find("level")) {
      alert_.level = values_.Word<Level>(*level, "'level'",
                                         {{"informational", Level::kInformational},
                                          {"low", Level::kLow},
                                          {"medium", Level::kMedium},
                                          {"high", Level::kHigh},
                                          {"critical", Level::kCritical}});
    }
  }

  // Timeouts come of rules that say so, windows of those that have one, matches of the others.
  void RequireKind(const Node& node) {
    const std::vector<const rules::Rule*> candidates = Candidates();
    if (!alert_.kind || candidates.empty()) return;
    const std::string& kind = *alert_.kind;
    if (kind == "limit") return;
    const auto gives = [&kind](const rules::Rule* rule) {
      if (kind == "timeout") return rule->timeout_from.has_value();
      return rule->aggregate.has_value() == (kind == "window");
    };
    if (std::any_of(candidates.begin(), candidates.end(), gives)) return;
    RefuseKind(node, kind == "timeout"  ? "has no 'on_timeout'"
                     : kind == "window" ? "has no 'aggregate'"
                                        : "has an 'aggregate', whose alerts are of kind 'window'");
  }

  // REQUIRES: there are candidates.
  void RefuseKind(const Node& node, const std::string& why) {
    Error(kImpossibleAlert, node.span,
          "rule '" + Candidates().front()->id + "' gives no alert of this kind: it " + why);
  }

  // The step that a timeout got to: the one of `on_timeout` or one behind it.
  void Reached(const Node& node) {
    const std::optional<LocatedText> name = values_.Text(node, "'reached'");
    if (!name) return;
    alert_.reached = name->text();
    if (alert_.kind && alert_.kind != "timeout") {
      Error(kImpossibleAlert, node.span,
            "only a 'timeout' says how far it got: an alert of kind '" + *alert_.kind +
                "' has no 'reached'");
      return;
    }
    const std::vector<const rules::Rule*> candidates = Candidates();
    if (candidates.empty()) return;
    std::vector<std::string> reachable;
    for (const rules::Rule* rule : candidates) {
      for (size_t i = rule->timeout_from.value_or(rule->steps.size()); i < rule->steps.size(); ++i)
        reachable.push_back(rule->steps[i].name);
    }
    if (std::find(reachable.begin(), reachable.end(), name->text()) != reachable.end()) return;
    if (!reachable.empty()) {
      Error(kImpossibleAlert, node.span,
            "'on_timeout' gives no result that reached '" + name->text() + "'")
          .suggestion = Nearest(name->text(), reachable);
    } else if (!alert_.kind) {
      RefuseKind(node, "has no 'on_timeout'");
    }
  }

  // A value for a rule with one part; a list, or a map by the names of `by`, for several.
  void Key(const Node& node) {
    if (node.kind == NodeKind::kMap) return KeyByNames(node);
    KeyParts key;
    const std::vector<Node> single =
        node.kind == NodeKind::kSequence ? std::vector<Node>() : std::vector<Node>{node};
    for (const Node& part : node.kind == NodeKind::kSequence ? node.items : single) {
      std::optional<KeyPart> text = KeyPartOf(part);
      if (!text) return NoKey(part);
      key.push_back(*std::move(text));
    }
    const std::vector<const rules::Rule*> candidates = Candidates();
    const auto fits = [&](const rules::Rule* rule) { return rule->key_names.size() == key.size(); };
    if (!candidates.empty() && std::none_of(candidates.begin(), candidates.end(), fits)) {
      const size_t parts = candidates.front()->key_names.size();
      Error(kImpossibleAlert, node.span,
            "the key of rule '" + candidates.front()->id + "' has " + std::to_string(parts) +
                (parts == 1 ? " part" : " parts") + ", and this has " + std::to_string(key.size()));
      return;
    }
    alert_.key = std::move(key);
    RequireGroup(node, candidates);
  }

  void KeyByNames(const Node& node) {
    const std::vector<const rules::Rule*> candidates = Candidates();
    if (candidates.empty()) return;
    // The names are those of one rule: the first that has as many.
    const auto found = std::find_if(
        candidates.begin(), candidates.end(),
        [&](const rules::Rule* rule) { return rule->key_names.size() == node.entries.size(); });
    const rules::Rule& rule = found == candidates.end() ? *candidates.front() : **found;
    KeyParts key;
    for (const std::string& name : rule.key_names) {
      const Node* part = node.Find(name);
      if (part == nullptr) {
        Error(kImpossibleAlert, node.span,
              "the key of rule '" + rule.id + "' has a part '" + name + "', which is not here");
        return;
      }
      std::optional<KeyPart> text = KeyPartOf(*part);
      if (!text) return NoKey(*part);
      key.push_back(*std::move(text));
    }
    for (const Entry& entry : node.entries) {
      const auto& names = rule.key_names;
      if (std::find(names.begin(), names.end(), entry.key.text()) != names.end()) continue;
      Error(kImpossibleAlert, entry.key.Whole(),
            "the key of rule '" + rule.id + "' has no part '" + entry.key.text() + "'")
          .suggestion = Nearest(entry.key.text(), names);
      return;
    }
    alert_.key = std::move(key);
    RequireGroup(node, candidates);
  }

  void NoKey(const Node& node) {
    Error(kImpossibleAlert, node.span,
          std::string("a part of a key is text or an integer, and this is ") + KindName(node.kind));
  }

  // A part that is not there comes only in the alerts of rules that say so.
  void RequireGroup(const Node& node, const std::vector<const rules::Rule*>& candidates) {
    const bool missing = std::any_of(alert_.key->begin(), alert_.key->end(),
                                     [](const KeyPart& part) { return !part.has_value(); });
    if (!missing || candidates.empty()) return;
    const auto groups = [](const rules::Rule* rule) { return rule->group_missing_key; };
    if (std::any_of(candidates.begin(), candidates.end(), groups)) return;
    Error(kImpossibleAlert, node.span,
          "no alert of rule '" + candidates.front()->id +
              "' has a missing part in its key: it does not say 'missing_key: group'");
  }

  // Indexes, or by step an index or several.
  void Evidence(const Node& node) {
    if (node.kind != NodeKind::kMap) {
      alert_.evidence = ReadEventIndexes(node, "'evidence'", test_, values_);
      return;
    }
    const std::vector<const rules::Rule*> candidates = Candidates();
    for (const Entry& entry : node.entries) {
      const std::string& name = entry.key.text();
      std::vector<std::string> names;
      for (const rules::Rule* rule : candidates) {
        for (const Step& step : rule->steps) names.push_back(step.name);
      }
      if (!candidates.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
        Error(kImpossibleAlert, entry.key.Whole(), "the rule has no step '" + name + "'")
            .suggestion = Nearest(name, names);
      }
      alert_.evidence_by_step.emplace_back(
          name, ReadEventIndexes(entry.value, "'" + name + "'", test_, values_));
    }
  }

  void Fields(const Node& node) {
    if (node.kind != NodeKind::kMap) {
      Error(kWrongKind, node.span,
            std::string("'fields' must be a map of names and values, and this is ") +
                KindName(node.kind));
      return;
    }
    std::vector<std::string> names;
    const std::vector<const rules::Rule*> candidates = Candidates();
    for (const rules::Rule* rule : candidates) {
      for (const auto& field : rule->result_fields()) names.push_back(field.first);
    }
    for (const Entry& entry : node.entries) {
      const std::string& name = entry.key.text();
      if (!candidates.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
        Error(kImpossibleAlert, entry.key.Whole(), "the rule's alerts have no field '" + name + "'")
            .suggestion = Nearest(name, names);
      }
      alert_.fields.emplace_back(name, JsonValue(entry.value, values_.diagnostics()));
    }
  }

  const Node& node_;
  const RuleTest& test_;
  const TestedRules& tested_;
  ValueReader& values_;
  ExpectedAlert alert_;
};

}  // namespace

std::vector<uint32_t> ReadEventIndexes(const Node& node, std::string_view what,
                                       const RuleTest& test, ValueReader& values) {
  std::vector<uint32_t> indexes;
  const std::vector<Node> single =
      node.kind == NodeKind::kSequence ? std::vector<Node>() : std::vector<Node>{node};
  for (const Node& item : node.kind == NodeKind::kSequence ? node.items : single) {
    if (item.kind == NodeKind::kInt && item.integer >= 0 &&
        item.integer < static_cast<int64_t>(test.events.size()) &&
        !test.events[static_cast<size_t>(item.integer)].advance_to) {
      indexes.push_back(static_cast<uint32_t>(item.integer));
      continue;
    }
    const bool advance = item.kind == NodeKind::kInt && item.integer >= 0 &&
                         item.integer < static_cast<int64_t>(test.events.size());
    const std::string shown = item.is_scalar() ? "'" + item.text.text() + "'" : KindName(item.kind);
    values.diagnostics().Error(
        kBadEventIndex, item.span,
        std::string(what) + " are numbers of events of the test, the first is 0; " + shown +
            (advance ? " is an 'advance_to'"
                     : " is none of its " + std::to_string(test.events.size())));
  }
  std::sort(indexes.begin(), indexes.end());
  return indexes;
}

std::vector<ExpectedAlert> ReadExpectedAlerts(const Node& node, const RuleTest& test,
                                              const TestedRules& tested, ValueReader& values) {
  std::vector<ExpectedAlert> alerts;
  if (node.kind != NodeKind::kSequence) {
    values.Sequence(node, "'alerts'");
    return alerts;
  }
  for (const Node& item : node.items)
    alerts.push_back(AlertReader(item, test, tested, values).Read());
  return alerts;
}

}  // namespace telltale::rules
