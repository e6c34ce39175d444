// Conformance cases of CEL as files hold them, and the cases in which Telltale differs on purpose.
//
// A file is an array of {name, expr, bindings, expect | error}; names need not be unique, a case is
// told by name and expression. The list of deviations is an array of {case, expr, gives, reason}:
// `gives` is the text of what Telltale gives instead (cel_value.h), so that a deviation is pinned
// and not a hole.
//
// Source of the form: the CEL project's conformance suite, tests/simple, in neutral JSON. Owner:
// value types. Thread: plain data. Errors: a status that names the file and what is wrong with it.
#ifndef TELLTALE_TESTS_CONFORMANCE_CEL_CASE_H_
#define TELLTALE_TESTS_CONFORMANCE_CEL_CASE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rules/model/stream.h"
#include "tests/conformance/cel_value.h"

namespace telltale::conformance {

struct Binding {
  rules::FieldPath path;  // a.b.c is a path
  CelValue value;
};

struct CelCase {
  std::string name;
  std::string expr;
  std::vector<Binding> bindings;
  std::optional<CelValue> expect;  // none: an error is expected
};

struct Deviation {
  std::string name;
  std::string expr;
  std::string gives;
  std::string reason;
};

absl::StatusOr<std::vector<CelCase>> ReadCases(const std::string& path);
absl::StatusOr<std::vector<Deviation>> ReadDeviations(const std::string& path);

}  // namespace telltale::conformance

#endif  // TELLTALE_TESTS_CONFORMANCE_CEL_CASE_H_
