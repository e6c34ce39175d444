// Any bytes as telltale.yml: reading it must end with a config or with mistakes, all of them inside
// the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "daemon/config/config.h"

namespace telltale::config {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckSpan(const rules::Span& span, size_t size) {
  Require(span.begin <= span.end);
  Require(span.file == nullptr || span.end <= size);
}

void Read(const rules::SourcePtr& file, Use use) {
  const size_t size = file->text().size();
  const ConfigResult result = ParseConfig(file, use);
  Require(result.config.has_value() != result.diagnostics.has_errors());
  for (const rules::Diagnostic& entry : result.diagnostics.list()) {
    CheckSpan(entry.span, size);
    for (const rules::Label& label : entry.labels) CheckSpan(label.span, size);
  }
  Require(Render(result.diagnostics).empty() == result.diagnostics.empty());
  const auto& read = result.config ? result.config : result.draft;
  if (!read) return;
  Require(read->catalog != nullptr && read->catalog->size() == read->streams.size());
  for (const rules::LocatedText& pattern : read->rules) CheckSpan(pattern.Whole(), size);
}

}  // namespace
}  // namespace telltale::config

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::make_shared<const telltale::rules::SourceFile>(
      "telltale.yml", std::string(reinterpret_cast<const char*>(data), size));
  telltale::config::Read(file, telltale::config::Use::kRun);
  telltale::config::Read(file, telltale::config::Use::kReplay);
  return 0;
}
