// The canonical form of a checked rule and its hash (A1): one line for the rule, one for each step
// and absence in their order, then one for each declared type.
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

using TypedFields = std::set<std::string>;

std::string Canonical(const Expression& expression, const StreamCatalog& streams,
                      TypedFields& types) {
  for (const FieldRead& read : expression.reads) {
    if (read.stream >= streams.size()) continue;
    const Stream& stream = streams[read.stream];
    const auto declared = stream.fields.find(read.path);
    if (declared != stream.fields.end()) {
      types.insert(stream.name + "." + PathText(read.path) + ":" + declared->second.ToString());
    }
  }
  return ToString(*expression.root);
}

using Parts = std::vector<std::pair<std::string, std::string>>;

void AddSelector(const Selector& selector, const StreamCatalog& streams, TypedFields& types,
                 Parts& parts) {
  std::string by = "[";
  for (size_t i = 0; i < selector.by.size(); ++i) {
    by += (i == 0 ? "" : ",") + Canonical(selector.by[i], streams, types);
  }
  parts.emplace_back("on", streams[selector.stream].name);
  parts.emplace_back("by", by + "]");
  parts.emplace_back("where", selector.where ? Canonical(*selector.where, streams, types) : "true");
}

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
  return line;
}

const char* Word(CanonicalKind kind) {
  switch (kind) {
    case CanonicalKind::kRule:
      return "v1";
    case CanonicalKind::kStep:
      return "step";
    case CanonicalKind::kAbsence:
      return "not";
    case CanonicalKind::kType:
      return "type";
  }
  return "?";
}

}  // namespace

std::vector<CanonicalLine> CanonicalLines(const Rule& rule, const StreamCatalog& streams) {
  TypedFields types;
  std::vector<CanonicalLine> lines = {RuleLine(rule)};
  const auto absences_before = [&](size_t place) {
    for (size_t a = 0; a < rule.absences.size(); ++a) {
      const Absence& absence = rule.absences[a];
      if (absence.before != place) continue;
      CanonicalLine& line = lines.emplace_back(CanonicalLine{CanonicalKind::kAbsence, a, {}});
      AddSelector(absence.selector, streams, types, line.parts);
      line.parts.emplace_back("within", Duration(absence.within));
    }
  };
  for (size_t i = 0; i < rule.steps.size(); ++i) {
    absences_before(i);
    const Step& step = rule.steps[i];
    CanonicalLine& line = lines.emplace_back(CanonicalLine{CanonicalKind::kStep, i, {}});
    AddSelector(step.selector, streams, types, line.parts);
    line.parts.emplace_back("within", Duration(step.within));
    line.parts.emplace_back("repeat", std::to_string(step.min) + ".." + std::to_string(step.max));
    if (step.optional) line.parts.emplace_back("optional", "");
    if (step.alternative) line.parts.emplace_back("alternative", "");
  }
  absences_before(rule.steps.size());
  for (const std::string& field : types) lines.push_back({CanonicalKind::kType, 0, {{field, ""}}});
  return lines;
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
