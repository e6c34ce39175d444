#include "tests/conformance/case_file.h"

#include <iostream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace telltale::conformance {

using simdjson::dom::element;

bool ReadText(element object, std::string_view name, std::string& text) {
  std::string_view view;
  if (object[name].get(view) != simdjson::SUCCESS) return false;
  text = view;
  return true;
}

absl::Status ReadElements(const std::string& path,
                          const std::function<absl::Status(element)>& read) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (const auto error = parser.load(path).get(array); error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": not an array of JSON: ", simdjson::error_message(error)));
  }
  size_t number = 0;
  for (const element json : array) {
    if (const absl::Status status = read(json); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": entry ", number, ": ", status.message()));
    }
    ++number;
  }
  return absl::OkStatus();
}

void LimitDeviating(size_t cases, Tally& tally, std::ostream& report) {
  if (tally.deviating * 100 <= cases * kMostDeviating) return;
  ++tally.failed;
  report << "FAIL " << tally.deviating << " of " << cases << " cases deviate, more than "
         << kMostDeviating << " %\n";
}

int RunFiles(const std::vector<std::string>& paths, const std::string& deviations,
             const std::function<absl::StatusOr<Tally>(const std::string&)>& run) {
  Tally sum;
  for (const std::string& path : paths) {
    const absl::StatusOr<Tally> tally = run(path);
    if (!tally.ok()) {
      std::cerr << tally.status().message() << "\n";
      return 2;
    }
    sum.passed += tally->passed;
    sum.failed += tally->failed;
    sum.deviating += tally->deviating;
  }
  if (sum.deviating > 0)
    std::cout << sum.deviating << " differ on purpose, see " << deviations << "\n";
  std::cout << sum.passed << " passed, " << sum.failed << " failed\n";
  return sum.failed == 0 ? 0 : 1;
}

}  // namespace telltale::conformance
