#include "engine/pattern/held_events.h"

namespace telltale::engine {

void HeldEventsEncoder::Add(EventHandle event) {
  if (numbers_.try_emplace(event, static_cast<uint32_t>(held_.size())).second)
    held_.push_back(event);
}

void HeldEventsEncoder::Write(const LayoutBook& layouts, ByteWriter& out) const {
  absl::flat_hash_map<uint32_t, uint32_t> layout_numbers;  // by stream
  std::vector<uint32_t> streams;
  for (const EventHandle event : held_) {
    const uint32_t stream = events_[event].stream;
    if (layout_numbers.try_emplace(stream, static_cast<uint32_t>(streams.size())).second)
      streams.push_back(stream);
  }
  out.Varint(streams.size());
  for (const uint32_t stream : streams) out.Fixed64(layouts.IdentityOf(stream));
  out.Varint(held_.size());
  EventPlace place;
  for (const EventHandle event : held_) {
    out.Varint(layout_numbers.at(events_[event].stream));
    EncodeEvent(events_[event], place, out);
  }
}

HeldEvents::~HeldEvents() {
  for (const EventHandle event : held_) events_.Unref(event);
}

void HeldEvents::Read(EventDecoder& decoder, ByteReader& in) {
  std::vector<const LayoutBook::Reading*> readings;
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) {
    const LayoutBook::Reading* reading = decoder.layouts().Find(in.Fixed64());
    if (reading == nullptr) return in.Fail("events in a layout that nothing describes");
    if (!reading->stream) return in.Fail("events of a stream that there is no more");
    readings.push_back(reading);
  }
  EventPlace place;
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) {
    const uint32_t layout = in.Below(readings.size(), "layout");
    if (!in.ok()) return;
    if (const auto event = decoder.Decode(*readings[layout], place, in)) held_.push_back(*event);
  }
}

EventHandle HeldEvents::Next(const rules::Rule& rule, uint32_t step, ByteReader& in) const {
  const uint32_t number = in.Below(held_.size(), "event");
  if (!in.ok()) return 0;
  if (step >= rule.steps.size() ||
      rule.steps[step].selector.stream != events_[held_[number]].stream)
    in.Fail("an event of a stream that its step does not name");
  return held_[number];
}

}  // namespace telltale::engine
