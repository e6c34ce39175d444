// The way of alerts that other rules read (A5), or that are suppressed together with those of other
// keys (A3), from a shard back to the ingest thread.
//
// A shard gives back one block for each batch in which such alerts came up; the ingest thread takes
// all that there are. No bound and no waiting: a shard that waited for the ingest thread while that
// waits for the shard's queue would never go on. What lies here is what the batches in the queues
// between two flushes have raised.
//
// Owner: the engine, one a shard. Thread: Give the shard's, TakeAll the ingest thread.
#ifndef TELLTALE_ENGINE_RUNTIME_FED_ALERTS_H_
#define TELLTALE_ENGINE_RUNTIME_FED_ALERTS_H_

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "engine/event/event.h"
#include "engine/runtime/joint_suppression.h"

namespace telltale::engine {

struct FedAlerts {
  struct One {
    uint32_t event = 0;  // where its bytes begin, in words
    uint32_t key_group = 0;
    uint32_t incarnation = 0;  // which time of the key group it is
    uint64_t generation = 0;   // of the rule set that it is for, and in whose layout it is
  };
  struct OneUndecided {
    UndecidedAlert undecided;
    uint32_t key_group = 0;
    uint32_t incarnation = 0;
    uint64_t generation = 0;  // of the rule set that has found it
  };
  std::vector<OneUndecided> undecided;
  std::vector<uint64_t> words;  // events of the stream of alerts
  std::vector<One> alerts;
  FedAlerts* next = nullptr;  // the queue's

  void Append(const Event& event, One one) {
    one.event = static_cast<uint32_t>(words.size());
    words.resize(words.size() + event.byte_size / 8);
    std::memcpy(words.data() + one.event, &event, event.byte_size);
    alerts.push_back(one);
  }
  const Event& EventOf(const One& one) const {
    return *reinterpret_cast<const Event*>(words.data() + one.event);
  }
};

class FedAlertQueue {
 public:
  FedAlertQueue() = default;
  ~FedAlertQueue() {
    TakeAll([](FedAlerts&) {});
  }
  FedAlertQueue(const FedAlertQueue&) = delete;
  FedAlertQueue& operator=(const FedAlertQueue&) = delete;

  void Give(std::unique_ptr<FedAlerts> alerts) {
    FedAlerts* block = alerts.release();
    block->next = newest_.load(std::memory_order_relaxed);
    while (!newest_.compare_exchange_weak(block->next, block, std::memory_order_release,
                                          std::memory_order_relaxed)) {
    }
  }

  // Calls take(block), which may take what is in it, with each of those that are there, in no order
  // that means anything.
  template <typename Take>
  void TakeAll(const Take& take) {
    FedAlerts* block = newest_.exchange(nullptr, std::memory_order_acquire);
    while (block != nullptr) {
      const std::unique_ptr<FedAlerts> owned(block);
      block = owned->next;
      take(*owned);
    }
  }

 private:
  std::atomic<FedAlerts*> newest_{nullptr};
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_FED_ALERTS_H_
