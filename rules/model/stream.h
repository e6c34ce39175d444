// What rules need to know of the streams that the config declares: their names, ranks and declared
// field types.
//
// The rank is the index in the catalog, the order in which the config lists the streams (T2).
// Owner: the config makes one catalog; checked rules share it. Thread: immutable, any.
#ifndef TELLTALE_RULES_MODEL_STREAM_H_
#define TELLTALE_RULES_MODEL_STREAM_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/type.h"

namespace telltale::rules {

using StreamIndex = uint32_t;

// A path of member names into an event: payer.id is {"payer", "id"}; the empty path is the whole
// event.
using FieldPath = std::vector<std::string>;

struct Stream {
  std::string name;
  std::string topic;
  std::map<FieldPath, Type> fields;  // declared types; a path not here is dyn
  int64_t time_unit_ns =
      1'000'000;  // the resolution of its event times (for the warning about ties, T2)
};

class StreamCatalog {
 public:
  StreamCatalog() = default;
  explicit StreamCatalog(std::vector<Stream> streams) : streams_(std::move(streams)) {}

  size_t size() const { return streams_.size(); }
  const Stream& operator[](StreamIndex index) const { return streams_[index]; }
  const std::vector<Stream>& streams() const { return streams_; }
  std::optional<StreamIndex> Find(std::string_view name) const;

 private:
  std::vector<Stream> streams_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_STREAM_H_
