#include "engine/runtime/early_duplicates.h"

#include <algorithm>

#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

bool Precedes(const Event* a, const Event* b) { return Before(*a, *b); }

}  // namespace

int64_t EarlyDuplicates::SeenBefore(const OfValue& waiting, const Hash128& value,
                                    const Event& event) const {
  const auto at = std::lower_bound(waiting.begin(), waiting.end(), &event, Precedes);
  if (at == waiting.begin()) return settled_.LastSeen(value, event.time);
  const int64_t time = (*(at - 1))->time;
  return time < Minus(event.time, settled_.WithinOf(event.stream)) ? kNever : time;
}

std::optional<int64_t> EarlyDuplicates::Add(const Event& event, const Hash128& key) {
  const std::optional<Hash128> value = settled_.ValueOf(event, key);
  if (!value) return std::nullopt;
  OfValue& waiting = waiting_[*value];
  const auto behind = std::upper_bound(waiting.begin(), waiting.end(), &event, Precedes);
  std::optional<int64_t> so_far;
  if (behind != waiting.end()) {
    const Event& next = **behind;
    if (event.time >= Minus(next.time, settled_.WithinOf(next.stream)))
      so_far = SeenBefore(waiting, *value, next);
  }
  waiting.insert(behind, &event);
  return so_far;
}

void EarlyDuplicates::Remove(const Event& event, const Hash128& key) {
  const std::optional<Hash128> value = settled_.ValueOf(event, key);
  if (!value) return;
  const auto it = waiting_.find(*value);
  if (it == waiting_.end()) return;
  const auto at = std::find(it->second.begin(), it->second.end(), &event);
  if (at != it->second.end()) it->second.erase(at);
  if (it->second.empty()) waiting_.erase(it);
}

void EarlyDuplicates::RemoveIf(const std::function<bool(const Event&)>& drops) {
  absl::erase_if(waiting_, [&](auto& of_value) {
    OfValue& waiting = of_value.second;
    waiting.erase(std::remove_if(waiting.begin(), waiting.end(),
                                 [&](const Event* event) { return drops(*event); }),
                  waiting.end());
    return waiting.empty();
  });
}

bool EarlyDuplicates::IsDuplicate(const Event& event, const Hash128& key, int64_t begin) {
  const std::optional<Hash128> value = settled_.ValueOf(event, key);
  if (!value) return false;
  const auto it = waiting_.find(*value);
  const int64_t seen = it == waiting_.end() ? settled_.LastSeen(*value, event.time)
                                            : SeenBefore(it->second, *value, event);
  return seen != kNever && seen > begin;
}

}  // namespace telltale::engine
