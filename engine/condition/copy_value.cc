#include "engine/condition/copy_value.h"

namespace telltale::engine {

std::string_view CopyText(std::string_view text, Arena& arena) {
  char* copy = arena.Allocate(text.size());
  text.copy(copy, text.size());
  return {copy, text.size()};
}

Value CopyValue(Value value, Arena& arena) {
  switch (value.kind()) {
    case ValueKind::kString:
      return Value::String(CopyText(value.as_string(), arena));
    case ValueKind::kBytes:
      return Value::Bytes(CopyText(value.as_string(), arena));
    case ValueKind::kIp:
      return Value::Ip(CopyText(value.as_string(), arena));
    case ValueKind::kCidr:
      return Value::Cidr(CopyText(value.as_string(), arena));
    case ValueKind::kOptional: {
      if (!value.has_value()) return value;
      auto* stored = reinterpret_cast<StoredValue*>(arena.Allocate(sizeof(StoredValue)));
      stored->Store(CopyValue(value.optional_value(), arena));
      return Value::OptionalOf(stored);
    }
    case ValueKind::kList: {
      auto* elements =
          reinterpret_cast<StoredValue*>(arena.Allocate(value.size() * sizeof(StoredValue)));
      for (uint32_t i = 0; i < value.size(); ++i)
        elements[i].Store(CopyValue(value.elements()[i].Load(), arena));
      return Value::List(elements, value.size());
    }
    case ValueKind::kMap: {
      auto* entries =
          reinterpret_cast<StoredEntry*>(arena.Allocate(value.size() * sizeof(StoredEntry)));
      for (uint32_t i = 0; i < value.size(); ++i) {
        entries[i].key.Store(CopyValue(value.entries()[i].key.Load(), arena));
        entries[i].value.Store(CopyValue(value.entries()[i].value.Load(), arena));
      }
      return Value::Map(entries, value.size());
    }
    default:
      return value;
  }
}

}  // namespace telltale::engine
