// What a rule says, in sentences: whom it follows, what has to happen, when it alerts, and what it
// can hold in memory.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_EXPLAIN_MEANING_H_
#define TELLTALE_DAEMON_EXPLAIN_MEANING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/event/layout.h"
#include "rules/model/automaton.h"
#include "rules/model/rule.h"

namespace telltale::explain {

// One sentence or two an entry, in the order in which they are read.
// `compiled`: of the rule, here and below.
std::vector<std::string> Meaning(const rules::Rule& rule, const rules::Automaton& compiled,
                                 const rules::StreamCatalog& streams);

// The same of a rule over a window or new terms: how events are taken together, and when that is a
// result.
std::vector<std::string> WindowMeaning(const rules::Rule& rule,
                                       const rules::StreamCatalog& streams);

// What one key can make it hold at most, by the rule's own bounds (P6, P10).
struct Bounds {
  uint64_t partial_matches = 0;
  uint64_t events = 0;
  uint64_t bytes = 0;        // of both, with `event_bytes` for each event
  uint64_t event_bytes = 0;  // of the largest kind of event that a step takes, without its text
};
Bounds BoundsOf(const rules::Rule& rule, const rules::Automaton& compiled,
                const std::vector<engine::EventLayout>& layouts);

// The bounds in words, and how long a key is remembered.
std::vector<std::string> MemoryText(const rules::Rule& rule, const rules::Automaton& compiled,
                                    const std::vector<engine::EventLayout>& layouts,
                                    const rules::StreamCatalog& streams);

// W3: what conditions of the rule's sequence may read.
std::vector<std::string> StepWindowMeaning(const rules::Rule& rule,
                                           const rules::StreamCatalog& streams);

std::vector<std::string> WindowMemoryText(const rules::Rule& rule,
                                          const std::vector<engine::EventLayout>& layouts,
                                          const rules::StreamCatalog& streams);

// Which fields of an event of the stream are kept, in words.
std::string KeptOf(rules::StreamIndex stream, const std::vector<engine::EventLayout>& layouts,
                   const rules::StreamCatalog& streams);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_MEANING_H_
