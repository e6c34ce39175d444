#include "daemon/config/config_words.h"

#include "daemon/config/config_codes.h"
#include "rules/model/topic_name.h"

namespace telltale::config {

using rules::KeySet;
using rules::LaterWord;
using rules::OneOf;
using rules::Takes;
using rules::ValueReader;

const rules::ReadCodes kConfigCodes = {kUnknownKey, kMissingKey,  kWrongKind, kUnknownWord,
                                       kOutOfRange, kBadQuantity, kEmptyValue};

namespace {

constexpr int64_t kMostWorkers = 256;
constexpr int64_t kLeastBuffer = 64 << 10;
constexpr int64_t kLeastMaxRecord = 1 << 10;
constexpr int64_t kGreatestMaxRecord = 64 << 20;
constexpr int64_t kMillisecond = 1'000'000;

// As IsTopicName has it, and likewise of a group, which is a part of topics' names.
constexpr std::string_view kGroupPattern = "^(?!\\.\\.?$)[A-Za-z0-9._-]{1,200}$";
constexpr std::string_view kListenPattern =
    "^(\\[[^\\]]+\\]|[^:]+):0*([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-"
    "9]"
    "|6553[0-5])$";
constexpr std::string_view kTimePattern =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{"
    "2})$";

Takes Topic() { return Takes::Text(rules::kTopicPattern); }

}  // namespace

const KeySet& ConfigKeys() {
  static const KeySet keys{
      "the config",
      {{"kafka",
        {Takes::Named("properties")},
        "librdkafka's own properties, passed on as they are"},
       {"group", {Takes::Text(kGroupPattern)}, "consumer group, and prefix of topics"},
       {"workers",
        {Takes::Int(1, kMostWorkers)},
        "shards, a thread each (the machine's cores less one)"},
       {"streams", {Takes::Named("streams")}, "names and streams; their order is their rank"},
       {"tables", {Takes::Named("tables")}, "names and tables, which rules look up by a key"},
       {"rules", {Takes::Texts()}, "files, folders and globs, relative to this file"},
       {"alerts", {Takes::Map(&AlertKeys)}, "where alerts go"},
       {"late", {Takes::Map(&LateKeys)}, "where events go that came too late (only counted)"},
       {"dead_letters", {Takes::Map(&DeadLetterKeys)}, "where records go that cannot be read"},
       {"co_partitioned",
        {Takes::Bool()},
        "the topics are keyed by the rules' key, so that several instances may share them (false)"},
       {"memory", {Takes::Map(&MemoryKeys)}, "how much may be held"},
       {"http", {Takes::Map(&HttpKeys)}, "metrics and probes"},
       {"grpc", {Takes::Map(&GrpcKeys)}, "control"},
       {"log", {Takes::Map(&LogKeys)}, "the program's own log"}},
      {{"lists", kLaterWord, "'lists' stands in the rule files, in a document of its own"},
       {"macros", kLaterWord, "'macros' stands in the rule files, in a document of its own"},
       {"state", kLaterWord, "'state' is not in this version: partial matches are in memory"},
       {"checkpoint", kLaterWord,
        "'checkpoint' is not in this version: partial matches are in memory"},
       {"registry", kLaterWord, "'registry' is not in this version: events are JSON"},
       {"schema_registry", kLaterWord,
        "'schema_registry' is not in this version: events are JSON"}},
      {"streams"}};
  return keys;
}

const KeySet& StreamKeys() {
  static const KeySet keys{
      "a stream",
      {{"topic", {Topic()}, "(the stream's name)"},
       {"format", {Takes::Word({"json"})}, "of the records (json)"},
       {"max_record",
        {Takes::Bytes(kLeastMaxRecord, kGreatestMaxRecord)},
        "larger records are dead letters (4MiB)"},
       {"time", {Takes::Map(&TimeKeys)}, "where the time is, and how far it can be trusted"},
       {"start",
        {Takes::Word({"earliest", "latest"}), Takes::String(kTimePattern)},
        "where a group without offsets begins (earliest)"},
       {"fields", {Takes::Named("types")}, "paths and their types (what is not declared is dyn)"},
       {"logsource",
        {Takes::Map(&LogsourceKeys), Takes::Maps(&LogsourceKeys, 1, INT64_MAX)},
        "what the stream serves of Sigma's"},
       {"dedup", {Takes::Map(&DedupKeys)}, "leaves out what the producer has sent twice"}},
      {}};
  return keys;
}

const KeySet& TableKeys() {
  static const KeySet keys{
      "a table",
      {{"file", {Takes::Text()}, "relative to this file"},
       {"format", {OneOf(TableFormatWords())}, "(by the name of the file)"},
       {"key", {Takes::Text()}, "the field that names a row"},
       {"delimiter",
        {Takes::Text("^(tab|\\\\t|[^\"\\r\\n])$")},
        "of CSV: one character, or tab (,)"},
       {"fields", {Takes::Named("types")}, "names and their types"}},
      {{"topic", kLaterWord, "a table of a 'topic' is not in this version: name a 'file'"},
       {"as_of", kLaterWord, "'as_of' is not in this version: a table's file has no times"}},
      {"file"}};
  return keys;
}

const KeySet& TimeKeys() {
  static const KeySet keys{
      "'time'",
      {{"field", {Takes::Text()}, "path of the event's time"},
       {"source", {OneOf(TimeSourceWords())}, "the record's own timestamp (that)"},
       {"unit", {OneOf(TimeUnitWords())}, "of a number since 1970, or rfc3339 (ms)"},
       {"format", {Takes::Text()}, "how the field is written, as strptime has it"},
       {"zone", {Takes::Text()}, "of what is written in a format without one"},
       {"max_out_of_orderness",
        {Takes::Duration()},
        "how far behind the greatest time of its partition an event is not late (0s)"},
       {"max_drift",
        {Takes::Duration(kMillisecond)},
        "how far ahead of who holds the others back it is read (as far as memory.buffer goes)"},
       {"idle_timeout",
        {Takes::Duration(kMillisecond)},
        "silence after which a partition holds nothing back (30s)"},
       {"max_ahead",
        {Takes::Duration()},
        "how far beyond its Kafka timestamp a time is believed (1h)"}},
      {}};
  return keys;
}

const KeySet& DedupKeys() {
  static const KeySet keys{"'dedup'",
                           {{"field",
                             {Takes::Text()},
                             "path of what names an event, as an id that its producer gave it"},
                            {"within",
                             {Takes::Duration(kMillisecond)},
                             "how much event time there may be between an event and the one before "
                             "with the same value"}},
                           {},
                           {"field", "within"}};
  return keys;
}

const KeySet& LogsourceKeys() {
  static const KeySet keys{
      "a logsource",
      {{"product", {Takes::Text()}, "as rules name it"},
       {"category", {Takes::Text()}, "as rules name it"},
       {"service", {Takes::Text()}, "as rules name it"},
       {"where", {Takes::Text()}, "which of the stream's events belong to it (all)"},
       {"fields",
        {Takes::Named("mapping")},
        "rules' fields and paths in the event; '*': all others"}},
      {}};
  return keys;
}

const KeySet& AlertKeys() {
  static const KeySet keys{
      "'alerts'",
      {{"topic", {Topic()}, "of the alerts"},
       {"delivery", {Takes::Word({"eager"})}, "(eager)"},
       {"shadow_topic", {Topic()}, "alerts of rules with mode: shadow (<group>.shadow-alerts)"}},
      {}};
  return keys;
}

const KeySet& LateKeys() {
  static const KeySet keys{
      "'late'", {{"topic", {Topic()}, "with reason and delay"}}, {}, {"topic"}};
  return keys;
}

const KeySet& DeadLetterKeys() {
  static const KeySet keys{
      "'dead_letters'", {{"topic", {Topic()}, "(<group>.dead-letters)"}}, {}, {"topic"}};
  return keys;
}

const KeySet& MemoryKeys() {
  static const KeySet keys{
      "'memory'",
      {{"buffer", {Takes::Bytes(kLeastBuffer)}, "what is read and not yet settled (256MiB)"}},
      {}};
  return keys;
}

namespace {

const std::vector<LaterWord>& LaterListen() {
  static const std::vector<LaterWord> words = {{"tls", kLaterWord, "'tls' is not in this version"}};
  return words;
}

}  // namespace

const KeySet& HttpKeys() {
  static const KeySet keys{
      "'http'",
      {{"listen", {Takes::String(kListenPattern)}, "host:port (127.0.0.1:9464)"}},
      LaterListen()};
  return keys;
}

const KeySet& GrpcKeys() {
  static const KeySet keys{
      "'grpc'",
      {{"listen", {Takes::String(kListenPattern)}, "host:port (127.0.0.1:9465)"}},
      LaterListen()};
  return keys;
}

const KeySet& LogKeys() {
  static const KeySet keys{
      "'log'",
      {{"level", {OneOf(LogLevelWords())}, "the least that is written (info)"},
       {"format", {OneOf(LogFormatWords())}, "auto: text on a terminal, else json (auto)"}},
      {}};
  return keys;
}

const ValueReader::Words<TimeSource>& TimeSourceWords() {
  static const ValueReader::Words<TimeSource> words = {{"kafka", TimeSource::kKafka}};
  return words;
}

const ValueReader::Words<TimeUnit>& TimeUnitWords() {
  static const ValueReader::Words<TimeUnit> words = {{"s", TimeUnit::kSeconds},
                                                     {"ms", TimeUnit::kMilliseconds},
                                                     {"us", TimeUnit::kMicroseconds},
                                                     {"ns", TimeUnit::kNanoseconds},
                                                     {"rfc3339", TimeUnit::kRfc3339}};
  return words;
}

const ValueReader::Words<TableFormat>& TableFormatWords() {
  static const ValueReader::Words<TableFormat> words = {{"csv", TableFormat::kCsv},
                                                        {"json", TableFormat::kJson}};
  return words;
}

const ValueReader::Words<LogLevel>& LogLevelWords() {
  static const ValueReader::Words<LogLevel> words = {{"debug", LogLevel::kDebug},
                                                     {"info", LogLevel::kInfo},
                                                     {"warning", LogLevel::kWarning},
                                                     {"error", LogLevel::kError}};
  return words;
}

const ValueReader::Words<LogFormat>& LogFormatWords() {
  static const ValueReader::Words<LogFormat> words = {
      {"auto", LogFormat::kAuto}, {"text", LogFormat::kText}, {"json", LogFormat::kJson}};
  return words;
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

const OwnedProperties& PropertiesOfOurs() {
  static const OwnedProperties owned = {
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
  return owned;
}

std::string_view WhyOwned(std::string_view property) {
  const auto found = PropertiesOfOurs().find(property);
  return found == PropertiesOfOurs().end() ? std::string_view() : found->second;
}

}  // namespace telltale::config
