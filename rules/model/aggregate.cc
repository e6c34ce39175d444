#include "rules/model/aggregate.h"

namespace telltale::rules {

std::string_view AggregateName(AggregateFunction function) {
  switch (function) {
    case AggregateFunction::kStart:
      return "window.start";
    case AggregateFunction::kEnd:
      return "window.end";
    case AggregateFunction::kCount:
      return "count";
    case AggregateFunction::kCountIf:
      return "count_if";
    case AggregateFunction::kCountDistinct:
      return "count_distinct";
    case AggregateFunction::kSum:
      return "sum";
    case AggregateFunction::kDecayedSum:
      return "decayed_sum";
    case AggregateFunction::kAvg:
      return "avg";
    case AggregateFunction::kMin:
      return "min";
    case AggregateFunction::kMax:
      return "max";
    case AggregateFunction::kStddev:
      return "stddev";
    case AggregateFunction::kPercentile:
      return "percentile";
    case AggregateFunction::kFirst:
      return "first";
    case AggregateFunction::kLast:
      return "last";
    case AggregateFunction::kSeen:
      return "seen";
    case AggregateFunction::kOrdered:
      return "ordered";
    case AggregateFunction::kBaselineAvg:
      return "baseline.avg";
    case AggregateFunction::kBaselineStddev:
      return "baseline.stddev";
    case AggregateFunction::kBaselineMin:
      return "baseline.min";
    case AggregateFunction::kBaselineMax:
      return "baseline.max";
    case AggregateFunction::kBaselineSum:
      return "baseline.sum";
    case AggregateFunction::kBaselinePanes:
      return "baseline.panes";
  }
  return "";
}

}  // namespace telltale::rules
