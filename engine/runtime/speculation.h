// What a rule with `emit: early` says of its keys before the watermark has passed their events
// (T5).
//
// The picture of a key is what would be settled if the events of the key that have arrived were
// all, and the watermark had just passed the last of them: events that the rule does not ask for
// (by what it asks of an event alone) do not count. It is drawn by a matcher that runs ahead: it
// begins with what is kept of the key at the settled watermark and is given the events that wait,
// in total order. An event that comes behind all of them goes on with it; one that comes before
// some of them, or before a deadline that was taken for passed, has the picture drawn anew. What
// changes is told (engine/alert/early_ledger.h). What is a duplicate (V8) of an event that has
// arrived is left out of it.
//
// Once all events of a key are applied, its picture says what is settled: of patterns it stays, up
// to kMostStaying of them, so that the key's next event goes on with it. Those that have met
// nothing since the hand came by go first.
//
// Cost: in order, of each event what it costs a matcher, once more. To draw a picture the key's
// state is encoded and decoded, and all its events that wait are matched again: for an event that
// comes out of order, and where no picture has stayed. Owner: a shard's lane. Thread: the shard's.
// Units: nanoseconds. Memory: of keys of which events wait, what they have told, and pictures that
// stay.
#ifndef TELLTALE_ENGINE_RUNTIME_SPECULATION_H_
#define TELLTALE_ENGINE_RUNTIME_SPECULATION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "engine/alert/alert.h"
#include "engine/alert/early_ledger.h"
#include "engine/alert/suppressor.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/ahead_matcher.h"
#include "engine/runtime/alert_gate.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/counters.h"
#include "engine/runtime/early_duplicates.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

class Speculation final : public MatchReceiver {
 public:
  // `rule`: its index in the rule set. `memory`: of speculations alone. All references outlive it.
  Speculation(const CompiledRules& rules, uint32_t rule, ShardMemory& memory, Scratch& scratch,
              RuleCounters& counters);
  ~Speculation() override;

  // What is settled, lent for the time of a call.
  struct Settled {
    const RuleMatcher* matcher = nullptr;    // null: nothing has come
    const Suppressor* suppressor = nullptr;  // of a rule that suppresses
    int64_t horizon = 0;                     // C5
    EarlyDuplicates* duplicates = nullptr;   // where a stream of the rule has a `dedup`
    int64_t begin = kNever;                  // what was seen up to it is no duplicate (V8)
  };
  // An event that is to wait, and what of the rule it fits. It stays where it is until it is
  // applied or dropped. What is told goes to `out`, here and below.
  void Arrive(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
              const Settled& settled, std::vector<Alert>& out);
  // As RuleMatcher's, of a key of which an event arrives soon.
  void Prefetch(const Hash128& key, RuleMatcher::Fetch step) const {
    if (step == RuleMatcher::Fetch::kBucket) keys_.prefetch(key);
    ahead_.Prefetch(key, step);
  }
  // What is a duplicate of the key's waiting events has changed.
  void Redraw(const Hash128& key, const Settled& settled, std::vector<Alert>& out);
  // The first of the key's waiting events is applied.
  void Apply(const Hash128& key);
  // As the ledger's.
  Alert* ToldOf(const Match& match) { return ledger_.ToldOf(match, *rules_.rules); }
  // An alert is settled: gives it its status and revision.
  void Finish(const Hash128& key, Alert& alert) { ledger_.Finish(key, alert); }
  // After the watermark has passed: ends what is told of keys of which nothing waits any more.
  void Settle(const Settled& settled, int64_t watermark, std::vector<Alert>& out);

  // Waiting events are dropped. What was told of their keys is awaited where they are read again
  // for a rule that goes on with it, else it is judged by what is left.
  using Drops = std::function<bool(const Event&)>;
  void DropAndAwait(const Drops& drops);
  void Drop(const Drops& drops, const Settled& settled, std::vector<Alert>& out);
  // What is settled has been replaced, by nothing or by what was read from bytes.
  void ForgetPictures();
  void ForgetTold();
  // Draws the picture of every key that waits, or of which something is told.
  void DrawAll(const Settled& settled, std::vector<Alert>& out);

  // C3: it waits for the state of the rule in the set before, and tells nothing until it has it.
  void AwaitState() { has_state_ = false; }
  bool has_state() const { return has_state_; }
  void TakeOver(Speculation& old);
  void HasState(const Settled& settled, std::vector<Alert>& out);
  void RetractAll(std::vector<Alert>& out);

  void EncodeTold(ByteWriter& out) const { ledger_.Encode(out); }
  // Of keys of which no event waits here what was told is awaited. REQUIRES: nothing is told.
  void DecodeTold(ByteReader& in);

  void OnMatch(uint32_t rule, const Match& match) override;
  void OnLimit(uint32_t rule, const LimitHit& hit) override;
  void OnConditionError(uint32_t rule) override;

 private:
  struct Waiting {
    const Event* event = nullptr;
    StepMask steps = 0;
    StopMask stops = 0;
  };
  struct Key {
    absl::InlinedVector<Waiting, 1> waiting;  // from `first` on, in total order
    size_t first = 0;
    // Of its picture.
    bool drawn = false;                      // there is one
    bool stays = false;                      // in staying_
    bool met = false;                        // by an event, since the hand came by
    int64_t passed = kNever;                 // deadlines below it have been taken for passed
    int64_t horizon = 0;                     // C5
    std::unique_ptr<Suppressor> suppressor;  // of a rule that suppresses

    bool empty() const { return first == waiting.size(); }
  };
  using Keys = HashMap<Key>;
  static constexpr size_t kMostStaying = 1 << 14;

  bool GoesOn(const Hash128& key, Key& of_key, bool stayed, const Settled& settled);
  void Draw(const Hash128& key, Key& of_key, const Settled& settled, std::vector<Alert>& out);
  void Process(const Hash128& key, Key& of_key, const Waiting& waiting, const Settled& settled);
  void Pass(const Hash128& key, Key& of_key, int64_t bound);
  void Stay(const Hash128& key, Key& of_key);
  void Erase(Keys::iterator key);
  std::vector<Hash128> DropFrom(const Drops& drops);
  void DrawEach(std::vector<Hash128>& keys, const Settled& settled, std::vector<Alert>& out);
  void Count();

  const CompiledRules& rules_;
  const AlertGate gate_;
  RuleCounters& counters_;
  AheadMatcher ahead_;
  EarlyLedger ledger_;
  bool has_state_ = true;
  Keys keys_;                     // of which events wait, or a picture stays
  std::vector<Hash128> staying_;  // a ring; maybe of keys that are gone
  size_t hand_ = 0;               // in it
  std::vector<Hash128> applied_;  // maybe the last event, since Settle
  int64_t watermark_ = kNever;    // of the last Settle
  // As the counters have them.
  int64_t outstanding_ = 0;
  int64_t retracted_ = 0;

  // Of the call under way.
  const Key* key_ = nullptr;
  std::vector<Alert> found_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_SPECULATION_H_
