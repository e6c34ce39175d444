#include "engine/runtime/speculation.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/pattern/event_codec.h"
#include "engine/runtime/matcher_of_rule.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

Speculation::Speculation(const CompiledRules& rules, uint32_t rule, ShardMemory& memory,
                         Scratch& scratch, RuleCounters& counters)
    : rules_(rules),
      gate_(rules, rule, scratch),
      rule_(rule),
      memory_(memory),
      scratch_(scratch),
      counters_(counters),
      layouts_(*rules.rules->streams, rules.layouts),
      ledger_(gate_.LongestWait()) {}

Speculation::~Speculation() {
  ForgetTold();
  Count();
}

// --- Events come, and are applied ---

void Speculation::Arrive(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
                         const Settled& settled, std::vector<Alert>& out) {
  Key& of_key = keys_[key];
  const auto before = [](const Waiting& a, const Waiting& b) { return Before(*a.event, *b.event); };
  const Waiting fresh{.event = &event, .steps = steps, .stops = stops};
  const auto begin = of_key.waiting.begin() + static_cast<ptrdiff_t>(of_key.first);
  const auto at = std::upper_bound(begin, of_key.waiting.end(), fresh, before);
  const bool is_last = at == of_key.waiting.end();
  of_key.waiting.insert(at, fresh);
  if (!has_state_) return;
  Picture* picture = of_key.picture.get();
  if (picture != nullptr && is_last && event.time >= picture->passed &&
      settled.horizon == picture->horizon) {
    found_.clear();
    Process(key, *picture, fresh);
    Pass(*picture, Plus(event.time, 1));
    for (Alert& alert : found_) ledger_.Add(key, std::move(alert), out);
  } else {
    Draw(key, of_key, settled, out);
  }
  Count();
}

void Speculation::Draw(const Hash128& key, Key& of_key, const Settled& settled,
                       std::vector<Alert>& out) {
  of_key.picture = std::make_unique<Picture>();
  Begin(key, *of_key.picture, settled);
  found_.clear();
  for (size_t i = of_key.first; i < of_key.waiting.size(); ++i)
    Process(key, *of_key.picture, of_key.waiting[i]);
  if (!of_key.empty()) Pass(*of_key.picture, Plus(of_key.waiting.back().event->time, 1));
  ledger_.Replace(key, found_, out);
}

// With what is settled of the key, in a memory of its own.
void Speculation::Begin(const Hash128& key, Picture& picture, const Settled& settled) {
  picture.passed = kNever;
  picture.horizon = settled.horizon;
  picture.matcher = MakeMatcherOfRule(*rules_.routing, rule_, 0, memory_, picture.timers,
                                      picture.timers, scratch_, *this);
  if (settled.suppressor != nullptr) picture.suppressor = Suppressor::Ahead(*settled.suppressor);
  if (settled.matcher == nullptr || !settled.matcher->Keeps(key)) return;
  bytes_.clear();
  settled.matcher->Encode(key, layouts_, bytes_);
  EventDecoder events(layouts_, memory_.events);
  // What was written a moment ago is read.
  [[maybe_unused]] const absl::Status decoded = picture.matcher->Decode(bytes_, events);
  assert(decoded.ok());
}

void Speculation::Process(const Hash128& key, Picture& picture, const Waiting& waiting) {
  Pass(picture, waiting.event->time);
  picture_ = &picture;
  EventHandle held = kNoEvent;
  picture.matcher->Process(*waiting.event, key, waiting.steps, waiting.stops, held);
  if (held != kNoEvent) memory_.events.Unref(held);
}

void Speculation::Pass(Picture& picture, int64_t bound) {
  picture_ = &picture;
  while (picture.timers.DueBefore(bound)) {
    picture.passed = bound;
    picture.matcher->Fire(picture.timers.Pop());
  }
}

void Speculation::Apply(const Hash128& key) {
  const auto it = keys_.find(key);
  Key& of_key = it->second;
  ++of_key.first;
  if (of_key.empty()) {
    applied_.push_back(key);
  } else if (of_key.first * 2 > of_key.waiting.size()) {
    of_key.waiting.erase(of_key.waiting.begin(),
                         of_key.waiting.begin() + static_cast<ptrdiff_t>(of_key.first));
    of_key.first = 0;
  }
}

void Speculation::Settle(const Settled& settled, int64_t watermark, std::vector<Alert>& out) {
  for (const Hash128& key : applied_) {
    const auto it = keys_.find(key);
    if (it == keys_.end() || !it->second.empty()) continue;
    keys_.erase(it);
    ledger_.Conclude(key, settled.matcher != nullptr && settled.matcher->Keeps(key), out);
  }
  applied_.clear();
  ledger_.Pass(watermark, out);
  Count();
}

// --- What is settled, or waits, becomes another ---

std::vector<Hash128> Speculation::DropFrom(const Drops& drops) {
  std::vector<Hash128> keys;
  for (auto& [key, of_key] : keys_) {
    const auto begin = of_key.waiting.begin() + static_cast<ptrdiff_t>(of_key.first);
    const auto gone = std::remove_if(begin, of_key.waiting.end(),
                                     [&](const Waiting& waiting) { return drops(*waiting.event); });
    if (gone == of_key.waiting.end()) continue;
    of_key.waiting.erase(gone, of_key.waiting.end());
    of_key.picture = nullptr;
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

void Speculation::DropAndAwait(const Drops& drops) {
  for (const Hash128& key : DropFrom(drops)) {
    ledger_.Await(key);
    if (keys_[key].empty()) keys_.erase(key);
  }
}

void Speculation::Drop(const Drops& drops, const Settled& settled, std::vector<Alert>& out) {
  for (const Hash128& key : DropFrom(drops)) {
    Key& of_key = keys_[key];
    if (has_state_) Draw(key, of_key, settled, out);
    if (of_key.empty()) keys_.erase(key);
  }
  Count();
}

void Speculation::ForgetPictures() {
  for (auto& [key, of_key] : keys_) of_key.picture = nullptr;
}

void Speculation::ForgetTold() { ledger_.Clear(); }

void Speculation::DrawAll(const Settled& settled, std::vector<Alert>& out) {
  if (!has_state_) return;
  std::vector<Hash128> keys;
  for (const auto& [key, of_key] : keys_) keys.push_back(key);
  ledger_.ForEachKey([&](const Hash128& key) {
    if (!keys_.contains(key)) keys.push_back(key);
  });
  std::sort(keys.begin(), keys.end());
  for (const Hash128& key : keys) {
    Key& of_key = keys_[key];
    Draw(key, of_key, settled, out);
    if (of_key.empty()) keys_.erase(key);
  }
  Count();
}

void Speculation::TakeOver(Speculation& old) {
  ledger_.TakeOver(std::move(old.ledger_));
  old.Count();
}

void Speculation::HasState(const Settled& settled, std::vector<Alert>& out) {
  has_state_ = true;
  std::vector<Hash128> keys;
  for (const auto& [key, of_key] : keys_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  for (const Hash128& key : keys) Draw(key, keys_[key], settled, out);
  Count();
}

void Speculation::RetractAll(std::vector<Alert>& out) {
  ledger_.RetractAll(out);
  Count();
}

void Speculation::DecodeTold(ByteReader& in) {
  ledger_.Decode(rules_.rules, gate_.rule(), in);
  std::vector<Hash128> awaited;
  ledger_.ForEachKey([&](const Hash128& key) {
    if (!keys_.contains(key)) awaited.push_back(key);
  });
  for (const Hash128& key : awaited) ledger_.Await(key);
  Count();
}

// --- What a picture finds ---

// Nothing that is not settled is counted.
void Speculation::OnMatch(uint32_t, const Match& match) {
  Suppressor* suppressor = picture_->suppressor ? &*picture_->suppressor : nullptr;
  AlertGate::Passed passed = gate_.Pass(match, picture_->horizon, suppressor);
  if (passed.verdict == AlertGate::Passed::Verdict::kAlert)
    found_.push_back(std::move(passed.alert));
}

void Speculation::OnLimit(uint32_t, const LimitHit& hit) {
  if (hit.first_in_hour) found_.push_back(gate_.OfLimit(hit));
}

void Speculation::OnConditionError(uint32_t) {}

// Of all key groups together, so it adds what has changed.
void Speculation::Count() {
  counters_.early.Add(static_cast<uint64_t>(ledger_.outstanding() - outstanding_));
  counters_.retracted.Add(static_cast<uint64_t>(ledger_.retracted() - retracted_));
  outstanding_ = ledger_.outstanding();
  retracted_ = ledger_.retracted();
}

}  // namespace telltale::engine
