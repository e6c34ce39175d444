// pattern_conformance [--reference] FILE...: runs files of conformance cases of patterns, names
// each case that fails with what was expected and what came out, and ends with `N passed, N
// failed`. With
// --reference the reference matcher of tests/model is run in the place of the engine. Exit code: 1
// where one failed, 2 where a file cannot be read.
#include <iostream>
#include <string_view>

#include "tests/conformance/pattern_run.h"

namespace telltale::conformance {
namespace {

int Main(std::vector<std::string> arguments) {
  Matching matching = Matching::kEngine;
  if (!arguments.empty() && arguments.front() == "--reference") {
    matching = Matching::kReference;
    arguments.erase(arguments.begin());
  }
  if (arguments.empty()) {
    std::cerr << "usage: pattern_conformance [--reference] FILE...\n";
    return 2;
  }
  const auto deviations = ReadPatternDeviations(TELLTALE_PATTERN_DEVIATIONS);
  if (!deviations.ok()) {
    std::cerr << deviations.status().message() << "\n";
    return 2;
  }
  return RunFiles(arguments, TELLTALE_PATTERN_DEVIATIONS,
                  [&](const std::string& path) -> absl::StatusOr<Tally> {
                    const auto cases = ReadPatternCases(path);
                    if (!cases.ok()) return cases.status();
                    return RunPatterns(*cases, *deviations, matching, std::cout);
                  });
}

}  // namespace
}  // namespace telltale::conformance

int main(int argc, char** argv) { return telltale::conformance::Main({argv + 1, argv + argc}); }
