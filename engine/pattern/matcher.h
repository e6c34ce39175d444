// Matches one rule over the keys of one shard: (pattern, state, event) -> state', matches.
//
// Events of a key come in total order (T2); between two of them the owner fires the timers that are
// due, so that what the state holds is never out of its window. A partial match is a state of the
// pattern's automaton and the ways out of it that are still open; an event closes ways and makes
// new partial matches of those that take it. Which matches come out, and in which order, are P1 to
// P10 of rules/SEMANTICS.md.
//
// Cost: work for an event is linear in the partial matches of its key, which the rule's limits cap
// (P10). No allocation in steady state: key states, chains and events are recycled. Owner: a
// shard's lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_PATTERN_MATCHER_H_
#define TELLTALE_ENGINE_PATTERN_MATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/condition/condition.h"
#include "engine/event/bytes.h"
#include "engine/event/hash.h"
#include "engine/pattern/bars.h"
#include "engine/pattern/chain.h"
#include "engine/pattern/chain_codec.h"
#include "engine/pattern/event_codec.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/limited_keys.h"
#include "engine/pattern/match_view.h"
#include "engine/pattern/pattern.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/time/timer_queue.h"

namespace telltale::engine {

class Matcher final : public RuleMatcher {
 public:
  Matcher(const Pattern& pattern, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
          Scratch& scratch, MatchReceiver& receiver);
  ~Matcher() override;

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  void Fire(const Timer& timer) override;
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  int64_t partial_matches() const override { return partial_count_; }

  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

  static const size_t kPartialBytes;  // what one of them takes beside its chain

 private:
  struct Partial {
    Chain chain = kNoChain;
    EventHandle first = 0;
    uint32_t state = 0;
    uint32_t taken = 0;      // events
    uint32_t anchors = 0;    // in anchors_; of patterns that have some
    uint32_t born = 0;       // KeyState::events of the event that made it
    bool pending = false;    // it is a match once the greedy ways of its state have ended (P8)
    bool advanced = false;   // one of its ways was taken
    bool completed = false;  // a match began with the same event (P9)
    WayMask open = 0;
    int64_t first_time = 0;
    int64_t last_time = 0;
    int64_t deadline = 0;  // when time ends it, or makes a match of what is pending
  };
  // All steps are done: it waits for its deadline (trailing absences), or for older partial matches
  // (P7).
  struct Done {
    Chain chain = kNoChain;
    EventHandle first = 0;
    int64_t first_time = 0;
    int64_t last_time = 0;
    int64_t time = 0;
    bool by_deadline = false;
  };
  struct KeyState {
    Hash128 key{};
    std::vector<Partial> partials;  // in order of their last event
    std::vector<Done> waiting;      // for the deadline of a trailing absence
    std::vector<Done> finished;     // for older partial matches
    Bars bars;
    int64_t armed = 0;    // the deadline of its timer; kMaxTime: none
    uint32_t events = 0;  // that it has met, round and round
    uint32_t links = 0;   // of its chains
    bool truncated = false;
  };
  // What an event means to the ways of one partial match.
  struct Effect {
    WayMask takes = 0;  // it is taken
    WayMask used = 0;   // closed where the event is passed over
    WayMask ended = 0;  // closed, even where another member of an all_of takes it
  };

  // matcher.cc: keys, time, the order in which things happen.
  KeyState& StateOf(const Hash128& key);
  void Settle(KeyState& state);  // arms its timer, or frees it where nothing is left
  void Release(Chain chain, KeyState& state);
  void Release(const Partial& partial, KeyState& state);
  void DropPartials(KeyState& state);
  void NoteDeadline(KeyState& state, int64_t deadline);
  void NoteAll(KeyState& state);
  void EndByTime(KeyState& state, int64_t now);

  // matcher_codec.cc: states as bytes.
  void DecodePartial(ChainDecoder& chains, KeyState& state, std::vector<int64_t>& anchors,
                     ByteReader& in);
  Done DecodeDone(ChainDecoder& chains, bool waits, ByteReader& in) const;
  void Restore(KeyState&& restored, const std::vector<int64_t>& anchors);

  // matcher_advance.cc: an event and the partial matches that are there.
  void Advance(KeyState& state, const Event& event, StepMask steps, StopMask stops);
  void InOrder(const KeyState& state);
  bool AdvanceOne(KeyState& state, Partial& partial, const Event& event, StepMask steps,
                  StopMask stops);
  Effect EffectOn(const Partial& partial, bool fresh, const Event& event, StepMask steps,
                  StopMask stops);
  void Start(KeyState& state, const Event& event, StepMask steps, StopMask stops);
  void Take(KeyState& state, const Partial* from, const MovePlan& move, WayMask kept,
            const Event& event);
  uint32_t NewAnchors();
  bool Fits(const ProgramPtr& cross, Chain chain, const Event& event);
  bool AnyFits(StopMask stops, Chain chain, const Event& event);
  int64_t AnchorOf(const Partial& partial, const MovePlan& move) const;
  int64_t EndOf(const Partial& partial, WayMask ways) const;
  void UpdateDeadline(Partial& partial) const;

  // matcher_places.cc: what stays.
  void Admit(KeyState& state);
  void MergeArrivals(KeyState& state);
  void AdmitOnePerPlace(KeyState& state);
  void SortByEvents(std::vector<Partial>::iterator begin, std::vector<Partial>::iterator end);
  bool PartialBefore(const Partial& a, const Partial& b) const;
  std::vector<Partial>::iterator BornWith(KeyState& state,
                                          std::vector<Partial>::iterator first) const;
  void DropForLimit(KeyState& state, size_t count);
  void EnforceLimits(KeyState& state, const Event& event);
  void NoteLimit(KeyState& state, const Event& event);

  // matcher_finish.cc: what becomes of matches.
  void Complete(const Partial& partial);
  void KillWaiting(KeyState& state, const Event& event, StopMask stops);
  int64_t TrailingDeadline(int64_t first_time, int64_t last_time, uint32_t absence) const;
  int64_t LastDeadline(const Done& done) const;
  void Finish(KeyState& state, const Event& event);  // REQUIRES: some are completed
  void NoteCompleted(KeyState& state, EventHandle first);
  void NoteKnown(KeyState& state, Chain chain);
  void Hand(KeyState& state, Done done, int64_t now);
  void ReleaseFinished(KeyState& state);  // REQUIRES: some are finished
  bool GoesBefore(const Done& a, const Done& b) const;
  void Skip(KeyState& state, const Done& match);
  void Emit(const KeyState& state, Chain chain, int64_t time, bool timeout);
  void EmitTimeouts(KeyState& state);
  bool FirstBefore(EventHandle a, EventHandle b) const;
  bool SameEvents(Chain a, Chain b) const;  // whatever the steps
  bool SameChain(Chain a, Chain b) const;

  const Pattern& pattern_;
  const rules::Rule& rule_;
  uint32_t number_;
  ShardMemory& memory_;
  TimerQueue& timers_;
  Scratch& scratch_;
  MatchReceiver& receiver_;

  absl::flat_hash_map<Hash128, uint32_t, HashOfHash> by_key_;
  std::vector<std::unique_ptr<KeyState>> states_;
  std::vector<uint32_t> free_states_;
  std::vector<int64_t> anchors_;  // of partial matches: `strands` times each
  std::vector<uint32_t> free_anchors_;
  int64_t partial_count_ = 0;
  LimitedKeys limited_;

  // Of the call under way.
  EventHandle* held_ = nullptr;
  std::vector<Partial> arrivals_;
  std::vector<Done> completed_;
  std::vector<Done> timeouts_;
  std::vector<uint32_t> order_;
  uint32_t limit_step_ = 0;  // of the last event taken
  MatchView view_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_MATCHER_H_
