#include "daemon/explain/automaton.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/places.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::explain {
namespace {

using rules::Contiguity;
using rules::FormatDuration;
using rules::Move;
using rules::Place;

class Maker {
 public:
  Maker(const rules::Rule& rule, const rules::Automaton& compiled,
        const rules::StreamCatalog& streams)
      : rule_(rule), compiled_(compiled), streams_(streams) {}

  Automaton Make() {
    made_.id = rule_.id;
    made_.title = rule_.title;
    if (rule_.within) made_.within = FormatDuration(*rule_.within);
    made_.states.push_back({.kind = StateKind::kStart, .name = "start"});
    for (uint32_t s = 0; s < rule_.SequenceSteps(); ++s) AddStep(s);
    made_.states.push_back({.kind = StateKind::kMatch, .name = "match"});
    for (const Move& start : MovesOf(compiled_.states[0])) Connect({}, start);
    std::set<uint32_t> last;
    for (const Move& move : compiled_.moves) {
      const rules::State& behind = compiled_.states[move.to];
      for (const Move& next : MovesOf(behind)) {
        if ((move.opens >> next.way & 1) != 0) Connect(move.step, next);
      }
      if (behind.accepts && last.insert(move.step).second) Finish(move.step, behind);
    }
    std::stable_sort(made_.edges.begin(), made_.edges.end(), [](const Edge& a, const Edge& b) {
      return std::tuple(a.from, a.to) < std::tuple(b.from, b.to);
    });
    JoinLoops();
    return std::move(made_);
  }

 private:
  std::span<const Move> MovesOf(const rules::State& state) const {
    return {compiled_.moves.data() + state.first_move, state.moves};
  }

  // A state has one loop, where several ways lead back to it.
  void JoinLoops() {
    std::vector<Edge> edges;
    for (Edge& edge : made_.edges) {
      const bool more = edge.from == edge.to && !edges.empty() && edges.back().from == edge.from &&
                        edges.back().to == edge.to;
      if (!more) {
        edges.push_back(std::move(edge));
        continue;
      }
      for (size_t i = 0; i < edge.conditions.size(); ++i)
        edges.back().conditions.push_back(absl::StrCat(i == 0 ? "or " : "", edge.conditions[i]));
    }
    made_.edges = std::move(edges);
  }

  void AddStep(uint32_t s) {
    const rules::Step& step = rule_.steps[s];
    const PlacePath path = PathTo(rule_.pattern, s);
    State state;
    state.name = step.name;
    state.stream = streams_[step.selector.stream].name;
    if (step.selector.where) state.where = OneLine(*step.selector.where);
    state.key = KeyNames(rule_, step.selector);
    state.count = CountText(path.back()->repeat, "events");
    state.optional = path.back()->optional;
    for (size_t i = 1; i + 1 < path.size(); ++i) {
      std::string text = PartText(*path[i]);
      if (!text.empty()) state.parts.push_back(std::move(text));
    }
    made_.states.push_back(std::move(state));
  }

  // What the step is a part of: nothing to say of a group that only brackets.
  std::string PartText(const Place& place) const {
    const std::string names = StepNames(rule_, place);
    std::string text = place.kind == Place::Kind::kAnyOf ? absl::StrCat("one of ", names)
                       : place.kind == Place::Kind::kAllOf
                           ? absl::StrCat("all of ", names, ", in any order")
                           : absl::StrCat("group of ", names);
    const std::string count = CountText(place.repeat, "times");
    if (place.kind == Place::Kind::kGroup && count.empty() && !place.optional) return "";
    if (!count.empty()) absl::StrAppend(&text, ", ", count);
    if (place.optional) absl::StrAppend(&text, ", may be left out");
    return text;
  }

  // A way that is open behind an event of `from`, or at the start.
  void Connect(std::optional<uint32_t> from, const Move& move) {
    // What greedy repeats leave is said of the counts at which they could still take it.
    const Way way{from,          move.step,        move.contiguity, move.within,
                  move.absences, move.strict_nots, move.ends_at};
    if (!known_.insert(way).second) return;
    Edge edge{from ? *from + 1 : 0, move.step + 1, {}};
    if (from) {
      Counts(edge, *from, move.step);
      if (move.contiguity == Contiguity::kStrict) edge.conditions.push_back("the very next event");
      if (move.contiguity == Contiguity::kAny) edge.conditions.push_back("any later event");
    }
    if (from && move.within)
      edge.conditions.push_back(absl::StrCat("within ", FormatDuration(*move.within)));
    for (const uint32_t a : move.absences) Append(edge, "no ", rule_.absences[a].selector, "");
    for (const uint32_t a : move.strict_nots)
      Append(edge, "right behind it no ", rule_.absences[a].selector, "");
    for (const uint32_t u : move.ends_at) Append(edge, "until ", rule_.untils[u].selector, "");
    for (const std::string& name : YieldsTo(move))
      edge.conditions.push_back(absl::StrCat("what ", name, " can not take"));
    if (!from) Leading(edge);
    made_.edges.push_back(std::move(edge));
  }

  // Of the moves of one state the greedy ones to which this one leaves what they can take.
  std::vector<std::string> YieldsTo(const Move& move) const {
    std::vector<std::string> names;
    if (move.yields == 0) return names;
    const auto index = static_cast<uint32_t>(&move - compiled_.moves.data());
    const auto behind = std::upper_bound(
        compiled_.states.begin(), compiled_.states.end(), index,
        [](uint32_t at, const rules::State& state) { return at < state.first_move; });
    for (const Move& greedy : MovesOf(*std::prev(behind))) {
      if ((move.yields >> greedy.way & 1) != 0) names.push_back(rule_.steps[greedy.step].name);
    }
    return names;
  }

  // How often what repeats has been taken, where the way leaves it or takes it again.
  void Counts(Edge& edge, uint32_t from, uint32_t to) const {
    const PlacePath path = PathTo(rule_.pattern, from);
    const PlacePath onward = PathTo(rule_.pattern, to);
    const std::optional<size_t> again = TakenAgain(path, onward);
    Enough(edge, path, again ? *again + 1 : InCommon(path, onward));
    if (!again) return;
    const Place& place = *path[*again];
    std::string text = place.IsStep() ? "one more" : "again";
    if (place.repeat.max != rules::kUnbounded)
      absl::StrAppend(&text, ", up to ", place.repeat.max, place.IsStep() ? "" : " times");
    edge.conditions.push_back(std::move(text));
  }

  // What is left, from the innermost place on out to path[`outer`].
  void Enough(Edge& edge, const PlacePath& path, size_t outer) const {
    for (size_t i = path.size(); i-- > outer;) {
      const rules::Repeat& repeat = path[i]->repeat;
      if (repeat.min <= 1) continue;
      const bool exact = repeat.min == repeat.max;
      edge.conditions.push_back(
          absl::StrCat(exact ? "after " : "from ", repeat.min,
                       path[i]->IsStep() ? std::string(" events")
                                         : absl::StrCat(" times ", StepNames(rule_, *path[i])),
                       exact ? "" : " on"));
    }
  }

  void Finish(uint32_t step, const rules::State& state) {
    Edge edge{step + 1, made_.match(), {}};
    Enough(edge, PathTo(rule_.pattern, step), 1);
    std::set<std::string> greedy;
    for (const Move& move : MovesOf(state)) {
      if ((state.yields >> move.way & 1) != 0) greedy.insert(rule_.steps[move.step].name);
    }
    for (const std::string& name : greedy)
      edge.conditions.push_back(absl::StrCat("when ", name, " can take no more"));
    Trailing(edge);
    made_.edges.push_back(std::move(edge));
  }

  void Leading(Edge& edge) const {
    for (const uint32_t a : compiled_.leading) {
      const rules::Absence& absence = rule_.absences[a];
      Append(edge, "no ", absence.selector,
             absl::StrCat(" in the ", FormatDuration(absence.within.value_or(0)), " before"));
    }
  }

  // Each has its own deadline; where only the rule has a `within`, that is it (P4).
  void Trailing(Edge& edge) const {
    for (const uint32_t a : compiled_.trailing) {
      const rules::Absence& absence = rule_.absences[a];
      Append(edge, "no ", absence.selector,
             absence.within ? absl::StrCat(" in the ", FormatDuration(*absence.within), " after")
                            : absl::StrCat(" up to ", made_.within, " after the first event"));
    }
  }

  void Append(Edge& edge, std::string_view before, const rules::Selector& selector,
              std::string_view when) const {
    std::string text = absl::StrCat(std::string(before), streams_[selector.stream].name);
    const std::string key = KeyNames(rule_, selector);
    if (!key.empty()) absl::StrAppend(&text, " (by ", key, ")");
    absl::StrAppend(&text, std::string(when));
    if (selector.where) absl::StrAppend(&text, " where ", OneLine(*selector.where));
    edge.conditions.push_back(std::move(text));
  }

  // What tells two edges apart.
  using Way = std::tuple<std::optional<uint32_t>, uint32_t, Contiguity, std::optional<int64_t>,
                         std::vector<uint32_t>, std::vector<uint32_t>, std::vector<uint32_t>>;

  const rules::Rule& rule_;
  const rules::Automaton& compiled_;
  const rules::StreamCatalog& streams_;
  std::set<Way> known_;
  Automaton made_;
};

}  // namespace

std::string OneLine(const rules::Expression& expression) {
  std::string text;
  for (const char c : expression.text.text()) {
    const bool blank = c == '\n' || c == '\r' || c == '\t';
    if (blank || (c == ' ' && text.empty())) {
      if (!text.empty() && text.back() != ' ') text += ' ';
    } else {
      text += c;
    }
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.empty() ? rules::ToString(*expression.root) : text;
}

std::string KeyNames(const rules::Rule& rule, const rules::Selector& selector) {
  std::vector<std::string> names;
  for (const rules::Expression& part : selector.by) names.push_back(OneLine(part));
  return names == rule.key_names ? "" : absl::StrJoin(names, ", ");
}

Automaton MakeAutomaton(const rules::Rule& rule, const rules::Automaton& compiled,
                        const rules::StreamCatalog& streams) {
  return Maker(rule, compiled, streams).Make();
}

}  // namespace telltale::explain
