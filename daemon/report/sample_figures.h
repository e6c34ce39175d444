// What a sample of events has shown, in figures: `telltale check --sample`.
//
// Owner: value type. Thread: any. Units: events, lines. Errors: none.
#ifndef TELLTALE_DAEMON_REPORT_SAMPLE_FIGURES_H_
#define TELLTALE_DAEMON_REPORT_SAMPLE_FIGURES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace telltale::report {

struct SampledField {
  std::string path;                // "payer.id"
  uint64_t events = 0;             // that have it
  std::vector<std::string> types;  // the most frequent first
};

struct SampledStream {
  std::string name;
  uint64_t events = 0;
  uint64_t bad_lines = 0;
  std::vector<std::pair<std::string, uint64_t>> bad_reasons;
  std::vector<SampledField> fields;  // the most frequent first
  bool more_fields = false;          // whether some were left out
};

// How many events fit what a step (or "not") asks of an event alone.
struct SampledStep {
  std::string rule;
  std::string step;
  std::string stream;
  uint64_t fits = 0;
  uint64_t errors = 0;  // events over which its condition failed
};

struct SampleFigures {
  std::vector<SampledStream> streams;
  std::vector<SampledStep> steps;
};

}  // namespace telltale::report

#endif  // TELLTALE_DAEMON_REPORT_SAMPLE_FIGURES_H_
