#include "daemon/sample/sample_check.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/sample/field_uses.h"

namespace telltale::sample {
namespace {

using engine::ValueKind;

bool IsAllowed(const rules::Rule& rule, const rules::Code& code) {
  return std::find(rule.allowed.begin(), rule.allowed.end(), code.id) != rule.allowed.end();
}

// Whether the name can be written behind a point.
bool IsIdentifier(const std::string& name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return c < 0x80 && (std::isalnum(c) != 0 || c == '_');
         });
}

std::vector<std::string> Suggestible(const StreamProfile& profile) {
  std::vector<std::string> names;
  for (const ProfiledField& field : profile.Fields()) {
    if (std::all_of(field.path.begin(), field.path.end(), IsIdentifier))
      names.push_back(PathText(field.path));
  }
  return names;
}

std::string TypesText(const FieldProfile& field) {
  std::vector<std::string> types;
  for (const std::string_view type : field.Types()) types.emplace_back(type);
  return absl::StrJoin(types, " or ");
}

std::string Number(int64_t events) {
  return absl::StrCat(events, events == 1 ? " event" : " events");
}

class Checker {
 public:
  Checker(const rules::RuleSet& rules, const Sample& sample) : rules_(rules), sample_(sample) {
    for (const StreamSample& stream : sample.streams)
      names_.emplace(stream.stream, Suggestible(stream.profile));
  }

  rules::Diagnostics Run() {
    for (const rules::Rule& rule : rules_.rules) {
      const rules::Diagnostics::Scope scope(diagnostics_, absl::StrCat("rule '", rule.id, "'"));
      for (const FieldUse& use : FieldUses(rule)) Check(rule, use);
    }
    diagnostics_.Sort();
    return std::move(diagnostics_);
  }

 private:
  void Check(const rules::Rule& rule, const FieldUse& use) {
    const StreamSample* stream = sample_.Find(use.stream);
    if (stream == nullptr || stream->profile.events() == 0) return;
    const FieldProfile* field = stream->profile.Find(use.path);
    if (field == nullptr) {
      if (!IsAllowed(rule, rules::kFieldOfNoEvent)) TellAbsent(use, *stream);
    } else if (!IsAllowed(rule, rules::kTypeOfNoEvent)) {
      CheckType(use, *stream, *field);
    }
  }

  std::string StreamName(const FieldUse& use) const { return (*rules_.streams)[use.stream].name; }

  void TellAbsent(const FieldUse& use, const StreamSample& stream) {
    const std::string name = PathText(use.path);
    diagnostics_
        .Warning(rules::kFieldOfNoEvent, use.span,
                 absl::StrCat("the field '", name, "' is in no event of the sample of '",
                              StreamName(use), "' (", Number(stream.profile.events()), ")"))
        .suggestion = rules::Nearest(name, names_.at(use.stream));
  }

  void CheckType(const FieldUse& use, const StreamSample& stream, const FieldProfile& field) {
    const auto declared = stream.declared.find(use.path);
    if (declared != stream.declared.end()) {
      const DeclaredFit& fit = declared->second;
      if (fit.fits > 0 || fit.misfits == 0) return;
      const rules::Type& type = (*rules_.streams)[use.stream].fields.at(use.path);
      Tell(use, use.span, field, absl::StrCat("is declared ", type.ToString()));
      return;
    }
    if (use.type.kind != rules::TypeKind::kDyn || use.otherwise) return;
    if (field.events == field.Nulls()) return;
    std::vector<std::string> with;
    int64_t fits = 0;
    if (use.with_numbers) with.emplace_back("numbers"), fits += field.Numbers();
    if (use.with_strings) with.emplace_back("strings"), fits += field.Of(ValueKind::kString);
    if (use.with_bools) with.emplace_back("bools"), fits += field.Of(ValueKind::kBool);
    if (with.empty() || fits > 0) return;
    Tell(use, use.wanted, field,
         absl::StrCat("is compared with ", absl::StrJoin(with, " and "), " only"));
  }

  void Tell(const FieldUse& use, const rules::Span& place, const FieldProfile& field,
            const std::string& what) {
    diagnostics_.Warning(
        rules::kTypeOfNoEvent, place,
        absl::StrCat("the field '", PathText(use.path), "' ", what, ", and is ", TypesText(field),
                     " in the sample of '", StreamName(use), "' (", Number(field.events), ")"));
  }

  const rules::RuleSet& rules_;
  const Sample& sample_;
  std::map<rules::StreamIndex, std::vector<std::string>> names_;
  rules::Diagnostics diagnostics_;
};

}  // namespace

rules::Diagnostics CheckSample(const rules::RuleSet& rules, const Sample& sample) {
  return Checker(rules, sample).Run();
}

}  // namespace telltale::sample
