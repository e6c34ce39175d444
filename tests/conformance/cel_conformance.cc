// cel_conformance FILE...: runs files of CEL's conformance cases, names each case that fails with
// what came out, and ends with `N passed, N failed`. Exit code: 1 where one failed, 2 where a file
// cannot be read.
#include <iostream>

#include "tests/conformance/cel_run.h"

namespace telltale::conformance {
namespace {

int Main(int count, char** names) {
  if (count < 2) {
    std::cerr << "usage: cel_conformance FILE...\n";
    return 2;
  }
  const auto deviations = ReadDeviations(TELLTALE_CEL_DEVIATIONS);
  if (!deviations.ok()) {
    std::cerr << deviations.status().message() << "\n";
    return 2;
  }
  return RunFiles({names + 1, names + count}, TELLTALE_CEL_DEVIATIONS,
                  [&](const std::string& path) -> absl::StatusOr<Tally> {
                    const auto cases = ReadCases(path);
                    if (!cases.ok()) return cases.status();
                    return RunCases(*cases, *deviations, std::cout);
                  });
}

}  // namespace
}  // namespace telltale::conformance

int main(int argc, char** argv) { return telltale::conformance::Main(argc, argv); }
