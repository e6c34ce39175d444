// Matches one rule over the keys of one shard: (pattern, state, event) -> state', matches.
//
// Events of a key come in total order (T2); between two of them the owner fires the timers that are
// due, so that what the state holds is never out of its window. A partial match is a state of the
// pattern's automaton and the ways out of it that are still open; an event closes ways and makes
// new partial matches of those that take it. Which matches come out, and in which order, are P1 to
// P10 of rules/SEMANTICS.md.
//
// Cost: where few partial matches wait on a key, each looks at its events. Where many do (`match:
// all`), an event finds those that it concerns by the step or `not` that they wait for, and by the
// hash of the value where that is joined by an equality; a moment finds those that it ends. Linear
// in what waits are then only conditions without an equality, events whose side of one cannot be
// compared, and matches that skip (P7). The rule's limits cap it all (P10). No allocation in steady
// state: key states, chains and events are recycled. Keys that were not met for a while are at rest
// (matcher_rest.cc), and woken. Owner: a shard's lane. Thread: the shard's.
// Units: nanoseconds.
#ifndef TELLTALE_ENGINE_PATTERN_MATCHER_H_
#define TELLTALE_ENGINE_PATTERN_MATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/event/bytes.h"
#include "engine/event/hash.h"
#include "engine/event/stable_vector.h"
#include "engine/pattern/bars.h"
#include "engine/pattern/block_pool.h"
#include "engine/pattern/chain.h"
#include "engine/pattern/chain_codec.h"
#include "engine/pattern/event_codec.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/key_table.h"
#include "engine/pattern/limited_keys.h"
#include "engine/pattern/match_view.h"
#include "engine/pattern/pattern.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/pattern/wait_index.h"
#include "engine/pattern/warm_keys.h"
#include "engine/time/timer_queue.h"

namespace telltale::engine {

class Matcher final : public PatternMatcher, private WarmKeys::Owner {
 public:
  Matcher(const Pattern& pattern, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
          Scratch& scratch, MatchReceiver& receiver);
  ~Matcher() override;

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t found) const override;
  void Fire(const Timer& timer) override;
  bool EndBefore(const Hash128& key, int64_t bound) override;
  void Forget(const Hash128& key) override;
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  int64_t partial_matches() const override { return partial_count_; }

  bool Keeps(const Hash128& key) const override {
    return keys_.Find(key) != KeyTable::kNone || limited_.contains(key);
  }
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

  static const size_t kPartialBytes;  // what one of them takes beside its chain

 private:
  struct Partial {
    Chain chain = kNoChain;
    EventHandle first = 0;
    uint32_t state = 0;
    uint32_t anchors = 0;    // in anchors_; of patterns that have some
    uint32_t born = 0;       // KeyState::events of the event that made it
    bool pending = false;    // it is a match once the greedy ways of its state have ended (P8)
    bool broken = false;     // of what is pending: a trailing `not` has happened
    bool advanced = false;   // one of its ways was taken
    bool completed = false;  // a match began with the same event (P9)
    uint32_t ranking = 0;    // 0: none. Of one ranking those of a lower rank, and what they make,
    uint32_t rank = 0;       // go before those of a higher one; of one rank, it is not known.
    WayMask open = 0;
    int64_t first_time = 0;
    int64_t last_time = 0;
    int64_t deadline = 0;  // when time ends it, or makes a match of what is pending
  };
  // Pending, and about to be known.
  struct Due {
    Chain chain = kNoChain;
    uint32_t place = 0;  // in `partials`
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
    bool broken = false;  // it is complete (P6, P9), but a trailing `not` has happened
    uint64_t count = 1;   // of matches that it stands for
  };
  // What is kept beside the partial matches and the waiting ones of a key where they are many.
  // Both then keep their places when others go: those stay behind, without a chain, until half of
  // them are such.
  struct Crowd {
    WaitIndex index;
    uint32_t gone = 0;          // of the partial matches
    uint32_t gone_waiting = 0;  // of those that wait
    uint32_t front = 0;         // no partial match stands before it
    uint32_t fresh = 0;         // from here on they were made by the last event
  };
  struct KeyState {
    Hash128 key{};
    std::vector<Partial> partials;  // in order of their last event
    std::vector<Done> waiting;      // for the deadline of a trailing absence
    std::vector<Done> finished;     // for older partial matches
    std::unique_ptr<Crowd> crowd;   // null: they are few
    Bars bars;
    int64_t armed = 0;    // the deadline of its timer; kMaxTime: none
    uint32_t events = 0;  // that it has met, round and round
    uint32_t links = 0;   // of its chains
    bool truncated = false;
    bool has_turn = false;            // in the ring of what is warm
    bool met = false;                 // since its last turn
    uint32_t place = 0;               // in states_
    uint32_t seat = KeyTable::kNone;  // kNone: it is free
    uint32_t next_free = KeyTable::kNone;
  };
  // Of a seat's place: what is kept of the key is at rest, in this block.
  static constexpr uint32_t kResting = uint32_t{1} << 31;
  // What something waits for, as a role of the index: a step by its number, a stop from kStops on;
  // with kAsked where a join does not tell whom it concerns.
  static constexpr uint32_t kStops = kMaxSteps;
  static constexpr uint32_t kBeginsWith = kStops + kMaxStops;  // the match that is complete (P9)
  static constexpr uint32_t kPendingAt = kBeginsWith + 1;      // its last event (P8)
  static constexpr uint32_t kAsked = 128;
  static constexpr uint32_t kWaiting = uint32_t{1} << 31;
  static size_t Alive(const KeyState& state) {
    return state.partials.size() - (state.crowd == nullptr ? 0 : state.crowd->gone);
  }

  // What an event means to the ways of one partial match.
  struct Effect {
    WayMask takes = 0;  // it is taken
    WayMask used = 0;   // closed where the event is passed over
    WayMask ended = 0;  // closed, even where another member of an all_of takes it
  };

  // matcher.cc: keys, time, the order in which things happen.
  KeyState& NewState(const Hash128& key);  // REQUIRES: there is none
  KeyState& TakeState(uint32_t seat);      // empty
  void FreeState(KeyState& state);         // REQUIRES: it is empty
  void Settle(KeyState& state);            // frees it where nothing is left
  void KeepWarm(KeyState& state);
  void Release(Chain chain, KeyState& state);
  void Release(const Partial& partial, KeyState& state);
  // It goes; Sweep then closes the gap.
  void Drop(KeyState& state, Partial& partial);
  void Drop(KeyState& state, Done& waiting);
  void Sweep(KeyState& state);
  void DropPartials(KeyState& state);
  void NoteDeadline(KeyState& state, int64_t deadline);
  void NoteAll(KeyState& state);
  void EndByTime(KeyState& state, int64_t now);
  bool EndOverdue(uint32_t seat, int64_t time);
  void CompleteByTime(KeyState& state, int64_t now);
  void EndPartial(KeyState& state, Partial& partial, int64_t now);

  // matcher_crowd.cc: finding what an event or a moment concerns, where many wait on a key.
  void MakeCrowd(KeyState& state);
  void EndCrowd(KeyState& state);
  void Compact(KeyState& state);
  void Enter(KeyState& state, uint32_t number);
  void EnterUnder(KeyState& state, uint32_t role, const CrossPlan& plan, Chain chain,
                  uint32_t number);
  bool Waits(const KeyState& state, uint32_t role, uint32_t number) const;
  bool Ends(const KeyState& state, int64_t deadline, uint32_t number) const;
  bool FindUnder(KeyState& state, uint32_t role, const Joins& joins, const Event& event);
  void FindConcerned(KeyState& state, const Event& event, StepMask steps, StopMask stops);
  void FindKillable(KeyState& state, const Event& event, StopMask stops);
  void FindDue(KeyState& state, int64_t now);

  // matcher_rest.cc: keys that nothing has met for a while.
  bool Turn(uint32_t place, bool must_rest) override;
  void Rest(KeyState& state);
  bool EndsQuietly(const KeyState& state) const;
  void PutPartial(const KeyState& state, const Partial& partial, char*& at) const;
  void TakePartial(const char*& at, const KeyState& state, Partial& partial,
                   std::vector<int64_t>& anchors) const;
  void Unfold(const char* block, KeyState& state, std::vector<int64_t>& anchors) const;
  void Adopt(KeyState& state, const std::vector<int64_t>& anchors);
  KeyState& StateAt(uint32_t seat);  // wakes it
  bool EndAtRest(uint32_t seat);
  void ReleaseBlock(BlockPool::Handle handle);

  // matcher_codec.cc: states as bytes.
  void EncodeState(const KeyState& state, const std::vector<int64_t>& anchors,
                   const LayoutBook& layouts, ByteWriter& out) const;
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
  void Meet(const Partial& partial, const MovePlan& move, bool fresh, const Event& event,
            StepMask steps, StopMask stops, Effect& effect);
  void Start(KeyState& state, const Event& event, StepMask steps, StopMask stops);
  void Take(KeyState& state, const Partial* from, const MovePlan& move, WayMask kept,
            const Event& event);
  uint32_t NewAnchors();
  bool Fits(const CrossPlan& plan, Chain chain, const Event& event);
  void ShowFor(const CrossPlan& plan, Chain chain);
  bool AnyFits(StopMask stops, Chain chain, const Event& event);
  int64_t AnchorOf(const Partial& partial, const MovePlan& move) const;
  int64_t EndOf(const Partial& partial, WayMask ways) const;
  void UpdateDeadline(Partial& partial) const;

  // matcher_places.cc: what stays.
  void Admit(KeyState& state);
  void MergeArrivals(KeyState& state);
  bool SameAnchors(const Partial& a, const Partial& b) const;
  void AdmitOnePerPlace(KeyState& state);
  void EnforceLimits(KeyState& state, const Event& event);
  bool FindGroupToDrop(KeyState& state);
  size_t DropOfGroup(KeyState& state, size_t over);
  void RankGroup(KeyState& state);
  // Places of partial matches of one last event.
  bool IsBefore(const KeyState& state, uint32_t a, uint32_t b) const;
  void NoteLimit(KeyState& state, const Event& event);

  // matcher_finish.cc: what becomes of matches.
  void Complete(const Partial& partial);
  void KillWaiting(KeyState& state, const Event& event, StopMask stops);
  int64_t TrailingDeadline(int64_t first_time, int64_t last_time, uint32_t absence) const;
  int64_t LastDeadline(const Done& done) const;
  void MergeCompleted(KeyState& state);
  void Finish(KeyState& state, const Event& event);
  void CountCompleted(KeyState& state);
  void NoteCompleted(KeyState& state, EventHandle first);
  void NoteKnown(KeyState& state, Chain chain);
  void Hand(KeyState& state, Done done, int64_t now);
  void ReleaseFinished(KeyState& state);  // REQUIRES: some are finished
  bool GoesBefore(const Done& a, const Done& b) const;
  void Skip(KeyState& state, const Done& match);
  void Emit(const KeyState& state, const Done& done, bool timeout);
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

  KeyTable keys_;  // a seat's place: a state, or with kResting a block
  StableVector<KeyState> states_;
  uint32_t free_state_ = KeyTable::kNone;
  std::vector<int64_t> anchors_;  // of partial matches: `strands` times each
  std::vector<uint32_t> free_anchors_;
  std::vector<std::unique_ptr<Crowd>> free_crowds_;
  int64_t partial_count_ = 0;
  uint32_t last_ranking_ = 0;
  LimitedKeys limited_;

  // Of the call under way.
  EventHandle* held_ = nullptr;
  std::vector<Partial> arrivals_;
  std::vector<Done> completed_;
  std::vector<Done> timeouts_;
  std::vector<Due> due_;
  std::vector<uint32_t> order_;  // places in `partials`; with kWaiting in `waiting`
  std::vector<int64_t> rest_anchors_;
  std::vector<uint32_t> places_;  // after those that have gone
  bool gaps_ = false;             // some have gone since the last Sweep
  MatchView view_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_MATCHER_H_
