// Gathers the alerts of all shards and gives them out in one order, T7's, as they settle. What is
// told before that (T5) is passed over: a replay says what its events come to.
//
// Owner: a replay; outlives the engine. Thread: Deliver on shard threads, Take on the ingest
// thread. Units: nanoseconds of event time. Errors: none.
#ifndef TELLTALE_DAEMON_REPLAY_SETTLED_ALERTS_H_
#define TELLTALE_DAEMON_REPLAY_SETTLED_ALERTS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "engine/alert/alert.h"
#include "engine/runtime/engine.h"

namespace telltale::replay {

class SettledAlerts : public engine::AlertSink {
 public:
  void Deliver(uint32_t shard, uint64_t epoch, std::vector<engine::Alert> alerts) override;

  // Those with a time before `bound`, in order. REQUIRES: none of such a time is still to come.
  std::vector<engine::Alert> Take(int64_t bound);
  std::vector<engine::Alert> TakeAll();

 private:
  std::mutex mutex_;
  std::multimap<int64_t, engine::Alert> waiting_;  // by time
};

}  // namespace telltale::replay

#endif  // TELLTALE_DAEMON_REPLAY_SETTLED_ALERTS_H_
