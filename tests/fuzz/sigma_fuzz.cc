// Any bytes as Sigma's documents, and what they say asked of events.
//
// Loading must end and say what is wrong; a rule that loads has two values for every event, never
// an error (V3). Text that names no logsource is the detection of a rule that is written around it,
// so that bytes are not spent on what surrounds one. Behind a byte 0x1C stands an event as JSON.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/decode/json_decoder.h"
#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "rules/load/load.h"
#include "tests/rules/sigma_text.h"

namespace {

using telltale::rules::Diagnostic;
using telltale::rules::Expr;
using telltale::rules::ExprKind;
using telltale::rules::RuleSet;
using telltale::rules::SourceFile;

constexpr char kEvent = '\x1C';
constexpr const char* kEvents[] = {
    "{}",
    R"({"selection":null,"a":"cmd.exe","f":["x",1,null,{"g":"y"}],"EventID":4625,"b":{"c":true}})",
};

void Require(bool condition) {
  if (!condition) std::abort();
}

std::string Documents(std::string_view text) {
  const bool whole = text.find("logsource") != std::string_view::npos ||
                     text.find("correlation") != std::string_view::npos;
  return whole ? std::string(text) : telltale::rules::RuleWith(std::string(text));
}

// Whether there is nothing in it but tests of Sigma: a condition of our own may err.
bool IsOfSigma(const Expr& expr) {
  if (expr.kind == ExprKind::kConstant) return true;
  if (expr.kind != ExprKind::kCall) return false;
  if (expr.name.starts_with("@sigma.")) return true;
  if (expr.name != "_&&_" && expr.name != "_||_" && expr.name != "!_") return false;
  return std::all_of(expr.args.begin(), expr.args.end(),
                     [](const auto& part) { return IsOfSigma(*part); });
}

class Asked {
 public:
  explicit Asked(const RuleSet& rules) : layouts_(telltale::engine::MakeLayouts(rules)) {
    for (const telltale::rules::Rule& rule : rules.rules) {
      if (!rule.Runs()) continue;
      for (const telltale::rules::Step& step : rule.steps) {
        if (!step.selector.where || !IsOfSigma(*step.selector.where->root)) continue;
        const auto program = telltale::engine::Compile(*step.selector.where, layouts_);
        Require(program.ok());
        programs_.push_back(*program);
      }
    }
  }

  void Of(std::string_view json) {
    telltale::decode::JsonDecoder decoder(0, layouts_[0], telltale::config::StreamTime());
    telltale::decode::RawRecord record;
    record.value = json;
    record.timestamp = 0;
    const telltale::decode::Decoded decoded = decoder.Decode(record);
    if (decoded.event == nullptr) return;
    const telltale::engine::Frame frame{.event = decoded.event, .steps = nullptr, .key = nullptr};
    for (const auto& program : programs_)
      Require(Test(*program, frame, scratch_) != telltale::engine::Verdict::kError);
  }

 private:
  std::vector<telltale::engine::EventLayout> layouts_;
  std::vector<std::shared_ptr<const telltale::engine::Program>> programs_;
  telltale::engine::Scratch scratch_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto streams = telltale::rules::SigmaStreams();
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view text = all.substr(0, all.find(kEvent));
  const auto file = std::make_shared<const SourceFile>("fuzz.yml", Documents(text));
  const telltale::rules::LoadResult result = telltale::rules::Load({file}, streams);
  Require((result.rules == nullptr) == result.diagnostics.has_errors());
  for (const Diagnostic& entry : result.diagnostics.list()) {
    Require(entry.span.begin <= entry.span.end);
    Require(entry.span.file == nullptr || entry.span.end <= entry.span.file->text().size());
  }
  Require(Render(result.diagnostics).empty() == result.diagnostics.empty());
  if (result.rules == nullptr) return 0;
  Asked asked(*result.rules);
  for (const char* event : kEvents) asked.Of(event);
  if (text.size() < all.size()) asked.Of(all.substr(text.size() + 1));
  return 0;
}
