// What expressions of all rules can name beside their own streams and steps: lists, tables and
// macros.
//
// Names are collected over all files before any expression is checked. Uses says which of them some
// expression named, for the warning about those that none did.
//
// Owner: the loader, for the time of a load. Thread: the loader's. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_DEFINITIONS_H_
#define TELLTALE_RULES_LOAD_CEL_DEFINITIONS_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/model/expression.h"
#include "rules/model/named_list.h"
#include "rules/model/source.h"
#include "rules/model/table.h"

namespace telltale::rules {

// A named expression. The names in it mean what they mean where it is used, but for its parameters
// and the variables that it binds itself, and it sees no variable of the place where it is used.
struct MacroDefinition {
  std::string name;
  std::vector<std::string> parameters;  // empty: it is written without brackets
  LocatedText text;
  std::shared_ptr<const Expr> body;  // as parsed; null: it does not parse, which was told
  Span span;                         // of its name
};

// By name. A list whose contents have mistakes is there all the same, without them.
struct Definitions {
  std::map<std::string, MacroDefinition, std::less<>> macros;
  std::map<std::string, std::shared_ptr<const NamedList>, std::less<>> lists;
  std::map<std::string, Span, std::less<>> list_spans;  // of their names
  std::shared_ptr<const TableCatalog> tables;           // never null
};

struct Uses {
  std::set<std::string, std::less<>> macros;
  std::set<std::string, std::less<>> lists;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_DEFINITIONS_H_
