// Holds documents against a JSON Schema, for tests that compare it with the reader of the
// documents.
//
// Owner, thread: the test's. Errors: failures of the test.
#ifndef TELLTALE_TESTS_RULES_SCHEMA_JUDGE_H_
#define TELLTALE_TESTS_RULES_SCHEMA_JUDGE_H_

#include <string>
#include <vector>

#include "rules/load/yaml/node.h"
#include "rules/model/source.h"

namespace telltale::rules {

SourcePtr CaseFile(const std::string& text);

// REQUIRES: it is YAML.
std::vector<Node> Parsed(const std::string& yaml);

// A tree as JSON, which is YAML too.
std::string ToJson(const Node& node);

// Documents, each with what its reader said of it.
class SchemaCases {
 public:
  void Add(const std::string& json, bool accepted);
  size_t accepted() const { return accepted_; }
  size_t refused() const { return refused_; }
  // That the schema says the same of all of them.
  void ExpectJudged(const std::string& schema) const;

 private:
  std::string lines_;  // as schema_check.py reads them
  size_t accepted_ = 0;
  size_t refused_ = 0;
};

}  // namespace telltale::rules

#endif  // TELLTALE_TESTS_RULES_SCHEMA_JUDGE_H_
