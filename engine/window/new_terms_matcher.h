// Terms that were not seen before (W4): an event is a result where the values in it did not come on
// its key for `history`, both ends of which count.
//
// Of a term is kept a hash of 128 bits, with its key, and when it was seen last; terms stand in the
// order of that, in which they are forgotten. A key that has as many as limits.events says
// remembers no more, and is quiet until all that was not remembered would have been forgotten.
//
// Cost: O(1) for an event. One timer for all keys. No allocation in steady state. Owner: a shard's
// lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_WINDOW_NEW_TERMS_MATCHER_H_
#define TELLTALE_ENGINE_WINDOW_NEW_TERMS_MATCHER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/pattern/limited_keys.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/state_table.h"
#include "engine/window/time_order.h"

namespace telltale::engine {

struct NewTermsPlan {
  const rules::Rule* rule = nullptr;
  std::vector<std::vector<ProgramPtr>> fields;  // by source
};

// REQUIRES: rule.new_terms. The rule and `inputs` outlive the plan.
absl::StatusOr<NewTermsPlan> CompileNewTerms(const rules::Rule& rule,
                                             const std::vector<EventLayout>& layouts,
                                             const Inputs* inputs);

class NewTermsMatcher final : public RuleMatcher {
 public:
  NewTermsMatcher(const NewTermsPlan& plan, uint32_t rule, TimerQueue& timers, Scratch& scratch,
                  MatchReceiver& receiver);

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t) const override {
    if (step == Fetch::kBucket) keys_.PrefetchSlot(key);
    if (step == Fetch::kSeat) keys_.PrefetchState(key);
    return kNotFound;
  }
  void Fire(const Timer& timer) override;
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  int64_t partial_matches() const override { return static_cast<int64_t>(terms_.size()); }

  bool Keeps(const Hash128& key) const override {
    return keys_.Find(key) != kNoState || limited_.contains(key);
  }
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

 private:
  struct Term {
    Hash128 key{};  // of the key and the term
    int64_t last = 0;
    OrderLink link;  // by that
    uint32_t owner = kNoState;
    uint32_t before = kNoState;  // of the same key
    uint32_t after = kNoState;
  };
  struct KeyState {
    Hash128 key{};
    int64_t quiet_until = 0;
    uint32_t newest = kNoState;  // of its terms
    uint32_t terms = 0;
  };

  int64_t history() const { return plan_.rule->new_terms->history; }
  std::optional<uint64_t> TermOf(const Event& event, uint32_t source);
  static Hash128 NameOf(const Hash128& key, uint64_t term);
  uint32_t Remember(uint32_t owner, const Hash128& name, int64_t time);
  void Forget(uint32_t term);
  void CloseIfDone(uint32_t number, int64_t now);
  void Emit(const Event& event, const Hash128& key, uint32_t source);
  int64_t NextDeadline();
  void Arm();

  const NewTermsPlan& plan_;
  const uint32_t number_;
  TimerQueue& timers_;
  Scratch& scratch_;
  MatchReceiver& receiver_;

  StateTable<Term> terms_;
  StateTable<KeyState> keys_;
  TimeOrder<StateTable<Term>> order_;
  std::vector<uint32_t> quiet_;  // keys
  LimitedKeys limited_;
  int64_t armed_;
  std::vector<StepEvents> by_step_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_NEW_TERMS_MATCHER_H_
