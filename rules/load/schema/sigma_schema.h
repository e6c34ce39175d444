// What the schema of rule files says of Sigma's documents, and of detections in rules of ours.
//
// Further keys at a document's top are legal, as Sigma has it. What modifiers take, and what
// conditions ask for, is for `telltale check`.
//
// Owner: the schema of rule files. Thread: one. Errors: none.
#ifndef TELLTALE_RULES_LOAD_SCHEMA_SIGMA_SCHEMA_H_
#define TELLTALE_RULES_LOAD_SCHEMA_SIGMA_SCHEMA_H_

#include <string_view>

#include "rules/load/schema/key_schema.h"
#include "rules/load/schema/schema_json.h"

namespace telltale::rules::schema {

class SigmaSchema : public KeySchema {
 protected:
  // A document of Sigma's, or else `ours`: told apart as the reader does.
  Json SigmaOr(Json ours);

  Json Named(std::string_view name) override;
  Members Beside(const KeySet& keys) override;

 private:
  Json Search();
  Json SearchIdentifiers(const std::vector<std::string_view>& others);
  Json OfOurs(std::string_view key, std::string_view type);
};

}  // namespace telltale::rules::schema

#endif  // TELLTALE_RULES_LOAD_SCHEMA_SIGMA_SCHEMA_H_
