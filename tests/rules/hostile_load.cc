#include "tests/rules/hostile_load.h"

#include <memory>
#include <utility>

#include "tests/support/heap_meter.h"

namespace telltale::rules {
namespace {

std::shared_ptr<const StreamCatalog> Streams() {
  return std::make_shared<const StreamCatalog>(
      std::vector<Stream>{{"logins", "l", {}, 1'000'000}, {"payments", "p", {}, 1'000'000}});
}

Outcome LoadFiles(const std::vector<SourcePtr>& files) {
  const tests::HeapMeter meter;
  Outcome outcome;
  outcome.result = Load(files, Streams());
  outcome.report = Render(outcome.result.diagnostics);
  outcome.peak = meter.peak();
  return outcome;
}

}  // namespace

std::string Outcome::First() const {
  return result.diagnostics.empty() ? "fine" : result.diagnostics.list().front().code.id;
}

Outcome LoadHostile(std::string text) {
  return LoadFiles({std::make_shared<const SourceFile>("hostile.yml", std::move(text))});
}

Outcome LoadHostile(const std::vector<std::string>& texts) {
  std::vector<SourcePtr> files;
  for (size_t i = 0; i < texts.size(); ++i) {
    files.push_back(
        std::make_shared<const SourceFile>("hostile" + std::to_string(i) + ".yml", texts[i]));
  }
  return LoadFiles(files);
}

std::string Times(size_t times, std::string_view text) {
  std::string all;
  all.reserve(times * text.size());
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string RuleWith(const std::string& line) { return "id: hostile\non: logins\n" + line + "\n"; }

}  // namespace telltale::rules
