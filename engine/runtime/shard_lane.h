// One lane of one shard for one key group: events in, put into total order, matched, suppressed;
// alerts out. Rules with `emit: early` have a speculation beside what is settled.
//
// What a rule keeps is made when the first event comes that fits it: most rules of a large set see
// nothing of most key groups. Owner: the shard. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_RUNTIME_SHARD_LANE_H_
#define TELLTALE_ENGINE_RUNTIME_SHARD_LANE_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/alert/alert.h"
#include "engine/alert/suppressor.h"
#include "engine/condition/scratch.h"
#include "engine/event/bytes.h"
#include "engine/pattern/event_codec.h"
#include "engine/pattern/layout_book.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/alert_gate.h"
#include "engine/runtime/batch.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/counters.h"
#include "engine/runtime/deduplicator.h"
#include "engine/runtime/early_duplicates.h"
#include "engine/runtime/routing.h"
#include "engine/runtime/speculation.h"
#include "engine/time/reorder_buffer.h"
#include "engine/time/timer_queue.h"

namespace telltale::engine {

// Told of an alert that rules of its set may read (A5), by its rule's index; `suppressed`: it does
// not go out.
using FeedAlert =
    std::function<void(uint32_t rule, const Match& match, const Alert& alert, bool suppressed)>;

// Takes an alert that is to be suppressed together with those of other keys (A3), by this key.
using HoldAlert = std::function<void(Alert alert, const Hash128& key)>;

class ShardLane final : public MatchReceiver {
 public:
  // `begin`: T_s of the rule set, from which on rules without earlier state have seen events (C5);
  // none at a start. `speculation`: the memory of speculations. `release` is told of a batch of
  // which no delivery is waiting any more.
  ShardLane(const CompiledRules& rules, uint32_t lane, int64_t bucket_ns,
            std::optional<int64_t> begin, ShardMemory& memory, ShardMemory& speculation,
            Scratch& scratch, RuleCountersTable& counters, std::function<void(Batch*)> release,
            FeedAlert feed, HoldAlert hold);
  ~ShardLane() override;

  // An event for one of its keys: to wait for the watermark, or to alert at once (K2).
  void Take(Batch* batch, uint32_t delivery, std::vector<Alert>& alerts);
  // Applies what the watermark has passed. Alerts are appended to `alerts`.
  void Settle(const LaneTime& time, std::vector<Alert>& alerts);

  // The least event time so far has fallen (C5); Settle says it, too, but what is told early does
  // not wait for that.
  void NoteEarlierEvent(int64_t time) { seen_from_ = std::min(seen_from_, time); }

  // Of what is buffered, which is read again for the next rules. `goes_on`: whether that has the
  // rule, too, and so its state.
  void DropAfter(int64_t time, const std::function<bool(const rules::Rule&)>& goes_on,
                 std::vector<Alert>& alerts);
  // Where `forget_keys`, with what all keys hold.
  void Obey(const DropPartition& drop, std::vector<Alert>& alerts);
  // The partial matches and suppressions of all rules, and what was told early, which nobody takes
  // back.
  void ForgetKeys();

  // C3: rules that go on wait for the state that they have in the set before.
  void AwaitState(const std::function<bool(const rules::Rule&)>& goes_on);
  // The state of rule `number` of `old` goes on as that of our rule `mine`.
  void TakeOver(uint32_t mine, ShardLane& old, uint32_t number,
                const std::function<EventHandle(EventHandle)>& relaid, std::vector<Alert>& alerts);
  // Takes back what was told early and is told by nobody any more.
  void RetractAll(std::vector<Alert>& alerts);

  // All that its rules keep of keys, as bytes; what waits in the reorder buffer is read again after
  // a restart, and is not among it. The layouts that it names are not described in it.
  void EncodeState(const LayoutBook& layouts, std::string& bytes) const;
  // Goes on with it: of rules that are here with the same fingerprint (C3); others' is passed over.
  // REQUIRES: nothing is kept yet.
  absl::Status DecodeState(std::string_view bytes, EventDecoder& events);

  void OnMatch(uint32_t rule, const Match& match) override;
  void OnLimit(uint32_t rule, const LimitHit& hit) override;
  void OnConditionError(uint32_t rule) override;

 private:
  struct Entry {
    int64_t time = 0;
    int64_t offset = 0;
    uint32_t stream = 0;
    uint32_t partition = 0;
    Batch* batch = nullptr;
    uint32_t delivery = 0;
    // What was found of the key while it was fetched, for a rule that is the only one that it fits.
    mutable uint32_t found = RuleMatcher::kNotFound;
  };
  struct EntryLess {
    bool operator()(const Entry& a, const Entry& b) const {
      if (a.time != b.time) return a.time < b.time;
      if (a.stream != b.stream) return a.stream < b.stream;
      if (a.partition != b.partition) return a.partition < b.partition;
      return a.offset < b.offset;
    }
  };
  using Buffer = ReorderBuffer<Entry, EntryLess>;
  // What is fetched of the events to come, each step as many events farther ahead than the one
  // before it.
  static constexpr RuleMatcher::Fetch kFetches[] = {
      RuleMatcher::Fetch::kPartials, RuleMatcher::Fetch::kState, RuleMatcher::Fetch::kSeat,
      RuleMatcher::Fetch::kBucket};
  static constexpr size_t kEventsApart = 4;

  struct RuleState {
    uint32_t index = 0;                        // in the rule set
    std::optional<int64_t> begin;              // its first T_s
    std::unique_ptr<RuleMatcher> matcher;      // null: nothing has come yet
    std::unique_ptr<Suppressor> suppressor;    // likewise
    std::unique_ptr<Speculation> speculation;  // of a rule that tells early
    int64_t partial_matches = 0;               // as they are in the counters
  };

  void Push(Batch* batch, uint32_t delivery);
  void Speculate(const Batch& batch, uint32_t delivery, std::vector<Alert>& alerts);
  void PrefetchPictures(const Batch& batch, uint32_t delivery) const;
  void AlertAtOnce(const Batch& batch, const Delivery& delivery);
  void Apply(const Entry& entry, const Buffer::Upcoming& upcoming);
  void Prefetch(const Buffer::Upcoming& upcoming) const;
  void PrefetchFor(const Entry& entry, RuleMatcher::Fetch step) const;
  // Whether the event fits something of the rule, or is one of its key's where each is asked for;
  // it may have come for the sake of its value alone (V8).
  bool Concerns(const Fit& fit) const {
    return fit.steps != 0 || fit.stops != 0 ||
           rules_.routing->patterns[states_[fit.rule].index].sees_all;
  }
  // V8: whether it counts for the rule, given when its value was seen last.
  bool Counts(const Fit& fit, int64_t seen_before);
  // It waits no more, whether it was applied or dropped.
  void Leave(const Entry& entry);
  RuleMatcher& MatcherOf(uint32_t number) {
    const RuleState& state = states_[number];
    return state.matcher != nullptr ? *state.matcher : MakeMatcherOf(number);
  }
  RuleMatcher& MakeMatcherOf(uint32_t number);
  void EncodeRule(const RuleState& state, const LayoutBook& layouts, ByteWriter& out) const;
  absl::Status DecodeRule(uint32_t number, EventDecoder& events, ByteReader& in);
  Suppressor& SuppressorOf(RuleState& state) const;
  // Of all key groups together, so it adds what has changed.
  void CountPartialMatches(RuleState& state) {
    const int64_t now = state.matcher == nullptr ? 0 : state.matcher->partial_matches();
    if (now == state.partial_matches) return;
    counters_[state.index].partial_matches.Add(static_cast<uint64_t>(now - state.partial_matches));
    state.partial_matches = now;
  }
  void FireBefore(int64_t bound);
  void FireQuiet(int64_t bound, size_t most);
  // For those that read it with `include: suppressed`.
  void FeedSuppressed(const RuleState& state, const Match& match);
  void ForgetState();
  Speculation::Settled SettledOf(RuleState& state);
  AlertGate GateOf(const RuleState& state) const {
    return AlertGate(rules_, state.index, scratch_);
  }
  void Deliver(RuleState& state, const Hash128& key, Alert alert);
  const rules::Rule& RuleOf(const RuleState& state) const {
    return rules_.rules->rules[state.index];
  }

  const CompiledRules& rules_;
  const bool at_once_;
  const bool early_;
  ShardMemory& memory_;
  Scratch& scratch_;
  RuleCountersTable& counters_;
  std::function<void(Batch*)> release_;
  FeedAlert feed_;
  HoldAlert hold_;
  // T_s of the rule set: alerts of an earlier time may have readers in the one before.
  const int64_t set_begin_;
  bool feed_only_ = false;  // what alerts at once has alerted before a restart
  Deduplicator dedup_;
  EarlyDuplicates early_duplicates_;
  TimerQueue timers_;
  // Of rules of which nobody is told when something runs out of time. However many of them are due
  // at once, an event waits for a few.
  TimerQueue quiet_timers_;
  Buffer buffer_;
  std::vector<RuleState> states_;
  size_t next_sweep_ = 0;
  int64_t watermark_;
  int64_t first_event_;
  int64_t seen_from_;                     // the same, as far as it is known without a Settle
  std::vector<Alert>* alerts_ = nullptr;  // of the Settle under way
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_SHARD_LANE_H_
