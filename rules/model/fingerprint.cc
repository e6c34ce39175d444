// The canonical form of a checked rule and its hash (A1): one line for the rule, one for each step
// and absence in their order, then the declared types of the fields that are read, because they
// decide what a comparison means. Names of steps are left out: what refers to a step does so by its
// number.
#include <xxhash.h>

#include <set>
#include <string>

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

std::string Path(const FieldPath& path) {
  std::string text;
  for (const std::string& part : path) text += (text.empty() ? "" : ".") + part;
  return text;
}

std::string Canonical(const Expression& expression, const StreamCatalog& streams,
                      TypedFields& types) {
  for (const FieldRead& read : expression.reads) {
    if (read.stream >= streams.size()) continue;
    const Stream& stream = streams[read.stream];
    const auto declared = stream.fields.find(read.path);
    if (declared != stream.fields.end()) {
      types.insert(stream.name + "." + Path(read.path) + ":" + declared->second.ToString());
    }
  }
  return ToString(*expression.root);
}

std::string Canonical(const Selector& selector, const StreamCatalog& streams, TypedFields& types) {
  std::string text = "on=" + streams[selector.stream].name + ";by=[";
  for (size_t i = 0; i < selector.by.size(); ++i) {
    text += (i == 0 ? "" : ",") + Canonical(selector.by[i], streams, types);
  }
  text += "];where=";
  text += selector.where ? Canonical(*selector.where, streams, types) : "true";
  return text;
}

}  // namespace

std::string CanonicalForm(const Rule& rule, const StreamCatalog& streams) {
  TypedFields types;
  std::string text =
      "v1;key=" + std::to_string(rule.key_names.size()) + ";within=" + Duration(rule.within) +
      ";match=" + Name(rule.match) + ";after=" + Name(rule.after_match) +
      ";limits=" + std::to_string(rule.limits.partial_matches) + "," +
      std::to_string(rule.limits.events) + "," + std::to_string(rule.limits.matches_per_event) +
      "," + (rule.limits.on_limit == OnLimit::kEvictOldest ? "evict_oldest" : "reject_new") +
      ";warm_up=" + (rule.warm_up == WarmUp::kQuiet ? "quiet" : "assume_empty") + "\n";
  const auto absences_before = [&](size_t place) {
    for (const Absence& absence : rule.absences) {
      if (absence.before != place) continue;
      text += "not;" + Canonical(absence.selector, streams, types) +
              ";within=" + Duration(absence.within) + "\n";
    }
  };
  for (size_t i = 0; i < rule.steps.size(); ++i) {
    absences_before(i);
    const Step& step = rule.steps[i];
    text += "step;" + Canonical(step.selector, streams, types) +
            ";within=" + Duration(step.within) + ";repeat=" + std::to_string(step.min) + ".." +
            std::to_string(step.max) + (step.optional ? ";optional\n" : "\n");
  }
  absences_before(rule.steps.size());
  for (const std::string& field : types) text += "type;" + field + "\n";
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
