#include "tests/engine/engine_harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/load/load.h"
#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::engine {

void CollectingSink::Deliver(uint32_t, uint64_t, std::vector<Alert> alerts) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Alert& alert : alerts) alerts_.push_back(std::move(alert));
}

std::vector<Alert> CollectingSink::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::sort(alerts_.begin(), alerts_.end(),
            [](const Alert& a, const Alert& b) { return Before(a, b); });
  return std::exchange(alerts_, {});
}

std::vector<Alert> CollectingSink::Delivered() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(alerts_, {});
}

std::shared_ptr<const rules::StreamCatalog> TestStreams(const std::vector<std::string>& names) {
  std::vector<rules::Stream> streams;
  for (const std::string& name : names) {
    rules::Stream stream;
    stream.name = name;
    stream.topic = name;
    streams.push_back(std::move(stream));
  }
  return std::make_shared<const rules::StreamCatalog>(std::move(streams));
}

std::shared_ptr<const CompiledRules> CompileText(
    const std::string& yaml, std::shared_ptr<const rules::StreamCatalog> streams,
    const Tables& tables) {
  std::map<std::string, rules::TableDeclaration, std::less<>> declared;
  for (const auto& [name, table] : tables) declared.try_emplace(name);
  rules::LoadResult loaded =
      rules::Load({std::make_shared<const rules::SourceFile>("test.yml", yaml)},
                  {.streams = std::move(streams),
                   .tables = std::make_shared<const rules::TableCatalog>(std::move(declared))});
  EXPECT_NE(loaded.rules, nullptr) << rules::Render(loaded.diagnostics);
  if (loaded.rules == nullptr) return nullptr;
  auto compiled = CompileRules(loaded.rules, tables);
  EXPECT_TRUE(compiled.ok()) << compiled.status();
  return compiled.ok() ? *compiled : nullptr;
}

const Event* Build(EventBuilder& builder, const CompiledRules& rules, const TestEvent& event,
                   int64_t offset) {
  const EventLayout& layout = rules.layouts[event.stream];
  builder.Begin(event.stream, layout.slot_count());
  for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
    const auto it = event.fields.find(absl::StrJoin(layout.fields()[slot].path, "."));
    if (it == event.fields.end()) continue;
    const EventBuilder::Ref ref = builder.slot(slot);
    if (const auto* i = std::get_if<int64_t>(&it->second)) {
      layout.fields()[slot].as_double ? builder.SetDouble(ref, static_cast<double>(*i))
                                      : builder.SetInt(ref, *i);
    } else if (const auto* d = std::get_if<double>(&it->second)) {
      builder.SetDouble(ref, *d);
    } else if (const auto* s = std::get_if<std::string>(&it->second)) {
      builder.SetString(ref, *s);
    } else if (std::holds_alternative<std::nullptr_t>(it->second)) {
      builder.SetNull(ref);
    } else if (const auto* error = std::get_if<ErrorCode>(&it->second)) {
      builder.SetError(ref, *error);
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&it->second)) {
      const auto first = builder.SetList(ref, static_cast<uint32_t>(list->size()));
      for (uint32_t e = 0; e < list->size(); ++e)
        builder.SetString(EventBuilder::Element(first, e), (*list)[e]);
    } else {
      builder.SetBool(ref, std::get<bool>(it->second));
    }
  }
  return builder.Finish(event.time_ms * 1'000'000, event.partition, offset);
}

std::vector<Alert> RunRules(const std::string& yaml, const std::vector<std::string>& streams,
                            const std::vector<TestEvent>& events, EngineOptions options,
                            const Tables& tables) {
  const auto compiled = CompileText(yaml, TestStreams(streams), tables);
  if (compiled == nullptr) return {};
  CollectingSink sink;
  const auto engine = MakeEngine(compiled, std::move(options), sink);
  std::map<PartitionKey, int64_t> offsets;
  for (const TestEvent& event : events) {
    const PartitionKey key{.stream = event.stream, .partition = event.partition};
    if (offsets.try_emplace(key, 0).second) engine->AddPartition(key, {});
  }
  EventBuilder builder;
  for (const TestEvent& event : events) {
    engine->Offer(*Build(builder, *compiled, event, offsets[{event.stream, event.partition}]++));
  }
  engine->Finish();
  return sink.Take();
}

std::vector<std::string> Summaries(const std::vector<Alert>& alerts) {
  std::vector<std::string> lines;
  for (const Alert& alert : alerts) {
    std::string line = absl::StrCat(alert.time / 1'000'000, ":");
    for (const Evidence& evidence : alert.evidence) {
      absl::StrAppend(&line, " ", (*alert.rules->streams)[evidence.stream].name, "@",
                      evidence.time / 1'000'000);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace telltale::engine
