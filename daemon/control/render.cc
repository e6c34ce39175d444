#include "daemon/control/render.h"

#include <google/protobuf/util/json_util.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "daemon/control/answer_words.h"
#include "daemon/control/table.h"

namespace telltale::control {
namespace {

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
