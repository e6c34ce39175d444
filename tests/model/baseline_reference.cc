#include "tests/model/baseline_reference.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tests/model/window_reference.h"

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

// The panes before a window with this begin, the last one first.
std::vector<Range> PanesBefore(const rules::Aggregate& aggregate, int64_t start) {
  const rules::Baseline& baseline = *aggregate.baseline;
  const rules::Window pane{.kind = rules::WindowKind::kTumbling,
                           .size = baseline.every,
                           .every = baseline.every,
                           .offset = aggregate.window.offset % baseline.every,
                           .zone = aggregate.window.zone};
  std::vector<Range> panes;
  int64_t end = WindowsAt(pane, start).front().start;
  for (int64_t left = baseline.panes(); left > 0; --left) {
    panes.push_back(WindowsAt(pane, end - 1).front());
    end = panes.back().start;
  }
  return panes;
}

}  // namespace

int64_t BaselineBegin(const rules::Aggregate& aggregate, int64_t start) {
  return PanesBefore(aggregate, start).back().start;
}

Datum BaselineValue(const rules::Aggregate& aggregate, AggregateFunction function,
                    const std::vector<WindowEvent>& events, const PaneValue& of, int64_t start) {
  const rules::Baseline& baseline = *aggregate.baseline;
  std::vector<double> values;
  int64_t with_events = 0;
  for (const Range& pane : PanesBefore(aggregate, start)) {
    std::vector<WindowEvent> of_pane;
    for (const WindowEvent& event : events) {
      if (event.time < pane.start || event.time >= pane.end) continue;
      of_pane.push_back(event);
      of_pane.back().said = event.of_pane;
    }
    std::vector<const WindowEvent*> members;
    for (const WindowEvent& event : of_pane) members.push_back(&event);
    Tuple calls;
    for (size_t call = 0; call < baseline.calls.size(); ++call) {
      calls.push_back(ValueOf(baseline.calls[call], call, members, pane.start, pane.end));
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
