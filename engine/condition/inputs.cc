#include "engine/condition/inputs.h"

#include <charconv>
#include <utility>

#include "engine/condition/copy_value.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

Value ToValue(const rules::NamedList::Element& element) {
  struct Maker {
    Value operator()(int64_t number) const { return Value::Int(number); }
    Value operator()(uint64_t number) const { return Value::Uint(number); }
    Value operator()(double number) const { return Value::Double(number); }
    Value operator()(std::string_view text) const { return Value::String(text); }
  };
  return std::visit(Maker{}, element);
}

}  // namespace

ListInput::ListInput(std::shared_ptr<const rules::NamedList> list) : list_(std::move(list)) {
  elements_.resize(list_->size());
  for (size_t i = 0; i < elements_.size(); ++i) elements_[i].Store(ToValue((*list_)[i]));
}

bool ListInput::Contains(Value value) const {
  switch (value.kind()) {
    case ValueKind::kString:
      return list_->Contains(value.as_string());
    case ValueKind::kInt:
      return list_->Contains(value.as_int());
    case ValueKind::kUint:
      return list_->Contains(value.as_uint());
    case ValueKind::kDouble:
      return list_->Contains(value.as_double());
    default:
      return false;
  }
}

bool Table::Set(std::string_view key, Value row) {
  const Value copy = CopyValue(row, arena_);
  if (const auto found = rows_.find(key); found != rows_.end()) {
    found->second = copy;
    return false;
  }
  rows_.emplace(CopyValue(Value::String(key), arena_).as_string(), copy);
  return true;
}

Value Table::Find(std::string_view key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? Value::Absent() : found->second;
}

Value Table::Find(Value key) const {
  if (key.is(ValueKind::kString)) return Find(key.as_string());
  char text[24];
  std::to_chars_result written{text, std::errc()};
  if (key.is(ValueKind::kUint)) {
    written = std::to_chars(text, text + sizeof text, key.as_uint());
  } else if (const auto number = IntegralValue(key)) {
    written = std::to_chars(text, text + sizeof text, *number);
  } else {
    return Value::Error(ErrorCode::kNoSuchOverload);
  }
  return Find(std::string_view(text, static_cast<size_t>(written.ptr - text)));
}

Inputs::Inputs(const rules::RuleSet& rules, const Tables& tables) : tables_(tables) {
  for (const auto& [name, list] : rules.lists) lists_.emplace(name, ListInput(list));
  if (rules.tables == nullptr) return;
  if (const auto* rows = dynamic_cast<const TableRows*>(rules.tables->contents()))
    tables_.insert(rows->tables.begin(), rows->tables.end());
  for (const auto& [name, declaration] : rules.tables->tables()) {
    if (!tables_.contains(name)) tables_.emplace(name, std::make_shared<const Table>(name));
  }
}

const ListInput* Inputs::FindList(std::string_view name) const {
  const auto found = lists_.find(name);
  return found == lists_.end() ? nullptr : &found->second;
}

const Table* Inputs::FindTable(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second.get();
}

}  // namespace telltale::engine
