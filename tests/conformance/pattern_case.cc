#include "tests/conformance/pattern_case.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/conformance/case_file.h"

namespace telltale::conformance {
namespace {

using simdjson::dom::element;

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

// Reads a member where there is one; false where it is something else.
template <typename Value, typename Target>
bool ReadIfThere(element object, std::string_view name, Target& target) {
  Value value;
  const auto error = object[name].get(value);
  if (error == simdjson::SUCCESS) target = Target(value);
  return error == simdjson::SUCCESS || error == simdjson::NO_SUCH_FIELD;
}

absl::Status ReadRepeat(element json, PatternStep& step) {
  element repeat;
  if (json["repeat"].get(repeat) != simdjson::SUCCESS) return absl::OkStatus();
  PatternRepeat made;
  if (!ReadIfThere<int64_t>(repeat, "min", made.min) ||
      !ReadIfThere<int64_t>(repeat, "max", made.max) ||
      !ReadIfThere<int64_t>(repeat, "within", made.within)) {
    return Wrong("'repeat' has whole numbers 'min', 'max' and 'within'");
  }
  step.repeat = made;
  return absl::OkStatus();
}

absl::Status ReadWithin(element json, PatternStep& step) {
  element within;
  if (json["within"].get(within) != simdjson::SUCCESS) return absl::OkStatus();
  if (!ReadIfThere<int64_t>(within, "first_to_last", step.first_to_last) ||
      !ReadIfThere<int64_t>(within, "previous_to_current", step.previous_to_current) ||
      step.first_to_last.has_value() == step.previous_to_current.has_value()) {
    return Wrong("'within' is one of 'first_to_last' and 'previous_to_current'");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PatternStep>> ReadSteps(element json);

absl::StatusOr<PatternStep> ReadStep(element json) {
  static const std::set<std::string> kContiguities = {"",    "strict",   "relaxed",
                                                      "any", "not_next", "not_followed_by"};
  PatternStep step;
  if (!ReadIfThere<std::string_view>(json, "step", step.name) ||
      !ReadIfThere<std::string_view>(json, "where", step.where) ||
      !ReadIfThere<std::string_view>(json, "contiguity", step.contiguity) ||
      !ReadIfThere<std::string_view>(json, "inside", step.inside) ||
      !ReadIfThere<std::string_view>(json, "until", step.until) ||
      !ReadIfThere<bool>(json, "optional", step.optional) ||
      !ReadIfThere<bool>(json, "greedy", step.greedy) || !kContiguities.contains(step.contiguity)) {
    return Wrong("a step with a member that is not of the form");
  }
  if (const absl::Status status = ReadRepeat(json, step); !status.ok()) return status;
  if (const absl::Status status = ReadWithin(json, step); !status.ok()) return status;
  element group;
  if (json["group"].get(group) == simdjson::SUCCESS) {
    absl::StatusOr<std::vector<PatternStep>> steps = ReadSteps(group);
    if (!steps.ok()) return steps.status();
    step.group = *std::move(steps);
  }
  if (step.group.empty() && step.name.empty()) return Wrong("a step has 'step' or 'group'");
  return step;
}

absl::StatusOr<std::vector<PatternStep>> ReadSteps(element json) {
  simdjson::dom::array array;
  if (json.get(array) != simdjson::SUCCESS || array.size() == 0)
    return Wrong("a pattern is an array of steps");
  std::vector<PatternStep> steps;
  for (const element one : array) {
    absl::StatusOr<PatternStep> step = ReadStep(one);
    if (!step.ok()) return step.status();
    steps.push_back(*std::move(step));
  }
  return steps;
}

absl::Status ReadAfterMatch(element json, PatternCase& made) {
  simdjson::dom::object object;
  if (json["after_match"].get(object) != simdjson::SUCCESS) {
    made.after_match = "no_skip";
    return ReadIfThere<std::string_view>(json, "after_match", made.after_match)
               ? absl::OkStatus()
               : Wrong("'after_match' is a word or an object");
  }
  for (const auto [name, step] : object) {
    std::string_view text;
    if (step.get(text) != simdjson::SUCCESS || !made.skip_to.empty())
      return Wrong("'after_match' names one step");
    made.after_match = name;
    made.skip_to = text;
  }
  return made.skip_to.empty() ? Wrong("'after_match' names no step") : absl::OkStatus();
}

absl::StatusOr<PatternEvent> ReadEvent(element json) {
  PatternEvent event;
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS || json["ts"].get(event.ts) != simdjson::SUCCESS)
    return Wrong("an event is an object with a whole number 'ts'");
  for (const auto [name, value] : object) {
    model::FieldValue& field = event.fields[std::string(name)];
    if (value.is<int64_t>()) {
      field = value.get_int64().value_unsafe();
    } else if (value.is<double>()) {
      field = value.get_double().value_unsafe();
    } else if (value.is<bool>()) {
      field = value.get_bool().value_unsafe();
    } else if (value.is<std::string_view>()) {
      field = std::string(value.get_string().value_unsafe());
    } else {
      return Wrong(absl::StrCat("the field '", std::string(name), "' is no scalar"));
    }
  }
  return event;
}

absl::Status ReadMatches(element json, MatchSet& matches) {
  simdjson::dom::array array;
  if (json["matches"].get(array) != simdjson::SUCCESS) return Wrong("'matches' is no array");
  for (const element one : array) {
    simdjson::dom::array indexes;
    if (one.get(indexes) != simdjson::SUCCESS) return Wrong("a match is an array of indexes");
    std::vector<int64_t> match;
    for (const element index : indexes) {
      if (!index.is<int64_t>()) return Wrong("a match is an array of indexes");
      match.push_back(index.get_int64().value_unsafe());
    }
    matches.insert(std::move(match));
  }
  return absl::OkStatus();
}

absl::StatusOr<PatternCase> ReadCase(element json) {
  PatternCase made;
  element pattern;
  simdjson::dom::array events;
  if (!ReadText(json, "name", made.name)) return Wrong("a case without 'name'");
  if (json["pattern"].get(pattern) != simdjson::SUCCESS ||
      json["events"].get(events) != simdjson::SUCCESS) {
    return Wrong(absl::StrCat(made.name, ": a case has 'pattern' and 'events'"));
  }
  absl::StatusOr<std::vector<PatternStep>> steps = ReadSteps(pattern);
  if (!steps.ok()) return Wrong(absl::StrCat(made.name, ": ", steps.status().message()));
  made.pattern = *std::move(steps);
  if (const absl::Status status = ReadAfterMatch(json, made); !status.ok()) return status;
  for (const element one : events) {
    absl::StatusOr<PatternEvent> event = ReadEvent(one);
    if (!event.ok()) return event.status();
    made.events.push_back(*std::move(event));
  }
  if (const absl::Status status = ReadMatches(json, made.matches); !status.ok()) return status;
  return made;
}

absl::StatusOr<PatternDeviation> ReadDeviation(element json) {
  PatternDeviation made;
  if (!ReadText(json, "case", made.name) || !ReadText(json, "reason", made.reason) ||
      made.reason.empty() || !ReadMatches(json, made.matches).ok()) {
    return Wrong("a deviation has 'case', 'matches' and 'reason'");
  }
  return made;
}

}  // namespace

absl::StatusOr<std::vector<PatternCase>> ReadPatternCases(const std::string& path) {
  return ReadArray<PatternCase>(path, ReadCase);
}

absl::StatusOr<std::vector<PatternDeviation>> ReadPatternDeviations(const std::string& path) {
  return ReadArray<PatternDeviation>(path, ReadDeviation);
}

std::string Text(const MatchSet& matches) {
  return absl::StrCat("{",
                      absl::StrJoin(matches, ", ",
                                    [](std::string* out, const std::vector<int64_t>& match) {
                                      absl::StrAppend(out, "[", absl::StrJoin(match, ", "), "]");
                                    }),
                      "}");
}

}  // namespace telltale::conformance
