#include "daemon/app/layout_decoder.h"

#include <utility>

#include "engine/runtime/compiled_rules.h"

namespace telltale::app {

LayoutDecoder::LayoutDecoder(const config::Config& config, const engine::Engine& engine)
    : config_(config), engine_(engine), current_(Make(engine.RulesAt(engine::kMaxTime))) {}

LayoutDecoder::Set LayoutDecoder::Make(const engine::CompiledRules& rules) const {
  Set set;
  set.rules = &rules;
  for (uint32_t i = 0; i < config_.streams.size(); ++i) {
    const config::StreamConfig& stream = config_.streams[i];
    set.decoders.push_back(std::make_unique<decode::JsonDecoder>(i, rules.layouts[i], stream.time,
                                                                 stream.max_record_bytes));
  }
  return set;
}

void LayoutDecoder::RulesChanged() {
  old_ = std::move(current_);
  current_ = Make(engine_.RulesAt(engine::kMaxTime));
}

kafka::DecodedRecord LayoutDecoder::Decode(const kafka::Record& record) {
  decode::RawRecord raw;
  raw.value = record.value.value_or(std::string_view());
  raw.tombstone = !record.value.has_value();
  raw.partition = record.partition;
  raw.offset = record.offset;
  if (record.timestamp_ms >= 0) raw.timestamp = record.timestamp_ms * 1'000'000;
  decode::Decoded decoded = current_.decoders[record.stream]->Decode(raw);
  if (decoded.event == nullptr) return {nullptr, decode::ReasonText(decoded.reason)};
  if (&engine_.RulesAt(decoded.event->time) != current_.rules && old_.rules != nullptr) {
    decoded = old_.decoders[record.stream]->Decode(raw);
  }
  return {decoded.event, {}};
}

}  // namespace telltale::app
