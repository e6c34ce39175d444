#include "daemon/testing/suite.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

namespace telltale::testing {
namespace {

class Work {
 public:
  explicit Work(const Suite& suite)
      : suite_(suite), prepared_(suite.rules), results_(suite.tests.size()) {}

  // Takes one test after the other until none is left.
  void Run() {
    Coverage coverage;
    for (size_t i = next_++; i < results_.size(); i = next_++) {
      TestResult& result = results_[i];
      result.test = suite_.tests[i];
      // Tests are begun in their order, so what is left out is behind the one that failed.
      if (suite_.fail_fast && failed_.load()) continue;
      One(result, coverage);
      if (result.failed()) failed_.store(true);
    }
    if (suite_.coverage == nullptr) return;
    const std::lock_guard lock(coverage_mutex_);
    suite_.coverage->Merge(coverage);
  }

  std::vector<TestResult> Take() { return std::move(results_); }

 private:
  void One(TestResult& result, Coverage& coverage) {
    const auto begin = std::chrono::steady_clock::now();
    result.ran = true;
    absl::StatusOr<CompiledPtr> rules = prepared_.For(*result.test);
    if (rules.ok()) {
      TestRun run = testing::Run(*result.test, *suite_.config, *std::move(rules));
      result.verdict = Judge(*result.test, run);
      if (suite_.coverage != nullptr) coverage.Note(run);
      // The verdict points into it.
      if (!result.verdict.passed()) result.run = std::move(run);
    } else {
      result.problem = std::string(rules.status().message());
    }
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  const Suite& suite_;
  PreparedRules prepared_;
  std::vector<TestResult> results_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex coverage_mutex_;
};

}  // namespace

std::vector<TestResult> RunSuite(const Suite& suite) {
  Work work(suite);
  std::vector<std::thread> threads;
  const size_t wanted = std::min<size_t>(suite.threads, suite.tests.size());
  for (size_t i = 1; i < wanted; ++i) threads.emplace_back([&] { work.Run(); });
  work.Run();
  for (std::thread& thread : threads) thread.join();
  return work.Take();
}

}  // namespace telltale::testing
