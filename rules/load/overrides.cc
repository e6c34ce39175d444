#include "rules/load/overrides.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/yaml/values.h"

namespace telltale::rules {
namespace {

enum class Way : uint8_t { kAppend, kReplace };

constexpr std::string_view kAppendable[] = {
    "tags",  "references",   "author",         "falsepositives", "exceptions",
    "tests", "alert.fields", "alert.entities", "fields",         "related"};
constexpr std::string_view kHeld[] = {"id", "name", "override"};

// What a document of Sigma may have: its own keys, and, where it is a rule, those of ours that any
// rule has.
constexpr std::string_view kOfSigma[] = {
    "title",     "related", "taxonomy",       "status",      "description", "license", "references",
    "author",    "date",    "modified",       "tags",        "level",       "scope",   "fields",
    "detection", "filter",  "falsepositives", "correlation", "logsource",   "id",      "name"};
constexpr std::string_view kOursOfSigma[] = {"mode",  "runbook",    "suppress",
                                             "alert", "exceptions", "tests"};

const ValueReader::Words<Way>& Ways() {
  static const ValueReader::Words<Way> ways = {{"append", Way::kAppend},
                                               {"replace", Way::kReplace}};
  return ways;
}

bool IsOneOf(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Entry* FindEntry(Node& map, std::string_view key) {
  for (Entry& entry : map.entries) {
    if (entry.key.text() == key) return &entry;
  }
  return nullptr;
}

const Node* ScalarAt(const Node& map, std::string_view key) {
  const Node* node = map.Find(key);
  return node != nullptr && node->is_scalar() && node->kind != NodeKind::kNull ? node : nullptr;
}

// One key of one override.
struct Change {
  Node* rule = nullptr;
  const Entry* entry = nullptr;
  Way way = Way::kAppend;
  std::string note;
};

class Overrider {
 public:
  Overrider(Documents& documents, Diagnostics& diagnostics)
      : overrides_(documents.overrides),
        diagnostics_(diagnostics),
        values_(kRuleCodes, diagnostics) {
    for (auto* rules :
         {&documents.rules, &documents.detections, &documents.correlations, &documents.filters}) {
      for (Node& rule : *rules) Remember(rule);
    }
  }

  void Run() {
    std::vector<const Node*> sorted;
    for (const Node& node : overrides_) sorted.push_back(&node);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Node* a, const Node* b) {
      const auto& x = a->span;
      const auto& y = b->span;
      return std::pair(std::string_view(x.file->path()), x.begin) <
             std::pair(std::string_view(y.file->path()), y.begin);
    });
    for (const Node* node : sorted) One(*node);
    for (const Way way : {Way::kReplace, Way::kAppend}) {
      for (const Change& change : changes_) {
        if (change.way != way) continue;
        const Diagnostics::Scope scope(diagnostics_, change.note);
        way == Way::kReplace ? Replace(change) : Append(change);
      }
    }
  }

 private:
  void Remember(Node& rule) {
    for (const char* key : {"id", "name"}) {
      if (const Node* name = ScalarAt(rule, key)) rules_.try_emplace(name->text.text(), &rule);
    }
  }

  void One(const Node& node) {
    const Node* id = ScalarAt(node, "id");
    if (id == nullptr) id = ScalarAt(node, "name");
    if (id == nullptr) {
      diagnostics_.Error(kMissingKey, node.entries.front().key.Whole(),
                         "an override needs the 'id' of the rule that it changes");
      return;
    }
    const std::string note = "override of rule '" + id->text.text() + "'";
    const Diagnostics::Scope scope(diagnostics_, note);
    const auto found = rules_.find(id->text.text());
    if (found == rules_.end()) {
      Diagnostic& error = diagnostics_.Error(
          kOverrideTarget, id->span, "there is no rule '" + id->text.text() + "' to override");
      if (known_.empty()) {
        for (const auto& [name, rule] : rules_) known_.push_back(name);
      }
      error.suggestion = Nearest(id->text.text(), known_);
      return;
    }
    const Node& way = *node.Find("override");
    if (way.kind == NodeKind::kMap) return KeyByKey(node, way, *found->second, note);
    const auto word = values_.Word<Way>(way, "'override'", Ways());
    if (!word) return;
    for (const Entry& entry : node.entries) {
      if (IsOneOf(entry.key.text(), kHeld) || !Knows(*found->second, entry.key)) continue;
      changes_.push_back({found->second, &entry, *word, note});
    }
  }

  // Whether the document can have the key. Our rules say so when they are read, but a document of
  // Sigma may have keys that nobody knows; what an override gives is ours, and has to be known.
  bool Knows(const Node& rule, const LocatedText& key) {
    const bool detection = rule.Find("detection") != nullptr;
    const bool sigma =
        detection || rule.Find("correlation") != nullptr || rule.Find("filter") != nullptr;
    if (!sigma || IsOneOf(key.text(), kOfSigma) || (detection && IsOneOf(key.text(), kOursOfSigma)))
      return true;
    std::vector<std::string> known(std::begin(kOfSigma), std::end(kOfSigma));
    if (detection) known.insert(known.end(), std::begin(kOursOfSigma), std::end(kOursOfSigma));
    diagnostics_
        .Error(kUnknownKey, key.Whole(),
               std::string(detection ? "a rule" : "a correlation or filter") +
                   " of Sigma has no '" + key.text() + "'")
        .suggestion = Nearest(key.text(), known);
    return false;
  }

  // override: { tags: append, level: replace }
  void KeyByKey(const Node& node, const Node& ways, Node& rule, const std::string& note) {
    for (const Entry& entry : node.entries) {
      if (IsOneOf(entry.key.text(), kHeld) || ways.Find(entry.key.text()) != nullptr) continue;
      diagnostics_.Error(
          kMissingKey, entry.key.Whole(),
          "'override' does not say whether '" + entry.key.text() + "' is to append or to replace");
    }
    for (const Entry& way : ways.entries) {
      const auto word = values_.Word<Way>(way.value, "'override'", Ways());
      const auto entry =
          std::find_if(node.entries.begin(), node.entries.end(), [&](const Entry& e) {
            return e.key.text() == way.key.text() && !IsOneOf(e.key.text(), kHeld);
          });
      if (entry == node.entries.end()) {
        diagnostics_.Error(kUnknownKey, way.key.Whole(),
                           "this override has no '" + way.key.text() + "'");
      } else if (word && Knows(rule, entry->key)) {
        changes_.push_back({&rule, &*entry, *word, note});
      }
    }
  }

  void Replace(const Change& change) {
    const std::string& key = change.entry->key.text();
    const auto [first, is_new] =
        replaced_.try_emplace({change.rule, key}, change.entry->key.Whole());
    if (!is_new) {
      diagnostics_
          .Error(kOverrideConflict, change.entry->key.Whole(),
                 "'" + key + "' of this rule is replaced already")
          .labels.push_back({first->second, "by this override"});
      return;
    }
    if (Entry* old = FindEntry(*change.rule, key)) {
      *old = *change.entry;
    } else {
      change.rule->entries.push_back(*change.entry);
    }
  }

  void Append(const Change& change) {
    AppendEntry(*change.rule, *change.entry, change.entry->key.text());
  }

  // `path`: of the entry from the rule's map on.
  void AppendEntry(Node& map, const Entry& entry, const std::string& path) {
    const bool inner = path == "alert" && entry.value.kind == NodeKind::kMap;
    if (!inner && !IsOneOf(path, kAppendable)) {
      diagnostics_
          .Error(kNotAppendable, entry.key.Whole(), "nothing can be appended to '" + path + "'")
          .notes.push_back(
              "lists such as tags and exceptions can be appended to; 'override: replace' puts a "
              "value in the place of the rule's");
      return;
    }
    Entry* old = FindEntry(map, entry.key.text());
    if (old == nullptr && !inner) {
      map.entries.push_back(entry);
    } else if (inner) {
      if (old == nullptr) {
        map.entries.push_back({entry.key, entry.value});
        old = &map.entries.back();
        old->value.entries.clear();
      }
      for (const Entry& part : entry.value.entries)
        AppendEntry(old->value, part, path + "." + part.key.text());
    } else {
      AppendValue(old->value, entry, path);
    }
  }

  void AppendValue(Node& old, const Entry& entry, const std::string& path) {
    if ((old.kind == NodeKind::kMap) != (entry.value.kind == NodeKind::kMap)) {
      diagnostics_
          .Error(kWrongKind, entry.value.span,
                 std::string("this is ") + KindName(entry.value.kind) + ", and the rule's '" +
                     path + "' is " + KindName(old.kind))
          .labels.push_back({old.span, "here"});
      return;
    }
    if (old.kind == NodeKind::kMap) return AppendMap(old, entry.value, path);
    if (old.kind != NodeKind::kSequence) {
      Node list;
      list.kind = NodeKind::kSequence;
      list.span = old.span;
      if (old.kind != NodeKind::kNull) list.items.push_back(std::move(old));
      old = std::move(list);
    }
    if (entry.value.kind == NodeKind::kSequence) {
      old.items.insert(old.items.end(), entry.value.items.begin(), entry.value.items.end());
    } else {
      old.items.push_back(entry.value);
    }
  }

  void AppendMap(Node& old, const Node& more, const std::string& path) {
    for (const Entry& entry : more.entries) {
      if (const Entry* there = FindEntry(old, entry.key.text())) {
        diagnostics_
            .Error(kOverrideConflict, entry.key.Whole(),
                   "'" + path + "' has '" + entry.key.text() + "' already")
            .labels.push_back({there->key.Whole(), "here"});
      } else {
        old.entries.push_back(entry);
      }
    }
  }

  const std::vector<Node>& overrides_;
  Diagnostics& diagnostics_;
  ValueReader values_;
  std::map<std::string, Node*> rules_;  // by id and by name
  std::vector<std::string> known_;      // their names, once one is misspelt
  std::vector<Change> changes_;
  std::map<std::pair<const Node*, std::string>, Span> replaced_;
};

}  // namespace

void ApplyOverrides(Documents& documents, Diagnostics& diagnostics) {
  if (!documents.overrides.empty()) Overrider(documents, diagnostics).Run();
}

}  // namespace telltale::rules
