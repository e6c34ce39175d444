#include "rules/load/sigma/sigma.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "rules/load/sigma/correlation_reader.h"
#include "rules/load/sigma/correlation_rule.h"
#include "rules/load/sigma/filter.h"
#include "rules/load/sigma/rule_draft.h"

namespace telltale::rules::sigma {
namespace {

// Finds the ways by which a correlation refers to itself.
class CycleCheck {
 public:
  CycleCheck(const std::vector<Correlation>& correlations, Diagnostics& diagnostics)
      : correlations_(correlations), diagnostics_(diagnostics) {
    for (const Correlation& correlation : correlations) by_id_[correlation.id] = &correlation;
  }

  void Run() {
    for (const Correlation& correlation : correlations_) Visit(correlation);
  }

 private:
  // Without recursion: a chain may be as long as there are correlations.
  void Visit(const Correlation& start) {
    struct Frame {
      const Correlation* correlation;
      size_t next = 0;
    };
    if (!done_.insert(start.id).second) return;
    std::vector<Frame> path = {{&start}};
    std::set<std::string> on_path = {start.id};
    while (!path.empty()) {
      Frame& frame = path.back();
      if (frame.next == frame.correlation->rules.size()) {
        on_path.erase(frame.correlation->id);
        path.pop_back();
        continue;
      }
      const std::string& rule = frame.correlation->rules[frame.next++];
      if (on_path.contains(rule)) {
        Refuse(*frame.correlation, rule);
        continue;
      }
      const auto next = by_id_.find(rule);
      if (next == by_id_.end() || !done_.insert(rule).second) continue;
      on_path.insert(rule);
      path.push_back({next->second});
    }
  }

  void Refuse(const Correlation& from, const std::string& to) {
    Diagnostic& error = diagnostics_.Error(
        kCorrelationCycle, from.span,
        from.id == to ? "the correlation refers to itself"
                      : "the correlation refers to '" + to + "', which refers back to it");
    if (from.id != to) error.labels.push_back({by_id_.at(to)->span, "this one"});
  }

  const std::vector<Correlation>& correlations_;
  Diagnostics& diagnostics_;
  std::map<std::string, const Correlation*> by_id_;
  std::set<std::string> done_;
};

class Collection {
 public:
  Collection(const StreamCatalog& streams, const Placeholders& placeholders, const ClaimId& claim,
             Diagnostics& diagnostics)
      : streams_(streams),
        context_{diagnostics, placeholders},
        claim_(claim),
        diagnostics_(diagnostics) {}

  SigmaRules Run(const SigmaNodes& nodes) {
    for (const Node& node : nodes.detections) {
      documents_.push_back(&node);
      labels_.push_back(ScopeOf(node, "rule"));
      const Diagnostics::Scope scope(diagnostics_, labels_.back());
      drafts_.push_back(ReadRuleDraft(node, context_));
      Claim(drafts_.back().metadata.id, drafts_.back().metadata.name, drafts_.back().metadata.span);
    }
    for (const Node& node : nodes.filters) {
      const Diagnostics::Scope scope(diagnostics_, ScopeOf(node, "filter"));
      if (const std::optional<Filter> filter = ReadFilter(node, context_))
        Apply(*filter, drafts_, diagnostics_);
    }
    Correlations(nodes.correlations);
    Silence();
    CorrelationRules(nodes.correlations);
    Rules();
    return std::move(result_);
  }

 private:
  static std::string ScopeOf(const Node& node, const std::string& what) {
    for (const char* key : {"id", "name", "title"}) {
      const Node* value = FindValue(node, key);
      if (value != nullptr && value->is_scalar()) return what + " '" + value->text.text() + "'";
    }
    return what;
  }

  // A name is unique, too, and is no other's id.
  void Claim(const std::string& id, const std::string& name, const Span& span) {
    if (id.empty()) return;
    claim_(id, span);
    for (const std::string& reference : {id, name}) {
      if (reference.empty()) continue;
      const auto [place, is_new] = references_.emplace(reference, id);
      if (is_new || place->second == id) continue;
      diagnostics_.Error(kDuplicateRule, span, "the name '" + reference + "' is taken")
          .notes.push_back("by rule '" + place->second + "'");
      return;
    }
  }

  void Correlations(const std::vector<Node>& nodes) {
    std::vector<CorrelationDraft> drafts;
    std::vector<std::string> ids;
    for (const Node& node : nodes) {
      const Diagnostics::Scope scope(diagnostics_, ScopeOf(node, "correlation"));
      drafts.push_back(ReadCorrelation(node, diagnostics_));
      const Correlation& correlation = drafts.back().correlation;
      Claim(correlation.id, correlation.name, correlation.span);
      ids.push_back(correlation.id);
    }
    for (size_t i = 0; i < drafts.size(); ++i) {
      const Diagnostics::Scope scope(diagnostics_, ScopeOf(nodes[i], "correlation"));
      correlations_.push_back(Resolve(drafts[i], references_, ids, diagnostics_));
    }
    CycleCheck(correlations_, diagnostics_).Run();
  }

  // What only feeds correlations sends nothing.
  void Silence() {
    for (const Correlation& correlation : correlations_) {
      for (const std::string& rule : correlation.rules)
        generated_[rule] = generated_[rule] || correlation.generate;
    }
    for (RuleDraft& draft : drafts_) draft.mode = ModeOf(draft.metadata.id);
  }

  Mode ModeOf(const std::string& id) const {
    const auto found = generated_.find(id);
    return found == generated_.end() || found->second ? Mode::kLive : Mode::kBuildingBlock;
  }

  void CorrelationRules(const std::vector<Node>& nodes) {
    if (diagnostics_.has_errors()) return;
    std::map<std::string, const RuleDraft*> by_id;
    for (const RuleDraft& draft : drafts_) by_id[draft.metadata.id] = &draft;
    std::map<std::string, const Correlation*> others;
    for (const Correlation& correlation : correlations_) others[correlation.id] = &correlation;
    const auto find = [&](const std::string& id) {
      const auto rule = by_id.find(id);
      const auto other = others.find(id);
      return Referred{.rule = rule == by_id.end() ? nullptr : rule->second,
                      .correlation = other == others.end() ? nullptr : other->second};
    };
    for (size_t i = 0; i < correlations_.size(); ++i) {
      const Correlation& correlation = correlations_[i];
      const Diagnostics::Scope scope(diagnostics_, ScopeOf(nodes[i], "correlation"));
      std::optional<Rule> rule = MakeRule(correlation, find, streams_, diagnostics_);
      if (!rule) continue;
      rule->mode = ModeOf(rule->id);
      result_.rules.push_back(*std::move(rule));
      result_.nodes.push_back(&nodes[i]);
    }
  }

  void Rules() {
    const bool failed = diagnostics_.has_errors();
    for (size_t i = 0; i < drafts_.size() && !failed; ++i) {
      const Diagnostics::Scope scope(diagnostics_, labels_[i]);
      std::optional<Rule> rule = MakeRule(std::move(drafts_[i]), streams_, diagnostics_);
      if (!rule) {
        result_.unserved.push_back(documents_[i]);
        continue;
      }
      result_.rules.push_back(*std::move(rule));
      result_.nodes.push_back(documents_[i]);
    }
  }

  const StreamCatalog& streams_;
  ReadContext context_;
  const ClaimId& claim_;
  Diagnostics& diagnostics_;
  std::vector<RuleDraft> drafts_;
  std::vector<const Node*> documents_;
  std::vector<std::string> labels_;  // of the drafts, for messages
  References references_;
  std::map<std::string, bool> generated_;  // by rule: whether any correlation wants it to be heard
  std::vector<Correlation> correlations_;
  SigmaRules result_;
};

}  // namespace

SigmaRules ReadSigma(const SigmaNodes& nodes, const StreamCatalog& streams,
                     const Placeholders& placeholders, const ClaimId& claim,
                     Diagnostics& diagnostics) {
  return Collection(streams, placeholders, claim, diagnostics).Run(nodes);
}

}  // namespace telltale::rules::sigma
