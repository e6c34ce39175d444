// telltale.yml: where events come from, where alerts go, and how much of the machine may be used.
//
// LoadConfig reads and checks the whole file and tells every mistake at once (codes C01xx; C09xx
// are warnings; R00xx where the YAML itself is at fault). What a file leaves out has the default
// that stands here. README.md beside this file is the reference for people.
//
// Owner: value type. Thread: immutable once loaded, any. Units: durations and times are int64
// nanoseconds, sizes bytes. Errors: diagnostics; never an exception.
#ifndef TELLTALE_DAEMON_CONFIG_CONFIG_H_
#define TELLTALE_DAEMON_CONFIG_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/logsource_reader.h"
#include "daemon/config/time_format.h"
#include "rules/model/diagnostic.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"

namespace telltale::config {

enum class TimeSource : uint8_t {
  kKafka,  // the record's own timestamp
  kField,  // a field of the event
};

enum class TimeUnit : uint8_t { kSeconds, kMilliseconds, kMicroseconds, kNanoseconds, kRfc3339 };

// Where a stream's event times are and how far they can be trusted (T1 to T4).
struct StreamTime {
  TimeSource source = TimeSource::kKafka;
  rules::FieldPath field;                    // of kField
  TimeUnit unit = TimeUnit::kMilliseconds;   // of kField, where there is no format
  std::shared_ptr<const TimeFormat> format;  // of kField: how it is written
  int64_t max_out_of_orderness = 0;  // ns; how far behind the greatest time seen an event may be
  int64_t max_drift = INT64_MAX;     // ns; how far ahead of who holds the others back it is read
  int64_t idle_timeout = 30'000'000'000;  // ns of silence after which a partition holds nobody back
  int64_t max_ahead =
      3'600'000'000'000;  // ns beyond the Kafka timestamp from which a time is absurd
};

enum class StartKind : uint8_t { kEarliest, kLatest, kTime };

// Where a group without committed offsets begins to read.
struct Start {
  StartKind kind = StartKind::kEarliest;
  int64_t time = 0;  // ns since the epoch, by Kafka timestamp; of kTime
};

inline constexpr size_t kDefaultMaxRecordBytes = size_t{4} << 20;

struct StreamConfig {
  std::string name;                                  // what rules call it
  std::string topic;                                 // default: the name
  size_t max_record_bytes = kDefaultMaxRecordBytes;  // larger records are dead letters
  StreamTime time;
  rules::Span time_span;  // of its `time`; where it has none, of its name
  Start start;
  std::map<rules::FieldPath, rules::Type> fields;    // declared types
  std::optional<rules::Dedup> dedup = std::nullopt;  // V8
  std::vector<LogsourceConfig> logsources = {};      // what it serves of Sigma's
};

enum class TableFormat : uint8_t { kCsv, kJson };  // kJson: one text, or an object a line

// A table that rules can look up (V6).
struct TableConfig {
  std::string name;
  rules::LocatedText file;  // relative to the config's folder
  TableFormat format = TableFormat::kCsv;
  std::string
      key;  // the field that names a row; empty: the file is an object of rows by their keys
  rules::Span key_span;
  char delimiter = ',';                       // of kCsv
  std::map<std::string, rules::Type> fields;  // declared types
};

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };
enum class LogFormat : uint8_t { kAuto, kText, kJson };  // kAuto: text on a terminal, else JSON

struct Listen {
  std::string host;
  uint16_t port = 0;  // 0: any free one
  std::string ToString() const;
};

struct Config {
  std::string path;    // of the file
  std::string folder;  // that holds it; rule files are relative to it

  // librdkafka properties as they stand in the file, in its order.
  std::vector<std::pair<std::string, std::string>> kafka;
  std::vector<std::pair<rules::Span, rules::Span>> kafka_spans;  // likewise: of name and value
  std::string group;     // consumer group and prefix of the topics that Telltale names itself
  uint32_t workers = 1;  // shards, a thread each; default: the machine's cores less one
  std::vector<StreamConfig> streams;  // in the order of the file, which is their rank (T2)
  std::shared_ptr<const rules::StreamCatalog>
      catalog;                            // the same streams, for the rules; never null
  std::vector<TableConfig> tables;        // in the order of the file
  std::vector<rules::LocatedText> rules;  // files, folders and globs
  bool co_partitioned =
      false;  // the topics have equal partition counts and are keyed by the correlation key

  std::string alert_topic;
  std::string shadow_topic;       // alerts of `mode: shadow`; default: <group>.shadow-alerts
  std::string late_topic;         // empty: late events are only counted
  std::string dead_letter_topic;  // default: <group>.dead-letters

  int64_t buffer_bytes = 256 << 20;   // of events read and not yet settled, over all partitions
  Listen http = {"127.0.0.1", 9464};  // metrics and probes
  Listen grpc = {"127.0.0.1", 9465};  // control
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kAuto;
};

// What the config is for: replays need no Kafka, and so no `kafka`, `group`, `alerts` and `rules`.
enum class Use : uint8_t { kRun, kReplay };

struct ConfigResult {
  std::optional<Config> config;  // none where there was an error
  // Where there was one, but none in the streams: as much as was read, so that the mistakes in the
  // rules can be told beside those in the config.
  std::optional<Config> draft;
  rules::Diagnostics diagnostics;
};

ConfigResult LoadConfig(const std::string& path, Use use = Use::kRun);
// The same for text that is at hand; `file->path()` says what is relative to where.
ConfigResult ParseConfig(const rules::SourcePtr& file, Use use = Use::kRun);

// What keeps files from standing for these streams in a replay.
rules::Diagnostics CheckReplay(const Config& config,
                               const std::vector<rules::StreamIndex>& streams);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_CONFIG_H_
