// What a shard's lane asks of whatever matches one rule over its keys, and what it is told.
//
// There are two: Matcher keeps partial matches one by one, SharedMatcher keeps those that an event
// has made alike as one. Owner: a shard's lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_PATTERN_RULE_MATCHER_H_
#define TELLTALE_ENGINE_PATTERN_RULE_MATCHER_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "engine/condition/condition.h"
#include "engine/event/hash.h"
#include "engine/pattern/block_pool.h"
#include "engine/pattern/chain.h"
#include "engine/pattern/event_codec.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/layout_book.h"
#include "engine/pattern/pattern.h"
#include "engine/pattern/warm_keys.h"
#include "engine/time/timer_queue.h"
#include "rules/model/key_parts.h"

namespace telltale::engine {

inline constexpr int64_t kNoLookBack = std::numeric_limits<int64_t>::max();

// What a result of a window (W1) has besides.
struct WindowResult {
  int64_t start = 0;
  int64_t end = 0;                // closed where the window is a sliding one or a session
  const Value* values = nullptr;  // by AggregateCall
  bool by_event = false;          // the last event decided it, else time did
};

// A finished match, a partial one that ran out of time (P9) or a result of a window, lent for the
// time of the call.
struct Match {
  const Event* const* events = nullptr;  // in total order; of an empty window none
  const uint32_t* steps = nullptr;       // the step of each
  uint32_t size = 0;
  int64_t time = 0;        // of the last event, or the deadline that was reached
  bool timeout = false;    // P9
  bool truncated = false;  // a cap acted on this key since its state began (P10)
  uint64_t count = 1;      // it stands for so many (P6, `match: count`)
  Hash128 key{};
  const StepEvents* by_step = nullptr;  // the same events by step, for expressions
  const WindowResult* window = nullptr;
  // Where there are no events: the parts of the key.
  const rules::KeyParts* key_parts = nullptr;
  // C5: how far the rule looked back for it, leading `not`s aside; kNoLookBack: to no time.
  int64_t looks_back_to = kNoLookBack;
};

// A cap of P10 has acted.
struct LimitHit {
  const Event* event = nullptr;  // the one at which it acted; a step need not have taken it
  Hash128 key{};
  int64_t hour = 0;            // the begin of its hour of event time
  bool first_in_hour = false;  // of this rule and key
};

class MatchReceiver {
 public:
  virtual ~MatchReceiver() = default;
  virtual void OnMatch(uint32_t rule, const Match& match) = 0;
  virtual void OnLimit(uint32_t rule, const LimitHit& hit) = 0;
  virtual void OnConditionError(uint32_t rule) = 0;
};

// With more things waiting on a key than this they are found by an index, with half as many no
// more.
inline constexpr uint32_t kIndexFrom = 16;

class Baselines;  // engine/window/baselines.h

struct ShardMemory {
  uint32_t index_from = kIndexFrom;
  // The keys of a matcher are not at the same time, as where it runs ahead of what is settled (T5).
  bool keys_apart = false;
  BlockPool blocks;
  EventStore events{blocks};
  ChainPool chains{events};
  WarmKeys warm;
  // What windows say of the event that is being processed, by call, for conditions that refer to
  // steps as well (W3); null: the rule has no windows.
  const Value* measured = nullptr;
  // Of the rule whose window is under way; null: it has none.
  Baselines* baselines = nullptr;
};

inline constexpr EventHandle kNoEvent = 0xffffffff;

class RuleMatcher {
 public:
  virtual ~RuleMatcher() = default;
  RuleMatcher(const RuleMatcher&) = delete;
  RuleMatcher& operator=(const RuleMatcher&) = delete;

  // `steps` and `stops`: those whose local conditions the event fits and whose `by` gives the key.
  // `held` is the shard's handle of the event, made by the first matcher that takes it (kNoEvent
  // before).
  virtual void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
                       EventHandle& held) = 0;
  // Brings what is kept of a key of which an event comes soon into the cache, a step a time, for
  // each needs what the one before it has brought. Returns what it has found of the key, to spare
  // the next step the search, which is given it as `found`; kNotFound: nothing, or nothing yet. By
  // then it may be another key's, nobody's, or of a matcher that was there before this one.
  enum class Fetch : uint8_t { kBucket, kSeat, kState, kPartials };
  static constexpr uint32_t kNotFound = UINT32_MAX;
  virtual uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t found) const = 0;
  // Beyond this one there is nothing to bring, or nothing that is worth asking for.
  Fetch last_fetch() const { return last_fetch_; }
  // A timer that this matcher armed is due: all with a deadline up to timer.deadline end. REQUIRES:
  // every event up to the deadline has been processed, and none after it, unless the pattern ends
  // quietly.
  virtual void Fire(const Timer& timer) = 0;

  // C3: takes over all state of a matcher of a rule with the same fingerprint in the same shard
  // memory. `relaid` gives the handle, with a reference for the caller, of an event in the layout
  // of the new rule set.
  virtual void TakeOver(RuleMatcher& old,
                        const std::function<EventHandle(EventHandle)>& relaid) = 0;

  // Whether something is kept of the key.
  virtual bool Keeps(const Hash128& key) const = 0;
  // Every key of which something is kept, in any order.
  virtual void ForEachKey(const std::function<void(const Hash128&)>& visit) const = 0;
  // Appends what is kept of the key, which is something, in its byte form (state_codec.h), which
  // names the layouts of `layouts`: those of this rule set.
  virtual void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const = 0;
  // Goes on with what Encode wrote, in whatever process. Where it fails nothing has changed.
  // ALREADY_EXISTS: the key has a state.
  virtual absl::Status Decode(std::string_view bytes, EventDecoder& events) = 0;

  virtual int64_t partial_matches() const = 0;

 protected:
  explicit RuleMatcher(Fetch last_fetch = Fetch::kPartials) : last_fetch_(last_fetch) {}
  void FetchUpTo(Fetch last) { last_fetch_ = last; }

 private:
  Fetch last_fetch_;
};

// One that keeps its keys apart: what becomes of a key hangs on no other.
class PatternMatcher : public RuleMatcher {
 public:
  // What of the key has a deadline below `bound` ends, its timers or not. Whether there was such.
  // REQUIRES: as of Fire, for the key.
  virtual bool EndBefore(const Hash128& key, int64_t bound) = 0;
  // Drops all that is kept of the key.
  virtual void Forget(const Hash128& key) = 0;
};

// The one for the pattern. `rule` is its number in the lane: what it says to timers and receiver.
// All references outlive it.
std::unique_ptr<PatternMatcher> MakeMatcher(const Pattern& pattern, uint32_t rule,
                                            ShardMemory& memory, TimerQueue& timers,
                                            Scratch& scratch, MatchReceiver& receiver);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_RULE_MATCHER_H_
