// What rules need to know of the tables that the config declares: their names and the types of
// their fields. What stands in their rows is an input of the engine, no part of a rule (V6).
//
// Owner: the config makes one catalog; loads share it. Thread: immutable, any.
#ifndef TELLTALE_RULES_MODEL_TABLE_H_
#define TELLTALE_RULES_MODEL_TABLE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "rules/model/type.h"

namespace telltale::rules {

struct TableDeclaration {
  std::map<std::string, Type> fields;  // declared types; a field not here is dyn
};

// What stands in the tables, in the form that the engine gives it: rules carry it and do not look.
class TableContents {
 public:
  virtual ~TableContents() = default;
};

class TableCatalog {
 public:
  TableCatalog() = default;
  explicit TableCatalog(std::map<std::string, TableDeclaration, std::less<>> tables,
                        std::shared_ptr<const TableContents> contents = nullptr)
      : tables_(std::move(tables)), contents_(std::move(contents)) {}

  // Null: none of that name.
  const TableDeclaration* Find(std::string_view name) const {
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, TableDeclaration, std::less<>>& tables() const { return tables_; }
  const TableContents* contents() const { return contents_.get(); }  // null: all are empty

 private:
  std::map<std::string, TableDeclaration, std::less<>> tables_;
  std::shared_ptr<const TableContents> contents_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_TABLE_H_
