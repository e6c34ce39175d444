// What a checked expression reads: fields of events, and steps.
//
// An event whose value is used as a whole (compared, put into a map, indexed by a name that is
// computed) is read whole, with the empty path; where only its fields are used, or only how many
// events a list has, it is not. Owner: value type. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_READS_H_
#define TELLTALE_RULES_LOAD_CEL_READS_H_

#include <cstdint>
#include <vector>

#include "rules/model/expression.h"

namespace telltale::rules {

struct Reads {
  std::vector<FieldRead> fields;  // sorted, each path once
  std::vector<uint32_t> steps;    // ascending
};

// REQUIRES: `expr` is checked.
Reads CollectReads(const Expr& expr);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_READS_H_
