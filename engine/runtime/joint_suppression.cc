#include "engine/runtime/joint_suppression.h"

#include <algorithm>
#include <utility>

#include "engine/alert/alert_codec.h"
#include "engine/event/bytes.h"
#include "engine/runtime/routing.h"

namespace telltale::engine {

JointSuppression::JointSuppression(std::shared_ptr<const CompiledRules> rules, uint32_t rule)
    : rules_(std::move(rules)),
      rule_(rule),
      wait_(this->rule().LongestWait().value_or(kForever)),
      suppressor_(this->rule().suppress->period, 0) {}

bool JointSuppression::GoesOnAs(const rules::Rule& other) const {
  return other.id == rule().id && other.fingerprint == rule().fingerprint && other.suppress &&
         other.suppress->period == rule().suppress->period &&
         other.suppress->names == rule().suppress->names;
}

void JointSuppression::GoOn(std::shared_ptr<const CompiledRules> rules, uint32_t rule) {
  rules_ = std::move(rules);
  rule_ = rule;
}

void JointSuppression::DecideBefore(int64_t settled, std::vector<Alert>& alerts) {
  const int64_t bound = settled == kForever ? kForever : Minus(settled, wait_);
  if (bound <= decided_) return;
  decided_ = bound;
  const auto rest = std::partition(waiting_.begin(), waiting_.end(), [bound](const auto& one) {
    return one.alert.time < bound || bound == kForever;
  });
  std::sort(waiting_.begin(), rest, [](const UndecidedAlert& a, const UndecidedAlert& b) {
    return Before(a.alert, b.alert);
  });
  for (auto one = waiting_.begin(); one != rest; ++one) {
    const Suppressor::Decision decision = suppressor_.Decide(one->key, one->alert.time);
    if (!decision.deliver) {
      counters_->suppressed.Add();
      continue;
    }
    counters_->alerts.Add();
    one->alert.suppressed = decision.suppressed;
    one->alert.dedup_key =
        rules_->routing->plans[rule_].DedupKey(one->alert, &one->key, decision.episode);
    alerts.push_back(std::move(one->alert));
  }
  waiting_.erase(waiting_.begin(), rest);
  suppressor_.ForgetBefore(bound);
}

void JointSuppression::ForgetState() {
  suppressor_ = Suppressor(rule().suppress->period, 0);
  waiting_.clear();
}

void JointSuppression::Clear() {
  ForgetState();
  decided_ = kNever;
}

void JointSuppression::Encode(std::string& bytes) const {
  ByteWriter out(bytes);
  struct Episode {
    Hash128 key{};
    int64_t start = 0;
    uint64_t suppressed = 0;
  };
  std::vector<Episode> episodes;
  suppressor_.ForEach([&](const Hash128& key, int64_t start, uint64_t suppressed) {
    episodes.push_back({.key = key, .start = start, .suppressed = suppressed});
  });
  std::sort(episodes.begin(), episodes.end(),
            [](const Episode& a, const Episode& b) { return a.key < b.key; });
  out.Varint(episodes.size());
  for (const Episode& episode : episodes) {
    out.Hash(episode.key);
    out.Zigzag(episode.start);
    out.Varint(episode.suppressed);
  }
  out.Varint(waiting_.size());
  for (const UndecidedAlert& undecided : waiting_) {
    out.Hash(undecided.key);
    EncodeAlert(undecided.alert, out);
  }
}

absl::Status JointSuppression::Decode(std::string_view bytes) {
  ByteReader in(bytes);
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const Hash128 key = in.Hash();
    const int64_t start = in.Zigzag();
    const uint64_t suppressed = in.Varint();
    suppressor_.Restore(key, start, suppressed);
  }
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    UndecidedAlert undecided;
    undecided.key = in.Hash();
    undecided.alert = DecodeAlert(rules_->rules, rule(), in);
    waiting_.push_back(std::move(undecided));
  }
  in.End();
  if (!in.ok()) ForgetState();
  return in.status();
}

}  // namespace telltale::engine
