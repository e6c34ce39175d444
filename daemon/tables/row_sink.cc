#include "daemon/tables/row_sink.h"

#include <utility>

#include "daemon/config/config_codes.h"
#include "engine/condition/condition.h"

namespace telltale::tables {
namespace {

using engine::Value;
using engine::ValueKind;
using rules::Type;
using rules::TypeKind;

// Whether the value is of the type; an int in the place of a double becomes one, where it stands
// alone (`top`).
bool IsOf(const Type& type, Value& value, bool top) {
  if (value.is(ValueKind::kNull) || type.kind == TypeKind::kDyn) return true;
  switch (type.kind) {
    case TypeKind::kBool:
      return value.is(ValueKind::kBool);
    case TypeKind::kInt:
      return value.is(ValueKind::kInt);
    case TypeKind::kUint:
      if (value.is(ValueKind::kInt) && value.as_int() >= 0)
        value = Value::Uint(static_cast<uint64_t>(value.as_int()));
      return value.is(ValueKind::kUint);
    case TypeKind::kDouble:
      if (value.is(ValueKind::kInt) && top)
        value = Value::Double(static_cast<double>(value.as_int()));
      return value.is(ValueKind::kDouble) || value.is(ValueKind::kInt);
    case TypeKind::kString:
      return value.is(ValueKind::kString);
    case TypeKind::kList:
      if (!value.is(ValueKind::kList)) return false;
      for (uint32_t i = 0; type.element != nullptr && i < value.size(); ++i) {
        Value element = value.elements()[i].Load();
        if (!IsOf(*type.element, element, false)) return false;
      }
      return true;
    case TypeKind::kMap:
      if (!value.is(ValueKind::kMap)) return false;
      for (uint32_t i = 0; type.element != nullptr && i < value.size(); ++i) {
        Value element = value.entries()[i].value.Load();
        if (!IsOf(*type.element, element, false)) return false;
      }
      return true;
    default:
      return false;
  }
}

}  // namespace

RowSink::RowSink(const config::TableConfig& config, rules::SourcePtr file,
                 rules::Diagnostics& diagnostics)
    : config_(config),
      file_(std::move(file)),
      diagnostics_(diagnostics),
      table_(std::make_shared<engine::Table>(config.name)) {}

rules::Span RowSink::At(size_t begin, size_t end) const {
  return {file_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

void RowSink::Mistake(std::string message, size_t begin, size_t end) {
  ++mistakes_;
  diagnostics_.Error(config::kTableRow, At(begin, end), std::move(message));
}

void RowSink::Check(std::string_view field, Value& value, size_t begin, size_t end) {
  const auto declared = config_.fields.find(std::string(field));
  if (declared == config_.fields.end() || IsOf(declared->second, value, true)) return;
  std::string text;
  engine::AppendJson(value, text);
  if (text.size() > 60) text = text.substr(0, 60) + "...";
  Mistake("'" + std::string(field) + "' is declared " + declared->second.ToString() +
              ", and this is " + text,
          begin, end);
}

void RowSink::Field(std::string_view name, Value value) {
  for (engine::StoredEntry& entry : row_) {
    if (entry.key.Load().as_string() == name) return entry.value.Store(value);
  }
  // Stored values name what they point to by distance: they are put in their place, not moved.
  if (row_.size() == row_.capacity()) {
    std::vector<engine::StoredEntry> more;
    more.reserve(2 * row_.size() + 16);
    for (const engine::StoredEntry& entry : row_) {
      more.emplace_back();
      more.back().key.Store(entry.key.Load());
      more.back().value.Store(entry.value.Load());
    }
    row_ = std::move(more);
  }
  row_.emplace_back();
  row_.back().key.Store(Value::String(name));
  row_.back().value.Store(value);
}

void RowSink::Finish(Value key, size_t begin, size_t end) {
  std::string text;
  if (key.is(ValueKind::kAbsent)) {
    Mistake("this row has no '" + config_.key + "', which is the table's key", begin, end);
  } else if (!engine::KeyText(key, text)) {
    Mistake("the key '" + config_.key + "' of this row is neither a string nor an integer", begin,
            end);
  } else if (!table_->Set(text, Value::Map(row_.data(), static_cast<uint32_t>(row_.size()))) &&
             repeated_++ == 0) {
    diagnostics_
        .Warning(config::kRowTwice, At(begin, end),
                 "the table has a row of the key '" + text + "' already")
        .notes.push_back("the last row of a key counts");
  }
  row_.clear();
  arena_.Reset();
}

}  // namespace telltale::tables
