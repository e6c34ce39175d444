// `telltale test`: runs the tests of rules.
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include "absl/strings/str_cat.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/testing/coverage.h"
#include "daemon/testing/json_report.h"
#include "daemon/testing/junit_report.h"
#include "daemon/testing/suite.h"
#include "daemon/testing/text_report.h"

namespace telltale::commands {
namespace {

constexpr char kName[] = "test";
constexpr int64_t kMostThreads = 256;

struct Options {
  std::string config = "telltale.yml";
  std::vector<std::string> filters;
  std::string format = "text";
  std::string junit;  // empty: none
  bool coverage = false;
  int64_t threads = 0;
  bool fail_fast = false;
  bool verbose = false;
  std::vector<std::string> files;
};

Flags Declare(Options& options) {
  Flags flags;
  flags.Text("config", 'c', &options.config, {"FILE", "the config (telltale.yml)"})
      .List("filter", &options.filters, {"GLOB", "only tests whose RULE/NAME, rule or name fits"})
      .Switch("coverage", &options.coverage,
              "what no test reaches: steps, sides of conditions, nots, rules")
      .Text("junit", &options.junit, {"FILE", "the results as JUnit's XML, too"})
      .Text("format", &options.format, {"text|json", "of the results (text)"})
      .Number("jobs", 'j', &options.threads, {"N", "threads (as many as the machine has)"})
      .Switch("fail-fast", &options.fail_fast, "begin no test after one has failed")
      .Switch("verbose", &options.verbose, "a line for each test that passed, too");
  return flags;
}

absl::StatusOr<Options> ReadOptions(std::span<const std::string> args) {
  Options options;
  absl::StatusOr<std::vector<std::string>> files = Declare(options).Parse(args);
  if (!files.ok()) return files.status();
  options.files = *std::move(files);
  if (options.format != "text" && options.format != "json") {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no format '", options.format, "', only text and json"));
  }
  if (options.threads < 0 || options.threads > kMostThreads) {
    return absl::InvalidArgumentError(absl::StrCat("option '--jobs' is from 1 to ", kMostThreads));
  }
  if (options.threads == 0) options.threads = std::max(1u, std::thread::hardware_concurrency());
  return options;
}

bool Chosen(const rules::RuleTest& test, const std::vector<std::string>& filters) {
  return filters.empty() ||
         std::any_of(filters.begin(), filters.end(), [&](const std::string& glob) {
           const auto fits = [&](const std::string& text) {
             return fnmatch(glob.c_str(), text.c_str(), 0) == 0;
           };
           return fits(test.Path()) || fits(test.name) ||
                  std::any_of(test.rules.begin(), test.rules.end(), fits);
         });
}

void Print(std::FILE* file, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), file);
}

bool WriteFile(const std::string& path, const std::string& text) {
  std::FILE* const file = std::fopen(path.c_str(), "we");
  if (file != nullptr) {
    Print(file, text);
    const bool failed = std::ferror(file) != 0;
    if (std::fclose(file) == 0 && !failed) return true;
  }
  Print(stderr,
        absl::StrCat("telltale test: cannot write '", path, "': ", std::strerror(errno), "\n"));
  return false;
}

int RunTests(const Options& options, const testing::Suite& suite) {
  const std::vector<testing::TestResult> results = testing::RunSuite(suite);
  std::vector<testing::RuleCoverage> coverage;
  if (options.coverage) coverage = testing::Summarize(*suite.coverage, *suite.rules);
  if (options.format == "json") {
    Print(stdout, testing::JsonReport(results, options.coverage ? &coverage : nullptr));
  } else {
    Print(stdout, testing::TextReport(results, options.verbose));
    if (options.coverage) Print(stdout, testing::CoverageText(coverage));
  }
  const bool written =
      options.junit.empty() || WriteFile(options.junit, testing::JunitReport(results));
  const bool failed = std::any_of(results.begin(), results.end(),
                                  [](const auto& result) { return result.failed(); });
  return failed || !written ? kExitFailure : kExitOk;
}

int Run(std::span<const std::string> args) {
  const absl::StatusOr<Options> options = ReadOptions(args);
  if (!options.ok()) return UsageError(kName, std::string(options.status().message()));
  const Loaded loaded =
      Load(options->config, config::Use::kReplay, options->files, TestFiles::kBesideRules);
  Print(stderr, rules::Render(loaded.diagnostics));
  if (loaded.exit_code() != kExitOk) return loaded.exit_code();
  testing::Coverage coverage;
  testing::Suite suite{.config = &*loaded.config,
                       .rules = loaded.rules,
                       .tests = {},
                       .threads = static_cast<uint32_t>(options->threads),
                       .fail_fast = options->fail_fast,
                       .coverage = options->coverage ? &coverage : nullptr};
  for (const rules::RuleTest& test : loaded.tests) {
    if (Chosen(test, options->filters)) suite.tests.push_back(&test);
  }
  if (suite.tests.empty() && !options->filters.empty())
    return UsageError(kName, absl::StrCat("no test fits '--filter ", options->filters[0], "'"));
  return RunTests(*options, suite);
}

}  // namespace

const Command kTest = {
    .name = "test",
    .summary = "Run the tests of rules",
    .help =
        "Usage: telltale test [-c telltale.yml] [--filter GLOB] [FILE ...]\n"
        "\n"
        "Runs the `tests:` of rules and the test files beside them (*.test.yml) on a virtual "
        "clock,\n"
        "through the engine of `telltale run`: exactly the alerts that a test expects must come.\n"
        "What failed is shown with what was expected and what came side by side. FILEs are rule\n"
        "files, test files, folders and globs, instead of the config's own rules; with test files\n"
        "alone the rules are the config's. Of the config only the streams have to be there.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 all passed, 1 a test failed or FILE cannot be written, 2 the rules or tests do not "
        "load,\n"
        "3 a wrong command line or config.",
    .arguments = Arguments::kFiles,
    .run = Run,
};

}  // namespace telltale::commands
