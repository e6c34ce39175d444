// The forms of a report that have a file of their own; report.h chooses among them.
//
// Owner, thread, errors: as report.h says.
#ifndef TELLTALE_DAEMON_REPORT_FORMS_H_
#define TELLTALE_DAEMON_REPORT_FORMS_H_

#include <string>

#include "daemon/report/report.h"

namespace telltale::report {

std::string JsonReport(const Report& report);
std::string GithubReport(const Report& report);
std::string SarifReport(const Report& report);

}  // namespace telltale::report

#endif  // TELLTALE_DAEMON_REPORT_FORMS_H_
