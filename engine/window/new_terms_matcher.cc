#include "engine/window/new_terms_matcher.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/time/saturation.h"
#include "engine/window/value_hash.h"

namespace telltale::engine {

absl::StatusOr<NewTermsPlan> CompileNewTerms(const rules::Rule& rule,
                                             const std::vector<EventLayout>& layouts,
                                             const Inputs* inputs) {
  NewTermsPlan plan;
  plan.rule = &rule;
  for (const std::vector<rules::Expression>& of_source : rule.new_terms->fields) {
    std::vector<ProgramPtr>& programs = plan.fields.emplace_back();
    for (const rules::Expression& field : of_source) {
      absl::StatusOr<ProgramPtr> program = Compile(field, layouts, inputs);
      if (!program.ok()) return program.status();
      programs.push_back(*std::move(program));
    }
  }
  return plan;
}

NewTermsMatcher::NewTermsMatcher(const NewTermsPlan& plan, uint32_t rule, TimerQueue& timers,
                                 Scratch& scratch, MatchReceiver& receiver)
    : plan_(plan),
      number_(rule),
      timers_(timers),
      scratch_(scratch),
      receiver_(receiver),
      armed_(kForever),
      by_step_(plan.rule->steps.size()) {}

void NewTermsMatcher::Process(const Event& event, const Hash128& key, StepMask steps, StopMask,
                              EventHandle&) {
  if (steps == 0) return;
  const auto source = static_cast<uint32_t>(std::countr_zero(steps));
  const std::optional<uint64_t> term = TermOf(event, source);
  if (!term) return;
  order_.Sort(terms_);
  const Hash128 name = NameOf(key, *term);
  if (const uint32_t known = terms_.Find(name); known != kNoState) {
    terms_[known].last = event.time;
    order_.MoveToBack(terms_, known);
    return;
  }
  uint32_t number = keys_.Find(key);
  if (number == kNoState) {
    number = keys_.Add(key);
    keys_[number].quiet_until = kNever;
  }
  KeyState& state = keys_[number];
  if (state.terms >= plan_.rule->limits.events) {
    if (state.quiet_until == kNever) quiet_.push_back(number);
    state.quiet_until = Plus(event.time, history());
    const int64_t hour = LimitedKeys::HourOf(event.time);
    receiver_.OnLimit(
        number_,
        {.event = &event, .key = key, .hour = hour, .first_in_hour = limited_.Note(key, hour)});
  } else {
    order_.PushBack(terms_, Remember(number, name, event.time));
    if (event.time > state.quiet_until || state.quiet_until == kNever) Emit(event, key, source);
  }
  Arm();
}

// None: something in it is null, absent or an error, or equals nothing.
std::optional<uint64_t> NewTermsMatcher::TermOf(const Event& event, uint32_t source) {
  uint64_t hash = 0;
  bool none = false;
  for (const ProgramPtr& field : plan_.fields[source]) {
    const Value value =
        Evaluate(*field, {.event = &event, .steps = nullptr, .key = nullptr, .aggregates = nullptr},
                 scratch_);
    if (value.is(ValueKind::kError) || value.is(ValueKind::kAbsent)) {
      receiver_.OnConditionError(number_);
      return std::nullopt;
    }
    const auto of_value = ValueHash(value);
    none = none || value.is(ValueKind::kNull) || !of_value;
    hash = Combine(hash, of_value.value_or(0));
  }
  return none ? std::nullopt : std::optional(hash);
}

Hash128 NewTermsMatcher::NameOf(const Hash128& key, uint64_t term) {
  return {Combine(key[0], term), Combine(key[1], term)};
}

// It stands in no order yet.
uint32_t NewTermsMatcher::Remember(uint32_t owner, const Hash128& name, int64_t time) {
  const uint32_t number = terms_.Add(name);
  KeyState& state = keys_[owner];
  Term& term = terms_[number];
  term.last = time;
  term.owner = owner;
  term.before = state.newest;
  if (state.newest != kNoState) terms_[state.newest].after = number;
  state.newest = number;
  ++state.terms;
  return number;
}

void NewTermsMatcher::Forget(uint32_t number) {
  const Term& term = terms_[number];
  KeyState& state = keys_[term.owner];
  if (term.before != kNoState) terms_[term.before].after = term.after;
  (term.after != kNoState ? terms_[term.after].before : state.newest) = term.before;
  --state.terms;
  order_.Remove(terms_, number);
  terms_.Remove(number);
}

void NewTermsMatcher::CloseIfDone(uint32_t number, int64_t now) {
  KeyState& state = keys_[number];
  if (state.quiet_until != kNever && state.quiet_until <= now) {
    state.quiet_until = kNever;
    std::erase(quiet_, number);
  }
  if (state.terms == 0 && state.quiet_until == kNever) keys_.Remove(number);
}

void NewTermsMatcher::Emit(const Event& event, const Hash128& key, uint32_t source) {
  const Event* const events = &event;
  by_step_[source] = {.events = &events, .size = 1};
  receiver_.OnMatch(number_, {.events = &events,
                              .steps = &source,
                              .size = 1,
                              .time = event.time,
                              .key = key,
                              .by_step = by_step_.data(),
                              .looks_back_to = Minus(event.time, history())});
  by_step_[source] = {};
}

int64_t NewTermsMatcher::NextDeadline() {
  int64_t next = order_.front() == kNoState ? kForever : Plus(order_.Earliest(terms_), history());
  for (const uint32_t number : quiet_) next = std::min(next, keys_[number].quiet_until);
  return next;
}

// The first deadline stands until it is reached: what is seen again is forgotten later.
void NewTermsMatcher::Arm() {
  if (armed_ != kForever) return;
  const int64_t next = NextDeadline();
  if (next == kForever) return;
  armed_ = next;
  timers_.Arm({.deadline = next, .rule = number_, .key = 0});
}

void NewTermsMatcher::Fire(const Timer& timer) {
  if (timer.deadline != armed_) return;
  armed_ = kForever;
  while (order_.front() != kNoState && Plus(order_.Earliest(terms_), history()) <= timer.deadline) {
    const uint32_t owner = terms_[order_.front()].owner;
    Forget(order_.front());
    CloseIfDone(owner, timer.deadline);
  }
  const std::vector<uint32_t> quiet = quiet_;  // few, and rarely any
  for (const uint32_t number : quiet) CloseIfDone(number, timer.deadline);
  Arm();
}

void NewTermsMatcher::TakeOver(RuleMatcher& of_same_rule,
                               const std::function<EventHandle(EventHandle)>&) {
  auto& old = static_cast<NewTermsMatcher&>(of_same_rule);
  terms_ = std::move(old.terms_);
  keys_ = std::move(old.keys_);
  order_ = std::exchange(old.order_, {});
  quiet_ = std::exchange(old.quiet_, {});
  limited_ = std::move(old.limited_);
  Arm();
}

}  // namespace telltale::engine
