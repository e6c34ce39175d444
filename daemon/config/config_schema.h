// The JSON Schema (draft-07) of telltale.yml, from the tables that the reader reads by.
//
// `streams` is required, and what the daemon needs besides where there is a `kafka`: replays and
// tests do without. Topics that have two roles, conditions, and sizes out of their range are for
// `telltale check`.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_CONFIG_CONFIG_SCHEMA_H_
#define TELLTALE_DAEMON_CONFIG_CONFIG_SCHEMA_H_

#include <string>

namespace telltale::config {

// Laid out for people; ends with a newline.
std::string ConfigSchema();

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_CONFIG_SCHEMA_H_
