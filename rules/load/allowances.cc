#include "rules/load/allowances.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "rules/load/yaml/values.h"
#include "rules/model/explained.h"

namespace telltale::rules {
namespace {

bool Covers(const Span& rule, const Span& place) {
  return place.file == rule.file && rule.begin <= place.begin && place.begin < rule.end;
}

// What only a sample of events shows: the loader has none, and cannot say that it is not given.
bool NeedsSample(const std::string& code) {
  return code == kFieldOfNoEvent.id || code == kTypeOfNoEvent.id;
}

}  // namespace

std::vector<std::string> Allowances::Read(const Node& rule, Diagnostics& diagnostics) {
  const Node* allow = rule.Find("allow");
  if (allow == nullptr) return {};
  ValueReader values(kRuleCodes, diagnostics);
  std::vector<std::string> warnings;
  for (const ExplainedCode& code : RuleCodes()) {
    if (code.is_warning()) warnings.emplace_back(code.id);
  }
  const Node* id = rule.Find("id");
  const std::string note =
      id != nullptr && id->is_scalar() ? "rule '" + id->text.text() + "'" : std::string();
  std::vector<std::string> codes;
  for (const LocatedText& text :
       values.Texts(*allow, "'allow'").value_or(std::vector<LocatedText>{})) {
    const std::string& code = text.text();
    if (std::find(warnings.begin(), warnings.end(), code) == warnings.end()) {
      diagnostics
          .Error(kNoSuchWarning, text.Whole(), "there is no warning with the code '" + code + "'")
          .suggestion = Nearest(code, warnings);
      continue;
    }
    codes.push_back(code);
    list_.push_back({code, text.Whole(), rule.span, note});
  }
  return codes;
}

void Allowances::Apply(Diagnostics& diagnostics) const {
  if (list_.empty()) return;
  std::unordered_map<std::string, std::vector<size_t>> by_code;
  for (size_t i = 0; i < list_.size(); ++i) by_code[list_[i].code].push_back(i);
  std::vector<bool> used(list_.size());
  diagnostics.Remove([&](const Diagnostic& diagnostic) {
    if (diagnostic.severity != Severity::kWarning) return false;
    const auto allowances = by_code.find(diagnostic.code.id);
    if (allowances == by_code.end()) return false;
    for (const size_t i : allowances->second) {
      if (!Covers(list_[i].rule, diagnostic.span)) continue;
      used[i] = true;
      return true;
    }
    return false;
  });
  if (diagnostics.has_errors()) return;  // where there are errors, not every warning is given
  for (size_t i = 0; i < list_.size(); ++i) {
    if (used[i] || NeedsSample(list_[i].code)) continue;
    Diagnostic& warning =
        diagnostics.Warning(kUnusedAllowance, list_[i].place,
                            "the warning " + list_[i].code + " is allowed here and not given");
    if (!list_[i].note.empty()) warning.notes.push_back(list_[i].note);
  }
}

}  // namespace telltale::rules
