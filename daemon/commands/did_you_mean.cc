#include "daemon/commands/did_you_mean.h"

#include "absl/strings/str_cat.h"
#include "rules/model/diagnostic.h"

namespace telltale::commands {

std::string DidYouMean(std::string_view nearest) {
  if (nearest.empty()) return "";
  return absl::StrCat(" (did you mean '", std::string(nearest), "'?)");
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& known) {
  return DidYouMean(rules::Nearest(word, known));
}

}  // namespace telltale::commands
