// A sample of the events that rules are written for: files of JSON, one event a line, read as the
// daemon would read them, to see what is in the events and which of them fit the rules' steps.
//
// Files are read as a stream, in one pass, and may be of any size. What the daemon would make a
// dead letter of, or a value in which something is no JSON, is a bad line. Streams that are timed
// by Kafka need no times in their events. A rule with `mode: off` is looked at as any other.
//
// Owner: the command. Thread: one. Units: events, lines. Errors: a status where a file cannot be
// read to its end.
#ifndef TELLTALE_DAEMON_SAMPLE_SAMPLE_H_
#define TELLTALE_DAEMON_SAMPLE_SAMPLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/config/config.h"
#include "daemon/replay/line_reader.h"
#include "daemon/sample/stream_profile.h"
#include "rules/model/rule.h"

namespace telltale::sample {

// How the values of a field were read by the type that its stream declares.
struct DeclaredFit {
  int64_t fits = 0;  // null too, where the declared type takes it
  int64_t misfits = 0;
};

struct StreamSample {
  rules::StreamIndex stream = 0;
  StreamProfile profile;
  int64_t bad_lines = 0;
  std::map<std::string, int64_t, std::less<>> bad_reasons;
  std::map<rules::FieldPath, DeclaredFit> declared;  // of the declared fields that rules read
};

// How many events of the sample fit what a step, or an absence, asks of an event alone.
struct StepFit {
  const rules::Rule* rule = nullptr;
  std::string step;  // "not" for an absence
  rules::StreamIndex stream = 0;
  int64_t fits = 0;
  int64_t errors = 0;  // events over which the condition failed
};

struct Sample {
  std::vector<StreamSample> streams;  // those that have a file, in order of their index
  std::vector<StepFit> steps;         // of these streams, in order of the rules

  const StreamSample* Find(rules::StreamIndex stream) const;
};

struct Input {
  rules::StreamIndex stream = 0;
  replay::LineReader lines;
};

// The sample points to `rules`, which outlives it. Several files of one stream are one sample.
absl::StatusOr<Sample> ReadSample(const rules::RuleSet& rules, const config::Config& config,
                                  std::vector<Input> inputs);

}  // namespace telltale::sample

#endif  // TELLTALE_DAEMON_SAMPLE_SAMPLE_H_
