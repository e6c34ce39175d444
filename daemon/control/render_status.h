// The text of `telltale status`, section by section.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_CONTROL_RENDER_STATUS_H_
#define TELLTALE_DAEMON_CONTROL_RENDER_STATUS_H_

#include <string>

#include "proto/telltale/v1/control.pb.h"

namespace telltale::control {

// How many of a million events would be late under each bound on disorder, a stream a line.
std::string LatenessText(const v1::GetStatusResponse& status);

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_RENDER_STATUS_H_
