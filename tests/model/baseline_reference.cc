#include "tests/model/baseline_reference.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace telltale::model {
namespace {

using rules::AggregateFunction;
__extension__ using Wide = __int128;

constexpr int kUnit = 60;  // sums are in multiples of 2^-60

Wide InUnits(double value, int unit) {
  const double scaled = std::ldexp(value, unit);
  if (std::floor(scaled) != scaled || std::abs(scaled) > 0x1p110) std::abort();  // of no test
  return static_cast<Wide>(scaled);
}

double Sum(const std::vector<double>& values) {
  Wide sum = 0;
  for (const double value : values) sum += InUnits(value, kUnit);
  return std::ldexp(static_cast<double>(sum), -kUnit);  // rounded once
}

// The population's: the root of n * (sum of squares) - (sum)^2, over n.
double Deviation(const std::vector<double>& values) {
  constexpr int kParts = 10;
  Wide sum = 0;
  Wide squares = 0;
  for (const double value : values) {
    const Wide parts = InUnits(value, kParts);
    sum += parts;
    squares += parts * parts;
  }
  const auto count = static_cast<Wide>(values.size());
  return std::ldexp(std::sqrt(static_cast<double>(count * squares - sum * sum)), -kParts) /
         static_cast<double>(count);
}

}  // namespace

int64_t BaselineBegin(const rules::Aggregate& aggregate, int64_t start) {
  const int64_t every = aggregate.baseline->every;
  int64_t end = aggregate.window.offset % every;  // where panes meet, somewhere
  end += (start - end) / every * every;
  while (end > start) end -= every;
  return end - aggregate.baseline->over;
}

Datum BaselineValue(const rules::Aggregate& aggregate, AggregateFunction function,
                    const std::vector<WindowEvent>& events, const PaneValue& of, int64_t start) {
  const rules::Baseline& baseline = *aggregate.baseline;
  std::vector<double> values;
  int64_t with_events = 0;
  int64_t begin = BaselineBegin(aggregate, start);
  for (const int64_t end = begin + baseline.over; begin < end; begin += baseline.every) {
    std::vector<WindowEvent> of_pane;
    for (const WindowEvent& event : events) {
      if (event.time < begin || event.time >= begin + baseline.every) continue;
      of_pane.push_back(event);
      of_pane.back().said = event.of_pane;
    }
    std::vector<const WindowEvent*> members;
    for (const WindowEvent& event : of_pane) members.push_back(&event);
    Tuple calls;
    for (size_t call = 0; call < baseline.calls.size(); ++call) {
      calls.push_back(ValueOf(baseline.calls[call], call, members, begin, begin + baseline.every));
    }
    if (!members.empty()) ++with_events;
    const Datum value = of(calls);
    if (const auto* i = std::get_if<int64_t>(&value)) values.push_back(static_cast<double>(*i));
    if (const auto* u = std::get_if<uint64_t>(&value)) values.push_back(static_cast<double>(*u));
    if (const auto* d = std::get_if<double>(&value); d != nullptr && !std::isnan(*d))
      values.push_back(*d);
  }
  if (function == AggregateFunction::kBaselinePanes) return with_events;
  if (values.empty()) return Nothing::kError;
  switch (function) {
    case AggregateFunction::kBaselineAvg:
      return Sum(values) / static_cast<double>(values.size());
    case AggregateFunction::kBaselineStddev:
      return Deviation(values);
    case AggregateFunction::kBaselineMin:
      return *std::min_element(values.begin(), values.end());
    case AggregateFunction::kBaselineMax:
      return *std::max_element(values.begin(), values.end());
    default:
      return Sum(values);
  }
}

}  // namespace telltale::model
