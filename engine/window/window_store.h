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
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/condition/key_finder.h"
#include "engine/event/fetch_line.h"
#include "engine/pattern/block_pool.h"
#include "engine/pattern/held_events.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/accumulators.h"
#include "engine/window/front_queue.h"
#include "engine/window/object_pool.h"
#include "engine/window/state_table.h"

namespace telltale::engine {

struct ShownEvent {
  EventHandle event = 0;
  uint32_t source = 0;
  int64_t time = 0;  // of the event, which is mostly not in the cache
};

// What only some rules keep of a key.
struct WindowMore {
  FrontQueue<ShownEvent> shown;  // the last events, in total order
  uint64_t told = 0;             // a hash of the values at the last evaluation (emit: on_change)
  void Clear() {
    shown.Clear();
    told = 0;
  }
};

// There are as many as keys: what derives from it goes on in its last word.
struct WindowKey {
  Hash128 key{};
  Cells cells = nullptr;       // null where the plan has no accumulators
  WindowMore* more = nullptr;  // null where the plan keeps nothing there
  uint64_t count : 48 = 0;     // events in it
  uint64_t held : 12 = 0;      // the last of them, which a sliding window holds to show them
  uint64_t was_true : 1 = 0;   // `having`, at the last evaluation
  uint64_t has_told : 1 = 0;
  uint64_t truncated : 1 = 0;                  // P10
  uint64_t touched : 1 = 0;                    // of the call under way
  BlockPool::Handle texts = BlockPool::kNone;  // kNone where the plan does not keep the key
};

// What bytes say of a key beside what stands in a WindowKey.
struct WindowMarks {
  std::optional<int64_t> limited;  // the hour in which a limit has acted on it
  uint64_t told = 0;
};

class WindowStore {
 public:
  WindowStore(const WindowPlan& plan, ShardMemory& memory, Scratch& scratch)
      : plan_(plan),
        memory_(memory),
        scratch_(scratch),
        accumulators_(plan, memory.events, scratch),
        queues_(plan.evidence != 0 && plan.aggregate->window.kind != rules::WindowKind::kSliding),
        compares_(plan.aggregate->emit == rules::Emit::kOnChange) {
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
  // The last events, as evidence: a queue of each key, but where a sliding window remembers its
  // events anyway. What shows none has none.
  void Queue(WindowKey& key) {
    if (key.more == nullptr) key.more = more_.New();
  }
  void QueueAll(WindowKey& key, std::span<const ShownEvent> shown);  // takes the references
  void Show(WindowKey& key, const Arrival& arrival);
  void HideUpTo(WindowKey& key, int64_t time);
  void HideAll(WindowKey& key);
  std::span<const ShownEvent> ShownOf(const WindowKey& key) const {
    return key.more == nullptr ? std::span<const ShownEvent>() : key.more->shown.items();
  }
  // They are the caller's from now on, and so are their references.
  std::vector<ShownEvent> TakeShown(WindowKey& key);
  // An event that is shown no more. Where there are many it has mostly left the cache, so it is
  // fetched, and given back a few events later.
  void Leave(EventHandle event);
  // Bring what the key names into the cache, and what that names in turn, a step a time.
  [[gnu::always_inline]] void PrefetchParts(const WindowKey& key) const {
    FetchLine(key.cells);
    FetchLine(key.more);
  }
  [[gnu::always_inline]] void PrefetchObjects(const WindowKey& key) const {
    if (key.cells != nullptr) accumulators_.Prefetch(key.cells);
    if (key.more != nullptr && !key.more->shown.empty()) FetchLine(&key.more->shown.front());
  }

  // Those of the key, where the plan keeps it.
  rules::KeyParts KeyOf(const WindowKey& key) const;

  void TakeOver(WindowStore& old);
  void Relay(WindowKey& key, const std::function<EventHandle(EventHandle)>& relaid);

  // `whole`: see Accumulators.
  void AddHeld(const WindowKey& key, std::span<const ShownEvent> shown,
               HeldEventsEncoder& held) const;
  void Encode(const WindowKey& key, std::span<const ShownEvent> shown, bool whole,
              const HeldEventsEncoder& held, ByteWriter& out) const;
  // Into a key that holds nothing but its marks; what is shown to its queue. Close it where `in`
  // has failed.
  void Decode(WindowKey& key, const WindowMarks& marks, bool whole, const HeldEvents& held,
              ByteReader& in);

 private:
  void ReleaseLeaving();
  void KeepTexts(WindowKey& key, std::string_view texts);
  std::string_view TextsOf(const WindowKey& key) const;

  const WindowPlan& plan_;
  ShardMemory& memory_;
  Scratch& scratch_;
  Accumulators accumulators_;
  ObjectPool<WindowMore> more_;
  const bool queues_;
  const bool compares_;  // values with those told before
  std::array<EventHandle, 8> leaving_;
  size_t next_leaving_ = 0;
  KeyMemory key_memory_;
  std::string written_;
};

static_assert(kNoState == RuleMatcher::kNotFound);

// What a matcher of windows does for RuleMatcher::Prefetch.
template <typename Table>
[[gnu::always_inline]] inline uint32_t FetchKey(const Table& keys, const WindowStore& store,
                                                const Hash128& key, RuleMatcher::Fetch step,
                                                uint32_t found) {
  using Fetch = RuleMatcher::Fetch;
  if (step == Fetch::kBucket) keys.PrefetchSlot(key);
  if (step == Fetch::kBucket || !keys.large()) return kNoState;
  const uint32_t number = keys.PeekAgain(key, found);
  if (number == kNoState) return kNoState;
  if (step == Fetch::kSeat) keys.PrefetchNumber(number);
  if (step == Fetch::kState) store.PrefetchParts(keys[number]);
  if (step == Fetch::kPartials) store.PrefetchObjects(keys[number]);
  return number;
}

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_WINDOW_STORE_H_
