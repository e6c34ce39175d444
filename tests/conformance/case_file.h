// What all files of conformance cases have in common: each is an array of JSON objects, and is run
// by a program that takes such files, names the cases that fail and ends with `N passed, N failed`.
//
// Owner: the caller. Thread: any. Errors: a status that names the file, the entry and what is wrong
// with it.
#ifndef TELLTALE_TESTS_CONFORMANCE_CASE_FILE_H_
#define TELLTALE_TESTS_CONFORMANCE_CASE_FILE_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "simdjson.h"

namespace telltale::conformance {

// A member that is text; false where there is none.
bool ReadText(simdjson::dom::element object, std::string_view name, std::string& text);

// Calls `read` with each element of the array that the file holds.
absl::Status ReadElements(const std::string& path,
                          const std::function<absl::Status(simdjson::dom::element)>& read);

template <typename Entry, typename Read>
absl::StatusOr<std::vector<Entry>> ReadArray(const std::string& path, Read read) {
  std::vector<Entry> entries;
  const absl::Status status = ReadElements(path, [&](simdjson::dom::element json) {
    absl::StatusOr<Entry> entry = read(json);
    if (entry.ok()) entries.push_back(*std::move(entry));
    return entry.status();
  });
  if (!status.ok()) return status;
  return entries;
}

struct Tally {
  size_t passed = 0;
  size_t failed = 0;
  size_t deviating = 0;  // of neither
};

// The share of a file's cases, in percent, that may deviate.
inline constexpr size_t kMostDeviating = 2;

// One more failure where more of a file's cases deviate.
void LimitDeviating(size_t cases, Tally& tally, std::ostream& report);

// Runs the files and tells the sum. Gives an exit code: 1 where a case failed, 2 where a file
// cannot be read.
int RunFiles(const std::vector<std::string>& paths, const std::string& deviations,
             const std::function<absl::StatusOr<Tally>(const std::string&)>& run);

}  // namespace telltale::conformance

#endif  // TELLTALE_TESTS_CONFORMANCE_CASE_FILE_H_
