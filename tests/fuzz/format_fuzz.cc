// Any bytes as a rule file to be laid out: what comes out says the same, keeps its layout when it
// is laid out again, and loads as before.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "rules/load/format/format.h"
#include "rules/load/load.h"

namespace {

using telltale::rules::Format;
using telltale::rules::FormatResult;
using telltale::rules::LoadResult;
using telltale::rules::SourceFile;

void Require(bool condition) {
  if (!condition) std::abort();
}

LoadResult Load(const std::string& text) {
  static const auto streams = std::make_shared<const telltale::rules::StreamCatalog>(
      std::vector<telltale::rules::Stream>{{"a", "a", {}, 1'000'000}, {"b", "b", {}, 1'000'000}});
  return telltale::rules::Load({std::make_shared<const SourceFile>("fuzz.yml", text)}, streams);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const FormatResult result = Format(std::make_shared<const SourceFile>("fuzz.yml", text));
  Require(result.text.has_value() == (!result.diagnostics.has_errors() && result.refusal.empty()));
  if (!result.text) return 0;
  const FormatResult again = Format(std::make_shared<const SourceFile>("fuzz.yml", *result.text));
  Require(again.text.has_value() && *again.text == *result.text);
  const LoadResult before = Load(text);
  const LoadResult after = Load(*result.text);
  Require((before.rules == nullptr) == (after.rules == nullptr));
  if (before.rules == nullptr) return 0;
  Require(before.rules->rules.size() == after.rules->rules.size());
  for (size_t i = 0; i < before.rules->rules.size(); ++i) {
    Require(before.rules->rules[i].fingerprint == after.rules->rules[i].fingerprint);
  }
  return 0;
}
