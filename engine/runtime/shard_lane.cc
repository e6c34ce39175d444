#include "engine/runtime/shard_lane.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "engine/window/new_terms_matcher.h"
#include "engine/window/window_matcher.h"

namespace telltale::engine {
namespace {

// Quiet timers that are fired at a time: with an event more than it can arm, so that they never
// become more for long, and with a watermark a fraction of a millisecond's.
constexpr size_t kQuietAnEvent = 4;  // and fit
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
                     std::optional<int64_t> begin, ShardMemory& memory, Scratch& scratch,
                     RuleCountersTable& counters, std::function<void(Batch*)> release,
                     FeedAlert feed)
    : rules_(rules),
      at_once_(rules.routing->lanes[lane].at_once),
      memory_(memory),
      scratch_(scratch),
      counters_(counters),
      release_(std::move(release)),
      feed_(std::move(feed)),
      set_begin_(begin.value_or(kMin)),
      dedup_(*rules.routing, rules.routing->lanes[lane]),
      buffer_(bucket_ns),
      watermark_(kMin),
      first_event_(kMin) {
  const std::vector<uint32_t>& indexes = rules.routing->lanes[lane].rules;
  for (uint32_t number = 0; number < indexes.size(); ++number) {
    RuleState state;
    state.index = indexes[number];
    state.begin = begin;
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

RuleMatcher& ShardLane::MatcherOf(uint32_t number) {
  RuleState& state = states_[number];
  if (state.matcher != nullptr) return *state.matcher;
  const Routing& routing = *rules_.routing;
  if (const WindowPlan* window = routing.windows[state.index].get()) {
    state.matcher = MakeWindowMatcher(*window, number, memory_, timers_, scratch_, *this);
  } else if (const NewTermsPlan* terms = routing.new_terms[state.index].get()) {
    state.matcher = std::make_unique<NewTermsMatcher>(*terms, number, timers_, scratch_, *this);
  } else {
    const Pattern& pattern = routing.patterns[state.index];
    state.matcher = MakeMatcher(pattern, number, memory_,
                                pattern.ends_quietly ? quiet_timers_ : timers_, scratch_, *this);
  }
  return *state.matcher;
}

Suppressor& ShardLane::SuppressorOf(RuleState& state) const {
  if (state.suppressor == nullptr) {
    const rules::Rule& rule = RuleOf(state);
    // A match keeps its time while it waits: for older ones in the rule's window (P7), or for its
    // greedy end, which without a window may take for ever (P8).
    const bool greedy = rules_.routing->patterns[state.index].greedy_end;
    int64_t longest_wait = greedy ? std::numeric_limits<int64_t>::max() : 0;
    if (greedy || rule.after_match.kind != rules::SkipKind::kNoSkip)
      longest_wait = rule.within.value_or(longest_wait);
    state.suppressor = std::make_unique<Suppressor>(rule.suppress->period, longest_wait);
  }
  return *state.suppressor;
}

// Of all key groups together, so it adds what has changed.
void ShardLane::CountPartialMatches(RuleState& state) {
  const int64_t now = state.matcher == nullptr ? 0 : state.matcher->partial_matches();
  counters_[state.index].partial_matches.Add(static_cast<uint64_t>(now - state.partial_matches));
  state.partial_matches = now;
}

void ShardLane::Take(Batch* batch, uint32_t delivery, std::vector<Alert>& alerts) {
  if (!at_once_) return Push(batch, delivery);
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

void ShardLane::Settle(const LaneTime& time, std::vector<Alert>& alerts) {
  if (time.watermark <= watermark_) return;
  watermark_ = time.watermark;
  first_event_ = time.first_event;
  alerts_ = &alerts;
  buffer_.DrainBefore(
      watermark_, [this](const Entry& entry) { Apply(entry); },
      [this](const Entry* entries) { Prefetch(entries); });
  FireBefore(watermark_);
  FireQuiet(watermark_, kQuietASettle);
  if (const uint64_t forgotten = dedup_.active() ? dedup_.TakeForgotten() : 0; forgotten > 0) {
    for (const RuleState& state : states_) counters_[state.index].limit_hits.Add(forgotten);
  }
  // One rule's suppressions a time: over many settles all of them are swept, and none grows with
  // the number of rules.
  RuleState& swept = states_[next_sweep_++ % states_.size()];
  if (swept.suppressor != nullptr) swept.suppressor->ForgetBefore(watermark_);
  alerts_ = nullptr;
}

void ShardLane::Apply(const Entry& entry) {
  const Delivery& delivery = entry.batch->deliveries[entry.delivery];
  const Event& event = entry.batch->EventOf(delivery);
  FireBefore(event.time);  // deadlines are closed: an event at the deadline still counts
  const int64_t seen_before = dedup_.active() ? dedup_.SeenBefore(event, delivery.key) : kNever;
  EventHandle held = kNoEvent;
  for (const Fit& fit : entry.batch->FitsOf(delivery)) {
    if (dedup_.active() && !Counts(fit, seen_before)) continue;
    MatcherOf(fit.rule).Process(event, delivery.key, fit.steps, fit.stops, held);
    CountPartialMatches(states_[fit.rule]);
  }
  if (held != kNoEvent) memory_.events.Unref(held);
  FireQuiet(event.time, kQuietAnEvent * delivery.fit_count);
  Leave(entry);
}

bool ShardLane::Counts(const Fit& fit, int64_t seen_before) {
  const RuleState& state = states_[fit.rule];
  const bool fits = fit.steps != 0 || fit.stops != 0;
  if (seen_before != kNever && seen_before > state.begin.value_or(kMin)) {
    if (fits) counters_[state.index].duplicates.Add();
    return false;
  }
  // It came for the sake of its value alone.
  return fits || rules_.routing->patterns[state.index].sees_all;
}

// Of the first rule alone: where there are many, the cache is not theirs.
void ShardLane::Prefetch(const Entry* entries) const {
  using Fetch = RuleMatcher::Fetch;
  constexpr std::pair<size_t, Fetch> kSteps[] = {{kAhead, Fetch::kBucket},
                                                 {kAhead / 2, Fetch::kSeat},
                                                 {kAhead / 4, Fetch::kState},
                                                 {kAhead / 8, Fetch::kPartials}};
  for (const auto& [distance, step] : kSteps) {
    const Entry& entry = entries[distance];
    const Delivery& delivery = entry.batch->deliveries[entry.delivery];
    const RuleState& state = states_[entry.batch->FitsOf(delivery).front().rule];
    if (state.matcher != nullptr) state.matcher->Prefetch(delivery.key, step);
  }
}

void ShardLane::Leave(const Entry& entry) {
  for (const Fit& fit : entry.batch->FitsOf(entry.batch->deliveries[entry.delivery]))
    counters_[states_[fit.rule].index].buffered_events.Subtract();
  release_(entry.batch);
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

void ShardLane::DropAfter(int64_t time) {
  buffer_.RemoveIf([&](const Entry& entry) {
    if (entry.time <= time) return false;
    Leave(entry);
    return true;
  });
}

void ShardLane::DropPartition(uint32_t stream, uint32_t partition) {
  buffer_.RemoveIf([&](const Entry& entry) {
    if (entry.stream != stream || entry.partition != partition) return false;
    Leave(entry);
    return true;
  });
}

void ShardLane::DropStream(uint32_t stream) {
  buffer_.RemoveIf([&](const Entry& entry) {
    if (entry.stream != stream) return false;
    Leave(entry);
    return true;
  });
}

void ShardLane::ForgetKeys() {
  for (RuleState& state : states_) {
    state.matcher = nullptr;
    state.suppressor = nullptr;
    CountPartialMatches(state);
  }
  timers_ = {};
  quiet_timers_ = {};
  dedup_.Clear();
}

void ShardLane::TakeOver(uint32_t mine, ShardLane& old, uint32_t number,
                         const std::function<EventHandle(EventHandle)>& relaid) {
  RuleState& state = states_[mine];
  RuleState& before = old.states_[number];
  if (before.matcher != nullptr) MatcherOf(mine).TakeOver(*before.matcher, relaid);
  state.begin = before.begin;
  if (dedup_.active() && old.dedup_.active()) dedup_.TakeOver(old.dedup_);
  if (SameSuppression(RuleOf(state), old.RuleOf(before)))
    state.suppressor = std::move(before.suppressor);
  CountPartialMatches(state);
}

// C5: the look-back of a window or a leading absence reaches before the first event that the rule
// could have seen.
bool ShardLane::IsWarmUp(const RuleState& state, const Match& match) const {
  const rules::Rule& rule = RuleOf(state);
  if (rule.warm_up == rules::WarmUp::kAssumeEmpty) return false;
  const Pattern& pattern = rules_.routing->patterns[state.index];
  const int64_t horizon = std::max(first_event_, state.begin.value_or(kMin));
  if (match.looks_back_to < horizon) return true;
  for (StopMask rest = pattern.leading; rest != 0; rest &= rest - 1) {
    const StopPlan& absence = pattern.stops[static_cast<size_t>(std::countr_zero(rest))];
    int64_t reach;
    if (__builtin_sub_overflow(match.events[0]->time, absence.within, &reach) || reach < horizon)
      return true;
  }
  return false;
}

bool ShardLane::IsExcepted(const RuleState& state, const Match& match) {
  const AlertPlan::Exempt exempt = rules_.routing->plans[state.index].Except(match, scratch_);
  RuleCounters& counters = counters_[state.index];
  counters.condition_errors.Add(exempt.errors);
  if (!exempt.exception) return false;
  counters.excepted.Add();
  counters.excepted_by[*exempt.exception].Add();
  return true;
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
  if (IsWarmUp(state, match)) {
    counters.warm_up_quiet.Add();
    return;
  }
  const AlertPlan& plan = rules_.routing->plans[state.index];
  if (plan.has_exceptions() && IsExcepted(state, match)) return;
  Suppressor::Decision decision{.deliver = true, .episode = 0, .suppressed = 0};
  Hash128 key{};
  if (plan.suppresses()) {
    key = plan.SuppressionKey(match, scratch_);
    decision = SuppressorOf(state).Decide(key, match.time);
    if (!decision.deliver) {
      counters.suppressed.Add();
      if (plan.feeds_suppressed() || match.time <= set_begin_) FeedSuppressed(state, match);
      return;
    }
  }
  uint32_t errors = 0;
  Alert alert = plan.Make(match, scratch_, errors);
  counters.condition_errors.Add(errors);
  alert.rules = rules_.rules;
  alert.suppressed = decision.suppressed;
  alert.dedup_key = plan.DedupKey(alert, plan.suppresses() ? &key : nullptr, decision.episode);
  if (plan.feeds() || match.time <= set_begin_) feed_(state.index, match, alert, false);
  if (RuleOf(state).mode == rules::Mode::kBuildingBlock || feed_only_) return;
  counters.alerts.Add();
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
  Alert alert = rules_.routing->plans[state.index].MakeLimit(hit, scratch_);
  alert.rules = rules_.rules;
  alert.dedup_key = rules_.routing->plans[state.index].DedupKey(alert, nullptr, 0);
  alerts_->push_back(std::move(alert));
}

void ShardLane::OnConditionError(uint32_t number) {
  counters_[states_[number].index].condition_errors.Add();
}

}  // namespace telltale::engine
