#include "engine/runtime/shard_lane.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "engine/runtime/matcher_of_rule.h"

namespace telltale::engine {
namespace {

// Quiet timers that are fired with a watermark: a fraction of a millisecond's.
constexpr size_t kQuietASettle = 512;

// Rules alert in bursts, and an alert is large to move.
constexpr size_t kAlertsTogether = 16;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

bool SameSuppression(const rules::Rule& a, const rules::Rule& b) {
  return a.suppress && b.suppress && a.suppress->period == b.suppress->period &&
         a.suppress->names == b.suppress->names;
}

}  // namespace

ShardLane::ShardLane(const CompiledRules& rules, uint32_t lane, int64_t bucket_ns,
                     std::optional<int64_t> begin, ShardMemory& memory, ShardMemory& speculation,
                     Scratch& scratch, RuleCountersTable& counters,
                     std::function<void(Batch*)> release, FeedAlert feed, HoldAlert hold)
    : rules_(rules),
      at_once_(rules.routing->lanes[lane].at_once),
      early_(rules.routing->lanes[lane].early),
      memory_(memory),
      scratch_(scratch),
      counters_(counters),
      release_(std::move(release)),
      feed_(std::move(feed)),
      hold_(std::move(hold)),
      set_begin_(begin.value_or(kMin)),
      dedup_(*rules.routing, rules.routing->lanes[lane]),
      early_duplicates_(dedup_),
      buffer_(bucket_ns),
      watermark_(kMin),
      first_event_(kMin),
      seen_from_(std::numeric_limits<int64_t>::max()) {
  const std::vector<uint32_t>& indexes = rules.routing->lanes[lane].rules;
  for (uint32_t number = 0; number < indexes.size(); ++number) {
    RuleState state;
    state.index = indexes[number];
    state.begin = begin;
    if (early_ && RuleOf(state).early && RuleOf(state).mode != rules::Mode::kBuildingBlock) {
      state.speculation = std::make_unique<Speculation>(rules_, state.index, speculation, scratch_,
                                                        counters_[state.index]);
    }
    states_.push_back(std::move(state));
  }
}

ShardLane::~ShardLane() {
  buffer_.RemoveIf([this](const Entry& entry) {
    Leave(entry);
    return true;
  });
  ForgetKeys();
}

RuleMatcher& ShardLane::MakeMatcherOf(uint32_t number) {
  RuleState& state = states_[number];
  state.matcher = MakeMatcherOfRule(*rules_.routing, state.index, number, memory_, timers_,
                                    quiet_timers_, scratch_, *this);
  return *state.matcher;
}

Suppressor& ShardLane::SuppressorOf(RuleState& state) const {
  if (state.suppressor == nullptr) {
    state.suppressor =
        std::make_unique<Suppressor>(RuleOf(state).suppress->period, GateOf(state).LongestWait());
  }
  return *state.suppressor;
}

void ShardLane::Take(Batch* batch, uint32_t delivery, std::vector<Alert>& alerts) {
  if (!at_once_) {
    Push(batch, delivery);
    if (early_) Speculate(*batch, delivery, alerts);
    return;
  }
  alerts_ = &alerts;
  AlertAtOnce(*batch, batch->deliveries[delivery]);
  alerts_ = nullptr;
}

// The local conditions were all that there is to the rule's one place. An event that fits several
// of its alternatives is taken by the first of them (P6).
void ShardLane::AlertAtOnce(const Batch& batch, const Delivery& delivery) {
  const Event* event = &batch.EventOf(delivery);
  feed_only_ = delivery.feed_only;
  std::array<StepEvents, kMaxSteps> taken{};
  for (const Fit& fit : batch.FitsOf(delivery)) {
    const auto step = static_cast<uint32_t>(std::countr_zero(fit.steps));
    taken[step] = {.events = &event, .size = 1};
    OnMatch(fit.rule, {.events = &event,
                       .steps = &step,
                       .size = 1,
                       .time = event->time,
                       .key = delivery.key,
                       .by_step = taken.data()});
    taken[step] = {};
  }
  feed_only_ = false;
}

void ShardLane::Push(Batch* batch, uint32_t delivery) {
  const Event& event = batch->EventOf(batch->deliveries[delivery]);
  ++batch->waiting;
  for (const Fit& fit : batch->FitsOf(batch->deliveries[delivery]))
    counters_[states_[fit.rule].index].buffered_events.Add();
  buffer_.Push({.time = event.time,
                .offset = event.offset,
                .stream = event.stream,
                .partition = event.partition,
                .batch = batch,
                .delivery = delivery});
}

void ShardLane::Speculate(const Batch& batch, uint32_t number, std::vector<Alert>& alerts) {
  PrefetchPictures(batch, number);
  const Delivery& delivery = batch.deliveries[number];
  const Event& event = batch.EventOf(delivery);
  const std::optional<int64_t> next_was_seen =
      dedup_.active() ? early_duplicates_.Add(event, delivery.key) : std::nullopt;
  for (const Fit& fit : batch.FitsOf(delivery)) {
    RuleState& state = states_[fit.rule];
    if (state.speculation == nullptr || (dedup_.active() && !Concerns(fit))) continue;
    state.speculation->Arrive(event, delivery.key, fit.steps, fit.stops, SettledOf(state), alerts);
  }
  if (!next_was_seen) return;
  for (RuleState& state : states_) {
    // For a rule to which the next one of its value was a duplicate already nothing changes.
    if (state.speculation == nullptr || *next_was_seen > state.begin.value_or(kMin)) continue;
    state.speculation->Redraw(delivery.key, SettledOf(state), alerts);
  }
}

// Of those that come behind it in the batch: where the key is looked up, and then what is found.
void ShardLane::PrefetchPictures(const Batch& batch, uint32_t number) const {
  using Fetch = RuleMatcher::Fetch;
  constexpr std::pair<uint32_t, Fetch> kSteps[] = {{8, Fetch::kBucket}, {4, Fetch::kState}};
  const Delivery& now = batch.deliveries[number];
  for (const auto& [distance, step] : kSteps) {
    if (number + distance >= batch.deliveries.size()) continue;
    const Delivery& next = batch.deliveries[number + distance];
    if (next.lane != now.lane || next.key_group != now.key_group ||
        next.generation != now.generation)
      continue;
    const RuleState& state = states_[batch.FitsOf(next).front().rule];
    if (state.speculation != nullptr) state.speculation->Prefetch(next.key, step);
  }
}

Speculation::Settled ShardLane::SettledOf(RuleState& state) {
  return {.matcher = state.matcher.get(),
          .suppressor = RuleOf(state).suppress ? &SuppressorOf(state) : nullptr,
          .horizon = std::max(seen_from_, state.begin.value_or(kMin)),
          .duplicates = dedup_.active() ? &early_duplicates_ : nullptr,
          .begin = state.begin.value_or(kMin)};
}

void ShardLane::Settle(const LaneTime& time, std::vector<Alert>& alerts) {
  if (time.watermark <= watermark_) return;
  watermark_ = time.watermark;
  first_event_ = time.first_event;
  alerts_ = &alerts;
  buffer_.DrainBefore(watermark_, [this](const Entry& entry, const Buffer::Upcoming& upcoming) {
    Apply(entry, upcoming);
  });
  FireBefore(watermark_);
  FireQuiet(watermark_, kQuietASettle);
  for (RuleState& state : states_) {
    if (!early_) break;
    if (state.speculation != nullptr)
      state.speculation->Settle(SettledOf(state), watermark_, alerts);
  }
  if (const uint64_t forgotten = dedup_.active() ? dedup_.TakeForgotten() : 0; forgotten > 0) {
    for (const RuleState& state : states_) counters_[state.index].limit_hits.Add(forgotten);
  }
  // One rule's suppressions a time: over many settles all of them are swept, and none grows with
  // the number of rules.
  RuleState& swept = states_[next_sweep_++ % states_.size()];
  if (swept.suppressor != nullptr) swept.suppressor->ForgetBefore(watermark_);
  alerts_ = nullptr;
}

void ShardLane::FireBefore(int64_t bound) {
  while (timers_.DueBefore(bound)) {
    const Timer timer = timers_.Pop();
    states_[timer.rule].matcher->Fire(timer);
    CountPartialMatches(states_[timer.rule]);
  }
}

void ShardLane::FireQuiet(int64_t bound, size_t most) {
  for (; most > 0 && quiet_timers_.DueBefore(bound); --most) {
    const Timer timer = quiet_timers_.Pop();
    states_[timer.rule].matcher->Fire(timer);
    CountPartialMatches(states_[timer.rule]);
  }
}

void ShardLane::DropAfter(int64_t time, const std::function<bool(const rules::Rule&)>& goes_on,
                          std::vector<Alert>& alerts) {
  const Speculation::Drops drops = [time](const Event& event) { return event.time > time; };
  early_duplicates_.RemoveIf(drops);
  for (RuleState& state : states_) {
    if (state.speculation == nullptr) continue;
    if (goes_on(RuleOf(state))) {
      state.speculation->DropAndAwait(drops);
    } else {
      state.speculation->Drop(drops, SettledOf(state), alerts);
    }
  }
  buffer_.RemoveIf([&](const Entry& entry) {
    if (entry.time <= time) return false;
    Leave(entry);
    return true;
  });
}

void ShardLane::Obey(const DropPartition& drop, std::vector<Alert>& alerts) {
  // The alerts that rules read (A5) go with the keys that have raised them.
  const uint32_t alerts_stream = rules_.rules->streams->alerts();
  const auto is_dropped = [&](uint32_t stream, uint32_t partition) {
    return (stream == drop.stream && partition == drop.partition) ||
           (drop.forget_keys && stream == alerts_stream);
  };
  const Speculation::Drops drops = [&](const Event& event) {
    return is_dropped(event.stream, event.partition);
  };
  early_duplicates_.RemoveIf(drops);
  for (RuleState& state : states_) {
    if (state.speculation != nullptr) state.speculation->Drop(drops, SettledOf(state), alerts);
  }
  buffer_.RemoveIf([&](const Entry& entry) {
    if (!is_dropped(entry.stream, entry.partition)) return false;
    Leave(entry);
    return true;
  });
  if (drop.forget_keys) {
    ForgetState();
  } else if (!dedup_.active()) {
    return;  // else what stays may be no duplicate any more
  }
  for (RuleState& state : states_) {
    if (state.speculation != nullptr) state.speculation->DrawAll(SettledOf(state), alerts);
  }
}

void ShardLane::ForgetState() {
  for (RuleState& state : states_) {
    if (state.speculation != nullptr) state.speculation->ForgetPictures();
    state.matcher = nullptr;
    state.suppressor = nullptr;
    CountPartialMatches(state);
  }
  timers_ = {};
  quiet_timers_ = {};
  dedup_.Clear();
}

void ShardLane::ForgetKeys() {
  ForgetState();
  for (RuleState& state : states_) {
    if (state.speculation != nullptr) state.speculation->ForgetTold();
  }
}

void ShardLane::AwaitState(const std::function<bool(const rules::Rule&)>& goes_on) {
  for (RuleState& state : states_) {
    if (state.speculation != nullptr && goes_on(RuleOf(state))) state.speculation->AwaitState();
  }
}

void ShardLane::RetractAll(std::vector<Alert>& alerts) {
  for (RuleState& state : states_) {
    if (state.speculation != nullptr) state.speculation->RetractAll(alerts);
  }
}

void ShardLane::TakeOver(uint32_t mine, ShardLane& old, uint32_t number,
                         const std::function<EventHandle(EventHandle)>& relaid,
                         std::vector<Alert>& alerts) {
  RuleState& state = states_[mine];
  RuleState& before = old.states_[number];
  if (before.matcher != nullptr) MatcherOf(mine).TakeOver(*before.matcher, relaid);
  state.begin = before.begin;
  if (dedup_.active() && old.dedup_.active()) dedup_.TakeOver(old.dedup_);
  if (SameSuppression(RuleOf(state), old.RuleOf(before)))
    state.suppressor = std::move(before.suppressor);
  CountPartialMatches(state);
  if (state.speculation == nullptr) return;
  seen_from_ = std::min(seen_from_, old.seen_from_);
  if (before.speculation != nullptr) state.speculation->TakeOver(*before.speculation);
  state.speculation->HasState(SettledOf(state), alerts);
}

void ShardLane::OnMatch(uint32_t number, const Match& match) {
  RuleState& state = states_[number];
  RuleCounters& counters = counters_[state.index];
  counters.matches.Add();
  for (uint32_t i = 1; i < match.size; ++i) {
    if (match.events[i]->time == match.events[i - 1]->time &&
        match.events[i]->stream != match.events[i - 1]->stream) {
      counters.ties.Add();  // T2: their streams' ranks decided
      break;
    }
  }
  using Found = AlertGate::Passed::Verdict;
  const int64_t horizon = std::max(first_event_, state.begin.value_or(kMin));
  const AlertPlan& plan = rules_.routing->plans[state.index];
  const bool suppresses = plan.suppresses() && !plan.suppresses_jointly();
  Alert* told = state.speculation == nullptr ? nullptr : state.speculation->ToldOf(match);
  AlertGate::Passed passed =
      GateOf(state).Pass(match, horizon, suppresses ? &SuppressorOf(state) : nullptr, told);
  counters.condition_errors.Add(passed.errors);
  const bool has_readers_before = match.time <= set_begin_;  // in the set before
  switch (passed.verdict) {
    case Found::kWarmUp:
      return counters.warm_up_quiet.Add();
    case Found::kExcepted:
      counters.excepted.Add();
      return counters.excepted_by[passed.exception].Add();
    case Found::kSuppressed:
      counters.suppressed.Add();
      if (plan.feeds_suppressed() || has_readers_before) FeedSuppressed(state, match);
      return;
    case Found::kAlert:
      if (passed.joint_key) return hold_(std::move(passed.alert), *passed.joint_key);
      if (plan.feeds() || has_readers_before) feed_(state.index, match, passed.alert, false);
      if (RuleOf(state).mode == rules::Mode::kBuildingBlock || feed_only_) return;
      counters.alerts.Add();
      return Deliver(state, match.key, std::move(passed.alert));
  }
}

void ShardLane::Deliver(RuleState& state, const Hash128& key, Alert alert) {
  if (state.speculation != nullptr) state.speculation->Finish(key, alert);
  if (alerts_->empty()) alerts_->reserve(kAlertsTogether);
  alerts_->push_back(std::move(alert));
}

void ShardLane::FeedSuppressed(const RuleState& state, const Match& match) {
  uint32_t errors = 0;
  Alert alert = rules_.routing->plans[state.index].Make(match, scratch_, errors);
  counters_[state.index].condition_errors.Add(errors);
  alert.rules = rules_.rules;
  feed_(state.index, match, alert, true);
}

void ShardLane::OnLimit(uint32_t number, const LimitHit& hit) {
  RuleState& state = states_[number];
  counters_[state.index].limit_hits.Add();
  if (!hit.first_in_hour || RuleOf(state).mode == rules::Mode::kBuildingBlock) return;
  Deliver(state, hit.key, GateOf(state).OfLimit(hit));
}

void ShardLane::OnConditionError(uint32_t number) {
  counters_[states_[number].index].condition_errors.Add();
}

}  // namespace telltale::engine
