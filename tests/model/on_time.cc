#include "tests/model/on_time.h"

#include <algorithm>
#include <limits>

namespace telltale::model {

OwnEvent::OwnEvent(const engine::Event& event) : block(event.byte_size / sizeof(uint64_t)) {
  std::copy_n(reinterpret_cast<const char*>(&event), event.byte_size,
              reinterpret_cast<char*>(block.data()));
}

bool PartitionTimes::Take(const engine::Event& event) {
  const auto [seen, first] = greatest_.try_emplace({event.stream, event.partition}, event.time);
  if (!first && event.time < seen->second - streams_[event.stream].max_out_of_orderness)
    return true;
  seen->second = std::max(seen->second, event.time);
  return false;
}

int64_t PartitionTimes::Watermark(const std::vector<rules::StreamIndex>& streams) const {
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const rules::StreamIndex stream : streams) {
    for (uint32_t partition = 0; partition < streams_[stream].partitions; ++partition) {
      const auto seen = greatest_.find({stream, partition});
      if (seen == greatest_.end()) return std::numeric_limits<int64_t>::min();
      least = std::min(least, seen->second - streams_[stream].max_out_of_orderness);
    }
  }
  return least;
}

}  // namespace telltale::model
