// A record's JSON into an event: only the fields of a layout are converted, straight into their
// slots.
//
// Whether a record is well-formed does not depend on the layout (V7). Well-formed is: valid UTF-8,
// one object whose own members are `"name": value` with commas between, brackets balanced
// everywhere, strings closed, nothing after it. Values that the layout does not read are passed
// over unseen; what is wrong inside a value is an error of the fields that are read there, and of
// no others. Of members with one name the last counts. A path through something that is no object
// leads to an absent field.
//
// The event's time (T1) is exact to the nanosecond. Owner: the reader of one stream, one decoder
// a thread. Thread: one at a time. Units: nanoseconds, bytes. Errors: a DeadLetterReason. Once its
// memory has grown to the largest record, a decoder does not allocate.
#ifndef TELLTALE_DAEMON_DECODE_JSON_DECODER_H_
#define TELLTALE_DAEMON_DECODE_JSON_DECODER_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/decode/dead_letter.h"
#include "daemon/decode/field_trie.h"
#include "daemon/decode/json_index.h"
#include "daemon/decode/json_value.h"
#include "engine/event/event.h"
#include "engine/event/layout.h"

namespace telltale::decode {

inline constexpr int64_t kNoTimestamp = std::numeric_limits<int64_t>::min();
// Paths that lead into one another keep a value several times. Beyond this size an event's fields
// are errors: distances in it have 32 bits.
inline constexpr size_t kMaxEventBytes = size_t{1} << 30;

// What comes from Kafka, or a line of a file.
struct RawRecord {
  std::string_view value;
  bool tombstone = false;  // there is no value (an empty one is not that)
  uint32_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp = kNoTimestamp;  // the record's own
};

struct Decoded {
  const engine::Event* event = nullptr;  // null: a dead letter; valid until the next Decode
  DeadLetterReason reason = DeadLetterReason::kNone;
};

class JsonDecoder {
 public:
  // `layout` and `time` are copied. A larger record is a dead letter.
  JsonDecoder(uint32_t stream, const engine::EventLayout& layout, const config::StreamTime& time,
              size_t max_record_bytes = config::kDefaultMaxRecordBytes,
              size_t max_event_bytes = kMaxEventBytes);
  JsonDecoder(const JsonDecoder&) = delete;
  JsonDecoder& operator=(const JsonDecoder&) = delete;

  Decoded Decode(const RawRecord& record);

 private:
  using Node = FieldTrie::Node;

  DeadLetterReason ReadText(std::string_view text);
  DeadLetterReason EventTime(int64_t timestamp);
  // The members of an object whose brace is behind `i`. False: its grammar is broken.
  bool Walk(const Node& node, uint32_t& i);
  bool Take(uint32_t node, uint32_t& i);
  bool TakeMembers(uint32_t node, uint32_t i, uint32_t end);
  void TakeField(uint32_t slot, uint32_t i);
  uint32_t FindMember(const Node& node, uint32_t i);
  void TakeTime(uint32_t i);
  void Clear(const Node& node);  // what an earlier member of the same name has left
  void Break(const Node& node);  // its object cannot be read
  bool IsOtherJson();

  const uint32_t stream_;
  const engine::EventLayout layout_;
  const config::StreamTime time_;
  const size_t max_record_bytes_;
  const size_t max_event_bytes_;
  const FieldTrie trie_;

  engine::EventBuilder builder_;
  JsonIndex index_;
  JsonValueReader values_;
  std::vector<uint64_t> seen_;  // by node: the record in which it was met last
  uint64_t record_ = 0;
  DeadLetterReason time_state_ = DeadLetterReason::kNoTime;  // kNone: event_time_ is it
  int64_t event_time_ = 0;
};

}  // namespace telltale::decode

#endif  // TELLTALE_DAEMON_DECODE_JSON_DECODER_H_
