// An alert as the engine hands it out: settled, in T7's order within its shard, after suppression;
// of a rule with `emit: early` also before that, in the order in which it is told (T5).
//
// The body is a pure function of the events and the rules (A2); when and where it was detected is
// not in it. Owner: the receiver. Thread: plain data.
#ifndef TELLTALE_ENGINE_ALERT_ALERT_H_
#define TELLTALE_ENGINE_ALERT_ALERT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event/hash.h"
#include "rules/model/key_parts.h"
#include "rules/model/rule.h"

namespace telltale::engine {

enum class AlertKind : uint8_t { kMatch, kTimeout, kWindow, kLimit };
// As its record says it: "match".
std::string_view AlertKindName(AlertKind kind);
// T5: whether it is settled; if not, whether it stands or was taken back. Only final ones count for
// whoever asks what a rule has found.
enum class AlertStatus : uint8_t { kFinal, kEarly, kRetracted };

struct Evidence {
  uint32_t step = 0;  // of the rule
  uint32_t stream = 0;
  uint32_t partition = 0;
  int64_t offset = 0;
  int64_t time = 0;
  std::string event;  // the fields that the rule reads, as a JSON object
  // Of an alert that the rule has read (A5): its id and its rule's, which name it in the place of
  // partition and offset. Else empty.
  std::string alert_id;
  std::string alert_rule;
  bool operator==(const Evidence&) const = default;
};

// Whom or what an alert is about.
struct AlertEntity {
  std::string type;
  std::string id;
  int64_t risk_score = 0;
  bool operator==(const AlertEntity&) const = default;
};

// Of a result of a window (W1, W2).
struct AlertWindow {
  int64_t start = 0;
  int64_t end = 0;
  bool by_event = false;  // the last event of the evidence decided it
  bool operator==(const AlertWindow&) const = default;
};

struct Alert {
  std::shared_ptr<const rules::RuleSet> rules;  // keeps `rule` alive
  const rules::Rule* rule = nullptr;
  AlertKind kind = AlertKind::kMatch;
  AlertStatus status = AlertStatus::kFinal;
  uint32_t revision = 0;  // of this id, from 1 on; 0: its rule tells nothing early
  Hash128 id{};
  Hash128 dedup_key{};
  int64_t time = 0;
  rules::KeyParts key;  // as many as rule->key_names
  std::string title;
  int64_t risk_score = 0;                                   // 0 to 100
  std::vector<AlertEntity> entities;                        // in the rule's order, each once
  std::vector<std::pair<std::string, std::string>> fields;  // name and JSON
  uint64_t suppressed = 0;   // how many of its key were kept back since the last that went out
  bool truncated = false;    // a cap of P10 acted on its key before
  uint64_t match_count = 1;  // matches that it stands for (P6, `match: count`)
  std::optional<AlertWindow> window;
  std::string record_key;          // of a result that is no alert: the record's; empty: the id
  std::vector<Evidence> evidence;  // in total order
};

// The step that took the last event: how far a timeout got (P9). REQUIRES: there is evidence.
const std::string& ReachedStep(const Alert& alert);

// RFC 3339 in UTC with milliseconds, with more digits only where they are not zero (T8).
std::string FormatTime(int64_t time_ns);
// The body of the alert's record, in one line without a line break.
std::string AlertJson(const Alert& alert);

// Whether it goes to the topic of the rule's `output`; what limits have to say is an alert always.
bool IsOutput(const Alert& alert);
// The body of its record there, as AlertJson. REQUIRES: IsOutput.
std::string OutputJson(const Alert& alert);

// T7: (alert time; matches before deadlines; the last event's coordinates, then those from the
// first on; rule id; key).
bool Before(const Alert& a, const Alert& b);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_ALERT_ALERT_H_
