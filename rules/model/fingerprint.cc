// The canonical form of a checked rule and its hash (A1): one line for the rule, one for each place
// before those within it, one for each `until` behind what it ends, then one for each declared
// type.
#include <xxhash.h>

#include <set>
#include <string>

#include "rules/model/canonical.h"
#include "rules/model/rule.h"

namespace telltale::rules {
namespace {

const char* Name(MatchMode mode) {
  switch (mode) {
    case MatchMode::kAll:
      return "all";
    case MatchMode::kFirst:
      return "first";
    case MatchMode::kLatest:
      return "latest";
    case MatchMode::kCount:
      return "count";
  }
  return "?";
}

const char* Name(Contiguity contiguity) {
  switch (contiguity) {
    case Contiguity::kRelaxed:
      return "relaxed";
    case Contiguity::kStrict:
      return "strict";
    case Contiguity::kAny:
      return "any";
  }
  return "?";
}

std::string Name(const AfterMatch& after) {
  switch (after.kind) {
    case SkipKind::kNoSkip:
      return "no_skip";
    case SkipKind::kSkipToNext:
      return "skip_to_next";
    case SkipKind::kSkipPastLast:
      return "skip_past_last";
    case SkipKind::kSkipToFirst:
      return "skip_to_first:" + std::to_string(after.step);
    case SkipKind::kSkipToLast:
      return "skip_to_last:" + std::to_string(after.step);
  }
  return "?";
}

std::string Duration(const std::optional<int64_t>& nanoseconds) {
  return nanoseconds ? std::to_string(*nanoseconds) : "-";
}

std::string Name(const Window& window) {
  switch (window.kind) {
    case WindowKind::kSliding:
      return "sliding:" + std::to_string(window.size);
    case WindowKind::kTumbling:
      return "tumbling:" + std::to_string(window.size);
    case WindowKind::kHopping:
      return "hopping:" + std::to_string(window.size) + "/" + std::to_string(window.every);
    case WindowKind::kSession:
      return "session:" + std::to_string(window.size);
  }
  return "?";
}

std::string NumberText(double number) {
  Expr expr;
  expr.constant = number;
  return ToString(expr);
}

const char* Name(Emit emit) {
  switch (emit) {
    case Emit::kEdge:
      return "edge";
    case Emit::kAsReached:
      return "as_reached";
    case Emit::kEveryWindow:
      return "every_window";
    case Emit::kOnChange:
      return "on_change";
  }
  return "?";
}

using Parts = std::vector<std::pair<std::string, std::string>>;

CanonicalLine RuleLine(const Rule& rule) {
  const Limits& limits = rule.limits;
  CanonicalLine line;
  line.parts = {
      {"key", std::to_string(rule.key_names.size())},
      {"within", Duration(rule.within)},
      {"match", Name(rule.match)},
      {"after", Name(rule.after_match)},
      {"limits", std::to_string(limits.partial_matches) + "," + std::to_string(limits.events) +
                     "," + std::to_string(limits.matches_per_event) + "," +
                     (limits.on_limit == OnLimit::kEvictOldest ? "evict_oldest" : "reject_new")},
      {"warm_up", rule.warm_up == WarmUp::kQuiet ? "quiet" : "assume_empty"}};
  if (rule.timeout_from) line.parts.emplace_back("on_timeout", std::to_string(*rule.timeout_from));
  if (rule.group_missing_key) line.parts.emplace_back("missing_key", "group");
  return line;
}

const char* Word(CanonicalKind kind) {
  switch (kind) {
    case CanonicalKind::kRule:
      return "v2";
    case CanonicalKind::kStep:
      return "step";
    case CanonicalKind::kAbsence:
      return "not";
    case CanonicalKind::kUntil:
      return "until";
    case CanonicalKind::kGroup:
      return "group";
    case CanonicalKind::kAnyOf:
      return "any_of";
    case CanonicalKind::kAllOf:
      return "all_of";
    case CanonicalKind::kAggregate:
      return "aggregate";
    case CanonicalKind::kNewTerms:
      return "new_terms";
    case CanonicalKind::kWindow:
      return "window";
    case CanonicalKind::kType:
      return "type";
  }
  return "?";
}

CanonicalKind KindOf(Place::Kind kind) {
  switch (kind) {
    case Place::Kind::kStep:
      return CanonicalKind::kStep;
    case Place::Kind::kNot:
      return CanonicalKind::kAbsence;
    case Place::Kind::kGroup:
      return CanonicalKind::kGroup;
    case Place::Kind::kAnyOf:
      return CanonicalKind::kAnyOf;
    case Place::Kind::kAllOf:
      return CanonicalKind::kAllOf;
  }
  return CanonicalKind::kStep;
}

void AddQuantities(const Place& place, Parts& parts) {
  const Repeat& repeat = place.repeat;
  if (place.contiguity != Contiguity::kRelaxed)
    parts.emplace_back("contiguity", Name(place.contiguity));
  parts.emplace_back("within", Duration(place.within));
  parts.emplace_back("repeat", std::to_string(repeat.min) + ".." + std::to_string(repeat.max));
  if (repeat.inside != Contiguity::kRelaxed) parts.emplace_back("inside", Name(repeat.inside));
  if (repeat.within) parts.emplace_back("repeat.within", Duration(repeat.within));
  if (repeat.greedy) parts.emplace_back("greedy", "");
  if (place.optional) parts.emplace_back("optional", "");
}

class LineWriter {
 public:
  LineWriter(const Rule& rule, const StreamCatalog& streams) : rule_(rule), streams_(streams) {}

  std::vector<CanonicalLine> Write() {
    lines_.push_back(RuleLine(rule_));
    for (const StreamIndex stream : rule_.Streams()) {
      if (stream >= streams_.size() || !streams_[stream].dedup) continue;
      const Dedup& dedup = *streams_[stream].dedup;
      lines_.back().parts.emplace_back(
          "dedup",
          streams_[stream].name + ":" + PathText(dedup.field) + ":" + Duration(dedup.within));
    }
    if (rule_.until) AddUntil(*rule_.until);
    for (const Place& place : rule_.pattern.places) AddPlace(place);
    if (rule_.aggregate) AddAggregate(*rule_.aggregate);
    if (rule_.new_terms) AddNewTerms(*rule_.new_terms);
    for (size_t i = 0; i < rule_.windows.size(); ++i) AddWindow(i);
    for (const std::string& field : types_)
      lines_.push_back({CanonicalKind::kType, 0, {{field, ""}}});
    return std::move(lines_);
  }

 private:
  void AddPlace(const Place& place) {
    CanonicalLine line{KindOf(place.kind), place.index};
    if (place.IsStep()) {
      AddSelector(rule_.steps[place.index].selector, line.parts);
      AddQuantities(place, line.parts);
    } else if (place.IsNot()) {
      const Absence& absence = rule_.absences[place.index];
      AddSelector(absence.selector, line.parts);
      if (place.contiguity != Contiguity::kRelaxed)
        line.parts.emplace_back("contiguity", Name(place.contiguity));
      line.parts.emplace_back("within", Duration(absence.within));
    } else {
      line.place = &place;
      line.parts.emplace_back("places", std::to_string(place.places.size()));
      AddQuantities(place, line.parts);
    }
    lines_.push_back(std::move(line));
    if (place.repeat.until) AddUntil(*place.repeat.until);
    for (const Place& inner : place.places) AddPlace(inner);
  }

  void AddUntil(uint32_t index) {
    CanonicalLine line{CanonicalKind::kUntil, index};
    AddSelector(rule_.untils[index].selector, line.parts);
    lines_.push_back(std::move(line));
  }

  void AddAggregate(const Aggregate& aggregate) {
    const Window& window = aggregate.window;
    CanonicalLine line{CanonicalKind::kAggregate};
    line.parts.emplace_back("window", Name(window));
    if (window.offset != 0) line.parts.emplace_back("offset", std::to_string(window.offset));
    if (!window.zone.empty()) line.parts.emplace_back("zone", window.zone);
    if (window.longest) line.parts.emplace_back("longest", std::to_string(*window.longest));
    if (aggregate.having) line.parts.emplace_back("having", Canonical(*aggregate.having));
    line.parts.emplace_back("emit", Name(aggregate.emit));
    if (aggregate.on_empty) line.parts.emplace_back("on_empty", "");
    if (aggregate.baseline) AddBaseline(*aggregate.baseline, line.parts);
    for (size_t i = 0; i < aggregate.calls.size(); ++i)
      line.parts.emplace_back("window#" + std::to_string(i), Canonical(aggregate.calls[i]));
    lines_.push_back(std::move(line));
  }

  void AddBaseline(const Baseline& baseline, Parts& parts) {
    parts.emplace_back("baseline.of", Canonical(baseline.of));
    parts.emplace_back("baseline.every", std::to_string(baseline.every));
    parts.emplace_back("baseline.over", std::to_string(baseline.over));
    for (size_t i = 0; i < baseline.calls.size(); ++i)
      parts.emplace_back("baseline#" + std::to_string(i), Canonical(baseline.calls[i]));
  }

  // W3. What it is called, and which of its values are read, is in the conditions.
  void AddWindow(size_t index) {
    const StepWindow& window = rule_.windows[index];
    CanonicalLine line{CanonicalKind::kWindow, index};
    line.parts.emplace_back("window", Name(window.aggregate.window));
    for (size_t i = 0; i < window.aggregate.calls.size(); ++i) {
      line.parts.emplace_back("window#" + std::to_string(window.first_call + i),
                              Canonical(window.aggregate.calls[i]));
    }
    lines_.push_back(std::move(line));
    for (uint32_t i = 0; i < window.sources; ++i) {
      CanonicalLine source{CanonicalKind::kStep, window.first_source + i};
      AddSelector(rule_.steps[window.first_source + i].selector, source.parts);
      lines_.push_back(std::move(source));
    }
  }

  std::string Canonical(const AggregateCall& call) {
    std::string text(AggregateName(call.function));
    if (call.function == AggregateFunction::kPercentile) text += ":" + NumberText(call.percentile);
    if (call.function == AggregateFunction::kDecayedSum)
      text += ":" + std::to_string(call.half_life);
    for (const uint32_t sources : call.sources) text += ":" + std::to_string(sources);
    for (const std::vector<Expression>& arguments : call.arguments) {
      text += "(";
      for (size_t i = 0; i < arguments.size(); ++i)
        text += (i == 0 ? "" : ",") + Canonical(arguments[i]);
      text += ")";
    }
    return text;
  }

  void AddNewTerms(const NewTerms& terms) {
    CanonicalLine line{CanonicalKind::kNewTerms};
    for (const std::vector<Expression>& fields : terms.fields) {
      std::string text;
      for (size_t i = 0; i < fields.size(); ++i) text += (i == 0 ? "" : ",") + Canonical(fields[i]);
      line.parts.emplace_back("field", std::move(text));
    }
    line.parts.emplace_back("history", std::to_string(terms.history));
    lines_.push_back(std::move(line));
  }

  void AddSelector(const Selector& selector, Parts& parts) {
    std::string by = "[";
    for (size_t i = 0; i < selector.by.size(); ++i) {
      const std::string part = Canonical(selector.by[i]);
      by += (i == 0 ? "" : ",") + ((selector.each >> i & 1) != 0 ? "each(" + part + ")" : part);
    }
    parts.emplace_back("on", streams_[selector.stream].name);
    parts.emplace_back("by", by + "]");
    parts.emplace_back("where", selector.where ? Canonical(*selector.where) : "true");
  }

  std::string Canonical(const Expression& expression) {
    for (const FieldRead& read : expression.reads) {
      if (read.stream >= streams_.size()) continue;
      const Stream& stream = streams_[read.stream];
      const auto declared = stream.fields.find(read.path);
      if (declared != stream.fields.end()) {
        types_.insert(stream.name + "." + PathText(read.path) + ":" + declared->second.ToString());
      }
    }
    return ToString(*expression.root);
  }

  const Rule& rule_;
  const StreamCatalog& streams_;
  std::vector<CanonicalLine> lines_;
  std::set<std::string> types_;
};

}  // namespace

std::vector<CanonicalLine> CanonicalLines(const Rule& rule, const StreamCatalog& streams) {
  return LineWriter(rule, streams).Write();
}

std::string CanonicalForm(const Rule& rule, const StreamCatalog& streams) {
  std::string text;
  for (const CanonicalLine& line : CanonicalLines(rule, streams)) {
    text += Word(line.kind);
    for (const auto& [name, value] : line.parts) {
      text += ";" + name;
      if (!value.empty()) text += "=" + value;
    }
    text += "\n";
  }
  return text;
}

Fingerprint ComputeFingerprint(const Rule& rule, const StreamCatalog& streams) {
  const std::string text = CanonicalForm(rule, streams);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.high64, hash.low64};
}

std::string ToHex(const Fingerprint& fingerprint) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(16 * fingerprint.size());
  for (const uint64_t half : fingerprint) {
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(half >> shift) & 15];
  }
  return text;
}

}  // namespace telltale::rules
