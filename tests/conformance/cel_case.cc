#include "tests/conformance/cel_case.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace telltale::conformance {
namespace {

using simdjson::dom::element;

// A member that is text; false where there is none.
bool ReadText(element object, std::string_view name, std::string& text) {
  std::string_view view;
  if (object[name].get(view) != simdjson::SUCCESS) return false;
  text = view;
  return true;
}

absl::Status ReadBindings(element json, std::vector<Binding>& bindings) {
  simdjson::dom::object object;
  if (json["bindings"].get(object) == simdjson::NO_SUCH_FIELD) return absl::OkStatus();
  if (json["bindings"].get(object) != simdjson::SUCCESS)
    return absl::InvalidArgumentError("'bindings' is not an object");
  for (const auto [name, value] : object) {
    absl::StatusOr<CelValue> read = ReadValue(value);
    if (!read.ok()) return read.status();
    bindings.push_back({absl::StrSplit(std::string(name), '.'), *std::move(read)});
  }
  return absl::OkStatus();
}

absl::StatusOr<CelCase> ReadCase(element json) {
  CelCase made;
  if (!ReadText(json, "name", made.name) || !ReadText(json, "expr", made.expr))
    return absl::InvalidArgumentError("a case without 'name' or 'expr'");
  if (const absl::Status status = ReadBindings(json, made.bindings); !status.ok()) return status;
  element expect;
  element error;
  const bool has_error = json["error"].get(error) == simdjson::SUCCESS;
  if (json["expect"].get(expect) == simdjson::SUCCESS) {
    absl::StatusOr<CelValue> value = ReadValue(expect);
    if (!value.ok()) return value.status();
    made.expect = *std::move(value);
  }
  if (made.expect.has_value() == has_error)
    return absl::InvalidArgumentError("a case has one of 'expect' and 'error'");
  return made;
}

absl::StatusOr<Deviation> ReadDeviation(element json) {
  Deviation made;
  if (!ReadText(json, "case", made.name) || !ReadText(json, "expr", made.expr) ||
      !ReadText(json, "gives", made.gives) || !ReadText(json, "reason", made.reason) ||
      made.reason.empty()) {
    return absl::InvalidArgumentError("a deviation has 'case', 'expr', 'gives' and 'reason'");
  }
  return made;
}

// The elements of the array that the file holds.
template <typename Entry, typename Read>
absl::StatusOr<std::vector<Entry>> ReadArray(const std::string& path, Read read) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (const auto error = parser.load(path).get(array); error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": not an array of JSON: ", simdjson::error_message(error)));
  }
  std::vector<Entry> entries;
  for (const element json : array) {
    absl::StatusOr<Entry> entry = read(json);
    if (!entry.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": entry ", entries.size(), ": ", entry.status().message()));
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

}  // namespace

absl::StatusOr<std::vector<CelCase>> ReadCases(const std::string& path) {
  return ReadArray<CelCase>(path, ReadCase);
}

absl::StatusOr<std::vector<Deviation>> ReadDeviations(const std::string& path) {
  return ReadArray<Deviation>(path, ReadDeviation);
}

}  // namespace telltale::conformance
