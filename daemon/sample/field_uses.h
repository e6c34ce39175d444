// The fields that a rule reads, each with the place where it is read first and with what its values
// are compared with.
//
// Owner: value type. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_SAMPLE_FIELD_USES_H_
#define TELLTALE_DAEMON_SAMPLE_FIELD_USES_H_

#include <vector>

#include "rules/model/rule.h"

namespace telltale::sample {

struct FieldUse {
  rules::StreamIndex stream = 0;
  rules::FieldPath path;  // never empty
  rules::Span span;       // of the path alone, where it stands there as it is
  rules::Type type;       // as the stream declares it, or dyn
  // What it is compared or computed with, all over the rule.
  bool with_numbers = false;
  bool with_strings = false;
  bool with_bools = false;
  rules::Span wanted;      // where that is done first
  bool otherwise = false;  // used in a way that says little of its type
};

// In the order in which the rule reads them: steps, absences, untils, exceptions, suppression,
// alert.
std::vector<FieldUse> FieldUses(const rules::Rule& rule);

}  // namespace telltale::sample

#endif  // TELLTALE_DAEMON_SAMPLE_FIELD_USES_H_
