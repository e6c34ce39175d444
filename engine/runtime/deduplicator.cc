#include "engine/runtime/deduplicator.h"

#include <utility>

#include "engine/condition/condition.h"

namespace telltale::engine {
namespace {

std::vector<int64_t> Withins(const Routing& routing) {
  std::vector<int64_t> withins;
  for (const auto& plan : routing.dedups) withins.push_back(plan ? plan->within : 0);
  return withins;
}

}  // namespace

Deduplicator::Deduplicator(const Routing& routing, const Lane& lane)
    : routing_(routing), lane_(lane), values_(Withins(routing)) {}

std::optional<Hash128> Deduplicator::ValueOf(const Event& event, const Hash128& key) {
  const std::optional<DedupPlan>& plan = routing_.dedups[event.stream];
  if (!plan) return std::nullopt;
  text_.clear();
  if (!KeyText(event.slot(plan->slot), text_)) return std::nullopt;
  hasher_.Clear();
  hasher_.Add(key[0]).Add(key[1]).Add(event.stream).Add(text_);
  return hasher_.Finish();
}

int64_t Deduplicator::SeenBefore(const Event& event, const Hash128& key) {
  const std::optional<Hash128> value = ValueOf(event, key);
  return value ? values_.See(event.stream, *value, event.time) : kNever;
}

uint64_t Deduplicator::TakeForgotten() {
  return values_.forgotten() - std::exchange(told_, values_.forgotten());
}

void Deduplicator::TakeOver(Deduplicator& before) {
  if (before.values_.size() > 0) std::swap(values_, before.values_);
  before.values_.Clear();
}

// The values are of no use where a stream has another rank, field or time.
uint64_t Deduplicator::Identity() const {
  PartHasher hasher;
  for (const uint32_t stream : lane_.streams) {
    hasher.Add(stream);
    const std::optional<DedupPlan>& plan = routing_.dedups[stream];
    hasher.Add(plan ? plan->name : "").Add(static_cast<uint64_t>(plan ? plan->within : 0));
  }
  return hasher.Finish()[0];
}

void Deduplicator::Encode(ByteWriter& out) const {
  out.Fixed64(Identity());
  out.Varint(values_.size());
  values_.ForEach([&](uint32_t stream, const Hash128& value, int64_t time) {
    out.Varint(stream);
    out.Hash(value);
    out.Zigzag(time);
  });
}

void Deduplicator::Decode(ByteReader& in) {
  const bool same = in.Fixed64() == Identity();
  for (size_t values = in.Count(); values > 0 && in.ok(); --values) {
    const uint64_t stream = in.Varint();
    const Hash128 value = in.Hash();
    const int64_t time = in.Zigzag();
    if (!same || !in.ok()) continue;
    if (stream >= routing_.dedups.size() || !routing_.dedups[stream]) {
      in.Fail("a value of a stream without dedup");
    } else {
      values_.Restore(static_cast<uint32_t>(stream), value, time);
    }
  }
}

}  // namespace telltale::engine
