// The codes of config_codes.h as data; rules/model/explained.h says how they are made.
//
// Owner: static constants. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_CONFIG_EXPLAINED_H_
#define TELLTALE_DAEMON_CONFIG_EXPLAINED_H_

#include <span>

#include "rules/model/explained.h"

namespace telltale::config {

// In order of their ids.
std::span<const rules::ExplainedCode> ConfigCodes();

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_EXPLAINED_H_
