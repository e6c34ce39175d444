// Changes to rules that stand elsewhere: `override` documents, worked into the documents of their
// rules before any rule is read.
//
//   id: vendor-rule
//   override: append                # or replace, or { tags: append, level: replace }
//   tags: [ours]
//   exceptions: [ { name: lab, where: 'host in lists.lab' } ]
//
// `replace` puts a key's value in the place of the rule's; two overrides that replace one key
// contradict each other. `append` adds to what is a list or a map: to what stood in the rule, or
// was put in its place. Overrides apply in the order of their files' paths, so the order in which
// files are given does not show. Values keep their places: what is wrong with them is told where
// the override stands.
//
// Owner: the documents are the caller's. Thread: no shared state. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_OVERRIDES_H_
#define TELLTALE_RULES_LOAD_OVERRIDES_H_

#include "rules/load/documents.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {

// Rules, detections, correlations and filters can be overridden, by their `id`, or their `name`
// where they have one.
void ApplyOverrides(Documents& documents, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_OVERRIDES_H_
