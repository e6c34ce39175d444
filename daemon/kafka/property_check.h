// Whether librdkafka takes the properties that the config passes through to it: each is tried, so
// that a misspelt one is told by `check` with its place, and not by a daemon that does not start.
//
// Owner: none. Thread: pure, any. Errors: diagnostics C0121.
#ifndef TELLTALE_DAEMON_KAFKA_PROPERTY_CHECK_H_
#define TELLTALE_DAEMON_KAFKA_PROPERTY_CHECK_H_

#include "daemon/config/config.h"
#include "rules/model/diagnostic.h"

namespace telltale::kafka {

rules::Diagnostics CheckProperties(const config::Config& config);

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_PROPERTY_CHECK_H_
