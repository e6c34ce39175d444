// A difference as people and machines read it.
#include "absl/strings/str_cat.h"
#include "daemon/explain/difference.h"
#include "daemon/telemetry/log.h"

namespace telltale::explain {
namespace {

constexpr ChangeKind kKinds[] = {ChangeKind::kAdded, ChangeKind::kRemoved, ChangeKind::kRenamed,
                                 ChangeKind::kChanged, ChangeKind::kOutput};

std::string Sentence(StateEffect state) {
  switch (state) {
    case StateEffect::kBegins:
      return "it begins without state";
    case StateEffect::kDropped:
      return "its state is dropped";
    case StateEffect::kReset:
      return "its state starts anew";
    case StateEffect::kKept:
      return "its state is kept";
  }
  return "";
}

void AppendPart(const PartChange& change, std::string& text) {
  std::string name = change.place;
  if (!change.part.empty()) absl::StrAppend(&name, name.empty() ? "" : ", ", change.part);
  absl::StrAppend(&text, "    ", name, ":");
  if (change.before.empty()) {
    absl::StrAppend(&text, " added: ", change.after, "\n");
  } else if (change.after.empty()) {
    absl::StrAppend(&text, " removed: ", change.before, "\n");
  } else if (change.before.size() + change.after.size() <= 50) {
    absl::StrAppend(&text, " ", change.before, " -> ", change.after, "\n");
  } else {
    absl::StrAppend(&text, "\n      - ", change.before, "\n      + ", change.after, "\n");
  }
}

void AppendChange(const RuleChange& change, std::string& text) {
  absl::StrAppend(&text, std::string(ChangeWord(change.kind)), " ",
                  change.old_id.empty() ? "" : absl::StrCat(change.old_id, " -> "), change.id, ": ",
                  Sentence(change.state), "\n");
  for (const PartChange& part : change.meaning) AppendPart(part, text);
  for (const PartChange& part : change.output) AppendPart(part, text);
}

void AppendMember(std::string_view name, std::string_view value, std::string& json) {
  absl::StrAppend(&json, "\"", std::string(name), "\":");
  telemetry::AppendJsonString(value, json);
}

void AppendParts(std::string_view name, const std::vector<PartChange>& parts, std::string& json) {
  absl::StrAppend(&json, ",\"", std::string(name), "\":[");
  for (size_t i = 0; i < parts.size(); ++i) {
    json += i == 0 ? "{" : ",{";
    AppendMember("place", parts[i].place, json);
    json += ',';
    AppendMember("part", parts[i].part, json);
    json += ',';
    AppendMember("before", parts[i].before, json);
    json += ',';
    AppendMember("after", parts[i].after, json);
    json += '}';
  }
  json += ']';
}

}  // namespace

std::string_view ChangeWord(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kAdded:
      return "added";
    case ChangeKind::kRemoved:
      return "removed";
    case ChangeKind::kRenamed:
      return "renamed";
    case ChangeKind::kChanged:
      return "changed";
    case ChangeKind::kOutput:
      return "output";
  }
  return "";
}

std::string_view StateWord(StateEffect state) {
  switch (state) {
    case StateEffect::kBegins:
      return "begins";
    case StateEffect::kDropped:
      return "dropped";
    case StateEffect::kReset:
      return "reset";
    case StateEffect::kKept:
      return "kept";
  }
  return "";
}

std::string ToText(const Difference& difference) {
  std::string text;
  size_t counts[std::size(kKinds)] = {};
  for (const RuleChange& change : difference.changes) {
    AppendChange(change, text);
    ++counts[static_cast<size_t>(change.kind)];
  }
  for (const ChangeKind kind : kKinds) {
    const size_t count = counts[static_cast<size_t>(kind)];
    const char* noun = kind == ChangeKind::kOutput ? " changed in their output only" : "";
    if (count == 0) continue;
    absl::StrAppend(&text, count, " ", *noun != '\0' ? "" : std::string(ChangeWord(kind)),
                    *noun != '\0' ? noun + 1 : "", ", ");
  }
  return absl::StrCat(text, difference.unchanged, " unchanged\n");
}

std::string ToJson(const Difference& difference) {
  std::string json = "{\"changes\":[";
  for (size_t i = 0; i < difference.changes.size(); ++i) {
    const RuleChange& change = difference.changes[i];
    json += i == 0 ? "{" : ",{";
    AppendMember("kind", ChangeWord(change.kind), json);
    json += ',';
    AppendMember("id", change.id, json);
    if (!change.old_id.empty()) {
      json += ',';
      AppendMember("old_id", change.old_id, json);
    }
    json += ',';
    AppendMember("title", change.title, json);
    json += ',';
    AppendMember("state", StateWord(change.state), json);
    AppendParts("meaning", change.meaning, json);
    AppendParts("output", change.output, json);
    json += '}';
  }
  absl::StrAppend(&json, "],\"unchanged\":", difference.unchanged, "}\n");
  return json;
}

}  // namespace telltale::explain
