// What a sample of events shows to be wrong with rules: fields that no event has (R0951), and
// fields whose values never are of the type that the stream declares or that they are compared with
// (R0952). Each is told once a field and rule, where the rule reads it.
//
// A stream without any event in the sample shows nothing. A rule's `allow` holds here as it does in
// the loader. Owner: the caller. Thread: any. Errors: warnings.
#ifndef TELLTALE_DAEMON_SAMPLE_SAMPLE_CHECK_H_
#define TELLTALE_DAEMON_SAMPLE_SAMPLE_CHECK_H_

#include "daemon/sample/sample.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::sample {

// Sorted by place.
rules::Diagnostics CheckSample(const rules::RuleSet& rules, const Sample& sample);

}  // namespace telltale::sample

#endif  // TELLTALE_DAEMON_SAMPLE_SAMPLE_CHECK_H_
