// The states of a table in the order in which they were last met, as a list that runs through them.
//
// A state has a member `OrderLink link` and a time `last`. What is met goes to the back; as event
// time only rises the times in the list do, too. What was read from bytes comes in any order, and
// is sorted once. Owner: a matcher, beside the table. Thread: the shard's.
#ifndef TELLTALE_ENGINE_WINDOW_TIME_ORDER_H_
#define TELLTALE_ENGINE_WINDOW_TIME_ORDER_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/window/state_table.h"

namespace telltale::engine {

struct OrderLink {
  uint32_t before = kNoState;
  uint32_t after = kNoState;
};

template <typename Table>
class TimeOrder {
 public:
  // kNoState: the list is empty.
  uint32_t front() const { return front_; }

  void PushBack(Table& table, uint32_t number) {
    table[number].link = {.before = back_, .after = kNoState};
    (back_ == kNoState ? front_ : table[back_].link.after) = number;
    back_ = number;
  }
  void Remove(Table& table, uint32_t number) {
    const OrderLink link = table[number].link;
    (link.before == kNoState ? front_ : table[link.before].link.after) = link.after;
    (link.after == kNoState ? back_ : table[link.after].link.before) = link.before;
  }
  void MoveToBack(Table& table, uint32_t number) {
    if (number == back_) return;
    Remove(table, number);
    PushBack(table, number);
  }

  // One that may belong anywhere.
  void Insert(Table& table, uint32_t number) {
    in_order_ = in_order_ && (back_ == kNoState || table[back_].last <= table[number].last);
    PushBack(table, number);
  }
  // To be called before the order matters.
  void Sort(Table& table) {
    if (in_order_) return;
    std::vector<uint32_t> numbers;
    for (uint32_t number = front_; number != kNoState; number = table[number].link.after)
      numbers.push_back(number);
    std::stable_sort(numbers.begin(), numbers.end(),
                     [&](uint32_t a, uint32_t b) { return table[a].last < table[b].last; });
    front_ = back_ = kNoState;
    for (const uint32_t number : numbers) PushBack(table, number);
    in_order_ = true;
  }
  // The least time of all. REQUIRES: not empty.
  int64_t Earliest(Table& table) {
    Sort(table);
    return table[front_].last;
  }

 private:
  uint32_t front_ = kNoState;
  uint32_t back_ = kNoState;
  bool in_order_ = true;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_TIME_ORDER_H_
