// A rule set as the ingest thread sees it: its router, and how far each of its lanes may settle.
//
// A lane has a watermark for each key group, so that a partition that comes to this instance, or
// that lags, holds back nobody's keys but its own (T3). Lanes and groups are numbered group by
// group: `group * lanes + lane`.
//
// Owner: the engine. Thread: the ingest thread, except where Router says otherwise. Units:
// nanoseconds of event time. Errors: none.
#ifndef TELLTALE_ENGINE_RUNTIME_ACTIVE_RULES_H_
#define TELLTALE_ENGINE_RUNTIME_ACTIVE_RULES_H_

#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "engine/runtime/batch.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/router.h"

namespace telltale::engine {

// What the partitions of one stream in one key group say together.
struct StreamTime {
  int64_t active = kMaxTime;       // the least watermark of those that are waited for
  int64_t idle = kMinTime;         // the greatest of the others
  int64_t first_event = kMaxTime;  // the least on-time event time so far
};

// How far all shards have come in one key group: what they have settled, and given back of the
// alerts that rules read (A5).
struct Applied {
  LaneTime time{.watermark = kMinTime, .first_event = kMinTime};
  bool idle = false;  // all partitions of its streams were
  bool operator==(const Applied&) const = default;
};

class ActiveRules {
 public:
  ActiveRules(std::shared_ptr<const CompiledRules> rules, uint64_t generation, uint32_t groups);

  const CompiledRules& compiled() const { return *compiled_; }
  const std::shared_ptr<const CompiledRules>& shared() const { return compiled_; }
  const std::shared_ptr<Router>& router() const { return router_; }
  uint64_t generation() const { return generation_; }
  const std::vector<LaneTime>& times() const { return times_; }

  int64_t until() const { return until_; }  // the last event time that it acts at: T_s of the next
  void EndAt(int64_t until) { until_ = until; }

  // The group's watermarks begin anew, below all.
  void BeginGroup(uint32_t group);
  // T3; `streams`: by stream, of this group. Where `finished`, to infinity, as far as producers
  // have come there. `before`: the set whose state comes to this one; null: none. REQUIRES: that
  // has been advanced.
  void Advance(uint32_t group, const StreamTime* streams, bool finished, const ActiveRules* before);

  const LaneTime& TimeOfLane(uint32_t group, uint32_t lane) const {
    return times_[group * lane_count() + lane];
  }
  // How far all shards have settled the lane; kMinTime: not known yet.
  int64_t AppliedOf(uint32_t group, uint32_t lane) const {
    const size_t at = group * lane_count() + lane;
    return at < applied_.size() ? applied_[at].time.watermark : kMinTime;
  }
  // Some of its rules read alerts.
  bool chained() const { return chained_; }
  // By key group and lane, as things stand.
  std::vector<Applied> Now() const;
  // All shards have applied what Now() said. True: that may be news for those that read alerts.
  bool Apply(uint32_t group, const std::vector<Applied>& applied);
  // To be told of the set that follows, before either of them is advanced again. It stays where it
  // is, and outlives this one.
  void FollowedBy(ActiveRules& next);
  // By lane: those of the next set to which its rules' state goes.
  const std::vector<uint32_t>& heirs(uint32_t lane) const { return heirs_[lane]; }
  // By lane: those of the set before whose state comes to it, of which another lane's alerts may
  // keep the watermark back.
  const std::vector<uint32_t>& ancestors(uint32_t lane) const { return ancestors_[lane]; }
  // The reader takes it that the producer's alerts of this set's time are all known once that has
  // handed over.
  void DoNotAwaitHeirs(uint32_t reader, uint32_t producer) {
    not_awaited_.emplace(reader, producer);
  }

  // Every lane of the group has settled all that the set acts at.
  bool PassedBy(uint32_t group) const;
  // The greatest watermark of all; kMinTime: none.
  int64_t Greatest() const;
  // The greatest watermark of the lanes that name the stream.
  int64_t Floor(uint32_t stream, uint32_t group) const;
  // settled[stream] is lowered to the least watermark of the lanes that hang on the stream.
  void LowerTo(uint32_t group, int64_t* settled) const;

 private:
  size_t lane_count() const { return compiled_->routing->lanes.size(); }
  // How far the alerts of the producer have come that are for this set; `idle`: only because
  // nothing is waited for.
  struct AlertTime {
    int64_t watermark = kMinTime;
    bool idle = false;
  };
  AlertTime TimeOf(uint32_t reader, const Producer& producer, uint32_t group) const;
  // How far all shards have settled what the lane's rules hold, here or in the sets to which their
  // state has gone; kMaxTime: it has ended.
  int64_t SettledOf(uint32_t lane, uint32_t group) const;
  // It has all the state that it gets from the set before, or more.
  bool HasAll(uint32_t lane, uint32_t group, const ActiveRules& before) const;

  std::shared_ptr<const CompiledRules> compiled_;
  std::shared_ptr<Router> router_;
  std::vector<LaneTime> times_;
  std::vector<uint8_t> idle_;          // likewise: whether all partitions of a lane's streams are
  std::vector<Applied> applied_;       // likewise
  const ActiveRules* next_ = nullptr;  // the set that follows
  std::vector<std::vector<uint32_t>> heirs_;
  std::vector<std::vector<uint32_t>> ancestors_;
  std::set<std::pair<uint32_t, uint32_t>> not_awaited_;  // readers and producers
  bool chained_ = false;
  uint64_t generation_;
  int64_t until_ = kMaxTime;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ACTIVE_RULES_H_
