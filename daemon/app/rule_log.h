// What the log says of rules: what a reload did, and every mistake in rules or config.
//
// Where the log is JSON a mistake is a record of its own, under the title of its code, so that a
// log stays one object a line; on a terminal it is the text that `telltale check` prints.
//
// Owner: free functions. Thread: any. Errors: none, as with all records.
#ifndef TELLTALE_DAEMON_APP_RULE_LOG_H_
#define TELLTALE_DAEMON_APP_RULE_LOG_H_

#include "daemon/app/reload.h"
#include "daemon/telemetry/log.h"
#include "rules/model/diagnostic.h"

namespace telltale::app {

void LogDiagnostics(const rules::Diagnostics& diagnostics, telemetry::Logger& log);
void LogReload(const ReloadOutcome& outcome, telemetry::Logger& log);

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_RULE_LOG_H_
