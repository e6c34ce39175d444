#include "engine/alert/alert_codec.h"

#include <string_view>

namespace telltale::engine {
namespace {

constexpr uint32_t kKinds = 4;
constexpr uint32_t kStatuses = 3;
constexpr uint64_t kRevisions = uint64_t{1} << 32;

void EncodeEvidence(const Alert& alert, ByteWriter& out) {
  out.Varint(alert.evidence.size());
  for (const Evidence& evidence : alert.evidence) {
    out.Varint(evidence.step);
    out.Text((*alert.rules->streams)[evidence.stream].name);
    out.Varint(evidence.partition);
    out.Zigzag(evidence.offset);
    out.Zigzag(evidence.time);
    out.Text(evidence.event);
    out.Text(evidence.alert_id);
    out.Text(evidence.alert_rule);
  }
}

std::optional<uint32_t> FindStream(const rules::StreamCatalog& streams, std::string_view name) {
  for (uint32_t stream = 0; stream <= streams.alerts(); ++stream) {
    if (streams[stream].name == name) return stream;
  }
  return std::nullopt;
}

void DecodeEvidence(Alert& alert, ByteReader& in) {
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    Evidence evidence;
    evidence.step = in.Below(alert.rule->steps.size(), "step");
    const auto stream = FindStream(*alert.rules->streams, in.Text());
    if (!stream) return in.Fail("an alert's stream is not known");
    evidence.stream = *stream;
    evidence.partition = in.Below(kRevisions, "partition");
    evidence.offset = in.Zigzag();
    evidence.time = in.Zigzag();
    evidence.event = in.Text();
    evidence.alert_id = in.Text();
    evidence.alert_rule = in.Text();
    alert.evidence.push_back(std::move(evidence));
  }
}

void DecodeKey(Alert& alert, ByteReader& in) {
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    rules::KeyPart& part = alert.key.emplace_back();
    if (in.Below(2, "mark of a key part") != 0) part = std::string(in.Text());
  }
  if (alert.key.size() > alert.rule->key_names.size()) in.Fail("an alert's key has too many parts");
}

void DecodeSaid(Alert& alert, ByteReader& in) {
  alert.title = in.Text();
  alert.risk_score = in.Zigzag();
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    AlertEntity& entity = alert.entities.emplace_back();
    entity.type = in.Text();
    entity.id = in.Text();
    entity.risk_score = in.Zigzag();
  }
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    auto& [name, json] = alert.fields.emplace_back();
    name = in.Text();
    json = in.Text();
  }
}

}  // namespace

void EncodeAlert(const Alert& alert, ByteWriter& out) {
  out.Byte(static_cast<uint8_t>(alert.kind));
  out.Byte(static_cast<uint8_t>(alert.status));
  out.Varint(alert.revision);
  out.Hash(alert.id);
  out.Hash(alert.dedup_key);
  out.Zigzag(alert.time);
  out.Varint(alert.key.size());
  for (const rules::KeyPart& part : alert.key) {
    out.Byte(part ? 1 : 0);
    if (part) out.Text(*part);
  }
  out.Text(alert.title);
  out.Zigzag(alert.risk_score);
  out.Varint(alert.entities.size());
  for (const AlertEntity& entity : alert.entities) {
    out.Text(entity.type);
    out.Text(entity.id);
    out.Zigzag(entity.risk_score);
  }
  out.Varint(alert.fields.size());
  for (const auto& [name, json] : alert.fields) {
    out.Text(name);
    out.Text(json);
  }
  out.Varint(alert.suppressed);
  out.Byte(alert.truncated ? 1 : 0);
  out.Varint(alert.match_count);
  out.Byte(alert.window ? 1 : 0);
  if (alert.window) {
    out.Zigzag(alert.window->start);
    out.Zigzag(alert.window->end);
    out.Byte(alert.window->by_event ? 1 : 0);
  }
  out.Text(alert.record_key);
  EncodeEvidence(alert, out);
}

Alert DecodeAlert(const std::shared_ptr<const rules::RuleSet>& rules, const rules::Rule& rule,
                  ByteReader& in) {
  Alert alert;
  alert.rules = rules;
  alert.rule = &rule;
  alert.kind = static_cast<AlertKind>(in.Below(kKinds, "kind of an alert"));
  alert.status = static_cast<AlertStatus>(in.Below(kStatuses, "status of an alert"));
  alert.revision = in.Below(kRevisions, "revision");
  alert.id = in.Hash();
  alert.dedup_key = in.Hash();
  alert.time = in.Zigzag();
  DecodeKey(alert, in);
  DecodeSaid(alert, in);
  alert.suppressed = in.Varint();
  alert.truncated = in.Below(2, "mark") != 0;
  alert.match_count = in.Varint();
  if (in.Below(2, "mark of a window") != 0) {
    AlertWindow& window = alert.window.emplace();
    window.start = in.Zigzag();
    window.end = in.Zigzag();
    window.by_event = in.Below(2, "mark") != 0;
  }
  alert.record_key = in.Text();
  DecodeEvidence(alert, in);
  if (alert.kind == AlertKind::kTimeout && alert.evidence.empty())
    in.Fail("a timeout without events");
  return alert;
}

}  // namespace telltale::engine
