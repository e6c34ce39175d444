// A rule set of Sigma as an operator of Windows machines and a cloud has it, made up: 3,000
// detections with the logsources, fields, modifiers and shapes that such sets have, in about their
// proportions, and events that the streams carry.
//
// Over `sysmon` (processes, registry, files, network, images, names; told apart by EventID),
// `security` and `cloud`. Owner: the benchmark. Thread: one.
#ifndef TELLTALE_TESTS_BENCH_SIGMA_RULES_H_
#define TELLTALE_TESTS_BENCH_SIGMA_RULES_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "rules/model/source.h"
#include "rules/model/stream.h"

namespace telltale::bench {

inline constexpr size_t kSigmaRules = 3'000;

std::shared_ptr<const rules::StreamCatalog> SigmaStreams();

// A file each.
std::vector<rules::SourcePtr> SigmaRules();

// The fields of an event of the stream, as a machine at work sends them: few of them meet a rule.
using SigmaFields = std::map<std::string, std::variant<int64_t, std::string>>;
struct SigmaEvent {
  uint32_t stream = 0;
  SigmaFields fields;
};
std::vector<SigmaEvent> SigmaEvents(size_t count);

}  // namespace telltale::bench

#endif  // TELLTALE_TESTS_BENCH_SIGMA_RULES_H_
