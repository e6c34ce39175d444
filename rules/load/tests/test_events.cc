#include "rules/load/tests/test_events.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rules/load/tests/test_time.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/yaml/json_value.h"

namespace telltale::rules {
namespace {

constexpr int64_t kMostPartitions = 1000;

std::string Dotted(const FieldPath& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

bool HasPath(const Json& body, const FieldPath& path) {
  const Json* at = &body;
  for (const std::string& name : path) {
    at = at->Find(name);
    if (at == nullptr) return false;
  }
  return true;
}

// Without which an item of the list is no event.
bool IsOwnKey(std::string_view key) {
  return key == "at" || key == "on" || key == "partition" || key == "kafka_time";
}

class EventReader {
 public:
  EventReader(const Node& node, int64_t base, const StreamCatalog& streams, ValueReader& values)
      : node_(node), base_(base), streams_(streams), values_(values) {
    event_.span = node.entries.empty() ? node.span : node.entries.front().key.Whole();
    event_.body.kind = JsonKind::kObject;
  }

  TestEvent Read() {
    if (node_.kind != NodeKind::kMap) {
      Error(kWrongKind, node_.span,
            std::string("an event must be a map of its fields, with 'at' and 'on', and this is ") +
                KindName(node_.kind));
    } else if (const Node* to = node_.Find("advance_to")) {
      Advance(*to);
    } else {
      Event();
    }
    return std::move(event_);
  }

 private:
  Diagnostic& Error(Code code, const Span& span, std::string message) {
    return values_.diagnostics().Error(code, span, std::move(message));
  }

  void Advance(const Node& to) {
    if (node_.entries.size() > 1) {
      Error(kConflictingKeys, event_.span,
            "'advance_to' is no event and stands alone in its item of the list")
          .notes.push_back("a field of that name is written in 'record'");
      return;
    }
    event_.advance_to = ReadTestTime(to, "'advance_to'", base_, values_).value_or(base_);
  }

  void Event() {
    const std::optional<StreamIndex> stream = Stream();
    if (const Node* at = node_.Find("at")) event_.at = ReadTestTime(*at, "'at'", base_, values_);
    if (const Node* time = node_.Find("kafka_time"))
      event_.kafka_time = ReadTestTime(*time, "'kafka_time'", base_, values_);
    if (const Node* partition = node_.Find("partition")) {
      event_.partition = static_cast<uint32_t>(
          values_.Int(*partition, "'partition'", 0, kMostPartitions - 1).value_or(0));
    }
    Body();
    if (!stream) return;
    event_.stream = *stream;
    CheckTime(streams_[*stream]);
  }

  std::optional<StreamIndex> Stream() {
    const Node* on = values_.Required(node_, "on", event_.span, "an event");
    if (on == nullptr) return std::nullopt;
    const std::optional<LocatedText> name = values_.Text(*on, "'on'");
    if (!name) return std::nullopt;
    const std::optional<StreamIndex> stream = streams_.Find(name->text());
    if (!stream) {
      std::vector<std::string> known;
      for (const rules::Stream& one : streams_.streams()) known.push_back(one.name);
      Error(kUnknownStream, on->span, "the config declares no stream '" + name->text() + "'")
          .suggestion = Nearest(name->text(), known);
    }
    return stream;
  }

  void Body() {
    if (const Node* record = node_.Find("record"); record && record->kind == NodeKind::kMap) {
      const size_t told = values_.diagnostics().errors();
      values_.Map(node_, TestEventKeys());
      if (values_.diagnostics().errors() != told) {
        Error(kConflictingKeys, record->span, "with 'record' all fields stand in it")
            .notes.push_back("a field named 'record' is written record: { record: ... }");
      }
      event_.body = JsonValue(*record, values_.diagnostics());
      return;
    }
    for (const Entry& entry : node_.entries) {
      if (IsOwnKey(entry.key.text())) continue;
      event_.body.members.emplace_back(entry.key.text(),
                                       JsonValue(entry.value, values_.diagnostics()));
    }
  }

  // T1: an event has one time, in its stream's field or as its record's timestamp.
  void CheckTime(const rules::Stream& stream) {
    const bool given = node_.Find("at") != nullptr;
    if (stream.time_field.empty()) {
      if (given == (node_.Find("kafka_time") != nullptr)) {
        Error(kTestTimeTwice, event_.span,
              "stream '" + stream.name + "' is timed by Kafka's timestamps: write 'at'" +
                  (given ? ", and no 'kafka_time'" : ""));
      }
      return;
    }
    const std::string field = Dotted(stream.time_field);
    const bool own = HasPath(event_.body, stream.time_field);
    if (given == own) {
      Error(kTestTimeTwice, event_.span,
            given ? "the event has its time in its field '" + field + "', so it needs no 'at'"
                  : "the event needs a time: 'at', which goes to its field '" + field + "'");
    }
  }

  const Node& node_;
  const int64_t base_;
  const StreamCatalog& streams_;
  ValueReader& values_;
  TestEvent event_;
};

}  // namespace

std::vector<TestEvent> ReadTestEvents(const Node& node, int64_t base, const StreamCatalog& streams,
                                      ValueReader& values) {
  std::vector<TestEvent> events;
  if (node.kind == NodeKind::kSequence) {
    events.reserve(node.items.size());
    for (const Node& item : node.items)
      events.push_back(EventReader(item, base, streams, values).Read());
  } else {
    values.Sequence(node, "'events'");
  }
  return events;
}

}  // namespace telltale::rules
