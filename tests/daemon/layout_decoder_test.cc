// The daemon's decoder: each stream as the config has it.
#include "daemon/app/layout_decoder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/runtime/compiled_rules.h"
#include "rules/load/load.h"

namespace telltale::app {
namespace {

class NoAlerts : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert>) override {}
};

TEST(LayoutDecoder, EachStreamHasItsOwnLargestRecord) {
  const config::ConfigResult config =
      config::ParseConfig(std::make_shared<const rules::SourceFile>(
                              "telltale.yml", "streams: { small: { max_record: 1KiB }, usual: }\n"),
                          config::Use::kReplay);
  ASSERT_TRUE(config.config.has_value()) << Render(config.diagnostics);
  const auto rules = engine::CompileRules(rules::Load({}, config.config->catalog).rules);
  ASSERT_TRUE(rules.ok()) << rules.status();
  NoAlerts sink;
  const auto engine = engine::MakeEngine(
      *rules, {.workers = 1, .threads = false, .max_out_of_orderness = {0, 0}}, sink);
  LayoutDecoder decoder(*config.config, *engine);
  const auto reason = [&](uint32_t stream, size_t size) {
    std::string text = "{}";
    text.resize(size, ' ');
    const kafka::DecodedRecord decoded =
        decoder.Decode({.stream = stream, .timestamp_ms = 1, .value = text});
    EXPECT_EQ(decoded.event == nullptr, !decoded.reason.empty());
    return std::string(decoded.reason);
  };
  EXPECT_EQ(reason(0, 1024), "");
  EXPECT_EQ(reason(0, 1025), "too_large");
  EXPECT_EQ(reason(1, size_t{4} << 20), "");
  EXPECT_EQ(reason(1, (size_t{4} << 20) + 1), "too_large");
}

// Switches follow one another before event time has passed the first: each stretch of event time
// has a layout of its own.
TEST(LayoutDecoder, EachRuleSetUnderWayHasItsOwnLayout) {
  const config::ConfigResult config =
      config::ParseConfig(std::make_shared<const rules::SourceFile>(
                              "telltale.yml", "streams: { a: { time: { field: ts } } }\n"),
                          config::Use::kReplay);
  ASSERT_TRUE(config.config.has_value()) << Render(config.diagnostics);
  const std::vector<std::pair<std::string, int64_t>> fields = {
      {"d", 1}, {"b", 2}, {"c", 3}, {"e", 4}};
  const auto compile = [&](size_t set) {
    const auto& [name, value] = fields[set];
    const auto file = std::make_shared<const rules::SourceFile>(
        "r.yml", "id: r\non: a\nwhere: '" + name + " == " + std::to_string(value) + "'\n");
    return *engine::CompileRules(rules::Load({file}, config.config->catalog).rules);
  };
  NoAlerts sink;
  const auto engine = engine::MakeEngine(compile(0), {.workers = 1, .threads = false}, sink);
  engine->AddPartition({0, 0}, {});
  engine->AddPartition({0, 1}, {});  // says nothing: no watermark passes anything
  LayoutDecoder decoder(*config.config, *engine);
  int64_t offset = 0;
  const auto decode = [&](int64_t second) {
    const std::string text =
        "{\"ts\":" + std::to_string(second * 1000) + ",\"e\":4,\"b\":2,\"c\":3,\"d\":1}";
    return decoder.Decode({.stream = 0, .offset = offset++, .timestamp_ms = 1, .value = text})
        .event;
  };
  for (size_t set = 1; set < fields.size(); ++set) {
    const auto second = static_cast<int64_t>(set) * 10;
    engine->Offer(*decode(second));  // alerts at once, and so puts T_s there
    EXPECT_EQ(engine->Switch(compile(set)), second * 1'000'000'000);
    decoder.RulesChanged();
  }
  for (size_t set = 0; set < fields.size(); ++set) {
    const int64_t second = static_cast<int64_t>(set) * 10 + 5;
    const engine::Event* event = decode(second);
    const auto slot = engine->RulesAt(second * 1'000'000'000).layouts[0].Find({fields[set].first});
    ASSERT_TRUE(slot.has_value()) << second;
    EXPECT_EQ(event->slot(*slot).as_int(), fields[set].second) << second;
  }
}

}  // namespace
}  // namespace telltale::app
