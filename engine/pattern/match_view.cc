#include "engine/pattern/match_view.h"

#include <algorithm>
#include <bit>

namespace telltale::engine {

void MatchView::Show(Chain chain) {
  if (chain != kNoChain && chain == shown_) return;
  Begin();
  shown_ = chain;
  for (Chain link = chain; link != kNoChain; link = chains_[link].before) {
    events_.push_back(&store_[chains_[link].event]);
    steps_.push_back(chains_[link].step);
  }
  std::reverse(events_.begin(), events_.end());
  std::reverse(steps_.begin(), steps_.end());
  GroupBySteps();
}

void MatchView::ShowSteps(Chain chain, StepMask steps) {
  if (chain != kNoChain && chain == shown_) return;
  Begin();
  for (StepMask rest = steps; rest != 0; rest &= rest - 1)
    by_step_[static_cast<size_t>(std::countr_zero(rest))] = {};
  for (; chain != kNoChain && steps != 0; chain = chains_[chain].before_run) {
    const uint32_t step = chains_[chain].step;
    if ((steps >> step & 1) == 0) continue;
    steps &= ~(StepMask{1} << step);
    single_[step] = &store_[chains_[chain].event];
    by_step_[step] = {.events = &single_[step], .size = 1};
  }
}

void MatchView::Begin() {
  shown_ = kNoChain;
  events_.clear();
  steps_.clear();
}

void MatchView::Add(uint32_t step, EventHandle event) {
  events_.push_back(&store_[event]);
  steps_.push_back(step);
}

void MatchView::End() { GroupBySteps(); }

void MatchView::GroupBySteps() {
  std::fill(by_step_.begin(), by_step_.end(), StepEvents{});
  bool together = true;
  for (uint32_t i = 0; i < events_.size(); ++i) {
    StepEvents& taken = by_step_[steps_[i]];
    if (taken.size++ == 0) taken.events = events_.data() + i;
    together = together && taken.events + taken.size == events_.data() + i + 1;
  }
  if (!together) GatherBySteps();
}

void MatchView::GatherBySteps() {
  gathered_.resize(events_.size());
  const Event** end = gathered_.data();
  for (StepEvents& taken : by_step_) {
    taken.events = end;
    end += taken.size;
    taken.size = 0;
  }
  for (size_t i = 0; i < events_.size(); ++i) {
    StepEvents& taken = by_step_[steps_[i]];
    gathered_[static_cast<size_t>(taken.events - gathered_.data()) + taken.size++] = events_[i];
  }
}

}  // namespace telltale::engine
