#include "tests/model/scenario.h"

#include <sstream>
#include <utility>

#include "rules/load/load.h"

namespace telltale::model {
namespace {

std::string Dotted(const rules::FieldPath& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

template <typename Variant>
void Set(engine::EventBuilder& builder, engine::EventBuilder::Ref slot, const Variant& value) {
  if (const auto* i = std::get_if<int64_t>(&value)) {
    builder.SetInt(slot, *i);
  } else if (const auto* d = std::get_if<double>(&value)) {
    builder.SetDouble(slot, *d);
  } else if (const auto* b = std::get_if<bool>(&value)) {
    builder.SetBool(slot, *b);
  } else if (const auto* s = std::get_if<std::string>(&value)) {
    builder.SetString(slot, *s);
  }
}

void SetField(engine::EventBuilder& builder, engine::EventBuilder::Ref slot,
              const FieldValue& value) {
  const auto* list = std::get_if<std::vector<ScalarValue>>(&value);
  if (list == nullptr) return Set(builder, slot, value);
  const auto first = builder.SetList(slot, static_cast<uint32_t>(list->size()));
  for (uint32_t i = 0; i < list->size(); ++i)
    Set(builder, engine::EventBuilder::Element(first, i), (*list)[i]);
}

void Write(const ScalarValue& value, std::ostringstream& out) {
  std::visit([&](const auto& v) { out << v; }, value);
}

void Write(const std::vector<ScalarValue>& list, std::ostringstream& out) {
  const char* separator = "[";
  for (const ScalarValue& value : list) {
    out << std::exchange(separator, ", ");
    Write(value, out);
  }
  out << (list.empty() ? "[]" : "]");
}

void Write(const Outcome::Window& window, std::ostringstream& out) {
  out << " window " << static_cast<double>(window.start) / kSecond << " to "
      << static_cast<double>(window.end) / kSecond << " s"
      << (window.by_event ? ", decided by the last" : "");
  for (const std::string& field : window.fields) out << ", " << field;
}

std::string Text(const FieldValue& value) {
  std::ostringstream out;
  out << std::boolalpha;
  std::visit([&](const auto& v) { Write(v, out); }, value);
  return out.str();
}

}  // namespace

std::shared_ptr<const engine::CompiledRules> Compile(const Scenario& scenario,
                                                     std::string* diagnostics) {
  std::vector<rules::Stream> streams;
  for (const ScenarioStream& stream : scenario.streams) {
    rules::Stream declared;
    declared.name = declared.topic = stream.name;
    declared.fields = stream.fields;
    declared.dedup = stream.dedup;
    declared.logsources.push_back({.name = {.product = {}, .category = stream.name, .service = {}},
                                   .where = {},
                                   .fields = {}});
    streams.push_back(declared);
  }
  const auto file = std::make_shared<const rules::SourceFile>("scenario.yml", scenario.rules);
  const rules::LoadResult loaded =
      rules::Load({file}, std::make_shared<const rules::StreamCatalog>(std::move(streams)));
  if (diagnostics != nullptr) *diagnostics = rules::Render(loaded.diagnostics);
  if (loaded.rules == nullptr) return nullptr;
  const auto compiled = engine::CompileRules(loaded.rules);
  if (!compiled.ok() && diagnostics != nullptr)
    *diagnostics += std::string(compiled.status().message());
  return compiled.ok() ? *compiled : nullptr;
}

const engine::Event& EventMaker::Make(const ScenarioEvent& event) {
  const engine::EventLayout& layout = rules_.layouts[event.stream];
  builder_.Begin(event.stream, layout.slot_count());
  for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
    const auto field = event.fields.find(Dotted(layout.fields()[slot].path));
    if (field != event.fields.end()) SetField(builder_, builder_.slot(slot), field->second);
  }
  return *builder_.Finish(event.time, event.partition, event.offset);
}

Feed FeedOf(const Scenario& scenario, const engine::CompiledRules& rules) {
  const auto maker = std::make_shared<EventMaker>(rules);
  return {.streams = scenario.streams,
          .size = scenario.events.size(),
          .at = [maker, &scenario](size_t event) -> const engine::Event& {
            return maker->Make(scenario.events[event]);
          }};
}

std::string Print(const Scenario& scenario) {
  std::ostringstream out;
  out << scenario.rules << "# streams:";
  for (const ScenarioStream& stream : scenario.streams) {
    out << " " << stream.name << " (" << stream.partitions << " partitions, disorder "
        << static_cast<double>(stream.max_out_of_orderness) / kSecond << " s";
    if (stream.dedup) {
      out << ", dedup " << Dotted(stream.dedup->field) << " within "
          << static_cast<double>(stream.dedup->within) / kSecond << " s";
    }
    out << ")";
  }
  out << "\n# events in order of arrival:\n";
  for (const ScenarioEvent& event : scenario.events) {
    out << "#  " << scenario.streams[event.stream].name << "[" << event.partition << "]@"
        << event.offset << " at " << static_cast<double>(event.time) / kSecond << " s {";
    const char* separator = "";
    for (const auto& [path, value] : event.fields) {
      out << separator << path << ": " << Text(value);
      separator = ", ";
    }
    out << "}\n";
  }
  return out.str();
}

std::string Print(const std::vector<Outcome>& outcomes) {
  std::ostringstream out;
  for (const Outcome& outcome : outcomes) {
    out << "  " << outcome.rule << " key (";
    out << rules::ToText(outcome.key);
    out << ") at " << static_cast<double>(outcome.time) / kSecond << " s:";
    for (const Outcome::Taken& taken : outcome.evidence) {
      out << " " << taken.step << "=" << taken.stream << "[" << taken.partition << "]@"
          << taken.offset;
    }
    if (outcome.suppressed != 0) out << " suppressed " << outcome.suppressed;
    if (outcome.timeout) out << " timeout";
    if (outcome.truncated) out << " truncated";
    if (outcome.limit) out << " limit";
    if (outcome.count != 1) out << " count " << outcome.count;
    if (outcome.window) Write(*outcome.window, out);
    out << "\n";
  }
  return outcomes.empty() ? "  nothing\n" : out.str();
}

}  // namespace telltale::model
