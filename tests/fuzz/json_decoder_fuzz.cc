// Any bytes as a record, read for several layouts and times: the verdict is the same whatever is
// read (V7), a field has the same value whatever else is read, and no byte outside is touched.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "daemon/decode/json_decoder.h"
#include "tests/daemon/event_text.h"

namespace telltale::decode {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

std::vector<engine::Field> Fields() {
  return {
      {.path = {}, .type = {}},
      {.path = {"a"}, .type = {}},
      {.path = {"a", "b"}, .type = rules::Type::Of(rules::TypeKind::kString)},
      {.path = {"a", "c"}, .type = rules::Type::List(rules::Type::Of(rules::TypeKind::kDouble))},
      {.path = {"d"}, .type = {}, .as_double = true},
      {.path = {"ts"}, .type = rules::Type::Of(rules::TypeKind::kUint)}};
}

config::StreamTime Time(config::TimeUnit unit) {
  config::StreamTime time;
  time.source = config::TimeSource::kField;
  time.field = {"ts"};
  time.unit = unit;
  return time;
}

void Compare(const RawRecord& record, const config::StreamTime& time) {
  const engine::EventLayout layout(Fields());
  JsonDecoder all(0, layout, time);
  const Decoded with = all.Decode(record);
  Require((with.event == nullptr) == (with.reason != DeadLetterReason::kNone));
  JsonDecoder none(0, {}, time);
  Require(none.Decode(record).reason == with.reason);
  if (with.event == nullptr) return;
  for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
    JsonDecoder one(0, engine::EventLayout({layout.fields()[slot]}), time);
    const Decoded alone = one.Decode(record);
    Require(alone.event != nullptr && alone.event->time == with.event->time);
    Require(ValueText(alone.event->slot(0)) == ValueText(with.event->slot(slot)));
  }
}

}  // namespace
}  // namespace telltale::decode

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using telltale::config::TimeUnit;
  telltale::decode::RawRecord record;
  record.value = std::string_view(reinterpret_cast<const char*>(data), size);
  record.timestamp = 0;
  telltale::decode::Compare(record, {});
  for (const TimeUnit unit : {TimeUnit::kSeconds, TimeUnit::kNanoseconds, TimeUnit::kRfc3339}) {
    telltale::decode::Compare(record, telltale::decode::Time(unit));
  }
  return 0;
}
