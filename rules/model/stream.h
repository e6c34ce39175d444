// What rules need to know of the streams that the config declares: their names, ranks and declared
// field types.
//
// The rank is the index in the catalog, the order in which the config lists the streams (T2).
// Behind them all stands one stream that no config declares: the alerts of rules, which rules may
// read (A5). Owner: the config makes one catalog; checked rules share it. Thread: immutable, any.
#ifndef TELLTALE_RULES_MODEL_STREAM_H_
#define TELLTALE_RULES_MODEL_STREAM_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/field_path.h"
#include "rules/model/logsource.h"
#include "rules/model/type.h"

namespace telltale::rules {

// V8: of events with the same value of the field, within so much event time, the first counts.
struct Dedup {
  FieldPath field;
  int64_t within = 0;
};

// What rules call the alerts of other rules; no stream of the config has this name.
inline constexpr std::string_view kAlertsName = "alerts";

struct Stream {
  std::string name;
  std::string topic;
  std::map<FieldPath, Type> fields;  // declared types; a path not here is dyn
  int64_t time_unit_ns =
      1'000'000;           // the resolution of its event times (for the warning about ties, T2)
  FieldPath time_field{};  // where an event has its time; empty: its record's own timestamp
  std::vector<Logsource> logsources = {};  // what it serves of Sigma's
  std::optional<Dedup> dedup = std::nullopt;
};

class StreamCatalog {
 public:
  StreamCatalog() = default;
  // `co_partitioned`: the topics are partitioned alike by the rules' key, and shared by instances
  // partition by partition.
  explicit StreamCatalog(std::vector<Stream> streams, bool co_partitioned = false)
      : streams_(std::move(streams)), co_partitioned_(co_partitioned) {}

  size_t size() const { return streams_.size(); }  // of those that the config declares
  const Stream& operator[](StreamIndex index) const {
    return index < streams_.size() ? streams_[index] : AlertsStream();
  }
  const std::vector<Stream>& streams() const { return streams_; }
  bool co_partitioned() const { return co_partitioned_; }
  // Also the alerts.
  std::optional<StreamIndex> Find(std::string_view name) const;
  // The stream that alerts make (A5), behind all others in rank; no topic has it.
  StreamIndex alerts() const { return static_cast<StreamIndex>(streams_.size()); }

 private:
  static const Stream& AlertsStream();

  std::vector<Stream> streams_;
  bool co_partitioned_ = false;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_STREAM_H_
