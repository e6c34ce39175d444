// What every kind of window keeps of a key: the cells of its accumulators, the last events, and the
// texts of the key where a result may come without an event.
//
// Owner: a matcher. Thread: the shard's. No allocation in steady state. Errors: hostile bytes make
// the reader fail.
#ifndef TELLTALE_ENGINE_WINDOW_WINDOW_STORE_H_
#define TELLTALE_ENGINE_WINDOW_WINDOW_STORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "engine/condition/key_finder.h"
#include "engine/pattern/block_pool.h"
#include "engine/pattern/held_events.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/accumulators.h"
#include "engine/window/front_queue.h"
#include "engine/window/object_pool.h"

namespace telltale::engine {

struct ShownEvent {
  EventHandle event = 0;
  uint32_t source = 0;
  int64_t time = 0;  // of the event, which is mostly not in the cache
};

struct ShownEvents {
  FrontQueue<ShownEvent> queue;  // in total order
  void Clear() { queue.Clear(); }
};

struct WindowKey {
  Hash128 key{};
  Cells cells = nullptr;                       // null where the plan has no accumulators
  BlockPool::Handle texts = BlockPool::kNone;  // kNone where the plan does not keep the key
  ShownEvents* shown = nullptr;                // null where the plan keeps no events
  uint64_t told = 0;          // a hash of the values at the last evaluation (emit: on_change)
  uint64_t count : 60 = 0;    // events in it
  uint64_t was_true : 1 = 0;  // `having`, at the last evaluation
  uint64_t has_told : 1 = 0;
  uint64_t truncated : 1 = 0;  // P10
  uint64_t touched : 1 = 0;    // of the call under way
};

class WindowStore {
 public:
  WindowStore(const WindowPlan& plan, ShardMemory& memory, Scratch& scratch)
      : plan_(plan),
        memory_(memory),
        scratch_(scratch),
        accumulators_(plan, memory.events, scratch) {
    leaving_.fill(kNoEvent);
  }
  ~WindowStore() { ReleaseLeaving(); }
  WindowStore(const WindowStore&) = delete;
  WindowStore& operator=(const WindowStore&) = delete;

  Accumulators& accumulators() { return accumulators_; }
  const Accumulators& accumulators() const { return accumulators_; }

  // The key's first event.
  void Open(WindowKey& key, const Arrival& arrival);
  void Close(WindowKey& key);
  // The event as evidence.
  void Show(WindowKey& key, const Arrival& arrival);
  void HideUpTo(WindowKey& key, int64_t time);
  void HideAll(WindowKey& key);
  // Bring what the key names into the cache, and what that names in turn, a step a time.
  [[gnu::always_inline]] void PrefetchParts(const WindowKey& key) const {
    __builtin_prefetch(key.cells);
    __builtin_prefetch(key.shown);
  }
  [[gnu::always_inline]] void PrefetchObjects(const WindowKey& key) const {
    if (key.cells != nullptr) accumulators_.Prefetch(key.cells);
    if (key.shown != nullptr && !key.shown->queue.empty())
      __builtin_prefetch(&key.shown->queue.front());
  }

  // Those of the key, where the plan keeps it.
  rules::KeyParts KeyOf(const WindowKey& key) const;

  void TakeOver(WindowStore& old);
  void Relay(WindowKey& key, const std::function<EventHandle(EventHandle)>& relaid);

  // `whole`: see Accumulators.
  void AddHeld(const WindowKey& key, HeldEventsEncoder& held) const;
  void Encode(const WindowKey& key, bool whole, const HeldEventsEncoder& held,
              ByteWriter& out) const;
  // Into a key that holds nothing; Close it where `in` has failed.
  void Decode(WindowKey& key, bool whole, const HeldEvents& held, ByteReader& in);

 private:
  // An event that is shown no more. Where there are many it has mostly left the cache, so it is
  // fetched, and given back a few events later.
  void Leave(EventHandle event);
  void ReleaseLeaving();
  void KeepTexts(WindowKey& key, std::string_view texts);
  std::string_view TextsOf(const WindowKey& key) const;

  const WindowPlan& plan_;
  ShardMemory& memory_;
  Scratch& scratch_;
  Accumulators accumulators_;
  ObjectPool<ShownEvents> shown_;
  std::array<EventHandle, 8> leaving_;
  size_t next_leaving_ = 0;
  KeyMemory key_memory_;
  std::string written_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_WINDOW_STORE_H_
