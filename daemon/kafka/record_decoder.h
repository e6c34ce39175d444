// What the source needs of a decoder: bytes of one record to an event, or the reason why it is a
// dead letter.
//
// Owner: the app. Thread: the ingest thread. Errors: a reason word of the dead-letter topic
// ("not_json", "no_time").
#ifndef TELLTALE_DAEMON_KAFKA_RECORD_DECODER_H_
#define TELLTALE_DAEMON_KAFKA_RECORD_DECODER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/event/event.h"

namespace telltale::kafka {

struct Record {
  uint32_t stream = 0;
  uint32_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp_ms = -1;              // Kafka's; -1: none
  std::optional<std::string_view> value;  // none: a tombstone
};

struct DecodedRecord {
  const engine::Event* event = nullptr;  // valid until the next Decode; null: a dead letter
  std::string_view reason;               // of a dead letter
};

class RecordDecoder {
 public:
  virtual ~RecordDecoder() = default;
  virtual DecodedRecord Decode(const Record& record) = 0;
  // The engine has switched: events may have other layouts now.
  virtual void RulesChanged() = 0;
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_RECORD_DECODER_H_
