#include "tests/daemon/event_text.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace telltale::decode {
namespace {

using engine::ErrorCode;
using engine::Value;
using engine::ValueKind;

std::string ErrorText(ErrorCode code) {
  switch (code) {
    case ErrorCode::kBadFieldValue:
      return "bad_value";
    case ErrorCode::kTooDeep:
      return "too_deep";
    case ErrorCode::kWrongFieldType:
      return "wrong_type";
    default:
      return absl::StrCat("error", static_cast<int>(code));
  }
}

std::string ListText(Value list) {
  std::string text = "[";
  for (uint32_t i = 0; i < list.size(); ++i) {
    if (i != 0) text += ',';
    text += ValueText(list.elements()[i].Load());
  }
  return text + "]";
}

std::string MapText(Value map) {
  std::map<std::string, std::string> entries;
  std::string again;
  for (uint32_t i = 0; i < map.size(); ++i) {
    const std::string key(map.entries()[i].key.Load().as_string());
    if (!entries.emplace(key, ValueText(map.entries()[i].value.Load())).second) again = "TWICE ";
  }
  return absl::StrCat("{", again, absl::StrJoin(entries, ",", absl::PairFormatter(":")), "}");
}

}  // namespace

std::string ValueText(Value value) {
  switch (value.kind()) {
    case ValueKind::kAbsent:
      return "absent";
    case ValueKind::kError:
      return ErrorText(value.error());
    case ValueKind::kNull:
      return "null";
    case ValueKind::kBool:
      return value.as_bool() ? "true" : "false";
    case ValueKind::kInt:
      return absl::StrCat(value.as_int());
    case ValueKind::kUint:
      return absl::StrCat(value.as_uint(), "u");
    case ValueKind::kDouble:
      return absl::StrFormat("%.19gd", value.as_double());
    case ValueKind::kString:
      return "\"" + std::string(value.as_string()) + "\"";
    case ValueKind::kList:
      return ListText(value);
    case ValueKind::kMap:
      return MapText(value);
    default:
      return "?";
  }
}

std::string EventText(const engine::Event& event, const engine::EventLayout& layout) {
  std::string text;
  for (uint32_t i = 0; i < layout.slot_count(); ++i) {
    const rules::FieldPath& path = layout.fields()[i].path;
    absl::StrAppend(&text, i == 0 ? "" : " ", path.empty() ? "event" : absl::StrJoin(path, "."),
                    "=", ValueText(event.slot(i)));
  }
  return text;
}

}  // namespace telltale::decode
