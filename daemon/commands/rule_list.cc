#include "daemon/commands/rule_list.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/control/table.h"
#include "daemon/explain/output_parts.h"
#include "daemon/telemetry/log.h"

namespace telltale::commands {
namespace {

std::vector<std::string> StreamNames(const rules::RuleSet& set, const rules::Rule& rule) {
  std::vector<std::string> names;
  for (const rules::StreamIndex stream : rule.Streams()) {
    names.push_back((*set.streams)[stream].name);
  }
  return names;
}

// Whether some of `has` is asked for, or nothing is.
bool Meets(const std::vector<std::string>& asked, const std::vector<std::string>& has) {
  return asked.empty() || std::any_of(has.begin(), has.end(), [&](const std::string& one) {
           return std::find(asked.begin(), asked.end(), one) != asked.end();
         });
}

void AppendMember(const char* name, std::string_view value, std::string& json) {
  absl::StrAppend(&json, "\"", name, "\":");
  telemetry::AppendJsonString(value, json);
  json += ',';
}

void AppendTexts(const char* name, const std::vector<std::string>& values, std::string& json) {
  absl::StrAppend(&json, "\"", name, "\":[");
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) json += ',';
    telemetry::AppendJsonString(values[i], json);
  }
  json += "],";
}

}  // namespace

std::vector<const rules::Rule*> Filtered(const rules::RuleSet& set, const RuleFilter& filter) {
  std::vector<const rules::Rule*> listed;
  for (const rules::Rule& rule : set.rules) {
    if (Meets(filter.tags, rule.tags) &&
        Meets(filter.levels, {std::string(rules::LevelName(rule.level))}) &&
        Meets(filter.streams, StreamNames(set, rule))) {
      listed.push_back(&rule);
    }
  }
  return listed;
}

std::string RuleTable(const rules::RuleSet& set, const std::vector<const rules::Rule*>& listed) {
  control::Table table({"RULE", "LEVEL", "MODE", "STREAMS", "KEY", "TAGS", "TITLE"});
  for (const rules::Rule* rule : listed) {
    table.Add({rule->id, std::string(rules::LevelName(rule->level)), explain::ModeName(rule->mode),
               absl::StrJoin(StreamNames(set, *rule), ","), absl::StrJoin(rule->key_names, ","),
               absl::StrJoin(rule->tags, ","), rule->title});
  }
  return table.ToString();
}

std::string RuleJson(const rules::RuleSet& set, const std::vector<const rules::Rule*>& listed) {
  std::string json = "{\"rules\":[";
  for (size_t i = 0; i < listed.size(); ++i) {
    const rules::Rule& rule = *listed[i];
    const rules::SourceFile* file = rule.span.file.get();
    json += i == 0 ? "{" : ",{";
    AppendMember("id", rule.id, json);
    AppendMember("title", rule.title, json);
    AppendMember("level", rules::LevelName(rule.level), json);
    AppendMember("mode", explain::ModeName(rule.mode), json);
    AppendMember("fingerprint", rules::ToHex(rule.fingerprint), json);
    AppendTexts("streams", StreamNames(set, rule), json);
    AppendTexts("key", rule.key_names, json);
    AppendTexts("tags", rule.tags, json);
    AppendMember("file", file == nullptr ? "" : file->path(), json);
    absl::StrAppend(&json, "\"line\":", file == nullptr ? 0 : file->Locate(rule.span.begin).line,
                    "}");
  }
  return json + "]}\n";
}

}  // namespace telltale::commands
