#include "engine/alert/alert.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "engine/condition/condition.h"

namespace telltale::engine {
namespace {

constexpr size_t kUsualBytes = 1536;

void AppendString(std::string_view text, std::string& out) { AppendJson(Value::String(text), out); }

void AppendMember(std::string_view name, std::string_view text, std::string& out) {
  AppendString(name, out);
  out += ':';
  AppendString(text, out);
}

std::string_view StatusName(AlertStatus status) {
  switch (status) {
    case AlertStatus::kFinal:
      return "final";
    case AlertStatus::kEarly:
      return "early";
    case AlertStatus::kRetracted:
      return "retracted";
  }
  return "";
}

void AppendStatus(const Alert& alert, std::string& out) {
  AppendMember("status", StatusName(alert.status), out);
  out += ',';
  if (alert.revision != 0) absl::StrAppend(&out, "\"revision\":", alert.revision, ",");
}

void AppendRule(const rules::Rule& rule, std::string& out) {
  out += "\"rule\":{";
  AppendMember("id", rule.id, out);
  out += ',';
  AppendMember("title", rule.title, out);
  out += ',';
  AppendMember("level", rules::LevelName(rule.level), out);
  out += ",\"tags\":[";
  for (size_t i = 0; i < rule.tags.size(); ++i) {
    if (i != 0) out += ',';
    AppendString(rule.tags[i], out);
  }
  out += "],";
  if (!rule.runbook.empty()) {
    AppendMember("runbook", rule.runbook, out);
    out += ',';
  }
  AppendMember("fingerprint", rules::ToHex(rule.fingerprint), out);
  out += '}';
}

void AppendEvidence(const Alert& alert, std::string& out) {
  const rules::StreamCatalog& streams = *alert.rules->streams;
  out += "\"evidence\":[";
  for (size_t i = 0; i < alert.evidence.size(); ++i) {
    const Evidence& evidence = alert.evidence[i];
    out += i == 0 ? "{" : ",{";
    AppendMember("step", alert.rule->steps[evidence.step].name, out);
    out += ',';
    AppendMember("stream", streams[evidence.stream].name, out);
    out += ',';
    if (evidence.stream == streams.alerts()) {
      AppendMember("alert", evidence.alert_id, out);
      out += ',';
      AppendMember("rule", evidence.alert_rule, out);
      out += ',';
    } else {
      AppendMember("topic", streams[evidence.stream].topic, out);
      absl::StrAppend(&out, ",\"partition\":", evidence.partition, ",\"offset\":", evidence.offset,
                      ",");
    }
    AppendMember("time", FormatTime(evidence.time), out);
    absl::StrAppend(&out, ",\"event\":", evidence.event, "}");
  }
  out += ']';
}

void AppendEntities(const Alert& alert, std::string& out) {
  out += "\"entities\":[";
  for (size_t i = 0; i < alert.entities.size(); ++i) {
    out += i == 0 ? "{" : ",{";
    AppendMember("type", alert.entities[i].type, out);
    out += ',';
    AppendMember("id", alert.entities[i].id, out);
    absl::StrAppend(&out, ",\"risk_score\":", alert.entities[i].risk_score, "}");
  }
  out += "],";
}

void AppendKey(const Alert& alert, std::string& out) {
  out += "\"key\":{";
  for (size_t i = 0; i < alert.key.size(); ++i) {
    if (i != 0) out += ',';
    AppendString(alert.rule->key_names[i], out);
    out += ':';
    if (alert.key[i]) {
      AppendString(*alert.key[i], out);
    } else {
      out += "null";
    }
  }
  out += "},";
}

void AppendWindow(const Alert& alert, std::string& out) {
  if (alert.window) {
    out += "\"window\":{";
    AppendMember("start", FormatTime(alert.window->start), out);
    out += ',';
    AppendMember("end", FormatTime(alert.window->end), out);
    out += "},";
  }
}

void AppendMatchCount(const Alert& alert, std::string& out) {
  if (alert.kind == AlertKind::kMatch && alert.rule->match == rules::MatchMode::kCount)
    absl::StrAppend(&out, "\"match_count\":", alert.match_count, ",");
}

void AppendFields(const Alert& alert, std::string& out) {
  out += "\"fields\":{";
  for (size_t i = 0; i < alert.fields.size(); ++i) {
    if (i != 0) out += ',';
    AppendString(alert.fields[i].first, out);
    absl::StrAppend(&out, ":", alert.fields[i].second);
  }
  out += '}';
}

auto Coordinates(const Evidence& e) { return std::tie(e.time, e.stream, e.partition, e.offset); }

// So many digits, with zeros in front, and what stands behind them. Years of 64-bit nanoseconds
// have four.
void AppendDigits(int64_t number, int digits, char behind, std::string& out) {
  const size_t begin = out.size();
  out.append(static_cast<size_t>(digits), '0');
  for (int i = digits; i > 0; --i, number /= 10) {
    out[begin + static_cast<size_t>(i) - 1] = static_cast<char>('0' + number % 10);
  }
  out += behind;
}

}  // namespace

std::string_view AlertKindName(AlertKind kind) {
  switch (kind) {
    case AlertKind::kMatch:
      return "match";
    case AlertKind::kTimeout:
      return "timeout";
    case AlertKind::kWindow:
      return "window";
    case AlertKind::kLimit:
      return "limit";
  }
  return "";
}

std::string FormatTime(int64_t time_ns) {
  constexpr int64_t kSecond = 1'000'000'000;
  constexpr int64_t kDay = 86'400;
  const int64_t nanos = ((time_ns % kSecond) + kSecond) % kSecond;
  const int64_t seconds = time_ns / kSecond - (time_ns % kSecond < 0 ? 1 : 0);
  const int64_t second_of_day = ((seconds % kDay) + kDay) % kDay;
  // Civil date from the day number: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  const int64_t z = (seconds - second_of_day) / kDay + 719'468;
  const int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const int64_t day_of_era = z - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);

  std::string text;
  text.reserve(sizeof "2026-03-01T10:00:35.000000000Z");
  AppendDigits(year, 4, '-', text);
  AppendDigits(month, 2, '-', text);
  AppendDigits(day, 2, 'T', text);
  AppendDigits(second_of_day / 3600, 2, ':', text);
  AppendDigits(second_of_day / 60 % 60, 2, ':', text);
  AppendDigits(second_of_day % 60, 2, '.', text);
  if (nanos % 1'000'000 == 0) {
    AppendDigits(nanos / 1'000'000, 3, 'Z', text);
  } else if (nanos % 1000 == 0) {
    AppendDigits(nanos / 1000, 6, 'Z', text);
  } else {
    AppendDigits(nanos, 9, 'Z', text);
  }
  return text;
}

const std::string& ReachedStep(const Alert& alert) {
  return alert.rule->steps[alert.evidence.back().step].name;
}

std::string AlertJson(const Alert& alert) {
  std::string out;
  out.reserve(kUsualBytes);
  out += '{';
  AppendMember("id", ToHex(alert.id), out);
  out += ',';
  AppendMember("kind", AlertKindName(alert.kind), out);
  out += ',';
  if (alert.kind == AlertKind::kTimeout) {
    AppendMember("reached", ReachedStep(alert), out);
    out += ',';
  }
  AppendRule(*alert.rule, out);
  out += ',';
  AppendStatus(alert, out);
  AppendKey(alert, out);
  AppendMember("time", FormatTime(alert.time), out);
  out += ',';
  AppendWindow(alert, out);
  AppendMatchCount(alert, out);
  AppendMember("title", alert.title, out);
  absl::StrAppend(&out, ",\"risk_score\":", alert.risk_score, ",");
  AppendEntities(alert, out);
  AppendFields(alert, out);
  out += ',';
  AppendMember("dedup_key", ToHex(alert.dedup_key), out);
  absl::StrAppend(&out, ",\"suppressed\":", alert.suppressed,
                  ",\"truncated\":", alert.truncated ? "true" : "false", ",");
  AppendEvidence(alert, out);
  out += '}';
  return out;
}

bool IsOutput(const Alert& alert) {
  return alert.rule->output.has_value() && alert.kind != AlertKind::kLimit;
}

std::string OutputJson(const Alert& alert) {
  std::string out = "{";
  AppendMember("id", ToHex(alert.id), out);
  out += ',';
  AppendMember("kind", AlertKindName(alert.kind), out);
  out += ',';
  AppendMember("rule", alert.rule->id, out);
  out += ',';
  if (alert.rule->output->metric) {
    AppendMember("metric", alert.rule->output->metric->name, out);
    out += ',';
  }
  if (alert.revision != 0) AppendStatus(alert, out);
  AppendKey(alert, out);
  AppendMember("time", FormatTime(alert.time), out);
  out += ',';
  AppendWindow(alert, out);
  AppendMatchCount(alert, out);
  AppendFields(alert, out);
  out += '}';
  return out;
}

bool Before(const Alert& a, const Alert& b) {
  if (a.time != b.time) return a.time < b.time;
  // A deadline lies after the last event; an event match is its last event.
  const auto by_event = [](const Alert& x) {
    if (x.window) return x.window->by_event;
    return !x.evidence.empty() && x.evidence.back().time == x.time;
  };
  if (by_event(a) != by_event(b)) return by_event(a);
  if (!a.evidence.empty() && !b.evidence.empty()) {
    const auto last_a = Coordinates(a.evidence.back());
    const auto last_b = Coordinates(b.evidence.back());
    if (last_a != last_b) return last_a < last_b;
  }
  const auto less = [](const Evidence& x, const Evidence& y) {
    return Coordinates(x) < Coordinates(y);
  };
  if (std::lexicographical_compare(a.evidence.begin(), a.evidence.end(), b.evidence.begin(),
                                   b.evidence.end(), less)) {
    return true;
  }
  if (std::lexicographical_compare(b.evidence.begin(), b.evidence.end(), a.evidence.begin(),
                                   a.evidence.end(), less)) {
    return false;
  }
  if (a.rule->id != b.rule->id) return a.rule->id < b.rule->id;
  if (a.key != b.key) return a.key < b.key;
  return a.kind < b.kind;
}

}  // namespace telltale::engine
