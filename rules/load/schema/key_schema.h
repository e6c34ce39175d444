// The JSON Schema (draft-07) of files whose maps are declared as key sets: a definition for each
// set, with its keys, what these take and what they are for, from the tables that the reader reads
// by.
//
// A kind of files derives from it and says what the tables leave to it: the shapes of values that
// are Named there, and what holds between the keys of one map.
//
// Owner: the caller, for one schema. Thread: one. Errors: none.
#ifndef TELLTALE_RULES_LOAD_SCHEMA_KEY_SCHEMA_H_
#define TELLTALE_RULES_LOAD_SCHEMA_KEY_SCHEMA_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "rules/load/schema/schema_json.h"
#include "rules/load/yaml/key_set.h"

namespace telltale::rules::schema {

class KeySchema {
 public:
  virtual ~KeySchema() = default;

 protected:
  // What `Takes::Named(name)` is.
  virtual Json Named(std::string_view name) = 0;
  // More members of the schema of a map with these keys.
  virtual Members Beside(const KeySet& keys);

  // A reference to the map with these keys, which is defined when it is met first.
  Json Keys(const KeySet& keys);
  // A reference to what `make` gives, which is called when it is met first: it may refer to itself.
  Json Defined(const std::string& name, const std::function<Json()>& make);
  // The whole schema, laid out. REQUIRES: all that `members` refer to is defined.
  std::string Whole(std::string_view title, const Members& members);

  Json One(const Takes& takes);
  // Any scalar but null and what is blank: text to the reader.
  static Json AnyText();

 private:
  Json Map(const KeySet& keys);
  Json Value(const Key& key, bool or_null);

  std::map<std::string, Json> definitions_;
};

}  // namespace telltale::rules::schema

#endif  // TELLTALE_RULES_LOAD_SCHEMA_KEY_SCHEMA_H_
