#include "daemon/control/render_status.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "daemon/control/answer_words.h"
#include "daemon/control/render.h"
#include "daemon/control/table.h"

namespace telltale::control {
namespace {

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
  Table table({"STREAM", "EVENTS", "LATE", "BOUND", "DEAD LETTERS", "WATERMARK"});
  for (const v1::StreamStatus& stream : status.streams()) {
    uint64_t dead = 0;
    for (const auto& [reason, count] : stream.dead_letters()) dead += count;
    table.Add({stream.name(), absl::StrCat(stream.events()), absl::StrCat(stream.late()),
               SecondsText(stream.max_out_of_orderness_seconds()), absl::StrCat(dead),
               TimeText(stream.has_watermark(), stream.watermark())});
  }
  return table.ToString();
}

std::string PartitionsText(const v1::GetStatusResponse& status) {
  Table table({"TOPIC", "PARTITION", "STATE", "POSITION", "LAG", "WATERMARK", "BEHIND", ""});
  for (const v1::PartitionStatus& partition : status.partitions()) {
    std::string state =
        Word(v1::PartitionState_Name(partition.state()), sizeof("PARTITION_STATE_") - 1);
    if (!partition.held_for().empty()) {
      absl::StrAppend(&state, ": ", absl::StrJoin(partition.held_for(), ", "));
    }
    table.Add({partition.topic(), absl::StrCat(partition.partition()), state,
               Number(partition.has_position(), partition.position()),
               Number(partition.has_lag(), partition.lag()),
               TimeText(partition.has_watermark(), partition.watermark()),
               partition.has_behind_newest_seconds()
                   ? SecondsText(partition.behind_newest_seconds())
                   : "-",
               partition.holds_back() ? "the others wait for it" : ""});
  }
  return table.ToString();
}

// "ato, velocity and 3 more wait for payments/3, 12m0s behind".
std::string WaitsText(const v1::GetStatusResponse& status) {
  constexpr int kNamed = 3;
  std::string text;
  for (const v1::RuleWait& wait : status.waits()) {
    const int named = std::min(wait.rules_size(), kNamed);
    absl::StrAppend(&text, absl::StrJoin(wait.rules().begin(), wait.rules().begin() + named, ", "));
    if (wait.rules_size() > named)
      absl::StrAppend(&text, " and ", wait.rules_size() - named, " more");
    absl::StrAppend(&text, wait.rules_size() == 1 ? " waits for " : " wait for ", wait.topic(), "/",
                    wait.partition(), ", ",
                    wait.has_behind_seconds() ? SecondsText(wait.behind_seconds()) + " behind"
                                              : "which has no watermark yet",
                    "\n");
  }
  return text;
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

// Of a million events; what is less than one is not nothing.
std::string PerMillion(double late) {
  if (late <= 0) return "0";
  return late < 1 ? "<1" : absl::StrFormat("%.0f", late);
}

}  // namespace

std::string LatenessText(const v1::GetStatusResponse& status) {
  std::vector<std::string> head = {"STREAM", "EVENTS", "BOUND NOW"};
  const auto seen = std::find_if(status.streams().begin(), status.streams().end(),
                                 [](const auto& stream) { return stream.lateness_size() > 0; });
  if (seen == status.streams().end()) return "no event has been read yet\n";
  for (const v1::LatenessBucket& bucket : seen->lateness()) {
    if (bucket.has_bound_seconds()) head.push_back(SecondsText(bucket.bound_seconds()));
  }
  const size_t columns = head.size();
  Table table(std::move(head));
  for (const v1::StreamStatus& stream : status.streams()) {
    uint64_t events = 0;
    for (const v1::LatenessBucket& bucket : stream.lateness()) events += bucket.events();
    std::vector<std::string> row = {stream.name(), absl::StrCat(events),
                                    SecondsText(stream.max_out_of_orderness_seconds())};
    for (const v1::LatenessBucket& bucket : stream.lateness()) {
      if (bucket.has_bound_seconds()) row.push_back(PerMillion(bucket.late_per_million()));
    }
    row.resize(columns, "-");
    table.Add(std::move(row));
  }
  return absl::StrCat("Events of a million that would be late with a max_out_of_orderness of:\n\n",
                      table.ToString());
}

std::string RenderText(const v1::GetStatusResponse& response) {
  std::string text = HeadText(response);
  if (!response.streams().empty()) absl::StrAppend(&text, "\n", StreamsText(response));
  if (!response.partitions().empty()) absl::StrAppend(&text, "\n", PartitionsText(response));
  if (!response.waits().empty()) absl::StrAppend(&text, "\n", WaitsText(response));
  return absl::StrCat(text, "\n", FiguresText(response));
}

}  // namespace telltale::control
