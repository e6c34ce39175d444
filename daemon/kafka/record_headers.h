// The headers of one record that is to be written, in librdkafka's own form, so that handing them
// over copies nothing.
//
// While the record is with the producer the headers are the producer's: Release gives them away,
// Take gets them back, from the producer that refused them or from a report of failure. Owner: the
// record. Thread: its holder's. Errors: none.
#ifndef TELLTALE_DAEMON_KAFKA_RECORD_HEADERS_H_
#define TELLTALE_DAEMON_KAFKA_RECORD_HEADERS_H_

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "daemon/kafka/client.h"

namespace telltale::kafka {

class RecordHeaders {
 public:
  // With room for so many.
  explicit RecordHeaders(size_t count = 8) : headers_(rd_kafka_headers_new(count)) {}

  // No value is not the same as an empty one.
  void Add(std::string_view name, std::optional<std::string_view> value) {
    rd_kafka_header_add(headers_.get(), name.data(), static_cast<ssize_t>(name.size()),
                        value.has_value() ? value->data() : nullptr,
                        value.has_value() ? static_cast<ssize_t>(value->size()) : 0);
  }

  rd_kafka_headers_t* Release() { return headers_.release(); }
  void Take(rd_kafka_headers_t* headers) { headers_.reset(headers); }
  void Take(const rd_kafka_message_t& report) {
    rd_kafka_headers_t* headers = nullptr;
    // The report is lent for reading, but giving its headers back is what this call is for.
    rd_kafka_message_detach_headers(const_cast<rd_kafka_message_t*>(&report), &headers);
    Take(headers);
  }

 private:
  std::unique_ptr<rd_kafka_headers_t, Destroyer<rd_kafka_headers_t, rd_kafka_headers_destroy>>
      headers_;
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_RECORD_HEADERS_H_
