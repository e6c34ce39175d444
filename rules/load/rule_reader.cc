#include "rules/load/rule_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/load/checks/alert_check.h"
#include "rules/load/checks/automaton_check.h"
#include "rules/load/checks/count_check.h"
#include "rules/load/checks/structure_check.h"
#include "rules/load/rule/alert_reader.h"
#include "rules/load/rule/exception_reader.h"
#include "rules/load/rule/key_reader.h"
#include "rules/load/rule/match_reader.h"
#include "rules/load/rule/output_reader.h"
#include "rules/load/rule/rule_context.h"
#include "rules/load/sequence/sequence_reader.h"
#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/load/window/aggregate_reader.h"
#include "rules/load/window/emit_reader.h"
#include "rules/load/window/new_terms_reader.h"
#include "rules/load/window/step_window_reader.h"
#include "rules/model/rule_id.h"

namespace telltale::rules {
namespace {

class RuleReader {
 public:
  RuleReader(const Node& node, const ReadInputs& inputs, Diagnostics& diagnostics)
      : node_(node),
        diagnostics_(diagnostics),
        values_(kRuleCodes, diagnostics),
        context_{node, inputs.streams, inputs, diagnostics, values_, rule_, {}, true, true, {}} {}

  std::optional<Rule> Read() {
    const size_t told = diagnostics_.errors();
    if (const Node* id = node_.Find("id");
        id != nullptr && id->is_scalar() && !id->text.text().empty()) {
      const Diagnostics::Scope scope(diagnostics_, "rule '" + id->text.text() + "'");
      Parts(told);
    } else {
      Parts(told);
    }
    if (ErrorsSince(told)) return std::nullopt;
    rule_.fingerprint = ComputeFingerprint(rule_, context_.streams);
    return std::move(rule_);
  }

 private:
  bool ErrorsSince(size_t told) const { return diagnostics_.errors() > told; }

  void Parts(size_t told) {
    rule_.span = node_.entries.empty() ? node_.span : node_.entries.front().key.Whole();
    values_.Map(node_, RuleKeys(), &later_);
    Id();
    Metadata();
    Words();
    ReadRuleKey(context_);
    const bool placed = Steps();
    if (!rule_.aggregate && !rule_.new_terms) {
      ReadMatches(context_);
    } else if (const Node* limits = node_.Find("limits")) {
      ReadWindowLimits(context_, *limits);
    }
    if (const Node* suppress = node_.Find("suppress")) ReadSuppress(context_, *suppress);
    if (const Node* alert = node_.Find("alert")) ReadAlert(context_, *alert);
    if (const Node* exceptions = node_.Find("exceptions")) ReadExceptions(context_, *exceptions);
    Output();
    TakeCalls(context_);
    if (!placed) return;
    if (!ErrorsSince(told)) CheckJointSuppression(rule_, context_.streams, diagnostics_);
    const auto automaton = CheckStructure(rule_, context_.streams, diagnostics_);
    if (automaton) CheckTimeout(rule_, *automaton, context_.timeout, diagnostics_);
    if (automaton && rule_.match == MatchMode::kCount)
      CheckCounted(rule_, *automaton, node_.Find("match")->span, diagnostics_);
    if (automaton && !ErrorsSince(told))
      WarnOfStructure(rule_, *automaton, context_.streams, diagnostics_);
  }

  // In the place of alerts: what these would say is said nowhere then.
  void Output() {
    const Entry* output = FindEntry("output");
    if (output == nullptr) return;
    if (const Entry* alert = FindEntry("alert")) {
      diagnostics_
          .Error(kConflictingKeys, alert->key.Whole(),
                 "the results of this rule are no alerts: what they say stands in 'output'")
          .labels.push_back({output->key.Whole(), "it has one"});
    }
    ReadOutput(context_, *output);
  }

  void Id() {
    const Node* id = node_.Find("id");
    if (id == nullptr) {
      if (!later_) values_.Required(node_, "id", rule_.span, "a rule");
      return;
    }
    rule_.span = id->span;
    const std::optional<LocatedText> text = values_.Text(*id, "'id'");
    if (!text) return;
    rule_.id = text->text();
    if (!IsRuleId(rule_.id)) {
      diagnostics_.Error(
          kBadRuleId, id->span,
          "an id is letters, digits, '-', '_' and '.', a letter or digit first, at most " +
              std::to_string(kLongestRuleId));
    }
  }

  std::string OptionalText(std::string_view key) {
    const Node* node = node_.Find(key);
    if (node == nullptr) return "";
    const std::optional<LocatedText> text = values_.Text(*node, "'" + std::string(key) + "'");
    return text ? text->text() : "";
  }

  void Metadata() {
    rule_.title = OptionalText("title");
    if (rule_.title.empty()) rule_.title = rule_.id;
    rule_.description = OptionalText("description");
    rule_.runbook = OptionalText("runbook");
    if (const Node* tags = node_.Find("tags")) {
      for (const LocatedText& tag :
           values_.Texts(*tags, "'tags'").value_or(std::vector<LocatedText>{})) {
        rule_.tags.push_back(tag.text());
      }
    }
    // Kept for people; only that they are text is checked.
    for (const std::string_view key : {"date", "modified", "license"}) OptionalText(key);
    for (const std::string_view key : {"author", "references", "falsepositives"}) {
      if (const Node* node = node_.Find(key)) values_.Texts(*node, "'" + std::string(key) + "'");
    }
  }

  template <typename Enum>
  void OneOf(std::string_view key, Enum& value, const ValueReader::Words<Enum>& words,
             const std::vector<LaterWord>& later = {}) {
    const Node* node = node_.Find(key);
    if (node != nullptr)
      value = values_.Word(*node, "'" + std::string(key) + "'", words, later).value_or(value);
  }

  void Words() {
    OneOf<Status>("status", rule_.status, StatusWords());
    OneOf<Level>("level", rule_.level, LevelWords());
    OneOf<Mode>("mode", rule_.mode, ModeWords());
    OneOf<WarmUp>("warm_up", rule_.warm_up, WarmUpWords());
    if (const Node* within = node_.Find("within"))
      rule_.within = values_.Duration(*within, "'within'");
  }

  const Entry* FindEntry(std::string_view key) const {
    const auto entry = std::find_if(node_.entries.begin(), node_.entries.end(),
                                    [&](const Entry& e) { return e.key.text() == key; });
    return entry == node_.entries.end() ? nullptr : &*entry;
  }

  // What is about sequences and single events, in a rule over windows or terms.
  void RefuseBeside(const Entry& window) {
    const std::string& name = window.key.text();
    for (const Entry& entry : node_.entries) {
      const std::string& key = entry.key.text();
      if (&entry == &window) continue;
      for (const std::string_view other : {"on", "where", "detection", "include"}) {
        if (key != other) continue;
        diagnostics_.Error(kConflictingKeys, entry.key.Whole(),
                           "'" + key + "' stands in '" + name + "' where a rule has one");
      }
      for (const std::string_view other : {"sequence", "aggregate", "new_terms", "within", "until",
                                           "on_timeout", "match", "after_match", "windows"}) {
        if (key != other) continue;
        diagnostics_
            .Error(kConflictingKeys, entry.key.Whole(),
                   "'" + key + "' does not go with '" + name + "'")
            .labels.push_back({window.key.Whole(), "this rule has one"});
      }
    }
  }

  // What the rule is about: one of a sequence, an aggregate, new terms and single events.
  bool Steps() {
    const Node* sequence = node_.Find("sequence");
    const Node* on = node_.Find("on");
    const Entry* aggregate = FindEntry("aggregate");
    const Entry* new_terms = FindEntry("new_terms");
    if (aggregate == nullptr) {
      if (const Node* emit = node_.Find("emit")) ReadEmitWithoutWindow(context_, *emit);
    }
    if (const Entry* window = aggregate != nullptr ? aggregate : new_terms) {
      RefuseBeside(*window);
      return aggregate != nullptr ? ReadAggregate(context_, *aggregate)
                                  : ReadNewTerms(context_, *new_terms);
    }
    const auto windows = [this] {
      if (const Node* node = node_.Find("windows")) ReadStepWindows(context_, *node);
    };
    if (sequence != nullptr) {
      for (const Entry& entry : node_.entries) {
        if (entry.key.text() != "on" && entry.key.text() != "where" &&
            entry.key.text() != "detection" && entry.key.text() != "include")
          continue;
        diagnostics_.Error(
            kConflictingKeys, entry.key.Whole(),
            "'" + entry.key.text() + "' stands in the steps where a rule has a 'sequence'");
      }
      return ReadSequence(context_, *sequence, FindEntry("until"), windows);
    }
    if (on != nullptr) {
      if (const Entry* until = FindEntry("until"))
        RefuseIdleUntil(until->key.Whole(), diagnostics_);
      return ReadSingleStep(context_, *on, windows);
    }
    context_.steps_known = false;
    if (!later_) {
      diagnostics_.Error(
          kMissingKey, rule_.span,
          "a rule needs a 'sequence', an 'aggregate' or 'new_terms', or 'on' where it "
          "is about single events");
    }
    return false;
  }

  const Node& node_;
  Diagnostics& diagnostics_;
  ValueReader values_;
  Rule rule_;
  RuleContext context_;
  bool later_ = false;  // a word of a later version stands in the rule
};

}  // namespace

std::optional<Rule> ReadRule(const Node& node, const ReadInputs& inputs, Diagnostics& diagnostics) {
  return RuleReader(node, inputs, diagnostics).Read();
}

}  // namespace telltale::rules
