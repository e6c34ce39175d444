// Matches a rule whose partial matches share a representation: a forest of nodes for each key.
//
// Which rules those are is said by Pattern::shared: `match: all` with `any` somewhere, or `match:
// count`, without skipping and without a condition that looks at earlier events; so what is between
// two events of a match can be said of many partial matches at once. The matches are those that
// Matcher finds; limits count nodes (P10).
//
// Cost: for an event the moves that it concerns and the new nodes, whatever the number of partial
// matches; for matches see forest_matches.h, for their number forest_count.h. No allocation in
// steady state. Owner: a shard's lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_PATTERN_SHARED_MATCHER_H_
#define TELLTALE_ENGINE_PATTERN_SHARED_MATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/hash.h"
#include "engine/event/stable_vector.h"
#include "engine/pattern/bars.h"
#include "engine/pattern/forest_count.h"
#include "engine/pattern/forest_matches.h"
#include "engine/pattern/held_events.h"
#include "engine/pattern/key_table.h"
#include "engine/pattern/limited_keys.h"
#include "engine/pattern/match_view.h"
#include "engine/pattern/partial_forest.h"
#include "engine/pattern/rule_matcher.h"

namespace telltale::engine {

class SharedMatcher final : public PatternMatcher {
 public:
  SharedMatcher(const Pattern& pattern, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
                MatchReceiver& receiver);
  ~SharedMatcher() override;

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t) const override {
    if (!keys_.is_large()) return kNotFound;
    if (step == Fetch::kBucket) keys_.PrefetchBucket(key);
    if (step == Fetch::kSeat) keys_.PrefetchSeat(key);
    return kNotFound;
  }
  void Fire(const Timer& timer) override;
  bool EndBefore(const Hash128& key, int64_t bound) override;
  void Forget(const Hash128& key) override;
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  int64_t partial_matches() const override { return node_count_; }

  bool Keeps(const Hash128& key) const override {
    return keys_.Find(key) != KeyTable::kNone || limited_.contains(key);
  }
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

 private:
  struct KeyState {
    explicit KeyState(const Pattern& pattern) : forest(pattern) {}
    Hash128 key{};
    PartialForest forest;
    Bars bars;
    int64_t armed = 0;
    int64_t latest_end = 0;  // no node can take anything after it
    uint32_t seat = 0;
    uint32_t next_free = KeyTable::kNone;
    bool truncated = false;
  };
  struct MoveOfState {
    uint32_t move = 0;
    uint32_t state = 0;
  };

  KeyState& StateAt(uint32_t seat) { return *states_[keys_[seat].place]; }
  KeyState& NewState(const Hash128& key);  // REQUIRES: it has none
  void Settle(KeyState& state);
  void Forget(KeyState& state, int64_t now);
  void Empty(KeyState& state);
  void DropOldest(KeyState& state);
  void DropNewest(KeyState& state);

  void Extend(KeyState& state, const Event& event, StepMask steps, StopMask stops);
  void CloseStopped(KeyState& state, StopMask stops);
  void Start(KeyState& state, const Event& event, StepMask steps, StopMask stops);
  NodeNumber NodeFor(KeyState& state, const MovePlan& move, const Event& event);
  void Place(KeyState& state, const Event& event);
  void Complete(KeyState& state, const Event& event);
  void CompleteCounted(const KeyState& state, const Event& event, int64_t first);
  // `count` matches, for which this one stands.
  void Emit(const KeyState& state, const ForestMatches::Taken* taken, size_t size, int64_t time,
            ForestCount::Result count);
  void Collect(uint32_t most);
  size_t MostNodes() const;
  void EnforceLimits(KeyState& state);
  void NoteLimit(KeyState& state, const Event& event);
  void NoteDeadline(KeyState& state, int64_t deadline);

  // forest_codec.cc: states as bytes.
  void EncodeNode(const PartialForest& forest, NodeNumber number, const HeldEventsEncoder& held,
                  ByteWriter& out) const;
  void DecodeNode(PartialForest& forest, const HeldEvents& held, ByteReader& in);
  void DecodeSources(const PartialForest& forest, ForestNode& node, NodeNumber number,
                     ByteReader& in) const;
  int64_t EndOf(const ForestNode& node) const;

  const Pattern& pattern_;
  const rules::Rule& rule_;
  const uint32_t number_;
  ShardMemory& memory_;
  TimerQueue& timers_;
  MatchReceiver& receiver_;
  std::vector<std::vector<MoveOfState>> moves_of_step_;  // but those of the start
  std::vector<MoveOfState> moves_with_stops_;
  std::vector<MoveOfState> strict_moves_;
  std::vector<int64_t> longest_wait_;  // by state: the longest window of its moves

  KeyTable keys_;  // a seat's place: of its state
  StableVector<std::unique_ptr<KeyState>> states_;
  uint32_t free_state_ = KeyTable::kNone;
  int64_t node_count_ = 0;
  LimitedKeys limited_;

  // Of the call under way.
  EventHandle* held_ = nullptr;
  NodeNumber first_made_ = 0;  // the first node of the event
  std::vector<MoveOfState> used_;
  std::vector<NodeNumber> ends_;
  ForestMatches matches_;
  ForestCount count_;
  std::vector<ForestMatches::Taken> collected_;  // matches, one behind the other
  std::vector<size_t> collected_ends_;
  MatchView view_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_SHARED_MATCHER_H_
