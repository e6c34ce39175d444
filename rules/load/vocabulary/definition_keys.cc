#include "rules/load/vocabulary/definition_keys.h"

namespace telltale::rules {

const KeySet& DefinitionKeys() {
  static const KeySet keys{"a document of definitions",
                           {{"lists", {Takes::Named("lists")}, "names and their values"},
                            {"macros", {Takes::Named("macros")}, "named conditions"},
                            {"description", {Takes::Text()}, "for people"}},
                           {}};
  return keys;
}

const KeySet& ListKeys() {
  static const KeySet keys{"a list",
                           {{"values", {Takes::Named("values")}, "strings and numbers"},
                            {"file", {Takes::Text()}, "one value a line, or CSV"},
                            {"column", {Takes::Text()}, "of a CSV file"},
                            {"delimiter", {Takes::Text()}, "of a CSV file (,)"},
                            {"type", {Takes::Word({"string", "int", "double"})}, "of the values"}},
                           {}};
  return keys;
}

}  // namespace telltale::rules
