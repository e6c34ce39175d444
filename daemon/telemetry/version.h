// The version of this build, as `telltale --version`, the metrics and the control API tell it.
//
// Owner: the program. Thread: constants, any. Errors: none.
#ifndef TELLTALE_DAEMON_TELEMETRY_VERSION_H_
#define TELLTALE_DAEMON_TELEMETRY_VERSION_H_

#include <string_view>

namespace telltale::telemetry {

inline constexpr std::string_view kVersion = TELLTALE_VERSION;
inline constexpr std::string_view kCompiler = __VERSION__;

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_VERSION_H_
