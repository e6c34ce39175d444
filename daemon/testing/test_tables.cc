#include "daemon/testing/test_tables.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "engine/event/event.h"

namespace telltale::testing {
namespace {

using engine::EventBuilder;
using rules::Json;
using rules::JsonKind;

void SetNumber(EventBuilder& builder, EventBuilder::Ref ref, const std::string& text,
               bool as_double) {
  int64_t integer = 0;
  if (!as_double && absl::SimpleAtoi(text, &integer)) return builder.SetInt(ref, integer);
  double number = 0;
  if (!absl::SimpleAtod(text, &number)) return builder.SetNull(ref);
  builder.SetDouble(ref, number);
}

void Set(EventBuilder& builder, EventBuilder::Ref ref, const Json& value, bool as_double) {
  const auto size = static_cast<uint32_t>(value.items.size() + value.members.size());
  switch (value.kind) {
    case JsonKind::kNull:
      return builder.SetNull(ref);
    case JsonKind::kBool:
      return builder.SetBool(ref, value.boolean);
    case JsonKind::kNumber:
      return SetNumber(builder, ref, value.text, as_double);
    case JsonKind::kString:
      return builder.SetString(ref, value.text);
    case JsonKind::kArray: {
      const EventBuilder::Ref list = builder.SetList(ref, size);
      for (uint32_t i = 0; i < size; ++i)
        Set(builder, EventBuilder::Element(list, i), value.items[i], false);
      return;
    }
    case JsonKind::kObject: {
      const EventBuilder::Ref map = builder.SetMap(ref, size);
      for (uint32_t i = 0; i < size; ++i) {
        builder.SetString(EventBuilder::Key(map, i), value.members[i].name);
        Set(builder, EventBuilder::Item(map, i), value.members[i].value, false);
      }
      return;
    }
  }
}

// A row is a map whose members may have declared types.
void SetRow(EventBuilder& builder, const Json& row, const rules::TableDeclaration* declared) {
  const auto size = static_cast<uint32_t>(row.members.size());
  const EventBuilder::Ref map = builder.SetMap(builder.slot(0), size);
  for (uint32_t i = 0; i < size; ++i) {
    const auto& [name, value] = row.members[i];
    bool as_double = false;
    if (declared != nullptr) {
      const auto field = declared->fields.find(name);
      as_double = field != declared->fields.end() && field->second.kind == rules::TypeKind::kDouble;
    }
    builder.SetString(EventBuilder::Key(map, i), name);
    Set(builder, EventBuilder::Item(map, i), value, as_double);
  }
}

}  // namespace

engine::Tables MakeTables(const std::vector<rules::TestTable>& tables,
                          const rules::TableCatalog* declared) {
  engine::Tables made;
  EventBuilder builder;
  for (const rules::TestTable& table : tables) {
    auto filled = std::make_shared<engine::Table>(table.name);
    for (const auto& [key, row] : table.rows) {
      builder.Begin(0, 1);
      SetRow(builder, row, declared == nullptr ? nullptr : declared->Find(table.name));
      filled->Set(key, builder.Finish(0, 0, 0)->slot(0));
    }
    made[table.name] = std::move(filled);
  }
  return made;
}

}  // namespace telltale::testing
