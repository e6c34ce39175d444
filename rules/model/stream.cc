#include "rules/model/stream.h"

namespace telltale::rules {
namespace {

// A5. Beside these an alert has the parts of its key, by their names: of no declared type, for they
// are another in each rule.
std::map<FieldPath, Type> AlertFields() {
  const Type text = Type::Of(TypeKind::kString);
  const Type any_map = Type::Map(text, Type::Dyn());
  return {{{"alert", "id"}, text},
          {{"alert", "title"}, text},
          {{"alert", "suppressed"}, Type::Of(TypeKind::kBool)},
          {{"rule", "id"}, text},
          {{"rule", "title"}, text},
          {{"rule", "on_alerts"}, Type::Of(TypeKind::kBool)},
          {{"kind"}, text},
          {{"level"}, text},
          {{"tags"}, Type::List(text)},
          {{"risk_score"}, Type::Of(TypeKind::kInt)},
          {{"fields"}, any_map},
          {{"entities"}, Type::List(any_map)}};
}

}  // namespace

const Stream& StreamCatalog::AlertsStream() {
  static const Stream* const alerts = new Stream{
      .name = std::string(kAlertsName), .topic = "", .fields = AlertFields(), .time_unit_ns = 1};
  return *alerts;
}

std::optional<StreamIndex> StreamCatalog::Find(std::string_view name) const {
  for (StreamIndex i = 0; i < streams_.size(); ++i) {
    if (streams_[i].name == name) return i;
  }
  if (name == kAlertsName) return alerts();
  return std::nullopt;
}

}  // namespace telltale::rules
