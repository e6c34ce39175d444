#include "daemon/commands/check_daemon.h"

#include <cstdio>

#include "absl/time/time.h"
#include "daemon/commands/command.h"
#include "daemon/config/rule_files.h"
#include "rules/model/diagnostic.h"

namespace telltale::commands {

int CheckOnDaemon(const ControlOptions& options, const std::vector<std::string>& files) {
  absl::StatusOr<control::Format> format = options.AnswerFormat();
  if (!format.ok()) return UsageError("check", std::string(format.status().message()));
  if (options.timeout_seconds < 1) return UsageError("check", "option '--timeout' is at least 1");
  absl::StatusOr<std::string> address = options.Address();
  if (!address.ok()) return UsageError("check", std::string(address.status().message()));
  config::RuleFiles read = config::ReadRuleFiles(files);
  if (read.diagnostics.has_errors()) {
    std::fputs(rules::Render(read.diagnostics).c_str(), stderr);
    return kExitRules;
  }
  control::Client client(*address, *format, absl::Seconds(options.timeout_seconds));
  return Show(client.Validate(read.files));
}

}  // namespace telltale::commands
