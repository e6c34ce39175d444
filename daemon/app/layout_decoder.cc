#include "daemon/app/layout_decoder.h"

#include <algorithm>

#include "engine/runtime/compiled_rules.h"

namespace telltale::app {

LayoutDecoder::LayoutDecoder(const config::Config& config, const engine::Engine& engine)
    : config_(config), engine_(engine) {
  sets_.push_back(MakeNewest());
}

LayoutDecoder::Set LayoutDecoder::MakeNewest() const {
  const engine::CompiledRules& rules = engine_.RulesAt(engine::kMaxTime);
  Set set;
  set.generation = engine_.GenerationAt(engine::kMaxTime);
  for (uint32_t i = 0; i < config_.streams.size(); ++i) {
    const config::StreamConfig& stream = config_.streams[i];
    set.decoders.push_back(std::make_unique<decode::JsonDecoder>(i, rules.layouts[i], stream.time,
                                                                 stream.max_record_bytes));
  }
  return set;
}

void LayoutDecoder::RulesChanged() {
  sets_.push_back(MakeNewest());
  while (sets_.front().generation < engine_.GenerationAt(engine::kMinTime)) sets_.pop_front();
}

kafka::DecodedRecord LayoutDecoder::Decode(const kafka::Record& record) {
  decode::RawRecord raw;
  raw.value = record.value.value_or(std::string_view());
  raw.tombstone = !record.value.has_value();
  raw.partition = record.partition;
  raw.offset = record.offset;
  if (record.timestamp_ms >= 0) raw.timestamp = record.timestamp_ms * 1'000'000;
  // The newest first, for almost all events are its own, and any of them finds the time.
  decode::Decoded decoded = sets_.back().decoders[record.stream]->Decode(raw);
  if (decoded.event == nullptr) return {nullptr, decode::ReasonText(decoded.reason)};
  const uint64_t generation = engine_.GenerationAt(decoded.event->time);
  if (generation != sets_.back().generation) {
    const auto set = std::find_if(sets_.begin(), sets_.end(),
                                  [&](const Set& one) { return one.generation == generation; });
    decoded = set->decoders[record.stream]->Decode(raw);
  }
  return {decoded.event, {}};
}

}  // namespace telltale::app
