// The scripts: what is planted for the rules of deploy/sample, and the near misses.
//
// A script lasts at most 40 minutes from its start. It plays for one user who does nothing else
// then. Owner: static. Thread: any.
#ifndef TELLTALE_DAEMON_DEMO_GENERATOR_PLOTS_H_
#define TELLTALE_DAEMON_DEMO_GENERATOR_PLOTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/demo/generator_script.h"

namespace telltale::demo {

// What a plot has to bring about; the evidence as numbers of drafts, in total order.
struct Outcome {
  std::vector<size_t> evidence;  // empty: nothing, it is a near miss
  int64_t alert_time_ms = 0;
};

struct Plot {
  const char* rule;
  const char* shape;
  Outcome (*play)(Script& script, int64_t start_ms);
};

const std::vector<Plot>& Plots();

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_GENERATOR_PLOTS_H_
