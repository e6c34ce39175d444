#include "tests/model/window_spec.h"

#include <sstream>
#include <string_view>

namespace telltale::model {
namespace {

std::string Joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string Yaml(const WindowSpec::Source& source, size_t number) {
  std::string text = "{ on: " + source.stream + ", name: n" + std::to_string(number);
  if (!source.where.empty()) text += ", where: '" + source.where + "'";
  if (!source.by.empty()) text += ", by: " + source.by;
  return text + " }";
}

}  // namespace

std::string WindowSpec::ToYaml() const {
  std::ostringstream out;
  out << "id: " << id << "\n";
  if (!by.empty()) out << "by: " << by << "\n";
  out << (terms.empty() ? "aggregate:\n" : "new_terms:\n") << "  any_of:\n";
  for (size_t i = 0; i < sources.size(); ++i) out << "    - " << Yaml(sources[i], i) << "\n";
  if (!terms.empty()) {
    out << "  field: [" << Joined(terms, ", ") << "]\n  history: " << history << "\n";
  } else {
    out << "  window: " << window << "\n";
    if (!baseline.empty()) out << "  baseline: " << baseline << "\n";
  }
  if (!having.empty()) out << "  having: '" << Joined(having, " && ") << "'\n";
  if (on_empty) out << "  on_empty: true\n";
  if (evidence >= 0) out << "  evidence: " << evidence << "\n";
  if (!emit.empty()) out << "emit: " << emit << "\n";
  for (const std::string& line : more) out << line << "\n";
  for (size_t i = 0; i < fields.size(); ++i)
    out << (i == 0 ? "alert:\n  fields:\n" : "") << "    f" << i << ": '" << fields[i] << "'\n";
  return out.str();
}

std::vector<WindowSpec> Simpler(const WindowSpec& rule) {
  std::vector<WindowSpec> all;
  const auto without_each = [&](const auto& list, const auto& list_of) {
    for (size_t i = 0; i < list.size(); ++i) {
      auto& less = list_of(all.emplace_back(rule));
      less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    }
  };
  if (rule.sources.size() > 1)
    without_each(rule.sources, [](WindowSpec& r) -> auto& { return r.sources; });
  without_each(rule.having, [](WindowSpec& r) -> auto& { return r.having; });
  without_each(rule.fields, [](WindowSpec& r) -> auto& { return r.fields; });
  without_each(rule.more, [](WindowSpec& r) -> auto& { return r.more; });
  if (rule.terms.size() > 1)
    without_each(rule.terms, [](WindowSpec& r) -> auto& { return r.terms; });
  for (size_t i = 0; i < rule.sources.size(); ++i) {
    if (!rule.sources[i].where.empty()) all.emplace_back(rule).sources[i].where.clear();
    if (!rule.sources[i].by.empty()) all.emplace_back(rule).sources[i].by.clear();
  }
  if (!rule.emit.empty()) all.emplace_back(rule).emit.clear();
  if (!rule.baseline.empty()) all.emplace_back(rule).baseline.clear();
  if (rule.on_empty) all.emplace_back(rule).on_empty = false;
  if (rule.evidence >= 0) all.emplace_back(rule).evidence = -1;
  if (rule.by != "k") all.emplace_back(rule).by = "k";
  return all;
}

}  // namespace telltale::model
