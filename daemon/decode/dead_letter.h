// Why a record did not become an event. The texts stand in headers, metrics and files: they never
// change.
//
// Owner: value type. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_DECODE_DEAD_LETTER_H_
#define TELLTALE_DAEMON_DECODE_DEAD_LETTER_H_

#include <cstdint>
#include <string_view>

namespace telltale::decode {

enum class DeadLetterReason : uint8_t {
  kNone,       // it is an event
  kTombstone,  // no value at all
  kTooLarge,   // more bytes than the decoder takes
  kInvalidUtf8,
  kTruncated,     // the text ends inside the object
  kNotJson,       // not JSON, or not balanced
  kNotObject,     // JSON, but no object
  kTrailingData,  // something follows the object
  kNoTime,        // the time's field, or the record's timestamp, is not there
  kBadTime,       // the time cannot be read, or is none that an int64 of nanoseconds holds
  kTimeAhead,     // further beyond the record's timestamp than the stream allows (T1)
};
inline constexpr int kDeadLetterReasons = 11;

// "not_json"; "none" for kNone.
std::string_view ReasonText(DeadLetterReason reason);

}  // namespace telltale::decode

#endif  // TELLTALE_DAEMON_DECODE_DEAD_LETTER_H_
