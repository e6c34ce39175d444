// Any bytes as the state of a key, and real states with bytes changed: what is refused leaves
// nothing behind; what is read is written alike, and can be gone on with, events and deadlines, to
// its end. A real state that is not changed is read, and goes on as if nothing had happened.
//
// The input: a byte for the rule, one for the number of events, two for each of them, and then
// either pairs of a place and a byte to put there, or, behind an odd number, the record's body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/condition/scratch.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/pattern/state_codec.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/matcher_of_rule.h"
#include "engine/runtime/routing.h"
#include "engine/time/timer_queue.h"
#include "rules/load/load.h"

namespace telltale::engine {
namespace {

constexpr char kRules[] = R"yaml(
id: absences
by: k
sequence:
  - not: { on: a, where: 'v == 1', within: 3s }
  - x: { on: a, where: 'v == 2' }
  - y: { on: b, where: 'v > x.v', repeat: { min: 1, max: 3 } }
  - not: { on: b, where: 'v == x.v', within: 4s }
within: 9s
after_match: skip_past_last
---
id: forest
by: k
sequence:
  - x: { on: a }
  - y: { on: a, contiguity: any, repeat: { min: 1, inside: any }, within: 5s }
  - not: { on: b, where: 'v == 7' }
  - z: { on: b, contiguity: any }
within: 12s
limits: { partial_matches: 20, matches: 10 }
---
id: greedy
by: k
match: latest
sequence:
  - x: { on: a }
  - y: { on: b, repeat: { min: 1, max: 4, greedy: true, within: 2s } }
within: 9s
---
id: members
by: k
sequence:
  - all_of: [ x: { on: a, within: 3s }, group: [ y: { on: b }, z: { on: a, within: 2s } ] ]
  - last: { on: b, where: 'size(k) < 9 && v == x.v' }
within: 9s
on_timeout: { from: x }
limits: { partial_matches: 9 }
---
id: counted
by: k
match: count
sequence:
  - x: { on: a, where: 'v == 2', optional: true }
  - y: { on: b, repeat: { min: 2, max: 4, until: { on: a, where: 'v == 7' } } }
within: 5s
limits: { events: 9 }
---
id: sliding
by: k
aggregate: { on: a, window: { sliding: 5s }, having: 'sum(v) > 3 && first(v) != 1', on_empty: true }
emit: on_change
limits: { events: 9 }
alert: { fields: { d: count_distinct(v), m: median(v), h: "decayed_sum(v, '2s')" } }
---
id: sliding-count
by: k
aggregate:
  any_of: [ { name: x, on: a }, { name: y, on: b } ]
  window: { sliding: 6s }
  having: count() >= 2
---
id: tumbling
by: k
aggregate:
  on: a
  window: { tumbling: 1d, zone: Europe/Paris }
  baseline: { of: count(), every: 1d, over: 3d }
  having: count() > 2.0 * baseline.avg
emit: [every_window]
---
id: hopping
by: k
aggregate:
  on: a
  window: { hopping: 6s, every: 2s }
  having: percentile(v, 90) > 2.0 || stddev(v) > 1.0
alert: { fields: { least: min(v), most: max(v), last: last(v) } }
---
id: session
by: k
aggregate:
  on: b
  window: { session: 3s, longest: 9s }
  baseline: { of: sum(v), every: 4s, over: 20s }
  having: count() >= 2 && sum(v) >= baseline.max
emit: as_reached
---
id: terms
by: k
new_terms: { on: a, field: [v], history: 6s }
limits: { events: 9 }
---
id: measured
by: k
within: 9s
windows:
  - { name: w, on: a, window: { sliding: 5s }, values: { n: count(), s: sum(v) } }
  - { name: z, on: b, window: { sliding: 3s }, values: { m: max(v) } }
sequence:
  - x: { on: a, where: w.n > 1 }
  - y: { on: b, where: v >= x.v && z.m > w.s }
)yaml";
constexpr int64_t kSecond = 1'000'000'000;
constexpr Hash128 kKey = {1, 2};

void Require(bool condition) {
  if (!condition) std::abort();
}

const CompiledRules& Rules() {
  static const auto* const rules = [] {
    std::vector<rules::Stream> streams;
    for (const char* name : {"a", "b"}) streams.push_back({.name = name, .topic = name});
    const rules::LoadResult loaded =
        rules::Load({std::make_shared<const rules::SourceFile>("fuzz.yml", kRules)},
                    std::make_shared<const rules::StreamCatalog>(std::move(streams)));
    if (loaded.rules == nullptr) std::fputs(rules::Render(loaded.diagnostics).c_str(), stderr);
    Require(loaded.rules != nullptr);
    return new std::shared_ptr<const CompiledRules>(CompileRules(loaded.rules).value());
  }();
  return **rules;
}

class Run final : public MatchReceiver {
 public:
  explicit Run(uint32_t rule) : rule_(rule), layouts_(*Rules().rules->streams, Rules().layouts) {
    const Routing& routing = *Rules().routing;
    matcher_ =
        MakeMatcherOfRule(routing, rule, 0, memory_, timers_, quiet_timers_, scratch_, *this);
  }

  // As a lane does, without the router: what the event fits alone is told by its bytes.
  void Feed(uint8_t kind, uint8_t value) {
    now_ += (kind & 3) * kSecond;
    FireBefore(now_);
    const uint32_t stream = kind >> 2 & 1;
    const EventLayout& layout = Rules().layouts[stream];
    builder_.Begin(stream, layout.slot_count());
    for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
      if ((value & 0x80) == 0)
        builder_.SetInt(builder_.slot(slot), value % 8);
      else
        builder_.SetString(builder_.slot(slot), "text");
    }
    const rules::Rule& rule = Rules().rules->rules[rule_];
    StepMask steps = 0;
    StopMask stops = 0;
    for (uint32_t step = 0; step < rule.steps.size(); ++step) {
      if (rule.steps[step].selector.stream == stream && (kind >> (3 + step % 4) & 1) != 0)
        steps |= StepMask{1} << step;
    }
    for (uint32_t stop = 0; stop < rule.absences.size(); ++stop) {
      if (rule.absences[stop].selector.stream == stream && value % 8 == stop) stops |= 1u << stop;
    }
    EventHandle held = kNoEvent;
    matcher_->Process(*builder_.Finish(now_, 0, offset_++), kKey, steps, stops, held);
    if (held != kNoEvent) memory_.events.Unref(held);
  }
  void FireBefore(int64_t bound) {
    while (timers_.DueBefore(bound)) matcher_->Fire(timers_.Pop());
    while (quiet_timers_.DueBefore(bound)) matcher_->Fire(quiet_timers_.Pop());
  }
  std::string Encoded() const {
    std::string bytes;
    matcher_->Encode(kKey, layouts_, bytes);
    return bytes;
  }
  bool Decode(std::string_view bytes) {
    EventDecoder events(layouts_, memory_.events);
    return matcher_->Decode(bytes, events).ok();
  }
  // Where the other one is.
  void GoOnFrom(const Run& other) {
    now_ = other.now_;
    offset_ = other.offset_;
  }
  bool keeps() const { return matcher_->Keeps(kKey); }
  bool empty() const { return memory_.events.size() == 0 && matcher_->partial_matches() == 0; }
  const std::string& told() const { return told_; }
  void Forget() { told_.clear(); }

  void OnMatch(uint32_t, const Match& match) override {
    const AlertPlan& plan = Rules().routing->plans[rule_];
    uint32_t errors = 0;
    Alert alert = plan.Make(match, scratch_, errors);
    alert.rules = Rules().rules;
    told_ += AlertJson(alert) + std::to_string(errors);
  }
  void OnLimit(uint32_t, const LimitHit& hit) override { told_ += hit.first_in_hour ? "!" : "."; }
  void OnConditionError(uint32_t) override { told_ += "?"; }

 private:
  const uint32_t rule_;
  const LayoutBook layouts_;
  ShardMemory memory_;
  TimerQueue timers_;
  TimerQueue quiet_timers_;
  Scratch scratch_;
  EventBuilder builder_;
  std::unique_ptr<RuleMatcher> matcher_;
  int64_t now_ = 0;
  int64_t offset_ = 0;
  std::string told_;
};

void GoOn(Run& run) {
  for (uint8_t i = 0; i < 12; ++i) run.Feed(static_cast<uint8_t>(0x79 + 4 * i), i);
  run.FireBefore(INT64_MAX);
}

void Try(uint32_t rule, const Run& real, const std::string& bytes) {
  Run run(rule);
  run.GoOnFrom(real);
  if (!run.Decode(bytes)) return Require(run.empty());
  const std::string written = run.Encoded();
  Run again(rule);
  Require(again.Decode(written) && again.Encoded() == written);
  GoOn(run);
}

void Fuzz(const uint8_t* data, size_t size) {
  if (size < 2) return;
  const auto rule = static_cast<uint32_t>(data[0] % Rules().rules->rules.size());
  const size_t events = std::min<size_t>(data[1] / 2, (size - 2) / 2);
  Run real(rule);
  for (size_t i = 0; i < events; ++i) real.Feed(data[2 + 2 * i], data[3 + 2 * i]);
  const uint8_t* rest = data + 2 + 2 * events;
  const size_t left = size - 2 - 2 * events;
  if (!real.keeps()) return;  // of windows then nothing is written
  std::string bytes = real.Encoded();
  constexpr size_t kHead = 42;
  Require(bytes.size() > kHead);
  if (data[1] % 2 == 1) {
    Try(rule, real,
        bytes.substr(0, kHead) + std::string(reinterpret_cast<const char*>(rest), left));
    return;
  }
  Run after(rule);
  after.GoOnFrom(real);
  Require(after.Decode(bytes) && after.Encoded() == bytes);
  std::string broken = bytes;
  for (size_t i = 0; i + 1 < left; i += 2)
    broken[kHead + rest[i] % (broken.size() - kHead)] = static_cast<char>(rest[i + 1]);
  if (broken != bytes) Try(rule, real, broken);
  real.Forget();
  GoOn(real);
  GoOn(after);
  Require(real.told() == after.told());
}

}  // namespace
}  // namespace telltale::engine

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  telltale::engine::Fuzz(data, size);
  return 0;
}
