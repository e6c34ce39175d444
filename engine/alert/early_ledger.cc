#include "engine/alert/early_ledger.h"

#include <algorithm>

#include "engine/alert/alert_codec.h"
#include "engine/pattern/limited_keys.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

// Of the byte form.
constexpr uint8_t kStands = 1;
constexpr uint8_t kAwaited = 2;
constexpr uint32_t kFlags = 4;

// Whether the bodies are the same but for status and revision.
bool SaysTheSame(const Alert& a, const Alert& b) {
  if (a.rule != b.rule) {  // another rule set: its title, level and tags may have changed
    Alert copy = b;
    copy.status = a.status;
    copy.revision = a.revision;
    return AlertJson(a) == AlertJson(copy) && a.record_key == b.record_key;
  }
  return a.time == b.time && a.dedup_key == b.dedup_key && a.title == b.title &&
         a.risk_score == b.risk_score && a.entities == b.entities && a.fields == b.fields &&
         a.suppressed == b.suppressed && a.truncated == b.truncated &&
         a.match_count == b.match_count && a.window == b.window && a.record_key == b.record_key &&
         a.evidence == b.evidence;
}

// Whether the alert is of this match: the same events in the same steps, and whatever else its body
// hangs on.
bool IsOf(const Alert& alert, const Match& match) {
  if (match.time != alert.time || match.size != alert.evidence.size() || match.size == 0 ||
      match.window != nullptr ||
      alert.kind != (match.timeout ? AlertKind::kTimeout : AlertKind::kMatch) ||
      match.truncated != alert.truncated || match.count != alert.match_count)
    return false;
  for (uint32_t i = 0; i < match.size; ++i) {
    const Event& event = *match.events[i];
    const Evidence& evidence = alert.evidence[i];
    if (match.steps[i] != evidence.step || event.offset != evidence.offset ||
        event.partition != evidence.partition || event.stream != evidence.stream ||
        event.time != evidence.time || !evidence.alert_id.empty())
      return false;
  }
  return true;
}

}  // namespace

void EarlyLedger::Tell(Told& told, Alert alert, std::vector<Alert>& out) {
  told.awaited = false;
  if (told.stands && SaysTheSame(told.alert, alert)) return;
  if (!told.stands) ++outstanding_;
  alert.revision = told.alert.revision + 1;
  alert.status = AlertStatus::kEarly;
  told.stands = true;
  told.alert = alert;
  out.push_back(std::move(alert));
}

void EarlyLedger::Add(const Hash128& key, Alert alert, std::vector<Alert>& out) {
  Told& told = keys_[key][alert.id];
  Tell(told, std::move(alert), out);
}

void EarlyLedger::Retract(const Hash128& key, Told& told, std::vector<Alert>& out) {
  --outstanding_;
  ++retracted_;
  told.stands = told.awaited = false;
  const uint32_t revision = ++told.alert.revision;
  const int64_t time = told.alert.time;
  const AlertKind kind = told.alert.kind;
  told.alert.status = AlertStatus::kRetracted;
  const Hash128 id = told.alert.id;
  out.push_back(std::move(told.alert));
  told.alert = {};
  told.alert.id = id;
  told.alert.kind = kind == AlertKind::kLimit ? kind : AlertKind::kMatch;
  told.alert.time = time;
  told.alert.revision = revision;
  LookAgain(key, told);
}

template <typename Wanted>
void EarlyLedger::RetractIf(const Hash128& key, OfKey& of_key, const Wanted& wanted,
                            std::vector<Alert>& out) {
  std::vector<Told*> gone;
  for (auto& [id, told] : of_key) {
    if (told.stands && wanted(told)) gone.push_back(&told);
  }
  std::sort(gone.begin(), gone.end(), [](const Told* a, const Told* b) {
    return Before(a->alert, b->alert) || (!Before(b->alert, a->alert) && a->alert.id < b->alert.id);
  });
  for (Told* told : gone) Retract(key, *told, out);
}

void EarlyLedger::Replace(const Hash128& key, std::vector<Alert>& picture,
                          std::vector<Alert>& out) {
  if (const auto known = keys_.find(key); known != keys_.end()) {
    HashSet there;
    for (const Alert& alert : picture) there.insert(alert.id);
    const auto is_gone = [&](const Told& told) {
      return !told.awaited && !there.contains(told.alert.id);
    };
    RetractIf(key, known->second, is_gone, out);
  }
  for (Alert& alert : picture) Add(key, std::move(alert), out);
}

Alert* EarlyLedger::ToldOf(const Match& match, const rules::RuleSet& rules) {
  constexpr size_t kFew = 8;  // each is looked at
  const auto of_key = keys_.find(match.key);
  if (of_key == keys_.end() || of_key->second.size() > kFew) return nullptr;
  for (auto& [id, told] : of_key->second) {
    if (told.stands && told.alert.rules.get() == &rules && IsOf(told.alert, match))
      return &told.alert;
  }
  return nullptr;
}

void EarlyLedger::Finish(const Hash128& key, Alert& alert) {
  alert.status = AlertStatus::kFinal;
  alert.revision = 1;
  const auto of_key = keys_.find(key);
  if (of_key == keys_.end()) return;
  const auto told = of_key->second.find(alert.id);
  if (told == of_key->second.end()) return;
  alert.revision = told->second.alert.revision + 1;
  if (told->second.stands) --outstanding_;
  of_key->second.erase(told);
  if (of_key->second.empty()) keys_.erase(of_key);
}

void EarlyLedger::Conclude(const Hash128& key, bool remembers, std::vector<Alert>& out) {
  const auto of_key = keys_.find(key);
  if (of_key == keys_.end()) return;
  RetractIf(
      key, of_key->second, [](const Told& told) { return !told.awaited; }, out);
  if (!remembers) {
    absl::erase_if(of_key->second, [](const auto& one) {
      return !one.second.stands && one.second.alert.kind != AlertKind::kLimit;
    });
  }
  if (of_key->second.empty()) keys_.erase(of_key);
}

void EarlyLedger::Await(const Hash128& key) {
  const auto of_key = keys_.find(key);
  if (of_key == keys_.end()) return;
  for (auto& [id, told] : of_key->second) {
    if (!told.stands || told.awaited) continue;
    told.awaited = true;
    LookAgain(key, told);
  }
}

void EarlyLedger::AwaitAll() {
  for (const auto& [key, of_key] : keys_) Await(key);
}

// What may wait for ever is remembered as long as something is kept of its key; awaited it is no
// longer than until the watermark is beyond its time.
int64_t EarlyLedger::DueTimeOf(const Told& told) const {
  // What a limit has to say is of an hour, and can come again with any event of it.
  if (told.alert.kind == AlertKind::kLimit)
    return Plus(LimitedKeys::HourOf(told.alert.time), LimitedKeys::kHour);
  if (told.stands && longest_wait_ == kForever) return told.alert.time;
  return Plus(told.alert.time, longest_wait_);
}

void EarlyLedger::LookAgain(const Hash128& key, const Told& told) {
  const int64_t time = DueTimeOf(told);
  if (time == kForever) return;
  due_.push_back({.time = time, .key = key, .id = told.alert.id});
  std::push_heap(due_.begin(), due_.end(), Later());
}

void EarlyLedger::Pass(int64_t watermark, std::vector<Alert>& out) {
  while (!due_.empty() && due_.front().time < watermark) {
    const Due due = due_.front();
    std::pop_heap(due_.begin(), due_.end(), Later());
    due_.pop_back();
    const auto of_key = keys_.find(due.key);
    if (of_key == keys_.end()) continue;
    const auto it = of_key->second.find(due.id);
    if (it == of_key->second.end()) continue;
    Told& told = it->second;
    if (told.stands && !told.awaited) continue;  // it has come again
    if (told.stands) Retract(due.key, told, out);
    if (DueTimeOf(told) >= watermark) continue;
    of_key->second.erase(it);
    if (of_key->second.empty()) keys_.erase(of_key);
  }
}

void EarlyLedger::RetractAll(std::vector<Alert>& out) {
  std::vector<Hash128> keys;
  for (const auto& [key, of_key] : keys_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  for (const Hash128& key : keys)
    RetractIf(
        key, keys_[key], [](const Told&) { return true; }, out);
  Clear();
}

void EarlyLedger::TakeOver(EarlyLedger&& old) {
  keys_ = std::move(old.keys_);
  due_ = std::move(old.due_);
  outstanding_ = old.outstanding_;
  old.Clear();
  AwaitAll();
}

void EarlyLedger::Clear() {
  keys_.clear();
  due_.clear();
  outstanding_ = 0;
}

void EarlyLedger::Encode(ByteWriter& out) const {
  size_t count = 0;
  for (const auto& [key, of_key] : keys_) count += of_key.size();
  out.Varint(count);
  for (const auto& [key, of_key] : keys_) {
    for (const auto& [id, told] : of_key) {
      out.Hash(key);
      out.Byte(static_cast<uint8_t>((told.stands ? kStands : 0) | (told.awaited ? kAwaited : 0)));
      EncodeAlert(told.alert, out);
    }
  }
}

void EarlyLedger::Decode(const std::shared_ptr<const rules::RuleSet>& rules,
                         const rules::Rule& rule, ByteReader& in) {
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const Hash128 key = in.Hash();
    const uint32_t flags = in.Below(kFlags, "mark of an early alert");
    Told told{.alert = DecodeAlert(rules, rule, in),
              .stands = (flags & kStands) != 0,
              .awaited = (flags & kAwaited) != 0};
    if (!in.ok()) return;
    const Hash128 id = told.alert.id;
    const auto [it, added] = keys_[key].try_emplace(id, std::move(told));
    if (!added) return in.Fail("an early alert comes twice");
    if (it->second.stands) ++outstanding_;
    if (!it->second.stands || it->second.awaited) LookAgain(key, it->second);
  }
}

}  // namespace telltale::engine
