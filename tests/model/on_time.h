// Which events of a scenario are on time (T4), and the events themselves, as long as they are
// needed.
//
// Owner: the caller. Thread: any. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_TESTS_MODEL_ON_TIME_H_
#define TELLTALE_TESTS_MODEL_ON_TIME_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/event/event.h"
#include "tests/model/scenario.h"

namespace telltale::model {

// An event of its own memory.
struct OwnEvent {
  explicit OwnEvent(const engine::Event& event);
  const engine::Event& operator*() const {
    return *reinterpret_cast<const engine::Event*>(block.data());
  }
  std::vector<uint64_t> block;
};

// The greatest on-time event time of each partition, as events arrive.
class PartitionTimes {
 public:
  explicit PartitionTimes(const std::vector<ScenarioStream>& streams) : streams_(streams) {}
  // Whether it is late.
  bool Take(const engine::Event& event);
  // T3, of the partitions of these streams, none of them idle.
  int64_t Watermark(const std::vector<rules::StreamIndex>& streams) const;

 private:
  const std::vector<ScenarioStream>& streams_;
  std::map<std::pair<uint32_t, uint32_t>, int64_t> greatest_;
};

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_ON_TIME_H_
