// Any bytes as rule files: loading must end, say what is wrong, and keep every place inside its
// file. A byte 0x1C begins the next file; the last one is also what a rule file gets that names
// another one.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/load/load.h"

namespace {

using telltale::rules::Diagnostic;
using telltale::rules::SourcePtr;
using telltale::rules::Span;

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckSpan(const Span& span) {
  Require(span.begin <= span.end);
  Require(span.file == nullptr || span.end <= span.file->text().size());
}

constexpr char kNextFile = '\x1C';

std::vector<SourcePtr> Files(std::string_view all) {
  std::vector<SourcePtr> files;
  for (size_t at = 0; at <= all.size();) {
    const size_t end = std::min(all.find(kNextFile, at), all.size());
    const std::string path = "fuzz" + std::to_string(files.size()) + ".yml";
    files.push_back(std::make_shared<const telltale::rules::SourceFile>(
        path, std::string(all.substr(at, end - at))));
    at = end + 1;
  }
  return files;
}

class LastFile : public telltale::rules::DataFiles {
 public:
  explicit LastFile(SourcePtr file) : file_(std::move(file)) {}
  telltale::rules::DataFile Read(std::string_view name,
                                 const telltale::rules::SourceFile&) override {
    if (name.starts_with("no")) return {nullptr, "No such file or directory"};
    return {file_, ""};
  }

 private:
  SourcePtr file_;
};

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
  const std::vector<SourcePtr> files =
      Files(std::string_view(reinterpret_cast<const char*>(data), size));
  LastFile last(files.back());
  const telltale::rules::LoadResult result =
      telltale::rules::Load(files, {.streams = streams, .data = &last});
  Require((result.rules == nullptr) == result.diagnostics.has_errors());
  for (const Diagnostic& entry : result.diagnostics.list()) {
    CheckSpan(entry.span);
    for (const auto& label : entry.labels) CheckSpan(label.span);
  }
  Require(Render(result.diagnostics).empty() == result.diagnostics.empty());
  return 0;
}
