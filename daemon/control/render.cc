#include "daemon/control/render.h"

#include <google/protobuf/util/json_util.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "daemon/control/table.h"

namespace telltale::control {
namespace {

int64_t Nanoseconds(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000'000'000 + time.nanos();
}

std::string TimeText(bool known, const google::protobuf::Timestamp& time) {
  if (!known) return "-";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixNanos(Nanoseconds(time)),
                          absl::UTCTimeZone());
}

std::string Number(bool known, int64_t value) { return known ? absl::StrCat(value) : "-"; }

std::string Plural(uint64_t count, const char* word) {
  std::string_view text = word;
  return absl::StrCat(count, " ", word, count == 1 ? "" : text.ends_with("h") ? "es" : "s");
}

std::string Megabytes(int64_t bytes) {
  return absl::StrFormat("%.1f MB", static_cast<double>(bytes) / 1e6);
}

void AppendIds(const char* title, const google::protobuf::RepeatedPtrField<std::string>& ids,
               std::string* text) {
  if (!ids.empty()) absl::StrAppendFormat(text, "  %-10s %s\n", title, absl::StrJoin(ids, ", "));
}

std::string ChangeText(const v1::RuleSetChange& change) {
  std::string text;
  AppendIds("added", change.added(), &text);
  AppendIds("changed", change.changed(), &text);
  AppendIds("removed", change.removed(), &text);
  if (!change.unchanged().empty()) {
    absl::StrAppendFormat(&text, "  %-10s %s\n", "unchanged",
                          Plural(static_cast<uint64_t>(change.unchanged_size()), "rule"));
  }
  if (change.dropped_partial_matches() > 0) {
    absl::StrAppendFormat(
        &text, "  %-10s %s\n", "given up",
        Plural(static_cast<uint64_t>(change.dropped_partial_matches()), "partial match"));
  }
  return text;
}

// LEVEL_HIGH, "LEVEL_" -> high.
std::string Word(std::string name, size_t prefix) {
  name.erase(0, prefix);
  return absl::AsciiStrToLower(name);
}

std::string HeadText(const v1::GetStatusResponse& status) {
  absl::Duration up =
      absl::Nanoseconds(Nanoseconds(status.time()) - Nanoseconds(status.start_time()));
  std::string state = status.ready() ? "ready" : status.live() ? "not ready" : "dead";
  std::string text =
      absl::StrFormat("%s: %s, %s of generation %d, up %s, telltale %s\n", status.group(), state,
                      Plural(status.rules(), "rule"), status.generation(),
                      absl::FormatDuration(absl::Trunc(up, absl::Seconds(1))), status.version());
  for (const std::string& reason : status.reasons()) absl::StrAppend(&text, "  - ", reason, "\n");
  return text;
}

std::string StreamsText(const v1::GetStatusResponse& status) {
  Table table({"STREAM", "EVENTS", "LATE", "DEAD LETTERS", "WATERMARK"});
  for (const v1::StreamStatus& stream : status.streams()) {
    uint64_t dead = 0;
    for (const auto& [reason, count] : stream.dead_letters()) dead += count;
    table.Add({stream.name(), absl::StrCat(stream.events()), absl::StrCat(stream.late()),
               absl::StrCat(dead), TimeText(stream.has_watermark(), stream.watermark())});
  }
  return table.ToString();
}

std::string PartitionsText(const v1::GetStatusResponse& status) {
  Table table({"TOPIC", "PARTITION", "STATE", "POSITION", "LAG", "WATERMARK", ""});
  for (const v1::PartitionStatus& partition : status.partitions()) {
    table.Add({partition.topic(), absl::StrCat(partition.partition()),
               Word(v1::PartitionState_Name(partition.state()), sizeof("PARTITION_STATE_") - 1),
               Number(partition.has_position(), partition.position()),
               Number(partition.has_lag(), partition.lag()),
               TimeText(partition.has_watermark(), partition.watermark()),
               partition.holds_back() ? "the others wait for it" : ""});
  }
  return table.ToString();
}

std::string FiguresText(const v1::GetStatusResponse& status) {
  const v1::MemoryStatus& memory = status.memory();
  const v1::AlertStatus& alerts = status.alerts();
  std::string text = absl::StrFormat(
      "memory: %s resident, %s of %s buffered in %s, %s\n", Megabytes(memory.resident_bytes()),
      Megabytes(memory.buffered_bytes()), Megabytes(memory.buffered_bytes_limit()),
      Plural(static_cast<uint64_t>(memory.buffered_events()), "event"),
      Plural(static_cast<uint64_t>(memory.partial_matches()), "partial match"));
  absl::StrAppendFormat(&text, "alerts: %d acknowledged, %d outstanding", alerts.acknowledged(),
                        alerts.outstanding());
  if (alerts.has_p50_seconds()) {
    absl::StrAppendFormat(&text, "; from consume to acknowledge half within %g ms",
                          alerts.p50_seconds() * 1e3);
  }
  if (alerts.has_p99_seconds()) {
    absl::StrAppendFormat(&text, ", 99 %% within %g ms", alerts.p99_seconds() * 1e3);
  }
  absl::StrAppendFormat(&text, "\nreloads: %d applied, %d unchanged, %d refused\n",
                        status.reloads().applied(), status.reloads().unchanged(),
                        status.reloads().refused());
  return text;
}

}  // namespace

std::string RenderDiagnostics(
    const google::protobuf::RepeatedPtrField<v1::Diagnostic>& diagnostics) {
  return absl::StrJoin(diagnostics, "", [](std::string* out, const v1::Diagnostic& diagnostic) {
    *out += diagnostic.rendered();
  });
}

std::string RenderText(const v1::ValidateResponse& response) {
  if (!response.valid()) return "not valid\n";
  return "valid\n" + ChangeText(response.change());
}

std::string RenderText(const v1::ReloadResponse& response) {
  if (!response.accepted()) {
    return absl::StrFormat("refused: generation %d stays in force\n", response.generation());
  }
  std::string head = absl::StrFormat("reloaded: generation %d", response.generation());
  if (response.dry_run()) head = "would be accepted";
  if (response.has_switch_time()) {
    absl::StrAppend(&head, ", for events after ", TimeText(true, response.switch_time()));
  }
  return head + "\n" + ChangeText(response.change());
}

std::string RenderText(const v1::ListRulesResponse& response) {
  Table table(
      {"RULE", "LEVEL", "MODE", "MATCHES", "ALERTS", "SUPPRESSED", "EXCEPTED", "PARTIAL", "TITLE"});
  for (const v1::Rule& rule : response.rules()) {
    const v1::RuleFigures& figures = rule.figures();
    table.Add({rule.id(), Word(v1::Level_Name(rule.level()), sizeof("LEVEL_") - 1),
               Word(v1::Mode_Name(rule.mode()), sizeof("MODE_") - 1),
               absl::StrCat(figures.matches()), absl::StrCat(figures.alerts()),
               absl::StrCat(figures.suppressed()), absl::StrCat(figures.excepted()),
               absl::StrCat(figures.partial_matches()), rule.title()});
  }
  return table.ToString();
}

std::string RenderText(const v1::GetStatusResponse& response) {
  std::string text = HeadText(response);
  if (!response.streams().empty()) absl::StrAppend(&text, "\n", StreamsText(response));
  if (!response.partitions().empty()) absl::StrAppend(&text, "\n", PartitionsText(response));
  return absl::StrCat(text, "\n", FiguresText(response));
}

std::string RenderText(const v1::ListWatchedKeysResponse& response) {
  if (response.keys().empty()) return "no key is under watch\n";
  Table table({"RULE", "KEY", "EVENTS", "BYTES", "FORGOTTEN", "SINCE"});
  for (const v1::WatchedKey& watched : response.keys()) {
    table.Add({watched.key().rule(), absl::StrJoin(watched.key().parts(), ", "),
               absl::StrCat(watched.events()), absl::StrCat(watched.bytes()),
               absl::StrCat(watched.forgotten()), TimeText(watched.has_since(), watched.since())});
  }
  return table.ToString();
}

std::string RenderText(const v1::ExplainKeyResponse& response) {
  const v1::RuleKey& key = response.watched().key();
  return absl::StrCat(
      "rule ", key.rule(),
      key.parts().empty() ? "" : absl::StrCat(", key ", absl::StrJoin(key.parts(), ", ")), "\n",
      response.text());
}

std::string RenderJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails only for an Any of an unknown type or a time out of range; our messages have neither.
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json + "\n";
}

}  // namespace telltale::control
