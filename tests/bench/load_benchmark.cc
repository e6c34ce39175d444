// Loading many rules, from text in memory to what the engine runs: 10,000 sequences of our own, in
// one file and in a file each, and 3,000 detections of Sigma. Bars: 2 s and 1 s on one core.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/runtime/compiled_rules.h"
#include "rules/load/load.h"
#include "tests/bench/sigma_rules.h"

namespace telltale {
namespace {

using rules::SourceFile;
using rules::SourcePtr;

constexpr int kRules = 10'000;

// An account takeover; no two have a condition, a constant or a text in common where rules differ.
std::string RuleText(int number) {
  const std::string n = std::to_string(number);
  return "---\ntitle: New device, then a large transfer " + n + "\nid: ato-" + n +
         "\nstatus: stable\nlevel: high\ntags: [attack.t1078, fraud.ato]\nby: user_id\nsequence:\n"
         "  - login:    { on: logins, where: 'result == \"success\" && country != \"c" +
         n +
         "\"' }\n"
         "  - device:   { on: devices, by: account, where: 'action == \"added\"', within: 5m }\n"
         "  - not:      { on: logins, where: 'has(mfa) && mfa == \"passed\"' }\n"
         "  - transfer: { on: transactions, by: payer.id, where: 'amount > " +
         n +
         ".0 && device_id == device.id', repeat: { min: 2 } }\n"
         "within: 15m\nmatch: latest\nalert:\n"
         "  title: 'User {{user_id}}: {{size(transfer)}} transfers'\n  risk_score: 80\n"
         "  fields: { login_country: login.country, device: device.id }\nsuppress: { by: "
         "[user_id], for: 1h }\n";
}

std::vector<SourcePtr> NativeRules(bool one_file) {
  std::vector<SourcePtr> files;
  std::string all;
  for (int i = 0; i < kRules; ++i) {
    if (one_file) {
      all += RuleText(i);
    } else {
      const std::string path = "rules/" + std::to_string(i) + ".yml";
      files.push_back(std::make_shared<const SourceFile>(path, RuleText(i)));
    }
  }
  if (one_file) files.push_back(std::make_shared<const SourceFile>("rules.yml", std::move(all)));
  return files;
}

std::shared_ptr<const rules::StreamCatalog> Streams() {
  return std::make_shared<const rules::StreamCatalog>(
      std::vector<rules::Stream>{{"logins", "l", {}, 1'000'000},
                                 {"devices", "d", {}, 1'000'000},
                                 {"transactions", "t", {}, 1'000'000}});
}

rules::LoadResult MustLoad(const std::vector<SourcePtr>& files, size_t rules) {
  rules::LoadResult result = rules::Load(files, Streams());
  if (result.rules == nullptr || result.rules->rules.size() != rules) {
    std::fputs(Render(result.diagnostics).c_str(), stderr);
    std::abort();
  }
  return result;
}

void LoadNative(benchmark::State& state, bool one_file) {
  const std::vector<SourcePtr> files = NativeRules(one_file);
  for (auto _ : state) benchmark::DoNotOptimize(MustLoad(files, kRules));
  state.SetItemsProcessed(state.iterations() * kRules);
}

// What the engine makes of a loaded set, beside the loading of it.
void CompileNative(benchmark::State& state) {
  const rules::LoadResult loaded = MustLoad(NativeRules(true), kRules);
  for (auto _ : state) {
    const auto compiled = engine::CompileRules(loaded.rules);
    if (!compiled.ok()) std::abort();
    benchmark::DoNotOptimize(compiled);
  }
  state.SetItemsProcessed(state.iterations() * kRules);
}

rules::LoadResult MustLoadSigma(const std::vector<SourcePtr>& files) {
  rules::LoadResult result = rules::Load(files, bench::SigmaStreams());
  if (result.rules == nullptr || result.rules->rules.size() != bench::kSigmaRules) {
    std::fputs(Render(result.diagnostics).c_str(), stderr);
    std::abort();
  }
  return result;
}

void LoadSigma(benchmark::State& state) {
  const std::vector<SourcePtr> files = bench::SigmaRules();
  for (auto _ : state) benchmark::DoNotOptimize(MustLoadSigma(files));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(bench::kSigmaRules));
}

void CompileSigma(benchmark::State& state) {
  const rules::LoadResult loaded = MustLoadSigma(bench::SigmaRules());
  for (auto _ : state) {
    const auto compiled = engine::CompileRules(loaded.rules);
    if (!compiled.ok()) std::abort();
    benchmark::DoNotOptimize(compiled);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(bench::kSigmaRules));
}

BENCHMARK(LoadSigma)->Unit(benchmark::kMillisecond);
BENCHMARK(CompileSigma)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(LoadNative, one_file, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(LoadNative, a_file_each, false)->Unit(benchmark::kMillisecond);
BENCHMARK(CompileNative)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale
