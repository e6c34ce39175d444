// Takes the rows of one table, whatever its format, and tells what is wrong with them.
//
// Owner: the reader of the table's file. Thread: one. Errors: diagnostics, up to kMostMistakes;
// then full() asks for no more rows.
#ifndef TELLTALE_DAEMON_TABLES_ROW_SINK_H_
#define TELLTALE_DAEMON_TABLES_ROW_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "engine/condition/inputs.h"
#include "engine/condition/scratch.h"
#include "engine/event/value.h"
#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::tables {

class RowSink {
 public:
  static constexpr size_t kMostMistakes = 10;

  RowSink(const config::TableConfig& config, rules::SourcePtr file,
          rules::Diagnostics& diagnostics);

  // Memory for the values of the row that is being made.
  engine::Arena& arena() { return arena_; }
  // Tells where the value is not of the field's declared type; an int in the place of a double
  // becomes one.
  void Check(std::string_view field, engine::Value& value, size_t begin, size_t end);
  // The row as far as it was added with Field. `key` kAbsent: it has none.
  void Field(std::string_view name, engine::Value value);
  void Finish(engine::Value key, size_t begin, size_t end);

  void Mistake(std::string message, size_t begin, size_t end);
  bool full() const { return mistakes_ >= kMostMistakes; }
  const config::TableConfig& config() const { return config_; }
  std::shared_ptr<const engine::Table> Take() { return std::move(table_); }

 private:
  rules::Span At(size_t begin, size_t end) const;

  const config::TableConfig& config_;
  rules::SourcePtr file_;
  rules::Diagnostics& diagnostics_;
  std::shared_ptr<engine::Table> table_;
  engine::Arena arena_;
  std::vector<engine::StoredEntry> row_;
  size_t mistakes_ = 0;
  size_t repeated_ = 0;
};

}  // namespace telltale::tables

#endif  // TELLTALE_DAEMON_TABLES_ROW_SINK_H_
