#include "daemon/explain/key_explanation.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/alert/alert.h"
#include "engine/condition/scratch.h"
#include "engine/runtime/engine.h"

namespace telltale::explain {
namespace {

std::string Plural(uint64_t count, std::string_view word) {
  return absl::StrCat(count, " ", std::string(word), count == 1 ? "" : "s");
}

// What was read, and what was not.
std::string Basis(const KeyExplanation& explanation) {
  const engine::WatchedKey& watched = explanation.watched;
  std::string text = absl::StrCat(Plural(explanation.settled.size(), "event"), " of the key");
  if (watched.since > engine::kMinTime && watched.since < engine::kMaxTime)
    absl::StrAppend(&text, " since ", engine::FormatTime(watched.since));
  if (watched.watermark > engine::kMinTime && watched.watermark < engine::kMaxTime)
    absl::StrAppend(&text, ", up to the watermark ", engine::FormatTime(watched.watermark));
  if (explanation.waiting > 0)
    absl::StrAppend(&text, "; ", Plural(explanation.waiting, "more event"), " beyond it");
  if (watched.forgotten > 0)
    absl::StrAppend(&text, "; ", Plural(watched.forgotten, "earlier event"), " not kept");
  return text;
}

}  // namespace

absl::StatusOr<KeyExplanation> Explain(engine::WatchedKey watched) {
  KeyExplanation explanation;
  explanation.watched = std::move(watched);
  const engine::WatchedKey& key = explanation.watched;
  for (size_t i = 0; i < key.blocks.size(); ++i) {
    if (key.event(i).time < key.watermark || key.watermark == engine::kMaxTime) {
      explanation.settled.push_back(&key.event(i));
    } else {
      ++explanation.waiting;
    }
  }
  const auto reading =
      engine::RuleReading::Make(key.its_rule(), key.rules->layouts, *key.rules->inputs);
  if (!reading.ok()) return reading.status();
  engine::Scratch scratch;
  const rules::Rule& rule = key.its_rule();
  if (rule.aggregate || rule.new_terms) {
    auto window =
        engine::TellWindow(*reading, explanation.settled, key.key, scratch, key.watermark);
    if (!window.ok()) return window.status();
    if (!window->events.empty()) {
      explanation.window = *std::move(window);
      return explanation;
    }
  }
  explanation.story =
      engine::TellKey(*reading, explanation.settled, key.key, scratch, key.watermark);
  return explanation;
}

std::string ToText(const KeyExplanation& explanation) {
  const engine::WatchedKey& watched = explanation.watched;
  const rules::StreamCatalog& streams = *watched.rules->rules->streams;
  const engine::Names names{
      .event =
          [&](const engine::Event& event) {
            // An alert by the first digits of its id (A5).
            if (event.stream == streams.alerts()) {
              return absl::StrCat("alert ", absl::Hex(event.partition, absl::kZeroPad8), " (",
                                  engine::FormatTime(event.time), ")");
            }
            return absl::StrCat(streams[event.stream].name, "-", event.partition, "@", event.offset,
                                " (", engine::FormatTime(event.time), ")");
          },
      .time = &engine::FormatTime};
  const rules::Rule& rule = watched.its_rule();
  return absl::StrCat(Basis(explanation), "\n",
                      explanation.window
                          ? engine::Describe(*explanation.window, rule, explanation.settled, names)
                          : engine::Describe(explanation.story, rule, explanation.settled, names));
}

rules::KeyParts KeyOfWords(const rules::Rule& rule, const std::vector<std::string>& words) {
  rules::KeyParts key;
  for (const std::string& word : words) {
    const bool missing = rule.group_missing_key && word == "null";
    key.push_back(missing ? rules::KeyPart() : rules::KeyPart(word));
  }
  return key;
}

}  // namespace telltale::explain
