// A snapshot with a value of its own in every place, for tests of metrics and status.
//
// Owner: the test. Thread: any. Errors: none.
#ifndef TELLTALE_TESTS_DAEMON_SAMPLE_SNAPSHOT_H_
#define TELLTALE_TESTS_DAEMON_SAMPLE_SNAPSHOT_H_

#include "daemon/telemetry/snapshot.h"

namespace telltale::tests {

// At 2026-03-01T10:00:30Z, of two streams on three partitions and two rules. logins/0 is paused,
// logins/1 idle, devices/0 has no watermark yet and holds the others back.
telemetry::Snapshot SampleSnapshot();

}  // namespace telltale::tests

#endif  // TELLTALE_TESTS_DAEMON_SAMPLE_SNAPSHOT_H_
