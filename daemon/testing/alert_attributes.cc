#include "daemon/testing/alert_attributes.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace telltale::testing {
namespace {

rules::Json ToJson(simdjson::dom::element element) {
  rules::Json value;
  switch (element.type()) {
    case simdjson::dom::element_type::NULL_VALUE:
      break;
    case simdjson::dom::element_type::BOOL:
      value.kind = rules::JsonKind::kBool;
      value.boolean = element.get_bool().value_unsafe();
      break;
    case simdjson::dom::element_type::INT64:
      return rules::Json::Number(absl::StrCat(element.get_int64().value_unsafe()));
    case simdjson::dom::element_type::UINT64:
      return rules::Json::Number(absl::StrCat(element.get_uint64().value_unsafe()));
    case simdjson::dom::element_type::DOUBLE: {
      char digits[32];
      const double number = element.get_double().value_unsafe();
      return rules::Json::Number(
          std::string(digits, std::to_chars(digits, digits + sizeof digits, number).ptr));
    }
    case simdjson::dom::element_type::STRING:
      return rules::Json::String(std::string(element.get_string().value_unsafe()));
    case simdjson::dom::element_type::ARRAY: {
      value.kind = rules::JsonKind::kArray;
      const simdjson::dom::array items = element.get_array().value_unsafe();
      for (const simdjson::dom::element item : items) value.items.push_back(ToJson(item));
      break;
    }
    case simdjson::dom::element_type::OBJECT: {
      value.kind = rules::JsonKind::kObject;
      const simdjson::dom::object members = element.get_object().value_unsafe();
      for (const auto& member : members)
        value.members.emplace_back(std::string(member.key), ToJson(member.value));
      break;
    }
  }
  return value;
}

bool SameField(const rules::Json& expected, const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  return parser.parse(json).get(element) == simdjson::SUCCESS &&
         rules::SameValue(expected, ToJson(element));
}

using Indexes = std::vector<uint32_t>;

// False of an alert that a rule of the test has raised: it is no event of the list.
bool IsListed(const engine::Evidence& evidence) {
  return evidence.alert_id.empty() || evidence.offset <= UINT32_MAX;
}

Indexes EvidenceOf(const engine::Alert& alert) {
  Indexes indexes;
  for (const engine::Evidence& evidence : alert.evidence) {
    if (IsListed(evidence)) indexes.push_back(static_cast<uint32_t>(evidence.offset));
  }
  std::sort(indexes.begin(), indexes.end());
  return indexes;
}

std::string Text(const Indexes& indexes) {
  return indexes.empty() ? "none" : absl::StrJoin(indexes, ", ");
}

// In the order of the steps.
std::vector<std::pair<std::string, Indexes>> EvidenceByStep(const engine::Alert& alert) {
  std::map<uint32_t, Indexes> by_step;
  for (const engine::Evidence& evidence : alert.evidence) {
    if (IsListed(evidence))
      by_step[evidence.step].push_back(static_cast<uint32_t>(evidence.offset));
  }
  std::vector<std::pair<std::string, Indexes>> named;
  for (auto& [step, indexes] : by_step) {
    std::sort(indexes.begin(), indexes.end());
    named.emplace_back(alert.rule->steps[step].name, std::move(indexes));
  }
  return named;
}

Indexes Find(const std::vector<std::pair<std::string, Indexes>>& by_step, const std::string& step) {
  for (const auto& [name, indexes] : by_step) {
    if (name == step) return indexes;
  }
  return {};
}

// Collects the lines.
class Comparison {
 public:
  Comparison(const rules::ExpectedAlert* expected, const engine::Alert* got,
             const rules::RuleTest& test)
      : expected_(expected), got_(got), test_(test) {}

  std::vector<Attribute> Run() {
    if (test_.rules.size() > 1 || (expected_ != nullptr && expected_->rule)) {
      Line("rule", true, &rules::ExpectedAlert::rule,
           [](const engine::Alert& alert) { return alert.rule->id; });
    }
    const bool is_match = got_ == nullptr || got_->kind == engine::AlertKind::kMatch;
    Line("kind", !is_match, &rules::ExpectedAlert::kind,
         [](const engine::Alert& alert) { return std::string(engine::AlertKindName(alert.kind)); });
    const bool timeout = got_ != nullptr && got_->kind == engine::AlertKind::kTimeout;
    Line("reached", timeout, &rules::ExpectedAlert::reached, [](const engine::Alert& alert) {
      return alert.kind == engine::AlertKind::kTimeout ? engine::ReachedStep(alert) : std::string();
    });
    Line(
        "key", true, &rules::ExpectedAlert::key,
        [](const engine::Alert& alert) { return alert.key; },
        [](const rules::KeyParts& key) { return KeyText(key); });
    Line(
        "at", true, &rules::ExpectedAlert::at,
        [](const engine::Alert& alert) { return alert.time; },
        [this](int64_t time) { return TimeText(time, test_); });
    Evidence();
    Line("title", expected_ == nullptr, &rules::ExpectedAlert::title,
         [](const engine::Alert& alert) { return alert.title; });
    Line(
        "risk_score", false, &rules::ExpectedAlert::risk_score,
        [](const engine::Alert& alert) { return alert.risk_score; },
        [](int64_t score) { return absl::StrCat(score); });
    Line(
        "level", false, &rules::ExpectedAlert::level,
        [](const engine::Alert& alert) { return alert.rule->level; },
        [](rules::Level level) { return std::string(rules::LevelName(level)); });
    Line(
        "suppressed", false, &rules::ExpectedAlert::suppressed,
        [](const engine::Alert& alert) { return static_cast<int64_t>(alert.suppressed); },
        [](int64_t count) { return absl::StrCat(count); });
    Line(
        "truncated", false, &rules::ExpectedAlert::truncated,
        [](const engine::Alert& alert) { return alert.truncated; },
        [](bool truncated) { return std::string(truncated ? "true" : "false"); });
    Fields();
    return std::move(lines_);
  }

 private:
  // `always`: the line is there though nothing is expected of it.
  template <typename Value, typename Read, typename Show = std::identity>
  void Line(const char* name, bool always, std::optional<Value> rules::ExpectedAlert::*member,
            const Read& read, const Show& show = {}) {
    const std::optional<Value> expected = expected_ == nullptr ? std::nullopt : expected_->*member;
    if (!expected && (!always || got_ == nullptr)) return;
    Attribute line{.name = name, .expected = {}, .got = {}};
    if (expected) line.expected = show(*expected);
    if (got_ != nullptr) line.got = show(Value(read(*got_)));
    line.differs = expected && got_ != nullptr && *expected != Value(read(*got_));
    lines_.push_back(std::move(line));
  }

  void Evidence() {
    if (expected_ != nullptr && !expected_->evidence_by_step.empty()) return EvidenceOfSteps();
    if (got_ != nullptr && (expected_ == nullptr || !expected_->evidence)) {
      std::vector<std::string> steps;
      for (const auto& [name, indexes] : EvidenceByStep(*got_))
        steps.push_back(absl::StrCat(name, " ", Text(indexes)));
      lines_.push_back({"evidence", std::nullopt, absl::StrJoin(steps, "; "), false});
      return;
    }
    Line("evidence", false, &rules::ExpectedAlert::evidence, EvidenceOf, Text);
  }

  void EvidenceOfSteps() {
    const auto by_step =
        got_ == nullptr ? std::vector<std::pair<std::string, Indexes>>() : EvidenceByStep(*got_);
    for (const auto& [step, indexes] : expected_->evidence_by_step) {
      Attribute line{.name = "evidence." + step, .expected = Text(indexes), .got = {}};
      if (got_ != nullptr) {
        line.got = Text(Find(by_step, step));
        line.differs = Find(by_step, step) != indexes;
      }
      lines_.push_back(std::move(line));
    }
  }

  void Fields() {
    if (expected_ == nullptr) return;
    for (const auto& [name, value] : expected_->fields) {
      Attribute line{.name = "fields." + name, .expected = std::string(), .got = {}};
      rules::AppendJson(value, *line.expected);
      if (got_ != nullptr) {
        const auto found = std::find_if(got_->fields.begin(), got_->fields.end(),
                                        [&](const auto& field) { return field.first == name; });
        const bool there = found != got_->fields.end();
        if (there) line.got = found->second;
        line.differs = !there || !SameField(value, found->second);
      }
      lines_.push_back(std::move(line));
    }
  }

  const rules::ExpectedAlert* expected_;
  const engine::Alert* got_;
  const rules::RuleTest& test_;
  std::vector<Attribute> lines_;
};

}  // namespace

std::vector<Attribute> Compare(const rules::ExpectedAlert* expected, const engine::Alert* got,
                               const rules::RuleTest& test) {
  return Comparison(expected, got, test).Run();
}

bool AsExpected(const rules::ExpectedAlert& expected, const engine::Alert& got,
                const rules::RuleTest& test) {
  // What most alerts differ in, without the text of the columns.
  if (expected.key && *expected.key != got.key) return false;
  if (expected.at && *expected.at != got.time) return false;
  const std::vector<Attribute> attributes = Compare(&expected, &got, test);
  return std::none_of(attributes.begin(), attributes.end(),
                      [](const Attribute& attribute) { return attribute.differs; });
}

}  // namespace telltale::testing
