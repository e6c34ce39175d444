// A difference as people and machines read it.
#include "absl/strings/str_cat.h"
#include "daemon/explain/difference.h"
#include "daemon/report/json_writer.h"

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

void WriteParts(const std::vector<PartChange>& parts, report::JsonWriter& json) {
  json.BeginArray();
  for (const PartChange& part : parts) {
    json.BeginObject().Key("place").Text(part.place).Key("part").Text(part.part);
    json.Key("before").Text(part.before).Key("after").Text(part.after).EndObject();
  }
  json.EndArray();
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
  report::JsonWriter json;
  json.BeginObject().Key("changes").BeginArray();
  for (const RuleChange& change : difference.changes) {
    json.BeginObject().Key("kind").Text(ChangeWord(change.kind)).Key("id").Text(change.id);
    if (!change.old_id.empty()) json.Key("old_id").Text(change.old_id);
    json.Key("title").Text(change.title).Key("state").Text(StateWord(change.state));
    WriteParts(change.meaning, json.Key("meaning"));
    WriteParts(change.output, json.Key("output"));
    json.EndObject();
  }
  json.EndArray().Key("unchanged").Number(difference.unchanged).EndObject();
  return json.Take() + "\n";
}

}  // namespace telltale::explain
