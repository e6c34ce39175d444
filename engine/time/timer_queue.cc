#include "engine/time/timer_queue.h"

#include <utility>

namespace telltale::engine {

void TimerQueue::Arm(const Timer& timer) {
  ++size_;
  // The run that ends latest of those that it can stand behind; one that is empty ends before all.
  uint32_t best = kRuns;
  for (uint32_t i = 0; i < kRuns; ++i) {
    if (runs_[i].latest <= timer.deadline &&
        (best == kRuns || runs_[i].latest > runs_[best].latest))
      best = i;
  }
  if (best == kRuns) {
    PushOnHeap(timer);
  } else {
    Append(runs_[best], timer);
  }
  if (timer.deadline >= earliest_) return;
  earliest_ = timer.deadline;
  earliest_run_ = best;
}

Timer TimerQueue::Pop() {
  const Timer timer = earliest_run_ == kRuns ? TakeFromHeap() : TakeFrom(runs_[earliest_run_]);
  --size_;
  earliest_ = heap_.empty() ? kForever : heap_[0].deadline;
  earliest_run_ = kRuns;
  for (uint32_t i = 0; i < kRuns; ++i) {
    if (runs_[i].earliest >= earliest_) continue;
    earliest_ = runs_[i].earliest;
    earliest_run_ = i;
  }
  return timer;
}

void TimerQueue::Append(Run& run, const Timer& timer) {
  const bool empty = run.first == kNone;
  if (empty || run.end == kBlockTimers) {
    uint32_t block = free_;
    if (block == kNone) {
      block = static_cast<uint32_t>(blocks_.size());
      blocks_.Add();
    } else {
      free_ = std::exchange(blocks_[block].next, kNone);
    }
    if (empty) {
      run.first = block;
      run.begin = 0;
      run.earliest = timer.deadline;
    } else {
      blocks_[run.last].next = block;
    }
    run.last = block;
    run.end = 0;
  }
  blocks_[run.last].timers[run.end++] = timer;
  run.latest = timer.deadline;
}

Timer TimerQueue::TakeFrom(Run& run) {
  const uint32_t block = run.first;
  const Timer timer = blocks_[block].timers[run.begin++];
  if (run.begin == (block == run.last ? run.end : kBlockTimers)) {
    run.first = std::exchange(blocks_[block].next, std::exchange(free_, block));
    run.begin = 0;
    if (block == run.last) run = Run();
  }
  if (run.first != kNone) run.earliest = blocks_[run.first].timers[run.begin].deadline;
  return timer;
}

void TimerQueue::PushOnHeap(const Timer& timer) {
  size_t hole = heap_.size();
  heap_.Add();
  for (; hole > 0 && heap_[(hole - 1) / 2].deadline > timer.deadline; hole = (hole - 1) / 2)
    heap_[hole] = heap_[(hole - 1) / 2];
  heap_[hole] = timer;
}

Timer TimerQueue::TakeFromHeap() {
  const Timer first = heap_[0];
  const Timer last = heap_[heap_.size() - 1];
  heap_.RemoveLast();
  if (heap_.empty()) return first;
  size_t hole = 0;
  for (size_t child = 1; child < heap_.size(); child = 2 * hole + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1].deadline < heap_[child].deadline) ++child;
    if (heap_[child].deadline >= last.deadline) break;
    heap_[hole] = heap_[child];
    hole = child;
  }
  heap_[hole] = last;
  return first;
}

}  // namespace telltale::engine
