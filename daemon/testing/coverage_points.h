// What a rule's tests should reach, point by point, each with its place in the rule's file.
//
// The points of a rule follow from the rule alone, in a fixed order, so that what several tests and
// threads have reached can be put together by index. Owner: value. Thread: immutable. Errors: none.
#ifndef TELLTALE_DAEMON_TESTING_COVERAGE_POINTS_H_
#define TELLTALE_DAEMON_TESTING_COVERAGE_POINTS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/expression.h"
#include "rules/model/rule.h"
#include "rules/model/source.h"

namespace telltale::testing {

struct CoveragePoint {
  // "step", "not", "until", "condition", "window", "timeout", "exception", "suppress", "limits",
  // "alert"
  std::string kind;
  std::string text;  // what no test did where it is not reached: "'amount > 10.0' is never false"
  rules::Span span;
};

using PointIndex = size_t;

struct BranchPoints {
  rules::Expression part;
  PointIndex never_true = 0;
  PointIndex never_false = 0;
};

// Of a step, group, any_of or all_of.
struct PlacePoints {
  const rules::Place* place = nullptr;
  std::optional<PointIndex> left_out;         // where it is optional
  std::optional<PointIndex> too_late;         // where it has a `within`
  std::optional<PointIndex> repeat_too_late;  // where its repeat has one
};

// Roles are numbered as RuleReading does it. Borrows the rule.
struct RulePoints {
  explicit RulePoints(const rules::Rule& rule);

  std::vector<CoveragePoint> all;
  PointIndex alerts = 0;
  PointIndex quiet = 0;
  std::vector<PointIndex> taken;                    // by step
  std::vector<PlacePoints> places;                  // those that have any
  std::vector<PointIndex> broken;                   // by absence
  std::vector<PointIndex> ended;                    // by until
  std::optional<PointIndex> too_late;               // of the rule's `within`
  std::optional<PointIndex> timed_out;              // where it has an `on_timeout`
  std::vector<std::vector<BranchPoints>> branches;  // by role
  std::vector<PointIndex> exceptions;               // in the rule's order
  std::optional<PointIndex> suppressed;
  std::optional<PointIndex> limited;

 private:
  PointIndex Add(std::string kind, std::string text, const rules::Span& span);
  void OfPlace(const rules::Rule& rule, const rules::Place& place);
  void Condition(const rules::Selector& selector, std::vector<BranchPoints>& points);
};

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_COVERAGE_POINTS_H_
