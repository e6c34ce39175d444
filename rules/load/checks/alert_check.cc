#include "rules/load/checks/alert_check.h"

#include <algorithm>
#include <utility>

#include "rules/model/alert_reads.h"
#include "rules/model/joint_suppression.h"

namespace telltale::rules {
namespace {

void RefuseCycle(const std::vector<Rule>& rules, Diagnostics& diagnostics) {
  const std::vector<uint32_t> cycle = AlertCycle(rules);
  if (cycle.empty()) return;
  // Told at the first by id, whichever rule the search began with.
  const auto first = std::min_element(cycle.begin(), cycle.end());
  std::vector<uint32_t> path(first, cycle.end());
  path.insert(path.end(), cycle.begin(), first);
  const auto quoted = [&](uint32_t rule) { return "'" + rules[rule].id + "'"; };
  std::string text = quoted(path.front()) + " reads ";
  for (size_t i = 1; i < path.size(); ++i)
    text += "the alerts of " + quoted(path[i]) + ", which reads ";
  text += path.size() == 1 ? "its own alerts" : "those of " + quoted(path.front());
  Diagnostic& error = diagnostics.Error(kAlertCycle, rules[path.front()].span, text);
  for (size_t i = 1; i < path.size(); ++i)
    error.labels.push_back(
        {rules[path[i]].span, "reads '" + rules[path[(i + 1) % path.size()]].id + "'"});
}

bool IsUnder(const FieldPath& path, const FieldPath& whole) {
  return path.size() >= whole.size() && std::equal(whole.begin(), whole.end(), path.begin());
}

class ReaderCheck {
 public:
  ReaderCheck(const Rule& reader, const std::vector<Rule>& rules, const StreamCatalog& streams,
              Diagnostics& diagnostics)
      : reader_(reader), rules_(rules), streams_(streams), diagnostics_(diagnostics) {}

  void Run() {
    VisitAlertSources(reader_, streams_.alerts(), [this](const Selector& source) {
      std::vector<const Rule*> read;
      for (const uint32_t index : reader_.reads) {
        if (CanReach(rules_[index], source, streams_)) read.push_back(&rules_[index]);
      }
      if (Endless(source)) return;
      if (read.empty()) return Nothing(source);
      Fields(source, read);
      if (streams_.co_partitioned()) KeptTogether(source, read);
    });
  }

 private:
  Span PlaceOf(const Selector& source) const {
    const Span span = source.where ? source.where->text.Whole() : Span();
    return span.file != nullptr ? span : reader_.span;
  }

  // A rule that is named, and whose alerts have no watermark. True: told.
  bool Endless(const Selector& source) {
    const auto named = source.where ? RulesNamed(*source.where->root) : std::nullopt;
    if (!named) return false;
    bool told = false;
    for (const Rule& rule : rules_) {
      if (!named->contains(rule.id) || rule.LongestWait()) continue;
      diagnostics_
          .Error(kEndlessAlerts, PlaceOf(source),
                 "the alerts of '" + rule.id + "' are known as late as its greedy end likes, so " +
                     "nothing can be settled behind them")
          .labels.push_back({rule.span, "give this rule a 'within'"});
      told = true;
    }
    return told;
  }

  void Nothing(const Selector& source) {
    // Of a correlation of Sigma its rules are told that no stream serves them.
    const Expression& where = *source.where;  // where nothing is asked, anything comes
    if (where.text.Whole().file == nullptr && RulesNamed(*where.root)) return;
    diagnostics_.Warning(kNoAlertsCome, PlaceOf(source), "no rule raises an alert that comes here")
        .notes.push_back(
            "read are rules that are live or building blocks, without 'output'; those that read "
            "alerts themselves only where 'rule.id' names them");
  }

  bool Has(const std::vector<const Rule*>& read, const FieldPath& path) const {
    for (const auto& [declared, type] : streams_[streams_.alerts()].fields) {
      if (IsUnder(path, declared) || IsUnder(declared, path)) return true;
    }
    return std::any_of(read.begin(), read.end(), [&](const Rule* rule) {
      return std::any_of(rule->key_names.begin(), rule->key_names.end(),
                         [&](const std::string& name) {
                           const std::string text = PathText(path);
                           return name == text || name.starts_with(text + ".");
                         });
    });
  }

  void Fields(const Selector& source, const std::vector<const Rule*>& read) {
    std::vector<const Expression*> expressions;
    for (const Expression& by : source.by) expressions.push_back(&by);
    if (source.where) expressions.push_back(&*source.where);
    for (const Expression* expression : expressions) {
      for (const FieldRead& field : expression->reads) {
        if (field.stream != streams_.alerts() || Has(read, field.path)) continue;
        const Span span = expression->text.Whole();
        diagnostics_
            .Warning(kNoAlertField, span.file != nullptr ? span : reader_.span,
                     "no alert that comes here has a '" + PathText(field.path) + "'")
            .notes.push_back(
                "alerts have the parts of their rule's key by their names, and what is said of "
                "them in 'fields'");
      }
    }
  }

  // Alerts stay in the key group of their rule, so the reader's key must be a part of each rule's.
  void KeptTogether(const Selector& source, const std::vector<const Rule*>& read) {
    for (const Expression& by : source.by) {
      for (const Rule* rule : read) {
        const bool is_part = by.root->kind == ExprKind::kField &&
                             std::find(rule->key_names.begin(), rule->key_names.end(),
                                       PathText(by.root->path)) != rule->key_names.end();
        if (is_part) continue;
        diagnostics_
            .Error(kKeylessCoPartitioned, reader_.span,
                   "'" + by.text.text() + "' is no part of the key of '" + rule->id +
                       "', whose alerts lie where its own key does")
            .notes.push_back(
                "the config says 'co_partitioned: true'; read alerts by the key that "
                "their rules have");
        return;
      }
    }
  }

  const Rule& reader_;
  const std::vector<Rule>& rules_;
  const StreamCatalog& streams_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckAlertReads(const std::vector<Rule>& rules, const StreamCatalog& streams,
                     const std::set<std::string>& blocks, Diagnostics& diagnostics) {
  RefuseCycle(rules, diagnostics);
  for (const Rule& rule : rules) {
    const Diagnostics::Scope scope(diagnostics, "rule '" + rule.id + "'");
    if (rule.mode != Mode::kOff) ReaderCheck(rule, rules, streams, diagnostics).Run();
    if (rule.mode == Mode::kBuildingBlock && !rule.feeds && blocks.contains(rule.id)) {
      diagnostics.Warning(kIdleBlock, rule.span,
                          "this building block feeds no rule, and so does not run");
    }
  }
}

void CheckJointSuppression(const Rule& rule, const StreamCatalog& streams,
                           Diagnostics& diagnostics) {
  if (!SuppressesJointly(rule)) return;
  const auto refuse = [&](const std::string& why) {
    diagnostics.Error(kNoJointSuppression, rule.span,
                      "this keeps back alerts of different keys, " + why);
  };
  if (rule.early) refuse("which are told together once they are settled: not with 'emit: early'");
  if (!rule.LongestWait())
    refuse("and those of its greedy end may be known at any later time: give it a 'within'");
  if (streams.co_partitioned()) {
    diagnostics
        .Error(kNoJointSuppression, rule.span,
               "this keeps back alerts of different keys, and other keys are other instances'")
        .notes.push_back("the config says 'co_partitioned: true'; name the rule's whole key");
  }
}

}  // namespace telltale::rules
