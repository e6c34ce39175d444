#include "daemon/tables/json_rows.h"

#include <simdjson.h>

#include <string>

#include "rules/load/definitions/csv.h"

namespace telltale::tables {
namespace {

using engine::StoredEntry;
using engine::StoredValue;
using engine::Value;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

Value TextOf(std::string_view text, engine::Arena& arena) {
  char* copy = arena.Allocate(text.size());
  text.copy(copy, text.size());
  return Value::String({copy, text.size()});
}

Value ValueOf(const element& json, engine::Arena& arena);

Value ListOf(const simdjson::dom::array& json, engine::Arena& arena) {
  const size_t size = json.size();
  auto* elements = reinterpret_cast<StoredValue*>(arena.Allocate(size * sizeof(StoredValue)));
  uint32_t count = 0;
  for (const element one : json) (new (elements + count++) StoredValue)->Store(ValueOf(one, arena));
  return Value::List(elements, count);
}

Value MapOf(const object& json, engine::Arena& arena) {
  auto* entries = reinterpret_cast<StoredEntry*>(arena.Allocate(json.size() * sizeof(StoredEntry)));
  uint32_t count = 0;
  for (const auto [name, value] : json) {
    uint32_t at = 0;  // the last of equal keys counts
    while (at < count && entries[at].key.Load().as_string() != name) ++at;
    if (at == count) (new (entries + count++) StoredEntry)->key.Store(TextOf(name, arena));
    entries[at].value.Store(ValueOf(value, arena));
  }
  return Value::Map(entries, count);
}

Value ValueOf(const element& json, engine::Arena& arena) {
  switch (json.type()) {
    case element_type::ARRAY:
      return ListOf(json.get_array().value_unsafe(), arena);
    case element_type::OBJECT:
      return MapOf(json.get_object().value_unsafe(), arena);
    case element_type::INT64:
      return Value::Int(json.get_int64().value_unsafe());
    case element_type::UINT64:  // beyond int64
      return Value::Double(static_cast<double>(json.get_uint64().value_unsafe()));
    case element_type::DOUBLE:
      return Value::Double(json.get_double().value_unsafe());
    case element_type::STRING:
      return TextOf(json.get_string().value_unsafe(), arena);
    case element_type::BOOL:
      return Value::Bool(json.get_bool().value_unsafe());
    case element_type::NULL_VALUE:
      break;
  }
  return Value::Null();
}

class JsonRows {
 public:
  JsonRows(std::string_view text, RowSink& sink) : text_(text), sink_(sink) {
    if (text_.starts_with(rules::kByteOrderMark)) at_ = rules::kByteOrderMark.size();
  }

  // One text, else one a line: an object on its own line is the same both ways.
  void Run() {
    element json;
    const std::string_view whole = text_.substr(at_);
    const size_t first = std::min(whole.find_first_not_of(" \t\r\n"), whole.size());
    const bool lines = first < whole.size() && whole[first] == '{' && !sink_.config().key.empty();
    if (lines) return Lines();
    const auto error = parser_.parse(whole.data(), whole.size()).get(json);
    if (error != simdjson::SUCCESS) {
      sink_.Mistake(std::string("the file is not JSON: ") + simdjson::error_message(error), at_,
                    at_);
    } else if (json.is_array()) {
      Array(json);
    } else if (json.is_object()) {
      ByKey(json);
    } else {
      sink_.Mistake("the file is neither an array of objects nor an object of rows", at_, at_);
    }
  }

 private:
  void Array(const element& json) {
    if (sink_.config().key.empty()) {
      sink_.Mistake("an array of rows needs the table's 'key' in the config", at_, at_);
      return;
    }
    size_t number = 0;
    const simdjson::dom::array rows = json.get_array().value_unsafe();
    for (const element row : rows) {
      if (sink_.full()) return;
      where_ = "row " + std::to_string(++number);
      Row(row, at_, at_);
    }
  }

  void ByKey(const element& json) {
    const object rows = json.get_object().value_unsafe();
    for (const auto [key, row] : rows) {
      if (sink_.full()) return;
      if (!row.is_object()) {
        sink_.Mistake("the row of '" + std::string(key) + "' is no object", at_, at_);
        continue;
      }
      Fields(row.get_object().value_unsafe(), at_, at_);
      sink_.Finish(Value::String(key), at_, at_);
    }
  }

  void Lines() {
    while (at_ < text_.size() && !sink_.full()) {
      const size_t end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = text_.substr(at_, end - at_);
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
        element json;
        const auto error = parser_.parse(line.data(), line.size()).get(json);
        if (error == simdjson::SUCCESS) {
          Row(json, at_, end);
        } else {
          sink_.Mistake(
              std::string("this line is not a JSON object: ") + simdjson::error_message(error), at_,
              end);
        }
      }
      at_ = end + 1;
    }
  }

  void Row(const element& row, size_t begin, size_t end) {
    if (!row.is_object()) {
      sink_.Mistake(where_.empty() ? "this row is no object" : where_ + " is no object", begin,
                    end);
      return;
    }
    const object fields = row.get_object().value_unsafe();
    Fields(fields, begin, end);
    element key;
    const bool keyed = Last(fields, key);
    sink_.Finish(keyed ? ValueOf(key, sink_.arena()) : Value::Absent(), begin, end);
  }

  void Fields(const object& row, size_t begin, size_t end) {
    for (const auto [name, json] : row) {
      Value value = ValueOf(json, sink_.arena());
      sink_.Check(name, value, begin, end);
      sink_.Field(name, value);
    }
  }

  bool Last(const object& row, element& key) const {
    bool found = false;
    for (const auto [name, json] : row) {
      if (name != sink_.config().key) continue;
      key = json;
      found = true;
    }
    return found;
  }

  std::string_view text_;
  RowSink& sink_;
  size_t at_ = 0;
  std::string where_;  // of an array's row; lines have places
  simdjson::dom::parser parser_;
};

}  // namespace

void ReadJsonRows(std::string_view text, RowSink& sink) { JsonRows(text, sink).Run(); }

}  // namespace telltale::tables
