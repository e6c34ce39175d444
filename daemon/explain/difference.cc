#include "daemon/explain/difference.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/automaton.h"
#include "daemon/explain/output_parts.h"
#include "rules/load/yaml/quantity.h"
#include "rules/model/canonical.h"

namespace telltale::explain {
namespace {

using rules::CanonicalKind;
using rules::CanonicalLine;
using rules::Rule;
using rules::StreamCatalog;

// One side of a comparison.
struct Side {
  const Rule& rule;
  const StreamCatalog& streams;
  std::vector<CanonicalLine> lines = CanonicalLines(rule, streams);
};

const rules::Selector* SelectorOf(const Side& side, const CanonicalLine& line) {
  if (line.kind == CanonicalKind::kStep) return &side.rule.steps[line.index].selector;
  if (line.kind == CanonicalKind::kAbsence) return &side.rule.absences[line.index].selector;
  if (line.kind == CanonicalKind::kUntil) return &side.rule.untils[line.index].selector;
  return nullptr;
}

// A value of the window as its author wrote it: sum(amount).
std::string CallText(const rules::AggregateCall& call) {
  std::string text(rules::AggregateName(call.function));
  if (call.function == rules::AggregateFunction::kStart ||
      call.function == rules::AggregateFunction::kEnd || rules::IsOfBaseline(call.function))
    return text;
  std::vector<std::string> arguments;
  if (!call.arguments.empty()) {
    for (const rules::Expression& argument : call.arguments.front())
      arguments.push_back(OneLine(argument));
  }
  if (call.function == rules::AggregateFunction::kPercentile)
    arguments.push_back(absl::StrCat(call.percentile));
  if (call.function == rules::AggregateFunction::kDecayedSum)
    arguments.push_back(absl::StrCat("'", rules::FormatDuration(call.half_life), "'"));
  return absl::StrCat(text, "(", absl::StrJoin(arguments, ", "), ")");
}

// The value of that number: of the rule's window, or of those of its sequence; null: there is none.
const rules::AggregateCall* CallOf(const Rule& rule, size_t number) {
  if (rule.aggregate)
    return number < rule.aggregate->calls.size() ? &rule.aggregate->calls[number] : nullptr;
  for (const rules::StepWindow& window : rule.windows) {
    const size_t own = number - window.first_call;
    if (number >= window.first_call && own < window.aggregate.calls.size())
      return &window.aggregate.calls[own];
  }
  return nullptr;
}

// Of "baseline#0".
std::string BaselineCallText(const Rule& rule, const std::string& name) {
  const std::vector<rules::AggregateCall>& calls = rule.aggregate->baseline->calls;
  size_t number = 0;
  const bool known = absl::SimpleAtoi(name.substr(name.find('#') + 1), &number);
  return known && number < calls.size() ? CallText(calls[number]) : name;
}

// step#1 and window#0 by their names, so that a step that moved changes no condition that names it.
// Text in quotes stays as it is.
std::string Named(const std::string& canonical, const Rule& rule) {
  std::string text;
  bool quoted = false;
  for (size_t at = 0; at < canonical.size(); ++at) {
    const char c = canonical[at];
    if (quoted && c == '\\' && at + 1 < canonical.size()) {
      text += c;
      text += canonical[++at];
      continue;
    }
    if (c == '"') quoted = !quoted;
    const std::string_view rest = std::string_view(canonical).substr(at);
    const bool step = !quoted && rest.starts_with("step#");
    const bool call = !quoted && rest.starts_with("window#");
    if (!step && !call) {
      text += c;
      continue;
    }
    size_t end = at + rest.find('#') + 1;
    size_t number = 0;
    while (end < canonical.size() &&
           absl::ascii_isdigit(static_cast<unsigned char>(canonical[end])))
      number = number * 10 + static_cast<size_t>(canonical[end++] - '0');
    if (step && number < rule.steps.size()) {
      text += rule.steps[number].name;
    } else if (const auto* of_window = call ? CallOf(rule, number) : nullptr) {
      text += CallText(*of_window);
    } else {
      text += canonical.substr(at, end - at);
    }
    at = end - 1;
  }
  return text;
}

std::string DurationText(const std::string& nanoseconds) {
  int64_t value = 0;
  return absl::SimpleAtoi(nanoseconds, &value) ? rules::FormatDuration(value) : "none";
}

// "hopping:600000000000/60000000000" to "hopping 10m/1m".
std::string WindowText(const std::string& window) {
  const size_t colon = window.find(':');
  const size_t slash = window.find('/');
  std::string text = absl::StrCat(window.substr(0, colon), " ",
                                  DurationText(window.substr(colon + 1, slash - colon - 1)));
  if (slash != std::string::npos)
    absl::StrAppend(&text, "/", DurationText(window.substr(slash + 1)));
  return text;
}

std::string RepeatText(const std::string& bounds) {
  const size_t dots = bounds.find("..");
  const std::string least = bounds.substr(0, dots);
  const std::string most = bounds.substr(dots + 2);
  if (most == "0") return absl::StrCat(least, " or more");
  return least == most ? least : absl::StrCat(least, " to ", most);
}

std::string LimitsText(const rules::Limits& limits) {
  return absl::StrCat(
      "{ partial_matches: ", limits.partial_matches, ", events: ", limits.events,
      ", matches: ", limits.matches_per_event, ", on_limit: ",
      limits.on_limit == rules::OnLimit::kEvictOldest ? "evict_oldest" : "reject_new", " }");
}

// The places of a group by their names: "[login, any_of [a, b]]".
std::string PlacesText(const Side& side, const rules::Place& group) {
  std::vector<std::string> names;
  for (const rules::Place& place : group.places) {
    switch (place.kind) {
      case rules::Place::Kind::kStep:
        names.push_back(side.rule.steps[place.index].name);
        break;
      case rules::Place::Kind::kNot:
        names.push_back(absl::StrCat(
            "not ", side.streams[side.rule.absences[place.index].selector.stream].name));
        break;
      case rules::Place::Kind::kGroup:
        names.push_back(absl::StrCat("group ", PlacesText(side, place)));
        break;
      case rules::Place::Kind::kAnyOf:
        names.push_back(absl::StrCat("any_of ", PlacesText(side, place)));
        break;
      case rules::Place::Kind::kAllOf:
        names.push_back(absl::StrCat("all_of ", PlacesText(side, place)));
        break;
    }
  }
  return absl::StrCat("[", absl::StrJoin(names, ", "), "]");
}

// A part of the canonical form in the words of the rule file.
std::string Shown(const Side& side, const CanonicalLine& line, const std::string& name,
                  const std::string& value) {
  if (name == "within" || name == "repeat.within" || name == "offset" || name == "longest" ||
      name == "history" || name == "baseline.every" || name == "baseline.over")
    return DurationText(value);
  if (name == "baseline.of") return OneLine(side.rule.aggregate->baseline->of);
  if (name.starts_with("baseline#")) return BaselineCallText(side.rule, name);
  if (name == "window") return WindowText(value);
  if (name.starts_with("window#")) return Named(name, side.rule);
  if (name == "repeat") return RepeatText(value);
  if (name == "limits") return LimitsText(side.rule.limits);
  if (name == "key") return absl::StrJoin(side.rule.key_names, ", ");
  if (name == "after" && absl::StrContains(value, ':')) {
    return absl::StrCat("{ ", value.substr(0, value.find(':')), ": ",
                        side.rule.steps[side.rule.after_match.step].name, " }");
  }
  if (name == "on_timeout")
    return absl::StrCat("{ from: ", side.rule.steps[*side.rule.timeout_from].name, " }");
  if (name == "places") return PlacesText(side, *line.place);
  if (name == "optional" || name == "greedy" || name == "on_empty") return "true";
  return line.kind == CanonicalKind::kType ? name : Named(value, side.rule);
}

// A condition or a key as its author wrote it; none where there is none.
std::string Written(const Side& side, const CanonicalLine& line, const std::string& name) {
  const rules::Selector& selector = *SelectorOf(side, line);
  if (name == "where") return selector.where ? OneLine(*selector.where) : "";
  std::vector<std::string> parts;
  for (const rules::Expression& part : selector.by) parts.push_back(OneLine(part));
  return absl::StrJoin(parts, ", ");
}

std::string KeyWord(const std::string& part) {
  if (part == "key") return "by";
  if (part == "places") return "steps";
  if (part.starts_with("window#")) return "value";
  if (part.starts_with("baseline#")) return "baseline's value";
  if (part == "inside" || part == "greedy") return absl::StrCat("repeat.", part);
  return part == "after" ? "after_match" : part;
}

class MeaningComparison {
 public:
  MeaningComparison(const Rule& before, const StreamCatalog& old_streams, const Rule& after,
                    const StreamCatalog& new_streams)
      : before_{before, old_streams}, after_{after, new_streams} {}

  std::vector<PartChange> Run() {
    if (before_.rule.key_names != after_.rule.key_names) {
      changes_.push_back({"", "by", absl::StrJoin(before_.rule.key_names, ", "),
                          absl::StrJoin(after_.rule.key_names, ", ")});
    }
    Align();
    return std::move(changes_);
  }

 private:
  static bool Alike(const Side& a, const CanonicalLine& x, const Side& b, const CanonicalLine& y) {
    if (x.kind != y.kind) return false;
    switch (x.kind) {
      case CanonicalKind::kRule:
      case CanonicalKind::kAggregate:
      case CanonicalKind::kNewTerms:
        return true;
      case CanonicalKind::kStep:
        return a.rule.steps[x.index].name == b.rule.steps[y.index].name;
      case CanonicalKind::kWindow:
        return a.rule.windows[x.index].name == b.rule.windows[y.index].name;
      case CanonicalKind::kGroup:
      case CanonicalKind::kAnyOf:
      case CanonicalKind::kAllOf:
        return PlacesText(a, *x.place) == PlacesText(b, *y.place);
      case CanonicalKind::kAbsence:
      case CanonicalKind::kUntil:
        return a.streams[SelectorOf(a, x)->stream].name == b.streams[SelectorOf(b, y)->stream].name;
      case CanonicalKind::kType:
        return x.parts == y.parts;
    }
    return false;
  }

  // The longest common subsequence of lines that are alike; what lies between two of them came,
  // went, or is the same step under another name.
  void Align() {
    const auto& old_lines = before_.lines;
    const auto& new_lines = after_.lines;
    const size_t rows = old_lines.size();
    const size_t columns = new_lines.size();
    std::vector<size_t> longest((rows + 1) * (columns + 1), 0);
    const auto at = [&](size_t i, size_t j) -> size_t& { return longest[i * (columns + 1) + j]; };
    for (size_t i = rows; i-- > 0;) {
      for (size_t j = columns; j-- > 0;) {
        at(i, j) = Alike(before_, old_lines[i], after_, new_lines[j])
                       ? at(i + 1, j + 1) + 1
                       : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
    size_t i = 0;
    size_t j = 0;
    std::vector<size_t> gone;
    std::vector<size_t> come;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && Alike(before_, old_lines[i], after_, new_lines[j])) {
        Between(gone, come);
        Lines(old_lines[i++], new_lines[j++]);
      } else if (j == columns || (i < rows && at(i + 1, j) >= at(i, j + 1))) {
        gone.push_back(i++);
      } else {
        come.push_back(j++);
      }
    }
    Between(gone, come);
  }

  void Between(std::vector<size_t>& gone, std::vector<size_t>& come) {
    for (const size_t i : gone) {
      const CanonicalLine& line = before_.lines[i];
      const auto same_kind = std::find_if(come.begin(), come.end(), [&](size_t j) {
        return after_.lines[j].kind == line.kind && line.kind != CanonicalKind::kType;
      });
      if (same_kind == come.end()) {
        Whole(before_, line, false);
      } else {
        Lines(line, after_.lines[*same_kind]);
        come.erase(same_kind);
      }
    }
    for (const size_t j : come) Whole(after_, after_.lines[j], true);
    gone.clear();
    come.clear();
  }

  static std::string Place(const Side& side, const CanonicalLine& line) {
    switch (line.kind) {
      case CanonicalKind::kStep:
        return absl::StrCat(line.index < side.rule.SequenceSteps() ? "step '" : "source '",
                            side.rule.steps[line.index].name, "'");
      case CanonicalKind::kAbsence:
        return absl::StrCat("not ", side.streams[SelectorOf(side, line)->stream].name);
      case CanonicalKind::kUntil:
        return absl::StrCat("until ", side.streams[SelectorOf(side, line)->stream].name);
      case CanonicalKind::kGroup:
        return absl::StrCat("group ", PlacesText(side, *line.place));
      case CanonicalKind::kAnyOf:
        return absl::StrCat("any_of ", PlacesText(side, *line.place));
      case CanonicalKind::kAllOf:
        return absl::StrCat("all_of ", PlacesText(side, *line.place));
      case CanonicalKind::kAggregate:
        return "aggregate";
      case CanonicalKind::kNewTerms:
        return "new_terms";
      case CanonicalKind::kWindow:
        return absl::StrCat("window '", side.rule.windows[line.index].name, "'");
      case CanonicalKind::kType:
        return "declared types";
      case CanonicalKind::kRule:
        break;
    }
    return "";
  }

  void Whole(const Side& side, const CanonicalLine& line, bool is_new) {
    PartChange change{Place(side, line), "", "", ""};
    std::string& text = is_new ? change.after : change.before;
    for (const auto& [name, value] : line.parts) {
      if (name == "by" && KeyNames(side.rule, *SelectorOf(side, line)).empty()) continue;
      if (name == "repeat" && value == "1..1") continue;
      const bool written = name == "by" || name == "where";
      const std::string shown =
          written ? Written(side, line, name) : Shown(side, line, name, value);
      if (shown.empty() || shown == "none") continue;
      absl::StrAppend(
          &text, text.empty() ? "" : ", ",
          line.kind == CanonicalKind::kType ? shown : absl::StrCat(KeyWord(name), ": ", shown));
    }
    changes_.push_back(std::move(change));
  }

  void Lines(const CanonicalLine& old_line, const CanonicalLine& new_line) {
    const auto value_of = [](const CanonicalLine& line, const std::string& name) {
      const auto found = std::find_if(line.parts.begin(), line.parts.end(),
                                      [&](const auto& part) { return part.first == name; });
      return found == line.parts.end() ? std::nullopt : std::optional(found->second);
    };
    std::vector<std::string> names;
    for (const CanonicalLine* line : {&old_line, &new_line}) {
      for (const auto& [name, value] : line->parts) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
    for (const std::string& name : names) {
      const auto old_value = value_of(old_line, name);
      const auto new_value = value_of(new_line, name);
      if (old_value != new_value) Part(name, old_line, old_value, new_line, new_value);
    }
  }

  void Part(const std::string& name, const CanonicalLine& old_line,
            const std::optional<std::string>& old_value, const CanonicalLine& new_line,
            const std::optional<std::string>& new_value) {
    if (name == "key") return;  // told with the rule's `by`
    PartChange change{Place(after_, new_line), KeyWord(name),
                      old_value ? Shown(before_, old_line, name, *old_value) : "",
                      new_value ? Shown(after_, new_line, name, *new_value) : ""};
    if (change.before == change.after) return;  // a step that it names has moved
    if (name == "by" && before_.rule.key_names != after_.rule.key_names &&
        KeyNames(before_.rule, *SelectorOf(before_, old_line)).empty() &&
        KeyNames(after_.rule, *SelectorOf(after_, new_line)).empty()) {
      return;
    }
    if (name == "where" || name == "by") {
      // The author's own words where these differ; else (a macro has changed) the canonical ones.
      const std::string old_text = Written(before_, old_line, name);
      const std::string new_text = Written(after_, new_line, name);
      if (old_text != new_text) {
        change.before = old_text;
        change.after = new_text;
      }
    }
    changes_.push_back(std::move(change));
  }

  Side before_;
  Side after_;
  std::vector<PartChange> changes_;
};

std::vector<PartChange> OutputChanges(const Rule& before, const Rule& after) {
  std::vector<PartChange> changes;
  const std::vector<OutputPart> old_parts = OutputParts(before);
  const std::vector<OutputPart> new_parts = OutputParts(after);
  for (size_t i = 0; i < old_parts.size(); ++i) {
    if (old_parts[i].value == new_parts[i].value) continue;
    changes.push_back({"", old_parts[i].name, old_parts[i].value, new_parts[i].value});
  }
  return changes;
}

class SetComparison {
 public:
  SetComparison(const rules::RuleSet& before, const rules::RuleSet& after)
      : before_(before), after_(after) {
    for (const Rule& rule : before.rules) old_.emplace(rule.id, &rule);
    for (const Rule& rule : after.rules) new_.emplace(rule.id, &rule);
  }

  Difference Run() {
    FindRenamed();
    for (const auto& [id, rule] : old_) {
      if (!new_.contains(id) && !renamed_from_.contains(id))
        Add(ChangeKind::kRemoved, StateEffect::kDropped, *rule);
    }
    for (const auto& [id, rule] : new_) {
      const auto old = old_.find(id);
      const auto renamed = renamed_to_.find(id);
      if (old != old_.end()) {
        Both(*old->second, *rule);
      } else if (renamed != renamed_to_.end()) {
        RuleChange& change = Add(ChangeKind::kRenamed, StateEffect::kReset, *rule);
        change.old_id = renamed->second->id;
        change.output = OutputChanges(*renamed->second, *rule);
      } else {
        Add(ChangeKind::kAdded, StateEffect::kBegins, *rule);
      }
    }
    std::stable_sort(made_.changes.begin(), made_.changes.end(),
                     [](const RuleChange& a, const RuleChange& b) { return a.id < b.id; });
    return std::move(made_);
  }

 private:
  // A rule that went and one that came with the same meaning.
  void FindRenamed() {
    std::multimap<rules::Fingerprint, const Rule*> gone;
    for (const auto& [id, rule] : old_) {
      if (!new_.contains(id)) gone.emplace(rule->fingerprint, rule);
    }
    for (const auto& [id, rule] : new_) {
      if (old_.contains(id)) continue;
      const auto found = gone.find(rule->fingerprint);
      if (found == gone.end()) continue;
      renamed_to_.emplace(id, found->second);
      renamed_from_.emplace(found->second->id, rule);
      gone.erase(found);
    }
  }

  RuleChange& Add(ChangeKind kind, StateEffect state, const Rule& rule) {
    RuleChange& change = made_.changes.emplace_back();
    change.kind = kind;
    change.state = state;
    change.id = rule.id;
    change.title = rule.title;
    return change;
  }

  void Both(const Rule& before, const Rule& after) {
    std::vector<PartChange> output = OutputChanges(before, after);
    const bool ran = before.Runs();
    const bool runs = after.Runs();
    const StateEffect state = !runs && ran   ? StateEffect::kDropped
                              : runs && !ran ? StateEffect::kBegins
                                             : StateEffect::kKept;
    if (before.fingerprint == after.fingerprint) {
      if (output.empty()) {
        ++made_.unchanged;
        return;
      }
      Add(ChangeKind::kOutput, state, after).output = std::move(output);
      return;
    }
    RuleChange& change =
        Add(ChangeKind::kChanged, state == StateEffect::kKept ? StateEffect::kReset : state, after);
    change.meaning = MeaningComparison(before, *before_.streams, after, *after_.streams).Run();
    change.output = std::move(output);
  }

  const rules::RuleSet& before_;
  const rules::RuleSet& after_;
  std::map<std::string, const Rule*> old_;
  std::map<std::string, const Rule*> new_;
  std::map<std::string, const Rule*> renamed_to_;    // new id, the old rule
  std::map<std::string, const Rule*> renamed_from_;  // old id, the new rule
  Difference made_;
};

}  // namespace

Difference Compare(const rules::RuleSet& before, const rules::RuleSet& after) {
  return SetComparison(before, after).Run();
}

}  // namespace telltale::explain
