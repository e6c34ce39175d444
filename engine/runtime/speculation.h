// What a rule with `emit: early` says of its keys before the watermark has passed their events
// (T5).
//
// The picture of a key is what would be settled if the events of the key that have arrived were
// all, and the watermark had just passed the last of them: events that the rule does not ask for
// (by what it asks of an event alone) do not count. It is drawn by a matcher of its own, which
// begins with what is kept of the key at the settled watermark and is given the events that wait,
// in total order. An event that comes behind all of them goes on with it; one that comes before
// some of them, or before a deadline that was taken for passed, has the picture drawn anew. What
// changes is told (engine/alert/early_ledger.h).
//
// Cost: of a key without waiting events its state is encoded and decoded; so it is for each event
// that comes out of order, whereupon all that wait of the key are matched again. Owner: a shard's
// lane. Thread: the shard's. Units: nanoseconds. Memory: of keys of which events wait, and what
// they have told.
#ifndef TELLTALE_ENGINE_RUNTIME_SPECULATION_H_
#define TELLTALE_ENGINE_RUNTIME_SPECULATION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/alert/alert.h"
#include "engine/alert/early_ledger.h"
#include "engine/alert/suppressor.h"
#include "engine/pattern/layout_book.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/alert_gate.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/counters.h"
#include "engine/time/timer_queue.h"

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
  };
  // An event that is to wait, and what of the rule it fits. It stays where it is until it is
  // applied or dropped. What is told goes to `out`, here and below.
  void Arrive(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
              const Settled& settled, std::vector<Alert>& out);
  // The first of the key's waiting events is applied.
  void Apply(const Hash128& key);
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
  // A matcher that is ahead of what is settled.
  struct Picture {
    TimerQueue timers;
    std::unique_ptr<RuleMatcher> matcher;
    std::optional<Suppressor> suppressor;
    int64_t passed = 0;   // deadlines below it have been taken for passed
    int64_t horizon = 0;  // C5
  };
  struct Key {
    std::vector<Waiting> waiting;  // from `first` on, in total order
    size_t first = 0;
    std::unique_ptr<Picture> picture;  // null: to be drawn

    bool empty() const { return first == waiting.size(); }
  };

  void Draw(const Hash128& key, Key& of_key, const Settled& settled, std::vector<Alert>& out);
  void Begin(const Hash128& key, Picture& picture, const Settled& settled);
  void Process(const Hash128& key, Picture& picture, const Waiting& waiting);
  void Pass(Picture& picture, int64_t bound);
  std::vector<Hash128> DropFrom(const Drops& drops);
  void Count();

  const CompiledRules& rules_;
  const AlertGate gate_;
  const uint32_t rule_;
  ShardMemory& memory_;
  Scratch& scratch_;
  RuleCounters& counters_;
  const LayoutBook layouts_;
  EarlyLedger ledger_;
  bool has_state_ = true;
  absl::flat_hash_map<Hash128, Key, HashOfHash> keys_;  // of which events wait
  std::vector<Hash128> applied_;                        // maybe the last event, since Settle
  // As the counters have them.
  int64_t outstanding_ = 0;
  int64_t retracted_ = 0;

  // Of the call under way.
  Picture* picture_ = nullptr;
  std::vector<Alert> found_;
  std::string bytes_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_SPECULATION_H_
