#include "engine/alert/suppressor.h"

#include <utility>

namespace telltale::engine {

bool Suppressor::Over(const Episode& episode, int64_t time) const {
  int64_t end;
  return !__builtin_add_overflow(episode.start, period_, &end) && time > end;
}

Suppressor::Decision Suppressor::Decide(const Hash128& key, int64_t time) {
  auto [it, added] = episodes_.try_emplace(key, Episode{.start = time, .suppressed = 0});
  Episode& episode = it->second;
  if (added && settled_ != nullptr) {
    const auto known = settled_->episodes_.find(key);
    added = known == settled_->episodes_.end();
    if (!added) episode = known->second;
  }
  if (added) return {.deliver = true, .episode = time, .suppressed = 0};
  if (!Over(episode, time)) {
    ++episode.suppressed;
    return {.deliver = false, .episode = episode.start, .suppressed = 0};
  }
  episode.start = time;
  return {.deliver = true, .episode = time, .suppressed = std::exchange(episode.suppressed, 0)};
}

void Suppressor::ForgetBefore(int64_t watermark) {
  int64_t least;  // the time of the earliest alert that may still come
  if (__builtin_sub_overflow(watermark, longest_wait_, &least)) return;
  int64_t next;
  if (__builtin_add_overflow(swept_, period_, &next) || least < next) return;
  swept_ = least;
  absl::erase_if(episodes_, [&](const auto& entry) {
    return entry.second.suppressed == 0 && Over(entry.second, least);
  });
}

}  // namespace telltale::engine
