// Times and texts in the form that messages have.
//
// Owner: values. Thread: any. Units: nanoseconds since the epoch. Errors: none.
#ifndef TELLTALE_DAEMON_CONTROL_WIRE_VALUES_H_
#define TELLTALE_DAEMON_CONTROL_WIRE_VALUES_H_

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>

namespace telltale::control {

// False where the time is one of the engine's two ends, which no message has.
bool IsTime(int64_t time);
// REQUIRES: IsTime.
void SetTime(int64_t time, google::protobuf::Timestamp* out);

// A message with a string that is not UTF-8 is refused by whoever receives it; lines of rule files,
// parts of keys and words of the broker may be anything.
std::string Utf8(const std::string& text);

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_WIRE_VALUES_H_
