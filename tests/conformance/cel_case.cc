#include "tests/conformance/cel_case.h"

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "tests/conformance/case_file.h"

namespace telltale::conformance {
namespace {

using simdjson::dom::element;

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

}  // namespace

absl::StatusOr<std::vector<CelCase>> ReadCases(const std::string& path) {
  return ReadArray<CelCase>(path, ReadCase);
}

absl::StatusOr<std::vector<Deviation>> ReadDeviations(const std::string& path) {
  return ReadArray<Deviation>(path, ReadDeviation);
}

}  // namespace telltale::conformance
