#include "rules/load/definitions/definition_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rules/load/cel/cel.h"
#include "rules/load/cel/functions.h"
#include "rules/load/cel/macro_references.h"
#include "rules/load/definitions/list_reader.h"
#include "rules/load/vocabulary/definition_keys.h"
#include "rules/load/vocabulary/names.h"
#include "rules/load/yaml/values.h"

namespace telltale::rules {
namespace {

class DefinitionReader {
 public:
  DefinitionReader(DataFiles* data, Diagnostics& diagnostics)
      : data_(data), diagnostics_(diagnostics), values_(kRuleCodes, diagnostics) {}

  void Read(const Node& document) {
    values_.Map(document, DefinitionKeys());
    if (const Node* text = document.Find("description")) values_.Text(*text, "'description'");
    if (const Node* lists = Section(document, "lists")) {
      for (const Entry& entry : lists->entries) OneList(entry);
    }
    if (const Node* macros = Section(document, "macros")) {
      for (const Entry& entry : macros->entries) OneMacro(entry);
    }
  }

  Definitions Take() {
    RefuseCycles();
    return std::move(definitions_);
  }

 private:
  const Node* Section(const Node& document, std::string_view key) {
    const Node* section = document.Find(key);
    if (section == nullptr || section->kind == NodeKind::kMap) return section;
    if (section->kind == NodeKind::kNull) return nullptr;
    diagnostics_.Error(kWrongKind, section->span,
                       "'" + std::string(key) + "' must be a map of names, and this is " +
                           KindName(section->kind));
    return nullptr;
  }

  bool GoodMacroName(const LocatedText& name) {
    if (IsIdentifier(name.text()) && !IsReservedName(name.text())) return true;
    RefuseName(name, "a macro", "letters, digits and '_', not a digit first");
    return false;
  }

  // Sigma's placeholders are named with '-' too, and only the list of the same name gives them
  // their values.
  bool GoodListName(const LocatedText& name) {
    std::string plain = name.text();
    if (!plain.starts_with('-')) std::replace(plain.begin(), plain.end(), '-', '_');
    if (IsIdentifier(plain) && !IsReservedName(name.text())) return true;
    RefuseName(name, "a list", "letters, digits, '_' and '-', not a digit or '-' first");
    return false;
  }

  void RefuseName(const LocatedText& name, const std::string& what, const std::string& rule) {
    diagnostics_.Error(
        kBadDefinitionName, name.Whole(),
        "'" + name.text() + "' cannot name " + what + ": " + rule + ", and no reserved word");
  }

  bool Taken(const LocatedText& name, const std::string& what,
             const std::map<std::string, Span>& spans) {
    const auto found = spans.find(name.text());
    if (found == spans.end()) return false;
    diagnostics_
        .Error(kDuplicateDefinition, name.Whole(),
               what + " '" + name.text() + "' is defined already")
        .labels.push_back({found->second, "here"});
    return true;
  }

  // Lists.

  void OneList(const Entry& entry) {
    if (!GoodListName(entry.key) || Taken(entry.key, "the list", list_spans_)) return;
    list_spans_.emplace(entry.key.text(), entry.key.Whole());
    definitions_.list_spans.emplace(entry.key.text(), entry.key.Whole());
    definitions_.lists.emplace(entry.key.text(),
                               ReadList(entry.key, entry.value, data_, diagnostics_));
  }

  // Macros.

  void OneMacro(const Entry& entry) {
    std::optional<MacroDefinition> macro = Head(entry.key);
    if (!macro) return;
    const LocatedText name = entry.key.Sub(0, macro->name.size());
    macro->span = name.Whole();
    if (!GoodMacroName(name) || Taken(name, "the macro", macro_spans_)) return;
    // What is only called on something, as list.first(), is never meant by the name alone.
    const Function* function = FindFunction(macro->name);
    if (function != nullptr ? function->global : NearestFunction(macro->name) == macro->name) {
      diagnostics_.Error(kBadDefinitionName, macro->span,
                         "'" + macro->name + "' is a function and cannot name a macro");
      return;
    }
    macro_spans_.emplace(macro->name, macro->span);
    const Diagnostics::Scope scope(diagnostics_, "macro '" + macro->name + "'");
    if (const std::optional<LocatedText> text = values_.Text(entry.value, "a macro")) {
      macro->text = *text;
      macro->body = Parse(*text, diagnostics_);
    }
    definitions_.macros.emplace(macro->name, *std::move(macro));
  }

  // name | name "(" [parameter {"," parameter}] ")"
  std::optional<MacroDefinition> Head(const LocatedText& key) {
    MacroDefinition macro;
    const std::string_view text = key.text();
    const size_t open = text.find('(');
    macro.name = text.substr(0, std::min(open, text.size()));
    if (open == std::string_view::npos) return macro;
    if (!text.ends_with(')')) {
      diagnostics_.Error(kBadDefinitionName, key.Whole(),
                         "a macro is NAME or NAME(PARAMETER, ...)");
      return std::nullopt;
    }
    size_t at = open + 1;
    const size_t close = text.size() - 1;
    while (at <= close) {
      const size_t comma = std::min(text.find(',', at), close);
      const size_t first = std::min(text.find_first_not_of(' ', at), comma);
      const size_t last = first == comma ? comma : text.find_last_not_of(' ', comma - 1) + 1;
      const std::string parameter(text.substr(first, last - first));
      if (!Parameter(key.Sub(first, last), parameter, macro)) return std::nullopt;
      macro.parameters.push_back(parameter);
      at = comma + 1;
    }
    return macro;
  }

  bool Parameter(const LocatedText& place, const std::string& name, const MacroDefinition& macro) {
    if (!IsIdentifier(name) || IsReservedName(name)) {
      diagnostics_.Error(kBadDefinitionName, place.Whole(),
                         name.empty() ? "a parameter's name is missing; without parameters a macro "
                                        "has no brackets"
                                      : "'" + name + "' cannot name a parameter");
      return false;
    }
    const auto& others = macro.parameters;
    if (std::find(others.begin(), others.end(), name) == others.end()) return true;
    diagnostics_.Error(kDuplicateDefinition, place.Whole(),
                       "the macro has a parameter '" + name + "' already");
    return false;
  }

  // Depth first; every cycle is told once, at the macro that closes it.
  void RefuseCycles() {
    for (auto& [name, macro] : definitions_.macros) Visit(macro);
    for (const std::string& name : cyclic_) definitions_.macros.find(name)->second.body = nullptr;
  }

  void Visit(const MacroDefinition& macro) {
    // No macro is expanded through so many others, and each of them is visited for itself: a chain
    // of a million macros must not become as many calls.
    constexpr size_t kDeepest = 100;
    if (path_.size() >= kDeepest) return;
    if (!visited_.insert(macro.name).second || macro.body == nullptr) return;
    path_.push_back(&macro);
    for (const MacroReference& reference : MacroReferences(macro)) {
      const auto found = definitions_.macros.find(reference.name);
      if (found == definitions_.macros.end()) continue;
      const auto on_path = std::find(path_.begin(), path_.end(), &found->second);
      if (on_path == path_.end()) {
        Visit(found->second);
      } else {
        Cycle(macro, reference, {on_path, path_.end()});
      }
    }
    path_.pop_back();
  }

  void Cycle(const MacroDefinition& macro, const MacroReference& reference,
             const std::vector<const MacroDefinition*>& path) {
    std::string way;
    for (const MacroDefinition* one : path) way += one->name + " -> ";
    Diagnostic& error = diagnostics_.Error(
        kMacroCycle, macro.text.Locate(reference.begin, reference.end),
        "the macro '" + reference.name + "' comes back to itself: " + way + reference.name);
    for (const MacroDefinition* one : path) {
      error.labels.push_back({one->span, "'" + one->name + "' is defined here"});
      cyclic_.insert(one->name);
    }
  }

  DataFiles* data_;
  Diagnostics& diagnostics_;
  ValueReader values_;
  Definitions definitions_;
  std::map<std::string, Span> list_spans_;
  std::map<std::string, Span> macro_spans_;
  std::vector<const MacroDefinition*> path_;
  std::set<std::string> visited_;
  std::set<std::string> cyclic_;
};

}  // namespace

Definitions ReadDefinitions(const std::vector<Node>& documents, DataFiles* data,
                            Diagnostics& diagnostics) {
  DefinitionReader reader(data, diagnostics);
  for (const Node& document : documents) reader.Read(document);
  return reader.Take();
}

void WarnOfUnused(const Definitions& definitions, const Uses& uses, Diagnostics& diagnostics) {
  for (const auto& [name, span] : definitions.list_spans) {
    if (!uses.lists.contains(name))
      diagnostics.Warning(kUnusedDefinition, span, "no rule uses the list '" + name + "'");
  }
  for (const auto& [name, macro] : definitions.macros) {
    if (!uses.macros.contains(name))
      diagnostics.Warning(kUnusedDefinition, macro.span, "no rule uses the macro '" + name + "'");
  }
}

}  // namespace telltale::rules
