// Loading many rules: 10,000 sequences of three steps and a 'not', with templates, in one file and
// in a file each.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>

#include "rules/load/load.h"

namespace telltale::rules {
namespace {

constexpr int kRules = 10'000;

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

std::vector<SourcePtr> Files(bool one) {
  std::vector<SourcePtr> files;
  std::string all;
  for (int i = 0; i < kRules; ++i) {
    if (one)
      all += RuleText(i);
    else
      files.push_back(
          std::make_shared<const SourceFile>("rules/" + std::to_string(i) + ".yml", RuleText(i)));
  }
  if (one) files.push_back(std::make_shared<const SourceFile>("rules.yml", std::move(all)));
  return files;
}

void Load10000(benchmark::State& state, bool one) {
  const std::vector<SourcePtr> files = Files(one);
  const auto streams = std::make_shared<const StreamCatalog>(
      std::vector<Stream>{{"logins", "l", {}, 1'000'000},
                          {"devices", "d", {}, 1'000'000},
                          {"transactions", "t", {}, 1'000'000}});
  for (auto _ : state) {
    const LoadResult result = Load(files, streams);
    if (result.rules == nullptr || result.rules->rules.size() != kRules) {
      std::fputs(Render(result.diagnostics).c_str(), stderr);
      std::abort();
    }
  }
  state.SetItemsProcessed(state.iterations() * kRules);
}

BENCHMARK_CAPTURE(Load10000, one_file, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Load10000, a_file_each, false)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale::rules
