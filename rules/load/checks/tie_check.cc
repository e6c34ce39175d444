#include "rules/load/checks/tie_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/checks/neighbours.h"

namespace telltale::rules {
namespace {

std::string Quoted(const Step& step) { return "'" + step.name + "'"; }

struct Order {
  StreamIndex first = 0;
  StreamIndex second = 0;
  Span span;
  std::string lost;  // what the rule misses where the ranks are the other way round
};

class Orders {
 public:
  Orders(const Rule& rule, const StreamCatalog& streams) : rule_(rule), streams_(streams) {
    for (const Neighbours& pair : FindNeighbours(rule.pattern)) {
      const Step& before = rule.steps[pair.before];
      const Step& after = rule.steps[pair.after];
      Add(before.selector, after.selector, after.span,
          Quoted(after) + " cannot follow " + Quoted(before));
      for (const uint32_t absence : pair.nots) {
        Follows(before, rule.absences[absence]);
        Precedes(rule.absences[absence], after);
      }
    }
    AddEdges();
  }

  void Warn(Diagnostics& diagnostics) const {
    std::set<std::pair<size_t, std::string>> told;
    for (const Order& order : orders_) {
      if (order.first < order.second || !told.insert({order.span.begin, order.lost}).second)
        continue;
      const std::string& first = streams_[order.first].name;
      const std::string& second = streams_[order.second].name;
      diagnostics.Warning(kTieDecides, order.span,
                          "of events with the same time those of '" + second +
                              "' come before those of '" + first + "', and so " + order.lost +
                              " within one second: " +
                              (Wanted(order.second, order.first)
                                   ? "no order of the streams in the config suits the whole rule"
                                   : "list '" + first + "' first in the config"));
    }
  }

 private:
  // Leading and trailing `not`s.
  void AddEdges() {
    const std::vector<Place>& places = rule_.pattern.places;
    for (auto at = places.begin(); at != places.end() && at->IsNot(); ++at) {
      for (const uint32_t step : FirstSteps(rule_.pattern))
        Precedes(rule_.absences[at->index], rule_.steps[step]);
    }
    for (auto at = places.rbegin(); at != places.rend() && at->IsNot(); ++at) {
      for (const uint32_t step : LastSteps(rule_.pattern))
        Follows(rule_.steps[step], rule_.absences[at->index]);
    }
  }

  void Follows(const Step& step, const Absence& absence) {
    Add(step.selector, absence.selector, absence.span,
        "this 'not' misses what follows " + Quoted(step));
  }

  void Precedes(const Absence& absence, const Step& step) {
    Add(absence.selector, step.selector, absence.span,
        "this 'not' misses what precedes " + Quoted(step));
  }

  void Add(const Selector& first, const Selector& second, const Span& span, std::string lost) {
    constexpr int64_t kCoarse = 1'000'000'000;
    if (first.stream == second.stream || std::max(streams_[first.stream].time_unit_ns,
                                                  streams_[second.stream].time_unit_ns) < kCoarse) {
      return;
    }
    orders_.push_back({first.stream, second.stream, span, std::move(lost)});
    after_[first.stream].insert(second.stream);
  }

  // Whether the rule wants `first` before `second` as well, be it by way of others.
  bool Wanted(StreamIndex first, StreamIndex second) const {
    std::set<StreamIndex> seen = {first};
    std::vector<StreamIndex> open = {first};
    while (!open.empty()) {
      const auto next = after_.find(open.back());
      open.pop_back();
      if (next == after_.end()) continue;
      for (const StreamIndex stream : next->second) {
        if (seen.insert(stream).second) open.push_back(stream);
      }
    }
    return seen.contains(second);
  }

  const Rule& rule_;
  const StreamCatalog& streams_;
  std::vector<Order> orders_;
  std::map<StreamIndex, std::set<StreamIndex>> after_;
};

}  // namespace

void WarnOfTies(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  Orders(rule, streams).Warn(diagnostics);
}

}  // namespace telltale::rules
