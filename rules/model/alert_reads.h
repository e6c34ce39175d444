// Which rules' alerts can come to which rules (A5).
//
// A rule that reads alerts says of them what it wants in `where`. What of that is the same for all
// alerts of one rule (its id, title, level and tags, the kinds that it has, whether it reads alerts
// itself) is asked of the rules beforehand: one of which the condition is certainly false is not
// read, so that its watermark is not waited for. Rules that read alerts are read only by those that
// name them by `rule.id`; AlertGuard says so in the condition, and the rest follows.
//
// Owner: the functions keep nothing. Thread: any. Errors: none; that rules read one another in a
// circle is for the loader to refuse (AlertCycle).
#ifndef TELLTALE_RULES_MODEL_ALERT_READS_H_
#define TELLTALE_RULES_MODEL_ALERT_READS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/model/rule.h"

namespace telltale::rules {

// Calls `visit` with each place of the rule that speaks of alerts.
void VisitAlertSources(const Rule& rule, StreamIndex alerts,
                       const std::function<void(const Selector&)>& visit);
bool ReadsAlerts(const Rule& rule, const StreamCatalog& streams);

// The ids without one of which, as `rule.id`, the condition is not true; none: it names no rules.
std::optional<std::set<std::string>> RulesNamed(const Expr& condition);

// Whether the condition, about an alert, is certainly true or false of those of the rule; none: it
// hangs on the alert.
std::optional<bool> TruthOfAlerts(const Expr& condition, const Rule& rule,
                                  const StreamCatalog& streams);

// Whether the condition is one that reading alerts brings with it, and nobody has written.
bool IsGuardOfAlerts(const Expr& condition);

// Whether alerts of the rule can come to the place.
bool CanReach(const Rule& rule, const Selector& source, const StreamCatalog& streams);

// What is true of the alerts that count as next for the rule (P2): those of the rules that it
// reads, and not what is suppressed unless it asks for such. REQUIRES: it reads alerts.
Expression AlertsThatCount(const Rule& rule, const StreamCatalog& streams);

// Fills `reads`, `read_ids`, `reads_suppressed`, `feeds`, `feeds_suppressed` and `starved`.
// REQUIRES: the rules are in order of their ids. To be called again where rules are taken out of a
// set or their modes change.
void LinkAlerts(std::vector<Rule>& rules, const StreamCatalog& streams);

// Rules of which each reads the alerts of the next, and the last those of the first; empty: there
// are none. REQUIRES: LinkAlerts.
std::vector<uint32_t> AlertCycle(const std::vector<Rule>& rules);

// Indexes of the rules, each behind those that it reads. REQUIRES: there is no cycle.
std::vector<uint32_t> InOrderOfReading(const std::vector<Rule>& rules);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_ALERT_READS_H_
