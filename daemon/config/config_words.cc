#include "daemon/config/config_words.h"

#include <map>

#include "daemon/config/config_codes.h"

namespace telltale::config {

using rules::KeySet;
using rules::LaterWord;

const rules::ReadCodes kConfigCodes = {kUnknownKey, kMissingKey,  kWrongKind, kUnknownWord,
                                       kOutOfRange, kBadQuantity, kEmptyValue};

const KeySet& ConfigKeys() {
  static const KeySet keys{
      "the config",
      {"kafka", "group", "workers", "streams", "tables", "rules", "alerts", "late", "dead_letters",
       "co_partitioned", "memory", "http", "grpc", "log"},
      {{"lists", kLaterWord, "'lists' stands in the rule files, in a document of its own"},
       {"macros", kLaterWord, "'macros' stands in the rule files, in a document of its own"},
       {"state", kLaterWord, "'state' is not in this version: partial matches are in memory"},
       {"checkpoint", kLaterWord,
        "'checkpoint' is not in this version: partial matches are in memory"},
       {"registry", kLaterWord, "'registry' is not in this version: events are JSON"},
       {"schema_registry", kLaterWord,
        "'schema_registry' is not in this version: events are JSON"}}};
  return keys;
}

const KeySet& StreamKeys() {
  static const KeySet keys{
      "a stream",
      {"topic", "format", "max_record", "time", "start", "fields", "logsource"},
      {{"dedup", kLaterWord, "'dedup' is not in this version"}}};
  return keys;
}

const KeySet& TableKeys() {
  static const KeySet keys{
      "a table",
      {"file", "format", "key", "delimiter", "fields"},
      {{"topic", kLaterWord, "a table of a 'topic' is not in this version: name a 'file'"},
       {"as_of", kLaterWord, "'as_of' is not in this version: a table's file has no times"}}};
  return keys;
}

const KeySet& TimeKeys() {
  static const KeySet keys{
      "'time'",
      {"field", "source", "unit", "max_out_of_orderness", "idle_timeout", "max_ahead"},
      {}};
  return keys;
}

const KeySet& LogsourceKeys() {
  static const KeySet keys{
      "a logsource", {"product", "category", "service", "where", "fields"}, {}};
  return keys;
}

const KeySet& AlertKeys() {
  static const KeySet keys{"'alerts'", {"topic", "delivery", "shadow_topic"}, {}};
  return keys;
}

const KeySet& TopicKeys() {
  static const KeySet keys{"this map", {"topic"}, {}};
  return keys;
}

const KeySet& MemoryKeys() {
  static const KeySet keys{"'memory'", {"buffer"}, {}};
  return keys;
}

const KeySet& ListenKeys() {
  static const KeySet keys{
      "this map", {"listen"}, {{"tls", kLaterWord, "'tls' is not in this version"}}};
  return keys;
}

const KeySet& LogKeys() {
  static const KeySet keys{"'log'", {"level", "format"}, {}};
  return keys;
}

const std::vector<LaterWord>& LaterFormats() {
  static const std::vector<LaterWord> words = {
      {"avro", kLaterWord, "'format: avro' is not in this version: events are JSON"}};
  return words;
}

const std::vector<LaterWord>& LaterDeliveries() {
  static const std::vector<LaterWord> words = {
      {"transactional", kLaterWord,
       "'delivery: transactional' is not in this version; 'eager' is"}};
  return words;
}

std::string_view WhyOwned(std::string_view property) {
  static const std::map<std::string_view, std::string_view> owned = {
      {"group.id", "the consumer group is 'group'"},
      {"enable.auto.commit",
       "offsets are committed once everything up to them is applied and acknowledged"},
      {"enable.auto.offset.store",
       "offsets are committed once everything up to them is applied and acknowledged"},
      {"auto.commit.interval.ms",
       "offsets are committed once everything up to them is applied and acknowledged"},
      {"auto.offset.reset", "where a stream begins is its 'start'"},
      {"enable.partition.eof", "the end of a partition decides when it is idle"},
      {"partition.assignment.strategy", "partitions are assigned by what the rules need together"},
      {"enable.idempotence", "alerts are always produced by an idempotent producer"},
      {"acks", "an alert counts as sent when all replicas in sync have it"},
      {"request.required.acks", "an alert counts as sent when all replicas in sync have it"},
      {"max.in.flight", "the idempotent producer bounds it"},
      {"max.in.flight.requests.per.connection", "the idempotent producer bounds it"},
      {"transactional.id", "transactions are not in this version"},
      {"partitioner", "alerts are partitioned as Kafka's Java clients do"},
      {"queue.buffering.backpressure.threshold", "backpressure is by 'memory.buffer'"},
  };
  const auto found = owned.find(property);
  return found == owned.end() ? std::string_view() : found->second;
}

}  // namespace telltale::config
