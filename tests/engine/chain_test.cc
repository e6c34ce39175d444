#include "engine/pattern/chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "engine/pattern/match_view.h"

namespace telltale::engine {
namespace {

struct Chains {
  BlockPool blocks;
  EventStore events{blocks};
  ChainPool pool{events};

  EventHandle At(int64_t time) {
    EventBuilder builder;
    builder.Begin(0, 0);
    return events.Hold(*builder.Finish(time, 0, time));
  }
  // The times of its events, then its steps, from the first on.
  std::pair<std::vector<int64_t>, std::vector<uint32_t>> Of(Chain chain) const {
    std::pair<std::vector<int64_t>, std::vector<uint32_t>> links;
    for (; chain != kNoChain; chain = pool[chain].before) {
      links.first.push_back(events[pool[chain].event].time);
      links.second.push_back(pool[chain].step);
    }
    std::reverse(links.first.begin(), links.first.end());
    std::reverse(links.second.begin(), links.second.end());
    return links;
  }
};

// Trees whose chains share beginnings, and sometimes have the same events under other steps.
std::vector<Chain> Grow(Chains& chains, std::mt19937_64& random, int events) {
  std::vector<Chain> all;
  for (int64_t time = 0; time < events; ++time) {
    const EventHandle event = chains.At(time);
    const size_t there = all.size();
    for (size_t made = 0; made < 1 + random() % 4; ++made) {
      // Mostly one of the newest, so that chains become long.
      const size_t back = 1 + random() % (random() % 40 == 0 ? there + 1 : 4);
      const bool starts = there < back || random() % 100 == 0;
      const Chain before = starts ? kNoChain : all[there - back];
      if (before != kNoChain && chains.pool[before].event == event) continue;
      all.push_back(chains.pool.Extend(before, static_cast<uint32_t>(random() % 3), event));
    }
    chains.events.Unref(event);
  }
  return all;
}

TEST(Chain, CompareIsTheOrderOfEventsThenOfSteps) {
  std::mt19937_64 random(1);
  size_t by_steps = 0;
  size_t longest = 0;
  for (const int events : {6, 40, 400}) {
    Chains chains;
    const std::vector<Chain> all = Grow(chains, random, events);
    for (int i = 0; i < 20'000; ++i) {
      const Chain a = all[random() % all.size()];
      const Chain b = all[random() % all.size()];
      const auto of_a = chains.Of(a);
      const auto of_b = chains.Of(b);
      const int order = chains.pool.Compare(a, b);
      ASSERT_EQ(order < 0, of_a < of_b);
      ASSERT_EQ(order > 0, of_a > of_b);
      by_steps += of_a.first == of_b.first && order != 0 ? 1 : 0;
      longest = std::max(longest, of_a.first.size());
    }
    for (const Chain chain : all) chains.pool.Unref(chain);
    EXPECT_EQ(chains.events.size(), 0u);
  }
  EXPECT_GT(by_steps, 10u);
  EXPECT_GT(longest, 50u);
}

TEST(MatchView, ASingleEventIsFoundBehindARepeat) {
  Chains chains;
  MatchView view(chains.pool, chains.events, 4);
  Chain chain = kNoChain;
  const auto extend = [&](uint32_t step, int64_t time) {
    const EventHandle event = chains.At(time);
    const Chain longer = chains.pool.Extend(chain, step, event);
    chains.events.Unref(event);
    if (chain != kNoChain) chains.pool.Unref(chain);
    chain = longer;
  };
  extend(0, 10);
  for (int64_t time = 11; time < 100; ++time) extend(1, time);
  extend(2, 100);
  const Chain repeat = chains.pool[chain].before_run;
  EXPECT_EQ(chains.events[chains.pool[chains.pool[repeat].before_run].event].time, 10);
  view.ShowSteps(chain, 1 | 4 | 8);
  ASSERT_EQ(view.by_step()[0].size, 1u);
  EXPECT_EQ(view.by_step()[0].events[0]->time, 10);
  ASSERT_EQ(view.by_step()[2].size, 1u);
  EXPECT_EQ(view.by_step()[2].events[0]->time, 100);
  EXPECT_EQ(view.by_step()[3].size, 0u);
  // And all of it again.
  view.Show(chain);
  EXPECT_EQ(view.by_step()[1].size, 89u);
  EXPECT_EQ(view.by_step()[0].events[0]->time, 10);
  EXPECT_EQ(view.events().size(), 91u);
  chains.pool.Unref(chain);
  view.Forget();
  view.ShowSteps(kNoChain, 1);
  EXPECT_EQ(view.by_step()[0].size, 0u);
}

}  // namespace
}  // namespace telltale::engine
