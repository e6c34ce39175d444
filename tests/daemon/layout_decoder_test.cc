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

}  // namespace
}  // namespace telltale::app
