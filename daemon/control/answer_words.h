// Figures, times and names of enums as the answers for people have them.
//
// Owner: values. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_CONTROL_ANSWER_WORDS_H_
#define TELLTALE_DAEMON_CONTROL_ANSWER_WORDS_H_

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>

namespace telltale::control {

int64_t Nanoseconds(const google::protobuf::Timestamp& time);
// In milliseconds; "-" where it is not known.
std::string TimeText(bool known, const google::protobuf::Timestamp& time);
std::string Number(bool known, int64_t value);
// "1 event", "2 matches".
std::string Plural(uint64_t count, const char* word);
std::string Megabytes(int64_t bytes);
// "12m0.5s".
std::string SecondsText(double seconds);
// LEVEL_HIGH, "LEVEL_" -> high; at_end is "at end".
std::string Word(std::string name, size_t prefix);

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_ANSWER_WORDS_H_
