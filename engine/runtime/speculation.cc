#include "engine/runtime/speculation.h"

#include <algorithm>
#include <utility>

#include "engine/time/saturation.h"

namespace telltale::engine {

Speculation::Speculation(const CompiledRules& rules, uint32_t rule, ShardMemory& memory,
                         Scratch& scratch, RuleCounters& counters)
    : rules_(rules),
      gate_(rules, rule, scratch),
      counters_(counters),
      ahead_(rules, rule, memory, scratch, *this),
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
  const bool is_first = of_key.empty();
  const bool is_last = is_first || !before(fresh, of_key.waiting.back());
  if (is_last) {
    of_key.waiting.push_back(fresh);
  } else {
    const auto begin = of_key.waiting.begin() + static_cast<ptrdiff_t>(of_key.first);
    of_key.waiting.insert(std::upper_bound(begin, of_key.waiting.end(), fresh, before), fresh);
  }
  if (!has_state_) return;
  of_key.met = true;
  if (is_last && GoesOn(key, of_key, is_first, settled) && event.time >= of_key.passed) {
    found_.clear();
    Process(key, of_key, fresh, settled);
    Pass(key, of_key, Plus(event.time, 1));
    for (Alert& alert : found_) ledger_.Add(key, std::move(alert), out);
  } else {
    Draw(key, of_key, settled, out);
  }
  Count();
}

// Whether its picture is what its settled state and its events make of it. One that has stayed is
// brought to where that state is: what ended by then has been told.
bool Speculation::GoesOn(const Hash128& key, Key& of_key, bool stayed, const Settled& settled) {
  if (!of_key.drawn) return false;
  if (!stayed) return of_key.horizon == settled.horizon;
  Pass(key, of_key, watermark_);
  of_key.horizon = settled.horizon;
  if (settled.suppressor != nullptr) *of_key.suppressor = Suppressor::Ahead(*settled.suppressor);
  return true;
}

void Speculation::Draw(const Hash128& key, Key& of_key, const Settled& settled,
                       std::vector<Alert>& out) {
  ahead_.Begin(key, settled.matcher);
  of_key.drawn = true;
  of_key.passed = kNever;
  of_key.horizon = settled.horizon;
  if (settled.suppressor != nullptr) {
    of_key.suppressor = std::make_unique<Suppressor>(Suppressor::Ahead(*settled.suppressor));
  }
  found_.clear();
  for (size_t i = of_key.first; i < of_key.waiting.size(); ++i)
    Process(key, of_key, of_key.waiting[i], settled);
  if (!of_key.empty()) Pass(key, of_key, Plus(of_key.waiting.back().event->time, 1));
  ledger_.Replace(key, found_, out);
}

void Speculation::Redraw(const Hash128& key, const Settled& settled, std::vector<Alert>& out) {
  const auto it = keys_.find(key);
  if (!has_state_ || it == keys_.end() || it->second.empty()) return;
  Draw(key, it->second, settled, out);
  Count();
}

void Speculation::Process(const Hash128& key, Key& of_key, const Waiting& waiting,
                          const Settled& settled) {
  Pass(key, of_key, waiting.event->time);
  if (settled.duplicates != nullptr &&
      settled.duplicates->IsDuplicate(*waiting.event, key, settled.begin))
    return;
  ahead_.Process(*waiting.event, key, waiting.steps, waiting.stops);
}

void Speculation::Pass(const Hash128& key, Key& of_key, int64_t bound) {
  key_ = &of_key;
  if (ahead_.Pass(key, bound)) of_key.passed = bound;
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
  watermark_ = watermark;
  for (const Hash128& key : applied_) {
    const auto it = keys_.find(key);
    if (it == keys_.end() || !it->second.empty()) continue;
    Key& of_key = it->second;
    of_key.waiting.erase(of_key.waiting.begin(), of_key.waiting.end());  // clear() frees
    of_key.first = 0;
    // Nothing is to be concluded. It goes when the hand comes by.
    if (of_key.stays && !ledger_.Knows(key)) continue;
    const bool is_kept = settled.matcher != nullptr && settled.matcher->Keeps(key);
    ledger_.Conclude(key, is_kept, out);
    if (of_key.drawn && is_kept && ahead_.keeps_many()) {
      Stay(key, of_key);
    } else {
      Erase(it);
    }
  }
  applied_.clear();
  ledger_.Pass(watermark, out);
  Count();
}

void Speculation::Stay(const Hash128& key, Key& of_key) {
  if (std::exchange(of_key.stays, true)) return;
  if (staying_.size() < kMostStaying) return staying_.push_back(key);
  for (;; ++hand_) {
    Hash128& oldest = staying_[hand_ % kMostStaying];
    const auto it = keys_.find(oldest);
    if (it != keys_.end()) {
      Key& of_oldest = it->second;
      if (of_oldest.empty() && std::exchange(of_oldest.met, false)) continue;
      of_oldest.stays = false;
      if (of_oldest.empty()) Erase(it);
    }
    oldest = key;
    ++hand_;
    return;
  }
}

void Speculation::Erase(Keys::iterator key) {
  if (key->second.drawn) ahead_.Forget(key->first);
  keys_.erase(key);
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
    if (std::exchange(of_key.drawn, false)) ahead_.Forget(key);
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

void Speculation::DropAndAwait(const Drops& drops) {
  for (const Hash128& key : DropFrom(drops)) {
    ledger_.Await(key);
    if (const auto it = keys_.find(key); it->second.empty()) Erase(it);
  }
}

void Speculation::Drop(const Drops& drops, const Settled& settled, std::vector<Alert>& out) {
  std::vector<Hash128> keys = DropFrom(drops);
  if (has_state_) return DrawEach(keys, settled, out);
  for (const Hash128& key : keys) {
    if (const auto it = keys_.find(key); it->second.empty()) Erase(it);
  }
}

void Speculation::DrawEach(std::vector<Hash128>& keys, const Settled& settled,
                           std::vector<Alert>& out) {
  std::sort(keys.begin(), keys.end());
  for (const Hash128& key : keys) {
    const auto it = keys_.try_emplace(key).first;
    Draw(key, it->second, settled, out);
    if (it->second.empty()) Erase(it);
  }
  Count();
}

void Speculation::ForgetPictures() {
  ahead_.ForgetAll();
  staying_.clear();
  hand_ = 0;
  absl::erase_if(keys_, [](const auto& key) { return key.second.empty(); });
  for (auto& [key, of_key] : keys_) of_key.drawn = of_key.stays = false;
}

void Speculation::ForgetTold() { ledger_.Clear(); }

void Speculation::DrawAll(const Settled& settled, std::vector<Alert>& out) {
  if (!has_state_) return;
  std::vector<Hash128> keys;
  for (const auto& [key, of_key] : keys_) {
    if (!of_key.empty()) keys.push_back(key);
  }
  ledger_.ForEachKey([&](const Hash128& key) {
    const auto it = keys_.find(key);
    if (it == keys_.end() || it->second.empty()) keys.push_back(key);
  });
  DrawEach(keys, settled, out);
}

void Speculation::TakeOver(Speculation& old) {
  ledger_.TakeOver(std::move(old.ledger_));
  old.Count();
}

void Speculation::HasState(const Settled& settled, std::vector<Alert>& out) {
  has_state_ = true;
  std::vector<Hash128> keys;
  for (const auto& [key, of_key] : keys_) keys.push_back(key);
  DrawEach(keys, settled, out);
}

void Speculation::RetractAll(std::vector<Alert>& out) {
  ledger_.RetractAll(out);
  Count();
}

void Speculation::DecodeTold(ByteReader& in) {
  ledger_.Decode(rules_.rules, gate_.rule(), in);
  std::vector<Hash128> awaited;
  ledger_.ForEachKey([&](const Hash128& key) {
    const auto it = keys_.find(key);
    if (it == keys_.end() || it->second.empty()) awaited.push_back(key);
  });
  for (const Hash128& key : awaited) ledger_.Await(key);
  Count();
}

// --- What a picture finds ---

// Nothing that is not settled is counted.
void Speculation::OnMatch(uint32_t, const Match& match) {
  AlertGate::Passed passed = gate_.Pass(match, key_->horizon, key_->suppressor.get());
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
