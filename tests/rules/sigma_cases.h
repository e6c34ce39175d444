// What the tests of Sigma share: one stream that serves `product: p`, rules over it, and events as
// JSON, through loader, decoder and evaluator as in the daemon.
//
// Owner: the test. Thread: one. Errors: a rule that does not load fails the test.
#ifndef TELLTALE_TESTS_RULES_SIGMA_CASES_H_
#define TELLTALE_TESTS_RULES_SIGMA_CASES_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "daemon/decode/json_decoder.h"
#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "rules/load/load.h"
#include "tests/rules/sigma_text.h"

namespace telltale::rules {

inline LoadResult LoadSigma(const std::vector<std::string>& texts,
                            std::shared_ptr<const StreamCatalog> streams = SigmaStreams()) {
  std::vector<SourcePtr> files;
  for (size_t i = 0; i < texts.size(); ++i) {
    files.push_back(
        std::make_shared<const SourceFile>("f" + std::to_string(i + 1) + ".yml", texts[i]));
  }
  return Load(files, std::move(streams));
}

// A detection, ready to be asked.
class Detecting {
 public:
  explicit Detecting(const std::string& detection) {
    const LoadResult result = LoadSigma({RuleWith(detection)});
    EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics) << detection;
    if (result.rules == nullptr || result.rules->rules.empty()) return;
    rules_ = result.rules;
    layouts_ = engine::MakeLayouts(*rules_);
    const auto program = engine::Compile(Where(), layouts_);
    EXPECT_TRUE(program.ok()) << program.status().ToString();
    if (!program.ok()) return;
    program_ = *program;
    decoder_ = std::make_unique<decode::JsonDecoder>(0, layouts_[0], config::StreamTime());
  }

  const Expression& Where() const { return *rules_->rules[0].steps[0].selector.where; }
  std::string Canonical() const { return ToString(*Where().root); }

  // Never an error: the logic is two-valued.
  bool Fits(const std::string& json) {
    if (program_ == nullptr) return false;
    decode::RawRecord record;
    record.value = json;
    record.timestamp = 0;
    const decode::Decoded decoded = decoder_->Decode(record);
    EXPECT_NE(decoded.event, nullptr) << json;
    if (decoded.event == nullptr) return false;
    const engine::Frame frame{.event = decoded.event, .steps = nullptr, .key = nullptr};
    const engine::Verdict verdict = engine::Test(*program_, frame, scratch_);
    EXPECT_NE(verdict, engine::Verdict::kError) << json;
    return verdict == engine::Verdict::kTrue;
  }

 private:
  std::shared_ptr<const RuleSet> rules_;
  std::vector<engine::EventLayout> layouts_;
  std::shared_ptr<const engine::Program> program_;
  std::unique_ptr<decode::JsonDecoder> decoder_;
  engine::Scratch scratch_;
};

// The selection's map, as it stands in the file.
inline bool Fits(const std::string& entry, const std::string& json) {
  return Detecting("selection:\n" + Indented(entry)).Fits(json);
}

}  // namespace telltale::rules

#endif  // TELLTALE_TESTS_RULES_SIGMA_CASES_H_
