#include "daemon/commands/replay_report.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "daemon/decode/dead_letter.h"

namespace telltale::commands {
namespace {

constexpr double kRedraw = 0.2;  // seconds

// 1234567 as "1,234,567".
std::string Grouped(int64_t number) {
  std::string text = absl::StrCat(number);
  for (size_t at = text.size(); at > 3 + (text[0] == '-' ? 1u : 0u);) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string StreamLine(const std::string& name, const replay::StreamCounts& counts) {
  std::string text = absl::StrCat("  ", name, ": ", Grouped(counts.lines), " lines, ",
                                  Grouped(counts.events), " events, ", Grouped(counts.late),
                                  " late, ", Grouped(counts.dead()), " dead letters");
  std::vector<std::string> reasons;
  for (size_t i = 0; i < counts.dead_letters.size(); ++i) {
    if (counts.dead_letters[i] == 0) continue;
    const std::string_view reason = decode::ReasonText(static_cast<decode::DeadLetterReason>(i));
    reasons.push_back(absl::StrCat(std::string(reason), " ", Grouped(counts.dead_letters[i])));
  }
  if (!reasons.empty()) absl::StrAppend(&text, " (", absl::StrJoin(reasons, ", "), ")");
  return text + "\n";
}

std::string RuleLine(const engine::RuleStats& rule) {
  const struct {
    uint64_t number;
    const char* noun;
  } figures[] = {{rule.alerts, "alerts"},
                 {rule.suppressed, "suppressed"},
                 {rule.excepted, "kept back by exceptions"},
                 {rule.warm_up_quiet, "kept quiet in warm-up"},
                 {rule.condition_errors, "condition errors"},
                 {rule.missing_keys, "events without its key"},
                 {rule.limit_hits, "limit hits"},
                 {rule.ties, "ties"}};
  std::vector<std::string> parts;
  for (const auto& figure : figures) {
    if (figure.number != 0)
      parts.push_back(absl::StrCat(Grouped(static_cast<int64_t>(figure.number)), " ", figure.noun));
  }
  return parts.empty() ? "" : absl::StrCat("  ", rule.id, ": ", absl::StrJoin(parts, ", "), "\n");
}

}  // namespace

std::string SummaryText(const replay::Summary& summary, const config::Config& config,
                        double seconds) {
  const replay::StreamCounts total = summary.total();
  uint64_t suppressed = 0;
  for (const engine::RuleStats& rule : summary.engine.rules) suppressed += rule.suppressed;
  std::string text = absl::StrCat(Grouped(summary.alerts), " alerts, ",
                                  Grouped(static_cast<int64_t>(suppressed)), " suppressed");
  if (summary.shadow_alerts != 0)
    absl::StrAppend(&text, ", ", Grouped(summary.shadow_alerts), " in shadow mode");
  absl::StrAppend(&text, "; ", Grouped(total.lines), " lines, ", Grouped(total.events), " events, ",
                  Grouped(total.late), " late, ", Grouped(total.dead()), " dead letters; ");
  absl::StrAppendFormat(
      &text, "%.2f s, %s lines/s\n", seconds,
      Grouped(static_cast<int64_t>(static_cast<double>(total.lines) / std::max(seconds, 1e-6))));
  for (size_t i = 0; i < summary.streams.size(); ++i) {
    text += StreamLine(config.streams[i].name, summary.streams[i]);
  }
  for (const engine::RuleStats& rule : summary.engine.rules) text += RuleLine(rule);
  return text;
}

void ReplayReport::Progress(const replay::Position& position) {
  if (!terminal_ || Seconds() - drawn_at_ < kRedraw) return;
  drawn_at_ = Seconds();
  drawn_ = true;
  std::string text = "\r\x1b[K";
  if (position.size > 0) {
    absl::StrAppendFormat(&text, "%3d%%  ",
                          std::min<int64_t>(100, position.bytes * 100 / position.size));
  }
  absl::StrAppend(&text, Grouped(position.lines), " lines, ", Grouped(position.alerts), " alerts, ",
                  Grouped(static_cast<int64_t>(static_cast<double>(position.lines) /
                                               std::max(Seconds(), 1e-3))),
                  " lines/s");
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void ReplayReport::Clear() {
  if (!drawn_) return;
  drawn_ = false;
  std::fputs("\r\x1b[K", stderr);
}

void ReplayReport::Print(const replay::Summary& summary, const config::Config& config) {
  Clear();
  const std::string text = SummaryText(summary, config, Seconds());
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace telltale::commands
