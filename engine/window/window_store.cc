#include "engine/window/window_store.h"

#include <cstring>
#include <utility>

namespace telltale::engine {
namespace {

constexpr size_t kMostInCache = 10'000;  // events of a shard

}  // namespace

void WindowStore::Open(WindowKey& key, const Arrival& arrival) {
  key.cells = accumulators_.New();
  if (queues_ || compares_) Queue(key);
  if (!plan_.keeps_key) return;
  written_.clear();
  ByteWriter out(written_);
  plan_.keys[arrival.source].WriteKey(arrival.event, key.key, scratch_, key_memory_, out);
  KeepTexts(key, written_);
}

// Its size in front.
void WindowStore::KeepTexts(WindowKey& key, std::string_view texts) {
  const auto size = static_cast<uint32_t>(texts.size());
  key.texts = memory_.blocks.Take(sizeof size + size);
  char* block = memory_.blocks.At(key.texts);
  std::memcpy(block, &size, sizeof size);
  std::memcpy(block + sizeof size, texts.data(), size);
}

std::string_view WindowStore::TextsOf(const WindowKey& key) const {
  uint32_t size = 0;
  const char* block = memory_.blocks.At(key.texts);
  std::memcpy(&size, block, sizeof size);
  return {block + sizeof size, size};
}

void WindowStore::Close(WindowKey& key) {
  accumulators_.Free(std::exchange(key.cells, nullptr));
  if (key.texts != BlockPool::kNone) {
    memory_.blocks.Give(key.texts, sizeof(uint32_t) + TextsOf(key).size());
    key.texts = BlockPool::kNone;
  }
  ReleaseLeaving();
  if (key.more == nullptr) return;
  HideAll(key);
  more_.Free(std::exchange(key.more, nullptr));
}

void WindowStore::QueueAll(WindowKey& key, std::span<const ShownEvent> shown) {
  Queue(key);
  for (const ShownEvent& event : shown) key.more->shown.PushBack(event);
}

void WindowStore::Show(WindowKey& key, const Arrival& arrival) {
  if (key.more == nullptr || plan_.evidence == 0) return;
  if (arrival.held == kNoEvent) arrival.held = memory_.events.Hold(arrival.event);
  memory_.events.Ref(arrival.held);
  FrontQueue<ShownEvent>& queue = key.more->shown;
  queue.PushBack({.event = arrival.held, .source = arrival.source, .time = arrival.event.time});
  if (queue.size() <= plan_.evidence) return;
  Leave(queue.front().event);
  queue.PopFront();
}

void WindowStore::Leave(EventHandle event) {
  if (memory_.events.size() < kMostInCache) {
    ReleaseLeaving();
    return memory_.events.Unref(event);
  }
  memory_.events.Prefetch(event);
  std::swap(event, leaving_[next_leaving_++ % leaving_.size()]);
  if (event != kNoEvent) memory_.events.Unref(event);
}

void WindowStore::ReleaseLeaving() {
  if (next_leaving_ == 0) return;
  next_leaving_ = 0;
  for (EventHandle& event : leaving_) {
    if (event != kNoEvent) memory_.events.Unref(event);
    event = kNoEvent;
  }
}

void WindowStore::HideUpTo(WindowKey& key, int64_t time) {
  if (key.more == nullptr) return;
  FrontQueue<ShownEvent>& queue = key.more->shown;
  while (!queue.empty() && queue.front().time <= time) {
    Leave(queue.front().event);
    queue.PopFront();
  }
}

void WindowStore::HideAll(WindowKey& key) {
  if (key.more == nullptr) return;
  FrontQueue<ShownEvent>& queue = key.more->shown;
  for (; !queue.empty(); queue.PopFront()) memory_.events.Unref(queue.front().event);
}

std::vector<ShownEvent> WindowStore::TakeShown(WindowKey& key) {
  if (key.more == nullptr) return {};
  const std::span<const ShownEvent> shown = key.more->shown.items();
  std::vector<ShownEvent> taken(shown.begin(), shown.end());
  key.more->shown.Clear();
  if (!compares_ && !queues_) more_.Free(std::exchange(key.more, nullptr));
  return taken;
}

rules::KeyParts WindowStore::KeyOf(const WindowKey& key) const {
  if (key.texts == BlockPool::kNone) return {};
  const std::string_view texts = TextsOf(key);
  ByteReader in(texts);
  return texts.empty() ? rules::KeyParts() : KeyFinder::ReadKey(plan_.rule->key_names.size(), in);
}

void WindowStore::TakeOver(WindowStore& old) {
  accumulators_.TakeOver(old.accumulators_);
  more_ = std::move(old.more_);
}

void WindowStore::Relay(WindowKey& key, const std::function<EventHandle(EventHandle)>& relaid) {
  if (key.cells != nullptr) accumulators_.Relay(key.cells, relaid);
  if (key.more == nullptr) return;
  FrontQueue<ShownEvent>& queue = key.more->shown;
  for (size_t i = 0; i < queue.size(); ++i) {
    const EventHandle before = std::exchange(queue[i].event, relaid(queue[i].event));
    memory_.events.Unref(before);
  }
}

}  // namespace telltale::engine
