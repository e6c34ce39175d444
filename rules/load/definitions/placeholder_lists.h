// The lists of a load as what `expand` puts into the detections of Sigma.
//
// A value of a list is a value of Sigma there: its wildcards are wildcards. Numbers are their
// decimals. What is put in is part of the detection, and so of the rule's fingerprint.
//
// Owner: the reader that needs it; borrows the definitions and marks what is used. Thread: one.
// Errors: none.
#ifndef TELLTALE_RULES_LOAD_DEFINITIONS_PLACEHOLDER_LISTS_H_
#define TELLTALE_RULES_LOAD_DEFINITIONS_PLACEHOLDER_LISTS_H_

#include <map>
#include <string>
#include <vector>

#include "rules/load/cel/definitions.h"
#include "rules/load/sigma/field_test.h"

namespace telltale::rules {

class PlaceholderLists {
 public:
  PlaceholderLists(const Definitions& definitions, Uses& uses);
  PlaceholderLists(const PlaceholderLists&) = delete;
  PlaceholderLists& operator=(const PlaceholderLists&) = delete;

  const sigma::Placeholders& placeholders() const { return placeholders_; }

 private:
  const std::vector<std::string>* Find(const std::string& name);

  const Definitions& definitions_;
  Uses& uses_;
  std::map<std::string, std::vector<std::string>> texts_;  // of the lists that were asked for
  sigma::Placeholders placeholders_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_DEFINITIONS_PLACEHOLDER_LISTS_H_
