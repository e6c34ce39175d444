// Any bytes as a rule file: loading must end, say what is wrong, and keep every place inside the
// file.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "rules/load/load.h"

namespace {

using telltale::rules::Diagnostic;
using telltale::rules::Span;

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckSpan(const Span& span, size_t size) {
  Require(span.begin <= span.end);
  Require(span.file == nullptr || span.end <= size);
}

std::shared_ptr<const telltale::rules::StreamCatalog> Streams() {
  using telltale::rules::Type;
  using telltale::rules::TypeKind;
  telltale::rules::Stream typed{"b", "b", {}, 1'000'000'000};
  typed.fields[{"x"}] = Type::Of(TypeKind::kInt);
  typed.fields[{"l"}] = Type::List(Type::Of(TypeKind::kString));
  return std::make_shared<const telltale::rules::StreamCatalog>(
      std::vector<telltale::rules::Stream>{{"a", "a", {}, 1'000'000}, typed});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto streams = Streams();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto file = std::make_shared<const telltale::rules::SourceFile>("fuzz.yml", text);
  const telltale::rules::LoadResult result = telltale::rules::Load({file}, streams);
  Require((result.rules == nullptr) == result.diagnostics.has_errors());
  for (const Diagnostic& entry : result.diagnostics.list()) {
    CheckSpan(entry.span, size);
    for (const auto& label : entry.labels) CheckSpan(label.span, size);
  }
  Require(Render(result.diagnostics).empty() == result.diagnostics.empty());
  return 0;
}
