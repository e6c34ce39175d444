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
  Tally sum;
  for (int i = 1; i < count; ++i) {
    const auto cases = ReadCases(names[i]);
    if (!cases.ok()) {
      std::cerr << cases.status().message() << "\n";
      return 2;
    }
    const Tally tally = RunCases(*cases, *deviations, std::cout);
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.deviating += tally.deviating;
  }
  if (sum.deviating > 0)
    std::cout << sum.deviating << " differ on purpose, see " << TELLTALE_CEL_DEVIATIONS << "\n";
  std::cout << sum.passed << " passed, " << sum.failed << " failed\n";
  return sum.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace telltale::conformance

int main(int argc, char** argv) { return telltale::conformance::Main(argc, argv); }
