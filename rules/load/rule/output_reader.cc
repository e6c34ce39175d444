#include "rules/load/rule/output_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/load/rule/alert_reader.h"
#include "rules/load/rule/metric_reader.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/model/topic_name.h"

namespace telltale::rules {
namespace {

void ReadTopic(RuleContext& context, const Node& node, Output& output) {
  const std::optional<LocatedText> text = context.values.Text(node, "'topic'");
  if (!text) return;
  output.topic = text->text();
  if (!IsTopicName(output.topic)) {
    context.diagnostics.Error(kBadOutput, node.span,
                              "'" + output.topic + "' cannot name a topic: letters, digits, '.', " +
                                  "'_' and '-', at most 249");
    return;
  }
  const std::vector<Stream>& streams = context.streams.streams();
  const auto stream = std::find_if(streams.begin(), streams.end(), [&](const Stream& declared) {
    return declared.topic == output.topic;
  });
  if (stream == streams.end()) return;
  context.diagnostics.Error(kBadOutput, node.span,
                            "the topic '" + output.topic + "' is that of stream '" + stream->name +
                                "': results that come back as events would never end");
}

void RefuseBesideMetric(RuleContext& context, const Node& node, const Span& metric) {
  for (const Entry& entry : node.entries) {
    if (entry.key.text() == "metric") continue;
    context.diagnostics
        .Error(kConflictingKeys, entry.key.Whole(),
               "'" + entry.key.text() + "' is about a topic, and these results go to a metric")
        .labels.push_back({metric, "this one"});
  }
}

}  // namespace

void ReadOutput(RuleContext& context, const Entry& entry) {
  const Diagnostics::Scope scope(context.diagnostics, "output");
  const Node& node = entry.value;
  Output output;
  output.span = entry.key.Whole();
  if (!context.values.Map(node, OutputKeys())) return;
  const auto metric = std::find_if(node.entries.begin(), node.entries.end(),
                                   [](const Entry& part) { return part.key.text() == "metric"; });
  if (metric != node.entries.end()) {
    RefuseBesideMetric(context, node, metric->key.Whole());
    ReadMetric(context, *metric, output);
    context.rule.output = std::move(output);
    return;
  }
  if (const Node* topic = context.values.Required(node, "topic", output.span, "'output'"))
    ReadTopic(context, *topic, output);
  if (const Node* key = node.Find("key")) {
    const std::optional<LocatedText> text = context.values.Text(*key, "'key'");
    if (text) output.key = CompileKeyPart(context, *text, AlertScope(context));
  }
  if (const Node* fields = node.Find("fields")) output.fields = ReadFields(context, *fields);
  context.rule.output = std::move(output);
}

}  // namespace telltale::rules
