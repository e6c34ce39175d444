// Which steps of a pattern can take events one directly after the other, and what must not be
// between: for checks that speak of order.
//
// Members of an all_of are no neighbours of each other, for either may come first. Owner: the
// caller; plain data. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CHECKS_NEIGHBOURS_H_
#define TELLTALE_RULES_LOAD_CHECKS_NEIGHBOURS_H_

#include <cstdint>
#include <vector>

#include "rules/model/pattern.h"

namespace telltale::rules {

// By indexes in Rule::steps and absences.
struct Neighbours {
  uint32_t before = 0;
  uint32_t after = 0;
  std::vector<uint32_t> nots;
};

std::vector<Neighbours> FindNeighbours(const Place& pattern);

// The steps that can take a place's first event, or its last one, each once.
std::vector<uint32_t> FirstSteps(const Place& place);
std::vector<uint32_t> LastSteps(const Place& place);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_NEIGHBOURS_H_
