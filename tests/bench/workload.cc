#include "tests/bench/workload.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "rules/load/load.h"

namespace telltale::bench {

std::vector<KeyedEvent> MakeKeyedEvents(size_t count, uint64_t keys) {
  Xorshift random;
  std::vector<KeyedEvent> events;
  events.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const auto type = static_cast<int64_t>(random.Below(20));
    const auto key = static_cast<int64_t>(random.Below(keys));
    events.push_back(
        {type, key, static_cast<int64_t>(random.Below(1000)), static_cast<int64_t>(i)});
  }
  return events;
}

std::vector<KeyedEvent> MakeZipfEvents(size_t count, uint64_t keys) {
  std::vector<double> up_to;  // the sum of 1/k
  double sum = 0;
  for (uint64_t key = 1; key <= keys; ++key) up_to.push_back(sum += 1.0 / static_cast<double>(key));
  std::vector<KeyedEvent> events = MakeKeyedEvents(count, uint64_t{1} << 53);
  for (KeyedEvent& event : events) {
    const double drawn = static_cast<double>(event.key) / static_cast<double>(uint64_t{1} << 53);
    event.key = std::upper_bound(up_to.begin(), up_to.end(), drawn * sum) - up_to.begin();
  }
  return events;
}

std::vector<KeyedEvent> MakeHalfOfOneKey(size_t count, uint64_t keys) {
  std::vector<KeyedEvent> events = MakeKeyedEvents(count, 2 * keys);
  for (KeyedEvent& event : events) {
    if (event.key >= static_cast<int64_t>(keys)) event.key = 0;
  }
  return events;
}

std::vector<KeyedEvent> MakeStockEvents(size_t count) {
  Xorshift random;
  std::vector<KeyedEvent> events;
  int64_t time = 0;
  for (size_t i = 0; i < count; ++i) {
    time += static_cast<int64_t>(random.Below(3)) * 50;
    const auto type = static_cast<int64_t>(random.Below(2));
    const auto name = static_cast<int64_t>(random.Below(100));
    const auto volume = static_cast<int64_t>(1 + random.Below(10'000));
    random.Below(9'001);  // the price
    events.push_back({type, name, volume, time});
  }
  return events;
}

std::vector<KeyedEvent> MakeKleeneEvents(size_t keys, size_t repeats) {
  std::vector<KeyedEvent> events;
  for (size_t key = 0; key < keys; ++key) {
    const auto add = [&](int64_t type) {
      events.push_back({type, static_cast<int64_t>(key), 0, static_cast<int64_t>(events.size())});
    };
    add(0);
    for (size_t i = 0; i < repeats; ++i) add(1);
    add(2);
  }
  return events;
}

std::vector<KeyedEvent> ArriveLate(const std::vector<KeyedEvent>& events, uint64_t disorder) {
  Xorshift random;
  std::vector<std::pair<int64_t, KeyedEvent>> arrivals;
  for (const KeyedEvent& event : events) {
    const uint64_t drawn = random.Below(1000);
    const uint64_t delay = random.Below(disorder) + 1;
    int64_t late_by = 0;
    if (drawn < 100) late_by = static_cast<int64_t>(drawn == 0 ? disorder + delay : delay);
    arrivals.emplace_back(event.time + late_by, event);
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<KeyedEvent> arriving;
  for (const auto& [time, event] : arrivals) arriving.push_back(event);
  return arriving;
}

std::vector<KeyedEvent> InOrder(std::vector<KeyedEvent> arriving, int64_t disorder) {
  int64_t greatest = 0;
  std::erase_if(arriving, [&](const KeyedEvent& event) {
    const bool late = event.time < greatest - disorder;
    if (!late) greatest = std::max(greatest, event.time);
    return late;
  });
  std::stable_sort(arriving.begin(), arriving.end(),
                   [](const KeyedEvent& a, const KeyedEvent& b) { return a.time < b.time; });
  return arriving;
}

std::shared_ptr<const engine::CompiledRules> CompileFor(const std::string& yaml) {
  rules::Stream stream;
  stream.name = stream.topic = "events";
  stream.logsources.push_back({.name = {.product = "bench"}, .where = {}, .fields = {}});
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
    const engine::Event& event = *builder.Finish(keyed.time * 1'000'000, 0, number);
    ++number;
    places_.push_back(blocks_.size());
    blocks_.resize(blocks_.size() + event.byte_size / sizeof(uint64_t));
    std::memcpy(blocks_.data() + places_.back(), &event, event.byte_size);
  }
}

}  // namespace telltale::bench
