#include "daemon/report/explain.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "daemon/config/explained.h"
#include "rules/model/diagnostic.h"

namespace telltale::report {
namespace {

const std::vector<rules::ExplainedCode>& Codes() {
  static const std::vector<rules::ExplainedCode>& codes = *[] {
    auto* all = new std::vector<rules::ExplainedCode>;
    for (const auto& part : {rules::RuleCodes(), config::ConfigCodes()}) {
      all->insert(all->end(), part.begin(), part.end());
    }
    return all;
  }();
  return codes;
}

}  // namespace

const rules::ExplainedCode* FindCode(std::string_view id) {
  const std::string wanted = absl::AsciiStrToUpper(std::string(id));
  for (const rules::ExplainedCode& code : Codes()) {
    if (code.id == wanted) return &code;
  }
  return nullptr;
}

std::string ListCodes() {
  std::string text;
  for (const rules::ExplainedCode& code : Codes()) {
    text += code.id;
    text += code.is_warning() ? "  warning: " : "  ";
    text += code.title;
    text += '\n';
  }
  return text;
}

std::string Explain(const rules::ExplainedCode& code) {
  std::string text = code.is_warning() ? "warning " : "error ";
  text += code.id;
  text += ": ";
  text += code.title;
  text += "\n\n";
  text += code.text;
  return text;
}

std::string NearestCode(std::string_view id) {
  const std::string wanted = absl::AsciiStrToUpper(std::string(id));
  std::vector<std::string> ids;
  for (const rules::ExplainedCode& code : Codes()) ids.emplace_back(code.id);
  // Codes of one kind begin alike; of those equally near the first one is taken.
  const auto common = [&](const std::string& other) {
    return std::mismatch(wanted.begin(), wanted.end(), other.begin(), other.end()).first -
           wanted.begin();
  };
  std::stable_sort(ids.begin(), ids.end(), [&](const std::string& a, const std::string& b) {
    return common(a) > common(b);
  });
  return rules::Nearest(wanted, ids);
}

}  // namespace telltale::report
