// What a sample of events has shown, as `telltale check --sample` prints it.
//
// Owner: the command. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_COMMANDS_SAMPLE_TEXT_H_
#define TELLTALE_DAEMON_COMMANDS_SAMPLE_TEXT_H_

#include <string>

#include "daemon/report/sample_figures.h"

namespace telltale::commands {

// For each stream a line and a table of its fields, then a table of the rules' steps.
std::string SampleText(const report::SampleFigures& sample);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_SAMPLE_TEXT_H_
