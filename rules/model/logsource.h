// What a stream serves, in Sigma's words: logsources, and where the fields of their rules stand in
// the stream's events.
//
// One stream may serve several logsources (a topic of Sysmon serves some 25, told apart by their
// EventID), and one event may belong to several. A rule names a logsource; an entry serves it when
// it has all that the rule names, and equal. An entry may say more than the rule; one that lacks
// something that the rule names does not serve it.
//
// Source: Sigma rules specification 2.1, "LogSource" and "Field Usage". Owner: the stream's entry
// in the catalog. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_MODEL_LOGSOURCE_H_
#define TELLTALE_RULES_MODEL_LOGSOURCE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rules/model/expression.h"
#include "rules/model/field_path.h"

namespace telltale::rules {

// The name of a logsource, as a rule or a stream gives it. An empty part is one that is not named.
struct LogsourceName {
  std::string product;
  std::string category;
  std::string service;

  bool empty() const { return product.empty() && category.empty() && service.empty(); }
  // Whether everything that `wanted` names is here, and equal.
  bool Has(const LogsourceName& wanted) const;
  std::string ToString() const;  // "product: windows, category: process_creation"
};

// Where the fields that rules name stand in the events.
struct FieldMapping {
  std::map<std::string, FieldPath, std::less<>> names;
  // For all other names: a path in which "{field}" stands for the name. Empty: the name is the
  // path, its dots steps into maps.
  FieldPath otherwise;
  // The dots of a name that "{field}" stands for are no steps: keys of the events have them, too.
  bool whole_names = false;

  FieldPath PathOf(std::string_view field) const;
  bool operator==(const FieldMapping&) const = default;
};

struct Logsource {
  LogsourceName name;
  std::optional<Expression> where;  // which of the stream's events belong to it; none: all
  FieldMapping fields;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_LOGSOURCE_H_
