#include "rules/model/logsource.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kField = "{field}";

bool HasPart(const std::string& part, const std::string& wanted) {
  return wanted.empty() || part == wanted;
}

FieldPath Split(std::string_view name) {
  if (std::optional<FieldPath> path = ParsePath(name)) return *std::move(path);
  return {std::string(name)};
}

}  // namespace

bool LogsourceName::Has(const LogsourceName& wanted) const {
  return HasPart(product, wanted.product) && HasPart(category, wanted.category) &&
         HasPart(service, wanted.service);
}

std::string LogsourceName::ToString() const {
  std::string text;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    if (!text.empty()) text += ", ";
    text.append(key).append(": ").append(value);
  };
  add("product", product);
  add("category", category);
  add("service", service);
  return text;
}

FieldPath FieldMapping::PathOf(std::string_view field) const {
  if (const auto found = names.find(field); found != names.end()) return found->second;
  if (otherwise.empty()) return Split(field);
  FieldPath path;
  for (const std::string& part : otherwise) {
    if (part == kField && !whole_names) {
      const FieldPath inner = Split(field);
      path.insert(path.end(), inner.begin(), inner.end());
      continue;
    }
    std::string text = part;
    if (const size_t at = text.find(kField); at != std::string::npos)
      text.replace(at, kField.size(), field);
    path.push_back(std::move(text));
  }
  return path;
}

}  // namespace telltale::rules
