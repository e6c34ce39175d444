// What the rules of a lane keep, in its byte form:
//
//   version, what its Deduplicator has seen (its identity, the number of values, and of each the
//   stream, its hash and when it was seen last), then for each rule that keeps something a text of
//   its own: its id, its fingerprint, the T_s from which on it has seen events (C5; none, or the
//   time), the number of its keys and for each a record (engine/pattern/state_codec.h), and its
//   suppressions: what they are of (a hash of period and names, as only the same `suppress` may go
//   on with them), their number, and of each the key, when its episode began, and how many it has
//   kept back; then what it has told early (engine/alert/early_ledger.h), where it does.
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/pattern/state_codec.h"
#include "engine/runtime/shard_lane.h"

namespace telltale::engine {
namespace {

constexpr uint8_t kLaneVersion = 2;

uint64_t IdentityOf(const rules::Suppress& suppress) {
  PartHasher hasher;
  hasher.Add(static_cast<uint64_t>(suppress.period));
  for (const std::string& name : suppress.names) hasher.Add(name);
  return hasher.Finish()[0];
}

}  // namespace

void ShardLane::EncodeState(const LayoutBook& layouts, std::string& bytes) const {
  ByteWriter out(bytes);
  out.Byte(kLaneVersion);
  dedup_.Encode(out);
  for (const RuleState& state : states_) {
    if (state.matcher == nullptr && state.suppressor == nullptr && state.speculation == nullptr &&
        !state.begin)
      continue;
    std::string of_rule;
    ByteWriter writer(of_rule);
    EncodeRule(state, layouts, writer);
    out.Text(of_rule);
  }
}

void ShardLane::EncodeRule(const RuleState& state, const LayoutBook& layouts,
                           ByteWriter& out) const {
  const rules::Rule& rule = RuleOf(state);
  out.Text(rule.id);
  out.Hash(rule.fingerprint);
  out.Byte(state.begin ? 1 : 0);
  if (state.begin) out.Zigzag(*state.begin);
  std::vector<std::string> keys;
  if (state.matcher != nullptr) {
    state.matcher->ForEachKey(
        [&](const Hash128& key) { state.matcher->Encode(key, layouts, keys.emplace_back()); });
  }
  out.Varint(keys.size());
  for (const std::string& key : keys) out.Text(key);
  std::vector<std::pair<Hash128, std::pair<int64_t, uint64_t>>> episodes;
  if (state.suppressor != nullptr) {
    state.suppressor->ForEach([&](const Hash128& key, int64_t start, uint64_t suppressed) {
      episodes.push_back({key, {start, suppressed}});
    });
  }
  out.Fixed64(rule.suppress ? IdentityOf(*rule.suppress) : 0);
  out.Varint(episodes.size());
  for (const auto& [key, episode] : episodes) {
    out.Hash(key);
    out.Zigzag(episode.first);
    out.Varint(episode.second);
  }
  out.Byte(state.speculation != nullptr ? 1 : 0);
  if (state.speculation != nullptr) state.speculation->EncodeTold(out);
}

absl::Status ShardLane::DecodeState(std::string_view bytes, EventDecoder& events) {
  ByteReader in(bytes);
  const uint8_t version = in.Byte();
  if (in.ok() && version != kLaneVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "state of a lane of version ", version, ", where this build reads version ", kLaneVersion));
  }
  dedup_.Decode(in);
  std::map<std::string_view, uint32_t> numbers;
  for (uint32_t number = 0; number < states_.size(); ++number)
    numbers.emplace(RuleOf(states_[number]).id, number);
  while (in.ok() && in.left() != 0) {
    ByteReader of_rule(in.Text());
    const auto it = numbers.find(of_rule.Text());
    const rules::Fingerprint fingerprint = of_rule.Hash();
    if (!in.ok()) break;
    if (!of_rule.ok()) return of_rule.status();
    if (it == numbers.end() || RuleOf(states_[it->second]).fingerprint != fingerprint) continue;
    if (absl::Status decoded = DecodeRule(it->second, events, of_rule); !decoded.ok())
      return decoded;
  }
  return in.status();
}

absl::Status ShardLane::DecodeRule(uint32_t number, EventDecoder& events, ByteReader& in) {
  RuleState& state = states_[number];
  state.begin.reset();
  if (in.Below(2, "mark") != 0) state.begin = in.Zigzag();
  for (size_t keys = in.Count(); keys > 0 && in.ok(); --keys) {
    if (absl::Status decoded = MatcherOf(number).Decode(in.Text(), events); !decoded.ok())
      return decoded;
  }
  const auto& suppress = RuleOf(state).suppress;
  const bool same = in.Fixed64() == (suppress ? IdentityOf(*suppress) : 0) && suppress;
  for (size_t episodes = in.Count(); episodes > 0 && in.ok(); --episodes) {
    const Hash128 key = in.Hash();
    const int64_t start = in.Zigzag();
    const uint64_t suppressed = in.Varint();
    if (same && in.ok()) SuppressorOf(state).Restore(key, start, suppressed);
  }
  if (in.Below(2, "mark") != 0) {
    if (state.speculation != nullptr) {
      state.speculation->DecodeTold(in);
    } else {
      EarlyLedger(0).Decode(rules_.rules, RuleOf(state), in);  // it tells early no more
    }
  }
  in.End();
  CountPartialMatches(state);
  return in.status();
}

}  // namespace telltale::engine
