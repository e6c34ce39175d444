// What conditions look up beside events: the lists and tables that the rules of one set name (V6).
//
// Both are immutable, and found by name when a rule set is compiled; programs keep pointers. A
// table is made once from rows of any origin (a file, a test), and its rows are maps in memory of
// its own. A row is found by its key as text, as parts of keys are (K1): 17, 17.0 and "17" find one
// row.
//
// Owner: CompiledRules, shared. Thread: immutable once compiled, any. Errors: none; what is not
// there is found by nobody.
#ifndef TELLTALE_ENGINE_CONDITION_INPUTS_H_
#define TELLTALE_ENGINE_CONDITION_INPUTS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/condition/scratch.h"
#include "engine/event/value.h"
#include "rules/model/named_list.h"
#include "rules/model/rule.h"

namespace telltale::engine {

// A list as conditions see it: a value, and a set.
class ListInput {
 public:
  explicit ListInput(std::shared_ptr<const rules::NamedList> list);
  // Elements name their text by its distance from them: they can be handed on, not copied.
  ListInput(ListInput&&) = default;
  ListInput& operator=(ListInput&&) = default;

  Value value() const {
    return Value::List(elements_.data(), static_cast<uint32_t>(elements_.size()));
  }
  // By CEL's ==; only strings and numbers can be in it.
  bool Contains(Value value) const;
  const std::string& name() const { return list_->name(); }

 private:
  std::shared_ptr<const rules::NamedList> list_;  // owns the text
  std::vector<StoredValue> elements_;
};

class Table {
 public:
  explicit Table(std::string name) : name_(std::move(name)) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // `row` is a map, and is copied. False: the key had a row, which this one replaces.
  bool Set(std::string_view key, Value row);
  // kAbsent: it has no such row.
  Value Find(std::string_view key) const;
  // The row of a key of any kind; an error for what can be no key.
  Value Find(Value key) const;

  const std::string& name() const { return name_; }
  size_t size() const { return rows_.size(); }

 private:
  std::string name_;
  Arena arena_;
  absl::flat_hash_map<std::string_view, Value> rows_;
};

using Tables = std::map<std::string, std::shared_ptr<const Table>, std::less<>>;

// The contents that a catalog of tables carries.
struct TableRows final : rules::TableContents {
  Tables tables;
};

class Inputs {
 public:
  // The rows of a table are those of `tables`, else those that the rules' catalog carries, else
  // there are none.
  Inputs(const rules::RuleSet& rules, const Tables& tables);

  // Null: none of that name.
  const ListInput* FindList(std::string_view name) const;
  const Table* FindTable(std::string_view name) const;

 private:
  std::map<std::string, ListInput, std::less<>> lists_;
  Tables tables_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_INPUTS_H_
