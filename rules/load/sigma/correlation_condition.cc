#include "rules/load/sigma/correlation_condition.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "rules/load/sigma/sigma_keys.h"

namespace telltale::rules::sigma {
namespace {

constexpr std::pair<std::string_view, Bound> kBounds[] = {
    {"gt", Bound::kGreater},    {"gte", Bound::kGreaterEqual}, {"lt", Bound::kLess},
    {"lte", Bound::kLessEqual}, {"eq", Bound::kEqual},         {"neq", Bound::kNotEqual}};

// A bound of a count is a natural number; of a value any.
std::optional<double> ReadNumber(const Entry& entry, CorrelationType type, ValueReader& values) {
  const Node& node = entry.value;
  const bool whole = node.kind == NodeKind::kInt;
  const bool number = whole || node.kind == NodeKind::kFloat;
  if (number && (!CountsWhole(type) || (whole && node.integer >= 0))) return node.number;
  values.diagnostics().Error(
      kBadCorrelation, node.span,
      "'" + entry.key.text() + "' takes " +
          (CountsWhole(type) ? "a whole number from 0 on: it bounds a count" : "a number"));
  return std::nullopt;
}

// Whether some number meets all the bounds.
bool CanHold(const std::vector<CorrelationBound>& bounds, bool whole) {
  double least = whole ? 0 : -std::numeric_limits<double>::infinity();
  double greatest = std::numeric_limits<double>::infinity();
  bool open = false;  // one of the two is not to be reached
  for (const CorrelationBound& bound : bounds) {
    switch (bound.bound) {
      case Bound::kGreater:
        least = std::max(least, whole ? bound.value + 1 : bound.value);
        open = open || !whole;
        break;
      case Bound::kGreaterEqual:
        least = std::max(least, bound.value);
        break;
      case Bound::kLess:
        greatest = std::min(greatest, whole ? bound.value - 1 : bound.value);
        open = open || !whole;
        break;
      case Bound::kLessEqual:
        greatest = std::min(greatest, bound.value);
        break;
      case Bound::kEqual:
        least = std::max(least, bound.value);
        greatest = std::min(greatest, bound.value);
        break;
      case Bound::kNotEqual:
        break;
    }
  }
  return open ? least < greatest : least <= greatest;
}

void ReadField(const Node& node, ValueReader& values, Correlation& correlation) {
  const Node* field = node.Find("field");
  if (field == nullptr) {
    if (!NeedsField(correlation.type)) return;
    values.diagnostics().Error(kBadCorrelation, node.span,
                               std::string(CorrelationTypeName(correlation.type)) +
                                   " needs a 'field': whose values it looks at");
    return;
  }
  if (!NeedsField(correlation.type)) {
    values.diagnostics().Error(kBadCorrelation, field->span,
                               std::string(CorrelationTypeName(correlation.type)) +
                                   " counts no values, and has no 'field'");
    return;
  }
  const auto texts = values.Texts(*field, "'field'");
  if (!texts) return;
  for (const LocatedText& text : *texts) correlation.fields.push_back(text.text());
  if (texts->empty() || (texts->size() > 1 && correlation.type != CorrelationType::kValueCount)) {
    values.diagnostics().Error(
        kBadCorrelation, field->span,
        std::string(CorrelationTypeName(correlation.type)) + " looks at one field");
  }
}

void ReadPercentile(const Node& node, ValueReader& values, Correlation& correlation) {
  const Node* percentile = node.Find("percentile");
  if (percentile == nullptr) return;
  const bool number = percentile->kind == NodeKind::kInt || percentile->kind == NodeKind::kFloat;
  if (correlation.type != CorrelationType::kValuePercentile) {
    values.diagnostics().Error(kBadCorrelation, percentile->span,
                               "'percentile' is of value_percentile");
  } else if (!number || !(percentile->number >= 0 && percentile->number <= 100)) {
    values.diagnostics().Error(kBadCorrelation, percentile->span,
                               "'percentile' takes a number from 0 to 100");
  } else {
    correlation.percentile = percentile->number;
  }
}

}  // namespace

bool CountsWhole(CorrelationType type) {
  return type == CorrelationType::kEventCount || type == CorrelationType::kValueCount ||
         IsTemporal(type);
}

bool IsTemporal(CorrelationType type) {
  return type == CorrelationType::kTemporal || type == CorrelationType::kTemporalOrdered;
}

bool NeedsField(CorrelationType type) {
  return type != CorrelationType::kEventCount && !IsTemporal(type);
}

void ReadBounds(const Node& node, ValueReader& values, Correlation& correlation) {
  const size_t told = values.diagnostics().errors();
  values.Map(node, BoundKeys());
  for (const Entry& entry : node.entries) {
    const auto* known =
        std::find_if(std::begin(kBounds), std::end(kBounds),
                     [&](const auto& bound) { return bound.first == entry.key.text(); });
    if (known == std::end(kBounds)) continue;
    if (const auto number = ReadNumber(entry, correlation.type, values))
      correlation.bounds.push_back({known->second, *number});
  }
  ReadField(node, values, correlation);
  ReadPercentile(node, values, correlation);
  if (values.diagnostics().errors() > told) return;
  if (correlation.bounds.empty()) {
    values.diagnostics().Error(kBadCorrelation, node.span,
                               "a correlation's condition needs a bound: gt, gte, lt, lte, eq or "
                               "neq");
  } else if (!CanHold(correlation.bounds, CountsWhole(correlation.type))) {
    values.diagnostics().Warning(kNeverMatches, node.span,
                                 "no number meets these bounds: the correlation can never match");
  }
}

}  // namespace telltale::rules::sigma
