#include "tests/model/rule_spec.h"

#include <algorithm>
#include <sstream>

namespace telltale::model {
namespace {

void WriteItem(const ItemSpec& item, std::ostringstream& out) {
  out << "  - " << (item.absence ? "not" : item.name) << ": { on: " << item.stream;
  if (!item.where.empty()) out << ", where: '" << item.where << "'";
  if (!item.by.empty()) out << ", by: " << item.by;
  if (item.min != 1 || item.max != 1) {
    out << ", repeat: { min: " << item.min;
    if (item.max != 0) out << ", max: " << item.max;
    out << " }";
  }
  if (item.optional) out << ", optional: true";
  if (item.within != 0) out << ", within: " << item.within << "s";
  out << " }\n";
}

// Every rule that is a little simpler.
std::vector<RuleSpec> Simpler(const RuleSpec& rule) {
  std::vector<RuleSpec> all;
  const auto add = [&](const std::function<void(RuleSpec&)>& change) {
    change(all.emplace_back(rule));
  };
  for (size_t i = 0; i < rule.items.size(); ++i) {
    add([&](RuleSpec& r) { r.items.erase(r.items.begin() + static_cast<std::ptrdiff_t>(i)); });
    if (rule.items[i].min != 1 || rule.items[i].max != 1)
      add([&](RuleSpec& r) { r.items[i].min = r.items[i].max = 1; });
    if (rule.items[i].optional) add([&](RuleSpec& r) { r.items[i].optional = false; });
    if (rule.items[i].within != 0) add([&](RuleSpec& r) { r.items[i].within = 0; });
    if (!rule.items[i].where.empty()) add([&](RuleSpec& r) { r.items[i].where.clear(); });
  }
  if (rule.within != 0) add([](RuleSpec& r) { r.within = 0; });
  if (rule.match != "all") add([](RuleSpec& r) { r.match = "all"; });
  if (rule.after_match != "no_skip") add([](RuleSpec& r) { r.after_match = "no_skip"; });
  if (!rule.more.empty()) add([](RuleSpec& r) { r.more.clear(); });
  return all;
}

}  // namespace

std::string RuleSpec::ToYaml() const {
  std::ostringstream out;
  out << "id: " << id << "\n";
  if (!by.empty()) out << "by: " << by << "\n";
  out << "sequence:\n";
  for (const ItemSpec& item : items) WriteItem(item, out);
  if (within != 0) out << "within: " << within << "s\n";
  if (match != "all") out << "match: " << match << "\n";
  if (after_match != "no_skip") out << "after_match: " << after_match << "\n";
  out << more;
  return out.str();
}

Case Shrink(Case found, const std::function<bool(const Case&)>& fails) {
  found.Write();
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (size_t chunk = std::max<size_t>(found.scenario.events.size() / 2, 1); chunk > 0;
         chunk /= 2) {
      for (size_t begin = 0; begin + chunk <= found.scenario.events.size();) {
        Case candidate = found;
        auto& events = candidate.scenario.events;
        const auto first = events.begin() + static_cast<std::ptrdiff_t>(begin);
        events.erase(first, first + static_cast<std::ptrdiff_t>(chunk));
        if (fails(candidate)) {
          found = std::move(candidate);
          smaller = true;
        } else {
          begin += chunk;
        }
      }
    }
    for (const RuleSpec& rule : Simpler(found.rule)) {
      Case candidate = found;
      candidate.rule = rule;
      candidate.Write();
      if (!fails(candidate)) continue;
      found = std::move(candidate);
      smaller = true;
      break;
    }
  }
  return found;
}

}  // namespace telltale::model
