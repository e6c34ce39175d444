#include "tests/bench/workload.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "rules/load/load.h"

namespace telltale::bench {

std::vector<KeyedEvent> MakeKeyedEvents(size_t count, uint64_t keys) {
  Xorshift random;
  std::vector<KeyedEvent> events;
  events.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const auto type = static_cast<int64_t>(random.Below(20));
    const auto key = static_cast<int64_t>(random.Below(keys));
    events.push_back({type, key, static_cast<int64_t>(random.Below(1000))});
  }
  return events;
}

std::shared_ptr<const engine::CompiledRules> CompileFor(const std::string& yaml) {
  rules::Stream stream;
  stream.name = stream.topic = "events";
  const rules::LoadResult loaded =
      rules::Load({std::make_shared<const rules::SourceFile>("bench.yml", yaml)},
                  std::make_shared<const rules::StreamCatalog>(std::vector<rules::Stream>{stream}));
  if (loaded.rules == nullptr) {
    std::fputs(rules::Render(loaded.diagnostics).c_str(), stderr);
    std::abort();
  }
  return engine::CompileRules(loaded.rules).value();
}

EventBlocks::EventBlocks(const std::vector<KeyedEvent>& events,
                         const engine::CompiledRules& rules) {
  const engine::EventLayout& layout = rules.layouts[0];
  engine::EventBuilder builder;
  int64_t number = 0;
  for (const KeyedEvent& keyed : events) {
    builder.Begin(0, layout.slot_count());
    const auto set = [&](const char* name, int64_t value) {
      if (const auto slot = layout.Find({name})) builder.SetInt(builder.slot(*slot), value);
    };
    set("type", keyed.type);
    set("key", keyed.key);
    set("value", keyed.value);
    const engine::Event& event = *builder.Finish(number * 1'000'000, 0, number);
    ++number;
    places_.push_back(blocks_.size());
    blocks_.resize(blocks_.size() + event.byte_size / sizeof(uint64_t));
    std::memcpy(blocks_.data() + places_.back(), &event, event.byte_size);
  }
}

}  // namespace telltale::bench
