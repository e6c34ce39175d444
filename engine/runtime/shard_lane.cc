#include "engine/runtime/shard_lane.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace telltale::engine {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

bool SameSuppression(const rules::Rule& a, const rules::Rule& b) {
  return a.suppress && b.suppress && a.suppress->period == b.suppress->period &&
         a.suppress->names == b.suppress->names;
}

}  // namespace

ShardLane::ShardLane(const CompiledRules& rules, uint32_t lane, int64_t bucket_ns,
                     std::optional<int64_t> begin, ShardMemory& memory, Scratch& scratch,
                     RuleCountersTable& counters, std::function<void(Batch*)> release)
    : rules_(rules),
      memory_(memory),
      scratch_(scratch),
      counters_(counters),
      release_(std::move(release)),
      buffer_(bucket_ns),
      watermark_(kMin),
      first_event_(kMin) {
  const std::vector<uint32_t>& indexes = rules.routing->lanes[lane].rules;
  for (uint32_t number = 0; number < indexes.size(); ++number) {
    RuleState state;
    state.index = indexes[number];
    state.matcher = std::make_unique<Matcher>(rules.routing->patterns[state.index], number, memory,
                                              timers_, scratch, *this);
    const rules::Rule& rule = rules.rules->rules[state.index];
    const bool waits = rule.after_match.kind != rules::SkipKind::kNoSkip;
    if (rule.suppress)
      state.suppressor.emplace(rule.suppress->period, waits ? rule.within.value_or(0) : 0);
    state.begin = begin;
    states_.push_back(std::move(state));
  }
}

ShardLane::~ShardLane() {
  buffer_.RemoveIf([this](const Entry& entry) {
    release_(entry.batch);
    return true;
  });
}

void ShardLane::Push(Batch* batch, uint32_t delivery) {
  const Event& event = batch->EventOf(batch->deliveries[delivery]);
  ++batch->waiting;
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
  buffer_.DrainBefore(watermark_, [this](const Entry& entry) { Apply(entry); });
  FireBefore(watermark_);
  // One rule's suppressions a time: over many settles all of them are swept, and none grows with
  // the number of rules.
  RuleState& swept = states_[next_sweep_++ % states_.size()];
  if (swept.suppressor) swept.suppressor->ForgetBefore(watermark_);
  alerts_ = nullptr;
}

void ShardLane::Apply(const Entry& entry) {
  const Delivery& delivery = entry.batch->deliveries[entry.delivery];
  const Event& event = entry.batch->EventOf(delivery);
  FireBefore(event.time);  // deadlines are closed: an event at the deadline still counts
  EventHandle held = Matcher::kNoEvent;
  for (uint32_t f = 0; f < delivery.fit_count; ++f) {
    const Fit& fit = entry.batch->fits[delivery.first_fit + f];
    states_[fit.rule].matcher->Process(event, delivery.key, delivery.key_group, fit.steps,
                                       fit.absences, held);
    const RuleState& state = states_[fit.rule];
    counters_[state.index].partial_matches.Set(
        static_cast<uint64_t>(state.matcher->partial_matches()));
  }
  if (held != Matcher::kNoEvent) memory_.events.Unref(held);
  release_(entry.batch);
}

void ShardLane::FireBefore(int64_t bound) {
  while (timers_.DueBefore(bound)) {
    const Timer timer = timers_.Pop();
    const RuleState& state = states_[timer.rule];
    state.matcher->Fire(timer);
    counters_[state.index].partial_matches.Set(
        static_cast<uint64_t>(state.matcher->partial_matches()));
  }
}

void ShardLane::DropAfter(int64_t time) {
  buffer_.RemoveIf([&](const Entry& entry) {
    if (entry.time <= time) return false;
    release_(entry.batch);
    return true;
  });
}

void ShardLane::DropPartition(const Batch::Drop& drop) {
  buffer_.RemoveIf([&](const Entry& entry) {
    if (entry.stream != drop.stream || entry.partition != drop.partition) return false;
    release_(entry.batch);
    return true;
  });
  if (!drop.with_key_group) return;
  for (RuleState& state : states_) {
    state.matcher->DropKeyGroup(drop.partition);
    if (state.suppressor) state.suppressor->DropKeyGroup(drop.partition);
    counters_[state.index].partial_matches.Set(
        static_cast<uint64_t>(state.matcher->partial_matches()));
  }
}

void ShardLane::TakeOver(uint32_t mine, ShardLane& old, uint32_t number,
                         const std::function<EventHandle(EventHandle)>& relaid) {
  RuleState& state = states_[mine];
  RuleState& before = old.states_[number];
  state.matcher->TakeOver(*before.matcher, relaid);
  state.begin = before.begin;
  if (SameSuppression(RuleOf(state), old.RuleOf(before)))
    state.suppressor = std::move(before.suppressor);
  counters_[state.index].partial_matches.Set(
      static_cast<uint64_t>(state.matcher->partial_matches()));
}

// C5: the look-back of a leading absence reaches before the first event that the rule could have
// seen.
bool ShardLane::IsWarmUp(const RuleState& state, const Match& match) const {
  const rules::Rule& rule = RuleOf(state);
  if (rule.warm_up == rules::WarmUp::kAssumeEmpty) return false;
  const Pattern& pattern = rules_.routing->patterns[state.index];
  const int64_t horizon = std::max(first_event_, state.begin.value_or(kMin));
  for (uint32_t a = 0; a < pattern.absences.size(); ++a) {
    if ((pattern.leading >> a & 1) == 0) continue;
    int64_t reach;
    if (__builtin_sub_overflow(match.events[0]->time, *pattern.absences[a].within, &reach) ||
        reach < horizon)
      return true;
  }
  return false;
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
  const Pattern& pattern = rules_.routing->patterns[state.index];
  const AlertPlan& plan = rules_.routing->plans[state.index];
  Suppressor::Decision decision{.deliver = true, .episode = 0, .suppressed = 0};
  Hash128 key{};
  if (plan.suppresses()) {
    key = plan.SuppressionKey(pattern, match, scratch_);
    decision = state.suppressor->Decide(key, match.key_group, match.time);
    if (!decision.deliver) {
      counters.suppressed.Add();
      return;
    }
  }
  Alert alert = plan.Make(pattern, match, scratch_);
  alert.rules = rules_.rules;
  alert.suppressed = decision.suppressed;
  alert.dedup_key = plan.DedupKey(alert, plan.suppresses() ? &key : nullptr, decision.episode);
  counters.alerts.Add();
  alerts_->push_back(std::move(alert));
}

void ShardLane::OnLimit(uint32_t number, const LimitHit& hit) {
  RuleState& state = states_[number];
  counters_[state.index].limit_hits.Add();
  if (!hit.first_in_hour) return;
  Alert alert = rules_.routing->plans[state.index].MakeLimit(rules_.routing->patterns[state.index],
                                                             hit, scratch_);
  alert.rules = rules_.rules;
  alert.dedup_key = rules_.routing->plans[state.index].DedupKey(alert, nullptr, 0);
  alerts_->push_back(std::move(alert));
}

void ShardLane::OnConditionError(uint32_t number) {
  counters_[states_[number].index].condition_errors.Add();
}

}  // namespace telltale::engine
