#include "daemon/commands/rule_list.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/control/table.h"
#include "daemon/explain/output_parts.h"
#include "daemon/report/json_writer.h"

namespace telltale::commands {
namespace {

using report::JsonWriter;

std::vector<std::string> StreamNames(const rules::StreamCatalog& streams, const rules::Rule& rule) {
  std::vector<std::string> names;
  for (const rules::StreamIndex stream : rule.Streams()) names.push_back(streams[stream].name);
  return names;
}

// Whether some of `has` is asked for, or nothing is.
bool Meets(const std::vector<std::string>& asked, const std::vector<std::string>& has) {
  return asked.empty() || std::any_of(has.begin(), has.end(), [&](const std::string& one) {
           return std::find(asked.begin(), asked.end(), one) != asked.end();
         });
}

size_t TestsOf(const Listed& listed, const std::string& rule) {
  const auto found = listed.tests.find(rule);
  return found == listed.tests.end() ? 0 : found->second;
}

void WriteTexts(const std::vector<std::string>& texts, JsonWriter& json) {
  json.BeginArray();
  for (const std::string& text : texts) json.Text(text);
  json.EndArray();
}

void WritePlace(const rules::Span& span, JsonWriter& json) {
  const rules::SourceFile* file = span.file.get();
  json.Key("file").Text(file == nullptr ? "" : file->path());
  json.Key("line").Number(file == nullptr ? 0 : file->Locate(span.begin).line);
}

void WriteRule(const rules::Rule& rule, const Listed& listed, JsonWriter& json) {
  json.BeginObject().Key("id").Text(rule.id).Key("title").Text(rule.title);
  json.Key("level").Text(rules::LevelName(rule.level));
  json.Key("mode").Text(explain::ModeName(rule.mode));
  json.Key("fingerprint").Text(rules::ToHex(rule.fingerprint));
  WriteTexts(StreamNames(*listed.streams, rule), json.Key("streams"));
  WriteTexts(rule.key_names, json.Key("key"));
  WriteTexts(rule.tags, json.Key("tags"));
  json.Key("tests").Number(TestsOf(listed, rule.id));
  WritePlace(rule.span, json);
  json.EndObject();
}

}  // namespace

Listed Filtered(const rules::RuleSet& set, const std::vector<rules::RuleTest>& tests,
                const RuleFilter& filter) {
  Listed listed{.streams = set.streams, .rules = {}, .tests = {}};
  for (const rules::Rule& rule : set.rules) {
    if (Meets(filter.tags, rule.tags) &&
        Meets(filter.levels, {std::string(rules::LevelName(rule.level))}) &&
        Meets(filter.streams, StreamNames(*set.streams, rule))) {
      listed.rules.push_back(&rule);
    }
  }
  for (const rules::RuleTest& test : tests) {
    const std::set<std::string> once(test.rules.begin(), test.rules.end());
    for (const std::string& rule : once) ++listed.tests[rule];
  }
  return listed;
}

std::string RuleTable(const Listed& listed) {
  control::Table table({"RULE", "LEVEL", "MODE", "STREAMS", "KEY", "TESTS", "TAGS", "TITLE"});
  for (const rules::Rule* rule : listed.rules) {
    table.Add({rule->id, std::string(rules::LevelName(rule->level)), explain::ModeName(rule->mode),
               absl::StrJoin(StreamNames(*listed.streams, *rule), ","),
               absl::StrJoin(rule->key_names, ","), absl::StrCat(TestsOf(listed, rule->id)),
               absl::StrJoin(rule->tags, ","), rule->title});
  }
  return table.ToString();
}

std::string RuleJson(const Listed& listed) {
  JsonWriter json;
  json.BeginObject().Key("rules").BeginArray();
  for (const rules::Rule* rule : listed.rules) WriteRule(*rule, listed, json);
  json.EndArray().EndObject();
  return json.Take() + "\n";
}

}  // namespace telltale::commands
