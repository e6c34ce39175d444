#include "daemon/commands/replay_explain.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "daemon/commands/did_you_mean.h"
#include "daemon/explain/key_explanation.h"

namespace telltale::commands {
namespace {

constexpr size_t kMostAlerts = 5;

std::string WhenAndWhat(const engine::Alert& alert) {
  const std::string time = engine::FormatTime(alert.time);
  switch (alert.kind) {
    case engine::AlertKind::kTimeout:
      return absl::StrCat("a timeout at ", time);
    case engine::AlertKind::kLimit:
      return absl::StrCat("a limit at ", time);
    default:
      return time;
  }
}

}  // namespace

absl::StatusOr<std::vector<replay::Replay::Watch>> ReplayExplain::Watches(
    const rules::RuleSet& rules, const std::string& rule, const std::vector<std::string>& key) {
  std::vector<replay::Replay::Watch> watches;
  std::vector<std::string> ids;
  for (const rules::Rule& one : rules.rules) {
    ids.push_back(one.id);
    const bool wanted =
        rule.empty() ? one.Runs() && one.key_names.size() == key.size() : one.id == rule;
    if (wanted) watches.push_back({.rule = one.id, .key = explain::KeyOfWords(one, key)});
  }
  if (!rule.empty() && !watches.empty()) {
    const rules::Rule& its = *std::find_if(rules.rules.begin(), rules.rules.end(),
                                           [&](const rules::Rule& one) { return one.id == rule; });
    if (absl::Status status = engine::CheckWatch(its, watches[0].key); !status.ok()) return status;
  }
  if (!watches.empty()) return watches;
  if (!rule.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no rule '", rule, "'", DidYouMean(rule, ids)));
  }
  return absl::InvalidArgumentError(absl::StrCat("no rule that runs has a key of ", key.size(),
                                                 key.size() == 1 ? " part" : " parts"));
}

void ReplayExplain::Note(const engine::Alert& alert) {
  alerts_[{alert.rule->id, alert.key}].push_back(WhenAndWhat(alert));
}

std::string ReplayExplain::Alerted(const engine::WatchedKey& watched) const {
  const auto found = alerts_.find({watched.its_rule().id, watched.key});
  if (found == alerts_.end()) return "no alert";
  const std::vector<std::string>& times = found->second;
  std::vector<std::string> shown(
      times.begin(), times.begin() + static_cast<ptrdiff_t>(std::min(times.size(), kMostAlerts)));
  if (times.size() > kMostAlerts)
    shown.push_back(absl::StrCat("and ", times.size() - kMostAlerts, " more"));
  return absl::StrCat(times.size(),
                      times.size() == 1 ? " alert: " : " alerts: ", absl::StrJoin(shown, ", "));
}

absl::StatusOr<std::string> ReplayExplain::Text(std::vector<engine::WatchedKey> watched) const {
  std::string text;
  std::vector<std::string> untouched;
  for (engine::WatchedKey& one : watched) {
    if (one.blocks.empty() && one.forgotten == 0 && watched.size() > 1) {
      untouched.push_back(one.its_rule().id);
      continue;
    }
    absl::StrAppend(&text, "rule ", one.its_rule().id, ": ", one.its_rule().title, "\n  ",
                    one.key.empty() ? "" : absl::StrCat("key ", rules::ToText(one.key), ": "),
                    Alerted(one), "\n");
    const auto explanation = explain::Explain(std::move(one));
    if (!explanation.ok()) return explanation.status();
    const std::string lines = explain::ToText(*explanation);
    for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty()))
      absl::StrAppend(&text, "  ", line, "\n");
  }
  if (!untouched.empty())
    absl::StrAppend(&text, "no event of the key: ", absl::StrJoin(untouched, ", "), "\n");
  return text;
}

}  // namespace telltale::commands
