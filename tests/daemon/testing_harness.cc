#include "tests/daemon/testing_harness.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "daemon/testing/text_report.h"

namespace telltale::testing {
namespace {

constexpr char kConfig[] = R"(
streams:
  logins: { time: { field: ts, max_out_of_orderness: 10s } }
  devices: { time: { field: meta.changed_at, unit: us } }
  transactions: { time: { field: at, unit: rfc3339 }, fields: { amount: double } }
  raw: { time: { source: kafka } }
  written: { time: { field: at, format: "%d/%b/%Y:%H:%M:%S %z" }, dedup: { field: id, within: 1m } }
)";

rules::SourcePtr File(std::string name, std::string text) {
  return std::make_shared<const rules::SourceFile>(std::move(name), std::move(text));
}

}  // namespace

TestingHarness::TestingHarness() {
  config::ConfigResult result =
      config::ParseConfig(File("telltale.yml", kConfig), config::Use::kReplay);
  EXPECT_TRUE(result.config.has_value()) << Render(result.diagnostics);
  config_ = *std::move(result.config);
}

std::vector<TestResult> TestingHarness::Run(const std::string& rules, const std::string& tests) {
  std::vector<rules::SourcePtr> files;
  if (!tests.empty()) files.push_back(File("rules.test.yml", tests));
  const auto tables = std::make_shared<const rules::TableCatalog>(
      std::map<std::string, rules::TableDeclaration, std::less<>>{
          {"users", {.fields = {{"limit", rules::Type::Of(rules::TypeKind::kDouble)}}}}});
  loaded_ = rules::Load({File("rules.yml", rules)},
                        {.streams = config_.catalog, .tables = tables, .test_files = files});
  EXPECT_FALSE(loaded_.diagnostics.has_errors()) << Render(loaded_.diagnostics);
  if (loaded_.rules == nullptr) return {};
  suite_.config = &config_;
  suite_.rules = loaded_.rules;
  suite_.tests.clear();
  for (const rules::RuleTest& test : loaded_.tests) suite_.tests.push_back(&test);
  return RunSuite(suite_);
}

std::string TestingHarness::Failures(const std::string& rules, const std::string& tests) {
  std::string text;
  for (const TestResult& result : Run(rules, tests)) {
    if (!result.passed()) absl::StrAppend(&text, result.test->Path(), "\n", FailureText(result));
  }
  return text;
}

}  // namespace telltale::testing
