// Warnings that a rule's author has looked at and allows: `allow: [R0904]`.
//
// An allowance takes warnings with its code out of what was told of its rule, wherever they were
// found. A code that no warning has is an error (R0112), an allowance that allows nothing a warning
// itself (R0915), so that none outlives its reason; but for those that need a sample of events,
// which are given elsewhere (Rule::allowed). Errors are never allowed.
//
// Owner: the loader. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_ALLOWANCES_H_
#define TELLTALE_RULES_LOAD_ALLOWANCES_H_

#include <string>
#include <vector>

#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {

class Allowances {
 public:
  // The `allow` of a rule's map, where it has one; returns its codes.
  std::vector<std::string> Read(const Node& rule, Diagnostics& diagnostics);

  // Once all is told: takes out what is allowed, and tells what allows nothing.
  void Apply(Diagnostics& diagnostics) const;

 private:
  struct Allowance {
    std::string code;
    Span place;  // of the code
    Span rule;
    std::string note;  // "rule 'x'"
  };
  std::vector<Allowance> list_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_ALLOWANCES_H_
